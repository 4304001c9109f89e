"""The table that keeps who changed what, when, from what to what; its rows are never deleted, and never changed but to erase a person."""

from sqlalchemy import BigInteger, Column, Integer, literal_column, or_

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
    # The update of the same enrollment's results before this one.
    Column("previous_id", BigInteger),
    text("before"),
    text("after"),
)

IS_INDEXED = or_(history.c.previous_id.is_(None), history.c.kind == literal_column("'enrollment.deleted'"))
"""
The change is found by its subject's id.

Updates of an enrollment's results are most of all changes, and each would dirty a page of the index. They are not in it, but linked: the enrollment
knows the last one, and each the one before (``previous_id``, 0 for the first); a deletion takes the end of the chain over.
"""

partial_index("ix_history_subject_id", history.c.subject_id, where=IS_INDEXED)
# What was taken out of a class: few rows, among which a roster of the past finds who is there no more.
partial_index("ix_history_gone", history.c.subject_id, where=history.c.kind.in_(GONE))
