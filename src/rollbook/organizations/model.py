"""The tables of organizations, their preferences, their API keys and what they announce."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Integer, PrimaryKeyConstraint, UniqueConstraint, true

from rollbook.database.schema import at_most, folded_text, identifier, joining_table, table, text, version

organizations = table(
    "organizations",
    identifier(),
    text("external_id"),
    Column("parent_id", Integer, ForeignKey("organizations.id")),
    text("path", required=True),
    text("name", required=True),
    folded_text("name_folded"),
    text("description"),
    text("time_zone", required=True),
    text("time_zone_iana", required=True),
    text("culture", required=True, server_default="en-US"),
    Column("default_role_id", Integer),
    text("default_user_name_pattern", required=True, server_default="Email"),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    *at_most(external_id=255, name=255, description=800, time_zone=100, culture=20, default_user_name_pattern=50),
    UniqueConstraint("path"),
    UniqueConstraint("external_id", "parent_id"),
)

organization_preferences = joining_table(
    "organization_preferences",
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False),
    text("name", required=True),
    text("value", required=True),
    PrimaryKeyConstraint("organization_id", "name"),
    *at_most(name=64, value=255),
)

api_keys = table(
    "api_keys",
    identifier(),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False, index=True),
    text("name", required=True),
    text("hash", required=True),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    text("scope", required=True, server_default="admin"),
    Column("expires_at", BigInteger),
    Column("last_used_at", BigInteger),
    CheckConstraint("scope IN ('read', 'enroll', 'manage', 'admin')", name="scope_choice"),
    *at_most(name=255, hash=64),
    UniqueConstraint("hash"),
)

system_announcements = table(
    "system_announcements",
    identifier(),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False, index=True),
    text("title", required=True),
    text("text", required=True),
    Column("starts_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    *at_most(title=255, text=8000),
)
