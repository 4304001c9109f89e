"""Finding what the history tells of a person."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union,
)

from rollbook.access.actor import Viewer
from rollbook.accounts.erasing import RecordedRow
from rollbook.database.expressions import any_of, number_in
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.history.model import history
from rollbook.people.model import merged_users, users
from rollbook.people.queries.users import get_user

OVERLAP: Final = 10_000
"""How many of the last changes are looked at once more: on one of the engines they do not become visible in the order of their ids."""

Thing = tuple[str, int]
IsPerson = Callable[[ColumnElement[Any]], ColumnElement[bool]]


class Traces(Struct, frozen=True):
    """
    Where the history tells of a person, as of some moment.

    Attributes:
        change_ids: The changes.
        things: What has ever been the person's, as the history names it: an enrollment and the like.
        looked_at: All changes up to this id were looked at.
    """

    change_ids: frozenset[int] = frozenset()
    things: frozenset[Thing] = frozenset()
    looked_at: int = 0


class _IdRow(Struct, frozen=True):
    id: int


class _ThingRow(Struct, frozen=True):
    subject: str
    subject_id: int


def history_of(is_person: IsPerson) -> tuple[CTE, Select[Any]]:
    """Select what the history tells of people: the things that have ever been theirs, and the changes of these, of themselves and by themselves."""
    things = (
        select(history.c.subject, history.c.subject_id)
        .where(or_(is_person(number_in(history.c.before, "user_id")), is_person(number_in(history.c.after, "user_id"))))
        .distinct()
        .cte("things")
    )
    return things, _changes.where(
        or_(
            _themselves(is_person),
            tuple_(history.c.subject, history.c.subject_id).in_(select(things.c.subject, things.c.subject_id)),
        )
    )


def _themselves(is_person: IsPerson) -> ColumnElement[bool]:
    of_them = (history.c.subject == literal("user", Text)) & is_person(history.c.subject_id)
    return of_them | ((history.c.actor_kind == literal("user", Text)) & is_person(history.c.actor_id))


def _is_asked(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return any_of(column, "user_ids")


def _is_closed(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.in_(select(_closed.c.id))


_changes = select(*(history.c[name] for name in RecordedRow.__struct_fields__)).order_by(history.c.id)
_closed_users = select(users.c.id).where(users.c.closed_at.is_not(None))
_closed = union(
    _closed_users, select(merged_users.c.merged_id).join(users, users.c.id == merged_users.c.user_id).where(users.c.closed_at.is_not(None))
).subquery()
_things, _of_asked = history_of(_is_asked)
_list_things = Query(select(_things.c.subject, _things.c.subject_id), _ThingRow)
_list_of_asked = Query(_of_asked, RecordedRow)
_list_of_closed = Query(history_of(_is_closed)[1], RecordedRow)
_list_closed = Query(select(_closed.c.id).order_by(_closed.c.id), _IdRow)
_find_last = Query(select(func.coalesce(func.max(history.c.id), literal_column("0", Integer())).label("id")), _IdRow)
_list_recent = Query(
    _changes.where(
        history.c.id > bindparam("since_id", type_=BigInteger),
        or_(
            _themselves(_is_asked),
            _is_asked(number_in(history.c.before, "user_id")),
            _is_asked(number_in(history.c.after, "user_id")),
            any_of(history.c.subject_id, "thing_ids"),
        ),
    ),
    RecordedRow,
)
_get_change = Query(_changes.where(history.c.id == bindparam("change_id", type_=BigInteger)), RecordedRow)
_list_merged = Query(
    select(merged_users.c.merged_id.label("id")).where(merged_users.c.user_id == bindparam("user_id", type_=Integer)), _IdRow
)


async def list_ids_of(transaction: Transaction, *, user_id: int) -> frozenset[int]:
    """Give the ids that a person is known by: the user's, and those of the users who were merged into this one."""
    return frozenset({user_id, *(row.id for row in await transaction.all(_list_merged, user_id=user_id))})


async def find_traces(transaction: Transaction, *, viewer: Viewer, user_id: int) -> Traces:
    """
    Find where the history tells of a person: a long reading, which looks at every change there is.

    Raises:
        UserNotFoundError: The viewer has no such user.
    """
    await get_user(transaction, viewer=viewer, user_id=user_id)
    user_ids = sorted(await list_ids_of(transaction, user_id=user_id))
    last = await transaction.one(_find_last)
    things = await transaction.all(_list_things, user_ids=user_ids)
    rows = await transaction.all(_list_of_asked, user_ids=user_ids)
    return Traces(
        change_ids=frozenset(row.id for row in rows),
        things=frozenset((row.subject, row.subject_id) for row in things),
        looked_at=last.id,
    )


async def list_told(transaction: Transaction, *, user_ids: Collection[int], found: Traces) -> list[RecordedRow]:
    """Give everything that the history tells of a person, by ascending id: what was found before, and what has been added since."""
    asked = {"user_ids": sorted(user_ids), "since_id": max(0, found.looked_at - OVERLAP)}
    things = found.things
    recent = await transaction.all(_list_recent, thing_ids=_ids_of(things), **asked)
    if new := _things_in(recent, user_ids) - things:
        things |= new
        recent = await transaction.all(_list_recent, thing_ids=_ids_of(things), **asked)
    rows: dict[int, RecordedRow] = {}
    for change_id in sorted(found.change_ids):
        rows[change_id] = await transaction.one(_get_change, change_id=change_id)
    rows |= {row.id: row for row in recent if _tells_of(row, user_ids, things)}
    return [rows[change_id] for change_id in sorted(rows)]


async def list_told_of_closed(transaction: Transaction) -> tuple[frozenset[int], list[RecordedRow]]:
    """Give the ids by which the people of all closed accounts are known, and everything that the history tells of them."""
    closed = await transaction.all(_list_closed)
    rows = await transaction.all(_list_of_closed) if closed else []
    return frozenset(row.id for row in closed), rows


def _ids_of(things: Collection[Thing]) -> list[int]:
    return sorted({subject_id for _, subject_id in things})


def _things_in(rows: Iterable[RecordedRow], user_ids: Collection[int]) -> frozenset[Thing]:
    return frozenset((row.subject, row.subject_id) for row in rows if _owner(row.before) in user_ids or _owner(row.after) in user_ids)


def _owner(values: Mapping[str, Any] | None) -> object:
    return None if values is None else values.get("user_id")


def _tells_of(row: RecordedRow, user_ids: Collection[int], things: Collection[Thing]) -> bool:
    if (row.subject, row.subject_id) in things:
        return True
    return (row.subject == "user" and row.subject_id in user_ids) or (row.actor_kind == "user" and row.actor_id in user_ids)
