"""Letting whatever refers to one user refer to another who is the same person."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Final

from sqlalchemy import BigInteger, Column, Integer, Table, UniqueConstraint, bindparam, delete, exists, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.accounts.actions.merging_feedback import move_feedback
from rollbook.accounts.queries.references import SELECTS, Instructing, Referrer, columns, list_instructed, list_referrers
from rollbook.classes.model import class_instructors, classes
from rollbook.courses.model import course_feedback
from rollbook.custom_fields.model import custom_field_values
from rollbook.database.query import Change, Command
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.history.recording import differences, entry, recorded
from rollbook.people.model import companies, managed_organizations, user_roles, users
from rollbook.sessions.model import failed_sign_ins, one_time_links, sessions

NOT_TAKEN_OVER: Final = frozenset({sessions.c.user_id, one_time_links.c.user_id, failed_sign_ins.c.user_id})
"""References that nobody takes over: whoever was signed in as the one who goes is so no more."""

WITH_RULES_OF_THEIR_OWN: Final = NOT_TAKEN_OVER | frozenset(
    {enrollments.c.user_id, class_instructors.c.user_id, classes.c.primary_instructor_id, course_feedback.c.user_id}
    | {user_roles.c.user_id, managed_organizations.c.user_id}
)
"""References that do not simply become others: two of them may meet, they are written with something else, or nobody takes them over."""

_SUBJECTS: Final = {companies.name: "company"}

_user_id = bindparam("user_id", type_=Integer())
_merged_id = bindparam("merged_id", type_=Integer())
_row_id = bindparam("row_id", type_=Integer())
_now = bindparam("now", type_=BigInteger())

_INSTRUCT: Final = Command(
    update(class_instructors)
    .where(class_instructors.c.class_id == _row_id, class_instructors.c.user_id == _merged_id)
    .values(user_id=_user_id)
)
_NO_LONGER_INSTRUCT: Final = Command(
    delete(class_instructors).where(class_instructors.c.class_id == _row_id, class_instructors.c.user_id == _merged_id)
)
_UPDATE_CLASS: Final = recorded(
    update(classes)
    .where(classes.c.id == _row_id)
    .values(
        primary_instructor_id=bindparam("primary_instructor_id", type_=Integer()),
        modified_at=_now,
        version=classes.c.version + literal_column("1", Integer()),
    ),
    identity=classes.c.id,
)
_GIVE_ROLE: Final = Command(insert(user_roles).values(user_id=_user_id, role_id=bindparam("role_id", type_=Integer())))
_LET_MANAGE: Final = Command(
    insert(managed_organizations).values(user_id=_user_id, organization_id=bindparam("organization_id", type_=Integer()))
)

_other_values = custom_field_values.alias("other_values")
_of_users = custom_field_values.c.subject == literal_column("'user'")
_MOVE: Final = (
    Command(
        update(custom_field_values)
        .where(
            _of_users,
            custom_field_values.c.subject_id == _merged_id,
            ~exists().where(
                _other_values.c.subject == custom_field_values.c.subject,
                _other_values.c.subject_id == _user_id,
                _other_values.c.custom_field_id == custom_field_values.c.custom_field_id,
            ),
        )
        .values(subject_id=_user_id)
    ),
    Command(
        update(custom_field_values)
        .where(custom_field_values.c.integer_value == _merged_id, exists().where(*SELECTS))
        .values(integer_value=_user_id)
    ),
)
_FREE: Final = Command(update(users).where(users.c.id == _user_id, users.c.manager_id == _merged_id).values(manager_id=None))


async def move_references(transaction: Transaction, *, actor: Actor, user_id: int, merged_id: int, organization_id: int) -> None:
    """
    Let everything that refers to a user who goes refer to the one who stays, whose organization is given; enrollments are moved by themselves.

    Where both have feedback on a course, or a value of a custom field, that of the one who stays remains; who had the other one as the manager has none.
    """
    for column in moved_columns():
        if _is_versioned(column.table):
            rows = await list_referrers(transaction, viewer=actor.viewer, column=column, user_id=merged_id)
            for row in rows:
                # Who has the other account as the manager would become their own.
                if (column.table, row.id) != (users, user_id):
                    await _move(
                        transaction,
                        actor=actor,
                        column=column,
                        row=row,
                        user_id=user_id,
                        merged_id=merged_id,
                        organization_id=organization_id,
                    )
        else:
            await transaction.run(_moving_all(column), user_id=user_id, merged_id=merged_id)
    await transaction.run(_FREE, user_id=user_id, merged_id=merged_id)
    await move_feedback(transaction, actor=actor, user_id=user_id, merged_id=merged_id)
    await _move_instructing(transaction, actor=actor, user_id=user_id, merged_id=merged_id)
    for command in _MOVE:
        await transaction.run(command, user_id=user_id, merged_id=merged_id)


async def add_rights(transaction: Transaction, *, user_id: int, role_ids: Iterable[int], organization_ids: Iterable[int]) -> None:
    """Give a user roles and organizations to manage that the user lacks."""
    for role_id in role_ids:
        await transaction.run(_GIVE_ROLE, user_id=user_id, role_id=role_id)
    for organization_id in organization_ids:
        await transaction.run(_LET_MANAGE, user_id=user_id, organization_id=organization_id)


def moved_columns() -> list[Column[int]]:
    """Give the references that simply become others."""
    return [column for column in columns() if column not in WITH_RULES_OF_THEIR_OWN]


def may_meet(column: Column[int]) -> bool:
    """Tell whether a table can have one row only for a user and something else, so that two rows may meet where one user becomes another."""
    uniques = [key for key in column.table.constraints if isinstance(key, UniqueConstraint)]
    return column.primary_key or any(column.name in key.columns for key in uniques)


async def _move(
    transaction: Transaction, *, actor: Actor, column: Column[int], row: Referrer, user_id: int, merged_id: int, organization_id: int
) -> None:
    record = entry(
        transaction,
        actor=actor,
        organization_id=row.organization_id or organization_id,
        kind=f"{_SUBJECTS.get(column.table.name, column.table.name.removesuffix('s'))}.updated",
        before={column.name: merged_id},
        after={column.name: user_id},
    )
    await transaction.change(_moving_one(column), {"row_id": row.id, "user_id": user_id, "now": transaction.now}, record)


async def _move_instructing(transaction: Transaction, *, actor: Actor, user_id: int, merged_id: int) -> None:
    rows = await list_instructed(transaction, viewer=actor.viewer, user_id=merged_id)
    for _, instructors in groupby(rows, key=lambda row: row.class_id):
        await _move_class(transaction, actor=actor, instructors=list(instructors), user_id=user_id, merged_id=merged_id)


async def _move_class(transaction: Transaction, *, actor: Actor, instructors: Sequence[Instructing], user_id: int, merged_id: int) -> None:
    taught = instructors[0]
    ids = [each.instructor_id for each in instructors if each.instructor_id is not None]
    # Where both instruct the class, the one who stays has that place already.
    becoming = [each for each in ids if each != merged_id] if user_id in ids else [user_id if each == merged_id else each for each in ids]
    primary_id = user_id if taught.primary_instructor_id == merged_id else taught.primary_instructor_id
    before, after = differences(
        {"instructor_ids": ids, "primary_instructor_id": taught.primary_instructor_id},
        {"instructor_ids": becoming, "primary_instructor_id": primary_id},
    )
    record = entry(transaction, actor=actor, organization_id=taught.organization_id, kind="class.updated", before=before, after=after)
    values = {"row_id": taught.class_id, "primary_instructor_id": primary_id, "now": transaction.now}
    await transaction.change(_UPDATE_CLASS, values, record)
    command = _NO_LONGER_INSTRUCT if user_id in ids else _INSTRUCT
    await transaction.run(command, row_id=taught.class_id, user_id=user_id, merged_id=merged_id)


def _is_versioned(table: Table) -> bool:
    """Tell whether the rows of a table have a history of their own."""
    return "version" in table.c and "id" in table.c


@cache
def _moving_all(column: Column[int]) -> Command:
    return Command(update(column.table).where(column == _merged_id).values({column.name: _user_id}))


@cache
def _moving_one(column: Column[int]) -> Change:
    table = column.table
    values = {column.name: _user_id, "modified_at": _now, "version": table.c.version + literal_column("1", Integer())}
    return recorded(update(table).where(table.c.id == _row_id).values(values), identity=table.c.id)
