"""Finding what another system calls something, and what it is called there: for rows that come and go as files."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct
from sqlalchemy import Table, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.classrooms.model import classrooms
from rollbook.courses.model import courses
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations
from rollbook.people.model import companies, users


class Holder(Struct, frozen=True):
    """Who has an external id, and to which organization it belongs; an organization belongs to its parent."""

    id: int
    organization_id: int | None


class _NamedRow(Struct, frozen=True):
    id: int
    external_id: str | None


_path = bindparam("path", type_=Text)


def _holders(table: Table) -> Query[Holder]:
    named = table.c.external_id == bindparam("external_id", type_=Text)
    if table is organizations:
        held = select(table.c.id, table.c.parent_id.label("organization_id")).where(named, within(table.c.path, _path))
    else:
        # Asked so, SQLite looks into the index of each organization's external ids and not through all rows.
        seen = select(organizations.c.id).where(within(organizations.c.path, _path))
        held = select(table.c.id, table.c.organization_id).where(named, table.c.organization_id.in_(seen))
    return Query(held.order_by(table.c.id), Holder)


def _names(table: Table) -> Query[_NamedRow]:
    return Query(select(table.c.id, table.c.external_id).where(any_of(table.c.id, "ids")), _NamedRow)


_TABLES = (organizations, companies, users, courses, classrooms, classes)
_list_holders: Final[Mapping[str, Query[Holder]]] = MappingProxyType({table.name: _holders(table) for table in _TABLES})
_list_names: Final[Mapping[str, Query[_NamedRow]]] = MappingProxyType({table.name: _names(table) for table in _TABLES})


async def list_holders(transaction: Transaction, *, viewer: Viewer, noun: str, external_id: str) -> list[Holder]:
    """Give, by ascending id, everything of a noun, such as ``users``, that has an external id and is the viewer's."""
    return await transaction.all(_list_holders[noun], external_id=external_id, path=viewer.path)


async def list_external_ids(transaction: Transaction, *, noun: str, ids: Collection[int]) -> dict[int, str | None]:
    """
    Give the external ids of things of a noun, such as ``users``, by their ids.

    It takes no viewer: the ids are told by what the caller has been found to see.
    """
    return {row.id: row.external_id for row in await transaction.all(_list_names[noun], ids=sorted(ids))}
