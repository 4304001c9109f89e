"""The table of classrooms."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, UniqueConstraint

from rollbook.database.schema import LARGEST_INTEGER, at_most, between, folded_text, identifier, table, text, version

classrooms = table(
    "classrooms",
    identifier(),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False),
    text("external_id"),
    text("name", required=True),
    folded_text("name_folded"),
    text("description"),
    text("administrative_notes"),
    Column("capacity", Integer),
    text("address1"),
    text("address2"),
    text("city"),
    text("state"),
    text("country"),
    text("zip"),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    *at_most(external_id=255, name=255, description=800, administrative_notes=800, address1=250, address2=250),
    *at_most(city=80, state=50, country=80, zip=20),
    *between(capacity=(0, LARGEST_INTEGER)),
    UniqueConstraint("external_id", "organization_id"),
    Index(None, "name_folded", "id"),
)
