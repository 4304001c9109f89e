"""What identifies people, as the models say it: the tables that keep it, and how the history names it."""

from typing import Any, Final, NamedTuple

from sqlalchemy import Column, ColumnElement, Table, Text, literal, true

from rollbook.accounts.erasing import Naming
from rollbook.assignments.model import assignments
from rollbook.courses.model import catalog_searches, course_feedback
from rollbook.custom_fields.model import custom_field_values
from rollbook.database.schema import identifying_columns, is_of_traces
from rollbook.enrollments.model import enrollments
from rollbook.people.model import sign_ins, user_activity, users
from rollbook.sessions.model import failed_sign_ins, one_time_links, sessions
from rollbook.subscriptions.model import subscriptions


class Keeping(NamedTuple):
    """
    A table that keeps what identifies people beside the users' own.

    Attributes:
        owner: The column of the user whose row it is.
        columns: What of a row identifies; none where the whole row goes.
        where: Which rows are people's at all.
        subject: What the history calls a row; None where it tells nothing of them.
    """

    table: Table
    owner: Column[int]
    columns: tuple[Column[Any], ...]
    where: ColumnElement[bool]
    subject: str | None = None


_SUBJECTS: Final = {"assignments": "assignment", "enrollments": "enrollment", "subscriptions": "subscription"}


def _keeping(table: Table) -> Keeping:
    columns = () if is_of_traces(table) else tuple(column for column, _ in identifying_columns(table))
    return Keeping(table, table.c.user_id, columns, true(), _SUBJECTS.get(table.name))


_OF_PEOPLE: Final = (enrollments, assignments, subscriptions, course_feedback)
_TRACES: Final = (sign_ins, user_activity, catalog_searches, sessions, one_time_links, failed_sign_ins)

KEPT: Final = (
    *(_keeping(table) for table in (*_OF_PEOPLE, *_TRACES)),
    Keeping(custom_field_values, custom_field_values.c.subject_id, (), custom_field_values.c.subject == literal("user", Text)),
)
"""Every table, beside that of the users, that keeps what identifies people."""

OF_USERS: Final = {str(column.name): what.becomes for column, what in identifying_columns(users)}
"""What of a user identifies, and what takes its place."""

NAMING: Final = Naming(
    identifying=frozenset(OF_USERS),
    harmless=frozenset(
        column.name
        for table in (users, *(kept.table for kept in KEPT if kept.columns))
        for column in table.columns
        if isinstance(column.type, Text) and column.name not in {marked.name for marked, _ in identifying_columns(table)}
    ),
    patterns=tuple(sorted({pattern for pattern in OF_USERS.values() if pattern is not None})),
)
"""How the history names what identifies."""
