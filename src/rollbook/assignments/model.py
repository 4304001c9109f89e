"""The table of course assignments."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer

from rollbook.database.schema import IDENTIFYING, LATEST_TIME, at_most, between, identifier, partial_index, table, text, version

assignments = table(
    "assignments",
    identifier(),
    Column("course_id", Integer, ForeignKey("courses.id"), nullable=False, index=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("subscription_id", Integer, ForeignKey("subscriptions.id"), index=True),
    text("external_id", identifies=IDENTIFYING),
    Column("expires_at", BigInteger),
    Column("target_completion_at", BigInteger),
    Column("started_at", BigInteger),
    Column("completed_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    *at_most(external_id=255),
    *between(expires_at=(0, LATEST_TIME), target_completion_at=(0, LATEST_TIME)),
    *between(started_at=(0, LATEST_TIME), completed_at=(0, LATEST_TIME)),
    Index(None, "created_at", "id"),
)
partial_index("ix_assignments_external_id", assignments.c.external_id, where=assignments.c.external_id.is_not(None))
