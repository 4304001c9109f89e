"""The tables of users, their roles, the organizations they manage, the companies they belong to, and what they did on a site."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, UniqueConstraint, false, true

from rollbook.database.schema import (
    IDENTIFYING,
    Identifying,
    at_most,
    folded_text,
    identifier,
    identifying,
    joining_table,
    table,
    table_of_traces,
    text,
    version,
)

CLOSED_NAME = Identifying("closed-{id}")
CLOSED_EMAIL = Identifying("closed-{id}@closed.invalid")

companies = table(
    "companies",
    identifier(),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False),
    text("external_id"),
    text("name", required=True),
    text("description"),
    # No foreign key: users refer to companies, and two tables that refer to each other cannot be filled by either engine alike.
    Column("owning_user_id", Integer),
    Column("assignable_to_users", Boolean, nullable=False, server_default=true()),
    text("theme"),
    text("address1"),
    text("address2"),
    text("city"),
    text("state"),
    text("zip"),
    text("country"),
    text("email"),
    text("phone"),
    text("phone2"),
    text("fax"),
    text("web_site_url"),
    text("custom_dropdown1"),
    text("custom_dropdown2"),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    *at_most(external_id=50, name=150, description=800, theme=255, address1=250, address2=250, city=80, state=50, zip=20, country=80),
    *at_most(email=256, phone=50, phone2=50, fax=50, web_site_url=200, custom_dropdown1=200, custom_dropdown2=200),
    UniqueConstraint("external_id", "organization_id"),
)

users = table(
    "users",
    identifier(),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False),
    text("external_id", identifies=IDENTIFYING),
    text("user_name", required=True, identifies=CLOSED_NAME),
    folded_text("user_name_folded", identifies=CLOSED_NAME),
    text("email", required=True, identifies=CLOSED_EMAIL),
    folded_text("email_folded", identifies=CLOSED_EMAIL),
    text("title", identifies=IDENTIFYING),
    text("first_name", required=True, identifies=Identifying("Closed")),
    text("middle_name", identifies=IDENTIFYING),
    text("last_name", required=True, identifies=Identifying("Account")),
    Column("company_id", Integer, ForeignKey("companies.id"), index=True, info=identifying()),
    Column("manager_id", Integer, ForeignKey("users.id"), index=True, info=identifying()),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    text("phone", identifies=IDENTIFYING),
    text("phone2", identifies=IDENTIFYING),
    text("address1", identifies=IDENTIFYING),
    text("address2", identifies=IDENTIFYING),
    text("city", identifies=IDENTIFYING),
    text("state", identifies=IDENTIFYING),
    text("country", identifies=IDENTIFYING),
    text("country_code", identifies=IDENTIFYING),
    text("zip", identifies=IDENTIFYING),
    text("profile_image_url", identifies=IDENTIFYING),
    text("time_zone", identifies=IDENTIFYING),
    text("time_zone_iana", identifies=IDENTIFYING),
    text("password_hash", identifies=IDENTIFYING),
    text("note", identifies=IDENTIFYING),
    Column("force_password_change", Boolean, nullable=False, server_default=false()),
    # When what identifies the person was removed.
    Column("closed_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    *at_most(external_id=255, user_name=255, email=256, title=255, first_name=255, middle_name=255, last_name=255, phone=50, phone2=50),
    *at_most(
        address1=250, address2=250, city=80, state=50, country=80, country_code=2, zip=20, profile_image_url=2048, time_zone=100, note=8000
    ),
    UniqueConstraint("external_id", "organization_id"),
    UniqueConstraint("user_name_folded"),
    UniqueConstraint("email_folded"),
)

user_roles = joining_table(
    "user_roles",
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("role_id", Integer, nullable=False),
    PrimaryKeyConstraint("user_id", "role_id"),
)

managed_organizations = joining_table(
    "managed_organizations",
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False),
    PrimaryKeyConstraint("user_id", "organization_id"),
)

merged_users = joining_table(
    "merged_users",
    # The user who is no more; the history still knows them by this id.
    Column("merged_id", Integer, nullable=False, autoincrement=False),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("merged_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("merged_id"),
)

sign_ins = table_of_traces(
    "sign_ins",
    identifier(long=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    text("address"),
    text("user_agent"),
    *at_most(address=64, user_agent=512),
    Index(None, "user_id", "at"),
    Index(None, "at", "id"),
)

user_activity = table_of_traces(
    "user_activity",
    identifier(long=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    # Who acted for the user.
    Column("impersonating_user_id", Integer, ForeignKey("users.id"), index=True),
    Column("at", BigInteger, nullable=False),
    text("method", required=True),
    # Never with its query: that may hold anything.
    text("path", required=True),
    text("referrer"),
    text("user_agent"),
    *at_most(method=16, path=512, referrer=512, user_agent=512),
    Index(None, "user_id", "at"),
    Index(None, "at", "id"),
)
