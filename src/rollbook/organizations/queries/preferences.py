"""Reading the preferences that organizations set and the ones that count for them."""

from itertools import groupby

import msgspec
from sqlalchemy import Integer, Text, bindparam, literal_column, select

from rollbook.access.actor import Viewer
from rollbook.database.expressions import within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organization_preferences, organizations
from rollbook.organizations.preferences import Preferences, resolve


class PreferenceRow(msgspec.Struct, frozen=True):
    """A preference that an organization sets itself, its value as ``preferences.parse`` reads it."""

    name: str
    value: str


class _InheritedRow(msgspec.Struct, frozen=True):
    distance: int
    name: str
    value: str


_ASKED_ID = bindparam("organization_id", type_=Integer())

_upwards = (
    select(organizations.c.id, organizations.c.parent_id, literal_column("0", Integer()).label("distance"))
    .where(organizations.c.id == _ASKED_ID)
    .cte("upwards", recursive=True)
)
_upwards = _upwards.union_all(
    select(
        organizations.c.id, organizations.c.parent_id, (_upwards.c.distance + literal_column("1", Integer())).label("distance")
    ).join_from(_upwards, organizations, organizations.c.id == _upwards.c.parent_id)
)
_list_inherited = Query(
    select(_upwards.c.distance, organization_preferences.c.name, organization_preferences.c.value)
    .join_from(_upwards, organization_preferences, organization_preferences.c.organization_id == _upwards.c.id)
    .order_by(_upwards.c.distance),
    _InheritedRow,
)
_list_own = Query(
    select(organization_preferences.c.name, organization_preferences.c.value)
    .join(organizations, organizations.c.id == organization_preferences.c.organization_id)
    .where(organizations.c.id == _ASKED_ID, within(organizations.c.path, bindparam("path", type_=Text())))
    .order_by(organization_preferences.c.name),
    PreferenceRow,
)


async def preferences_for(transaction: Transaction, *, organization_id: int) -> Preferences:
    """
    Give every preference as it stands for an organization: its own, else its nearest ancestor's, else the default.

    It takes no viewer: what counts for a class counts for whoever changes it, also where an ancestor outside of the caller's tree sets it.
    """
    rows = await transaction.all(_list_inherited, organization_id=organization_id)
    return resolve({row.name: row.value for row in level} for _, level in groupby(rows, lambda row: row.distance))


async def list_own_preferences(transaction: Transaction, *, viewer: Viewer, organization_id: int) -> list[PreferenceRow]:
    """List the preferences that an organization of the viewer sets itself, by name."""
    return await transaction.all(_list_own, organization_id=organization_id, path=viewer.path)
