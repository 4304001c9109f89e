"""Small actions and queries on a real table: the subject of the engines' tests."""

from typing import Any

import msgspec
from sqlalchemy import Integer, Text, bindparam, func, insert, select, update

from rollbook.access.actor import system
from rollbook.database.query import Command, Query
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError
from rollbook.history.model import history
from rollbook.history.recording import entry, recorded
from rollbook.organizations.model import organizations

TESTER = system("tests")


class OrganizationRow(msgspec.Struct, frozen=True):
    id: int
    name: str
    modified_at: int


class IdRow(msgspec.Struct, frozen=True):
    id: int


class CountRow(msgspec.Struct, frozen=True):
    count: int


class HistoryRow(msgspec.Struct, frozen=True):
    subject_id: int
    kind: str
    after: str | None


class RefusedError(ConflictError):
    """Whatever makes an action give up halfway."""


_ID = bindparam("organization_id", type_=Integer())
_PATH = bindparam("path", type_=Text())
_NAME = bindparam("name", type_=Text())
_NOW = bindparam("now", type_=Integer())
_NEW = {
    "path": _PATH,
    "name": _NAME,
    "name_folded": _NAME,
    "time_zone": "UTC",
    "time_zone_iana": "Etc/UTC",
    "created_at": _NOW,
    "modified_at": _NOW,
}
_asked = select(organizations.c.id, organizations.c.name, organizations.c.modified_at)

INSERT = recorded(insert(organizations).values(_NEW), identity=organizations.c.id)
INSERT_AGAIN = recorded(
    insert(organizations).from_select(
        list(_NEW),
        select(_PATH, _NAME, _NAME, organizations.c.time_zone, organizations.c.time_zone_iana, _NOW, _NOW).where(organizations.c.id == _ID),
    ),
    identity=organizations.c.id,
)
INSERT_UNRECORDED = Query(insert(organizations).values(_NEW).returning(organizations.c.id), IdRow)
RENAME = recorded(update(organizations).where(organizations.c.id == _ID).values(name=_NAME), identity=organizations.c.id)
RENAME_GUARDED = recorded(
    update(organizations)
    .where(organizations.c.id == _ID, organizations.c.modified_at == bindparam("read_version", type_=Integer()))
    .values(name=_NAME, modified_at=organizations.c.modified_at + 1),
    identity=organizations.c.id,
)
RENAME_ALL = Command(update(organizations).values(name=_NAME))
RENAME_ALL_AND_TELL = Query(update(organizations).values(name=_NAME).returning(organizations.c.id), IdRow)
BY_ID = Query(_asked.where(organizations.c.id == _ID), OrganizationRow)
BY_PATH = Query(_asked.where(organizations.c.path == _PATH), OrganizationRow)
ALL = Query(_asked.order_by(organizations.c.id), OrganizationRow)
COUNT = Query(select(func.count().label("count")).select_from(organizations), CountRow)
COUNT_NAMED = Query(select(func.count().label("count")).select_from(organizations).where(organizations.c.name == _NAME), CountRow)
HISTORY = Query(select(history.c.subject_id, history.c.kind, history.c.after).order_by(history.c.id), HistoryRow)
LOCK = Query(select(organizations.c.id).where(organizations.c.id == _ID).with_for_update(key_share=True, of=organizations), IdRow)


def record_of(transaction: Transaction, kind: str, **after: Any) -> dict[str, Any]:
    return entry(transaction, actor=TESTER, organization_id=1, kind=kind, after=after)


def values_of(transaction: Transaction, name: str) -> dict[str, Any]:
    return {"path": f"/{name}/", "name": name, "now": transaction.now}


async def create(transaction: Transaction, *, name: str, note: str = "") -> int | None:
    record = record_of(transaction, "organization.created", name=name, note=note)
    return await transaction.change(INSERT, values_of(transaction, name), record)


async def create_like(transaction: Transaction, *, organization_id: int, name: str) -> int | None:
    values = {**values_of(transaction, name), "organization_id": organization_id}
    return await transaction.change(INSERT_AGAIN, values, record_of(transaction, "organization.created", name=name))


async def create_and_refuse(transaction: Transaction, *, name: str) -> None:
    await create(transaction, name=name)
    raise RefusedError(name)


async def insert_and_refuse(transaction: Transaction, *, name: str) -> None:
    await transaction.one(INSERT_UNRECORDED, **values_of(transaction, name))
    raise RefusedError(name)


async def create_unless_taken(transaction: Transaction, *, name: str) -> int | None:
    if await transaction.find(BY_PATH, path=f"/{name}/"):
        raise RefusedError(name)
    return await create(transaction, name=name)


async def rename(transaction: Transaction, *, organization_id: int, name: str) -> int | None:
    record = record_of(transaction, "organization.updated", name=name)
    return await transaction.change(RENAME, {"organization_id": organization_id, "name": name}, record)


async def append_to_name(transaction: Transaction, *, organization_id: int, letter: str) -> int:
    """Read without a lock and write what the version read still guards."""
    row = await transaction.one(BY_ID, organization_id=organization_id)
    values = {"organization_id": organization_id, "name": row.name + letter, "read_version": row.modified_at}
    return await transaction.settle(RENAME_GUARDED, values, record_of(transaction, "organization.updated", name=row.name + letter))


async def count(transaction: Transaction) -> int:
    return (await transaction.one(COUNT)).count


async def names(transaction: Transaction) -> list[str]:
    return [row.name for row in await transaction.all(ALL)]


async def kinds(transaction: Transaction) -> list[str]:
    return [row.kind for row in await transaction.all(HISTORY)]
