"""The table that keeps who changed what, when, from what to what; its rows are never changed or deleted."""

from sqlalchemy import BigInteger, Column, Index, Integer

from rollbook.database.schema import growing_table, identifier, partial_index, text

GONE = ("enrollment.moved", "enrollment.deleted")
"""Kinds of changes that take an enrollment out of a class."""

history = growing_table(
    "history",
    identifier(long=True),
    Column("at", BigInteger, nullable=False),
    text("actor_kind", required=True),
    Column("actor_id", Integer),
    # The API key through which a user acted.
    Column("through_key_id", Integer),
    text("actor_name", required=True),
    Column("organization_id", Integer, nullable=False),
    text("subject", required=True),
    Column("subject_id", Integer, nullable=False),
    text("kind", required=True),
    text("before"),
    text("after"),
    Index(None, "subject_id"),
)
# What was taken out of a class: few rows, among which a roster of the past finds who is there no more.
partial_index("ix_history_gone", history.c.subject_id, where=history.c.kind.in_(GONE))
