"""What was changed last in a tree of organizations, whatever it was."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Integer, Text, bindparam, func, null, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.history.model import history
from rollbook.organizations.model import organizations
from rollbook.people.model import users

LOOKED_THROUGH: Final = 20_000
"""How many changes, of whatever organization, are looked through at most: the history has no index by organization, as each of its rows would pay for."""


class NamedSubject(msgspec.Struct, frozen=True):
    """What was changed, where it has a page and the viewer sees it; ``class_id`` and ``class_name`` are those of an enrollment or a class."""

    id: int
    class_id: int | None
    class_name: str | None
    first_name: str | None
    last_name: str | None


class RecentChange(msgspec.Struct, frozen=True, kw_only=True):
    """
    A change.

    Attributes:
        at: When, in epoch seconds.
        kind: The subject and what became of it, such as ``enrollment.cancelled``.
        fields: The names of the values that it set.
        named: What it changed; None where that is gone, or is none of classes, enrollments and users.
    """

    id: int
    at: int
    actor_name: str
    subject: str
    subject_id: int
    kind: str
    fields: tuple[str, ...]
    named: NamedSubject | None


class _ChangeRow(msgspec.Struct, frozen=True):
    id: int
    at: int
    actor_name: str
    subject: str
    subject_id: int
    kind: str
    after: str | None


_path = bindparam("path", type_=Text)
_own = select(organizations.c.id).where(within(organizations.c.path, _path))
_newest = select(func.max(history.c.id)).scalar_subquery()
_changes = Query(
    select(*(history.c[name] for name in _ChangeRow.__struct_fields__))
    .where(history.c.id > _newest - LOOKED_THROUGH, history.c.organization_id.in_(_own))
    .order_by(history.c.id.desc())
    .limit(bindparam("limit", type_=Integer)),
    _ChangeRow,
)
_SUBJECTS: Final = {
    "enrollment": Query(
        select(enrollments.c.id, enrollments.c.class_id, classes.c.name.label("class_name"), users.c.first_name, users.c.last_name)
        .select_from(enrollments)
        .join(classes, classes.c.id == enrollments.c.class_id)
        .join(users, users.c.id == enrollments.c.user_id)
        .where(any_of(enrollments.c.id, "ids"), enrollments.c.organization_id.in_(_own)),
        NamedSubject,
    ),
    "class": Query(
        select(
            classes.c.id,
            classes.c.id.label("class_id"),
            classes.c.name.label("class_name"),
            null().label("first_name"),
            null().label("last_name"),
        ).where(any_of(classes.c.id, "ids"), classes.c.organization_id.in_(_own)),
        NamedSubject,
    ),
    "user": Query(
        select(users.c.id, null().label("class_id"), null().label("class_name"), users.c.first_name, users.c.last_name).where(
            any_of(users.c.id, "ids"), users.c.organization_id.in_(_own)
        ),
        NamedSubject,
    ),
}


async def list_recent_changes(transaction: Transaction, *, viewer: Viewer, limit: int = 20) -> list[RecentChange]:
    """Give what was changed last in the viewer's tree, the newest first, as far back as it is looked for."""
    rows = await transaction.all(_changes, path=viewer.path, limit=limit)
    named = {subject: await _name(transaction, query, rows, subject=subject, viewer=viewer) for subject, query in _SUBJECTS.items()}
    return [
        RecentChange(
            id=row.id,
            at=row.at,
            actor_name=row.actor_name,
            subject=row.subject,
            subject_id=row.subject_id,
            kind=row.kind,
            fields=_fields(row.after),
            named=named.get(row.subject, {}).get(row.subject_id),
        )
        for row in rows
    ]


async def _name(
    transaction: Transaction, query: Query[NamedSubject], rows: Sequence[_ChangeRow], *, subject: str, viewer: Viewer
) -> dict[int, NamedSubject]:
    ids = sorted({row.subject_id for row in rows if row.subject == subject})
    return {each.id: each for each in await transaction.all(query, ids=ids, path=viewer.path)} if ids else {}


def _fields(after: str | None) -> tuple[str, ...]:
    values: dict[str, Any] = {} if after is None else msgspec.json.decode(after)
    return tuple(values)
