"""The table of courses."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, UniqueConstraint, false, true

from rollbook.database.schema import LARGEST_INTEGER, at_most, between, folded_text, identifier, table, text, version

courses = table(
    "courses",
    identifier(),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False),
    text("external_id"),
    text("name", required=True),
    folded_text("name_folded"),
    text("description"),
    text("html_description"),
    Column("available_instructor_led", Boolean, nullable=False, server_default=true()),
    Column("available_self_paced", Boolean, nullable=False, server_default=false()),
    Column("content_provider_id", Integer),
    text("content_provider_name"),
    Column("duration", Integer),
    Column("archived", Boolean, nullable=False, server_default=false()),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    *at_most(external_id=255, name=255, description=800, html_description=65_536, content_provider_name=255),
    *between(duration=(0, LARGEST_INTEGER)),
    UniqueConstraint("external_id", "organization_id"),
    Index(None, "name_folded", "id"),
)
