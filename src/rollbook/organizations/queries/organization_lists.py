"""Listing organizations by what they have in common."""

from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Boolean, ColumnElement, Integer, Text, bindparam

from rollbook.access.actor import Viewer
from rollbook.database.expressions import contains
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations
from rollbook.organizations.queries.organizations import OrganizationRow, organizations_in_scope


class OrganizationCriteria(Struct, frozen=True, kw_only=True):
    """
    What the organizations of a list have in common; None is not asked.

    Attributes:
        name: A part of the name, in any case.
        parent_id: The organization directly above.
    """

    name: str | None = None
    external_id: str | None = None
    parent_id: int | None = None
    enabled: bool | None = None


_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "name": contains(organizations.c.name_folded, bindparam("name", type_=Text)),
    "external_id": organizations.c.external_id == bindparam("external_id", type_=Text),
    # The parent of the tree's root lies outside of what the viewer sees.
    "parent_id": (organizations.c.parent_id == bindparam("parent_id", type_=Integer))
    & (organizations.c.path != bindparam("path", type_=Text)),
    "enabled": organizations.c.enabled == bindparam("enabled", type_=Boolean),
}


async def list_organizations(
    transaction: Transaction, *, viewer: Viewer, criteria: OrganizationCriteria, after_id: int, limit: int
) -> list[OrganizationRow]:
    """Give the organizations with an id above ``after_id`` that meet the criteria, ascending, at most ``limit`` of them."""
    values = {name: value for name, value in asdict(criteria).items() if value is not None}
    if "name" in values:
        values["name"] = folded(values["name"])
    return await transaction.page(_listing(frozenset(values)), path=viewer.path, after_id=after_id, limit=limit, **values)


@lru_cache(maxsize=64)
def _listing(asked: frozenset[str]) -> Query[OrganizationRow]:
    conditions = (condition for name, condition in _CONDITIONS.items() if name in asked)
    return Query(
        organizations_in_scope()
        .where(organizations.c.id > bindparam("after_id", type_=Integer), *conditions)
        .order_by(organizations.c.id)
        .limit(bindparam("limit", type_=Integer)),
        OrganizationRow,
    )
