"""The table that keeps who changed what, when, from what to what; its rows are never changed or deleted."""

from sqlalchemy import BigInteger, Column, Integer

from rollbook.database.schema import growing_table, identifier, text

history = growing_table(
    "history",
    identifier(long=True),
    Column("at", BigInteger, nullable=False),
    text("actor_kind", required=True),
    Column("actor_id", Integer),
    text("actor_name", required=True),
    Column("organization_id", Integer, nullable=False),
    text("subject", required=True),
    Column("subject_id", Integer, nullable=False),
    text("kind", required=True),
    text("before"),
    text("after"),
)
