"""Creating and changing organizations."""

from typing import Any

from msgspec import UNSET
from msgspec.structs import asdict
from sqlalchemy import Column, Integer, Text, bindparam, func, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.access.roles import unknown_role
from rollbook.database.expressions import within
from rollbook.database.query import Command, Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, NotAllowedError, RollbookError, refuse
from rollbook.history.recording import differences, entry, recorded
from rollbook.history.versions import check_version
from rollbook.organizations.actions.organization_details import NewOrganization, OrganizationChanges
from rollbook.organizations.cultures import UnknownCultureError, find_culture
from rollbook.organizations.model import organizations
from rollbook.organizations.queries.organizations import (
    IdRow,
    OrganizationNotFoundError,
    OrganizationRow,
    find_namesake,
    find_organization,
    get_organization_as_stored,
    lock_trees,
)
from rollbook.organizations.time_zones import TimeZone, find_time_zone


class OrganizationExternalIdTakenError(ConflictError):
    """
    Another organization beneath the same parent has that external id (N2).

    Attributes:
        organization_id: The other organization; None where the actor does not see it.
    """

    field = "external_id"

    def __init__(self, external_id: str, organization_id: int | None) -> None:
        self.organization_id = organization_id
        other = "another organization" if organization_id is None else f"organization {organization_id}"
        super().__init__(f"{external_id} is the external id of {other} already; give another one")


class RootNotAllowedError(NotAllowedError):
    """An API key would put an organization above or beside its own tree."""

    field = "parent_id"

    def __init__(self) -> None:
        super().__init__("only a command on the server itself makes a root; give the id of an organization in the key's tree")


class OwnOrganizationMovedError(NotAllowedError):
    """An API key would move the organization that it belongs to."""

    field = "parent_id"

    def __init__(self) -> None:
        super().__init__("a key cannot move its own organization; use the key of an organization above it")


class OwnOrganizationDisabledError(NotAllowedError):
    """An API key would disable the organization that it belongs to, and itself with it."""

    field = "enabled"

    def __init__(self) -> None:
        super().__init__("a key cannot disable its own organization; use the key of an organization above it")


class OrganizationCycleError(ConflictError):
    """An organization would be beneath itself."""

    field = "parent_id"

    def __init__(self, organization_id: int, parent_id: int) -> None:
        super().__init__(f"organization {parent_id} is beneath organization {organization_id} or is that one; give one outside of its tree")


_DEFAULT_TIME_ZONE = find_time_zone("UTC")
_DEFAULT_CULTURE = "en-US"
_NOT_GIVEN_AT_FIRST = {"id", "enabled", "default_user_name_pattern", "version"}
_KEPT = {"id", "path", "created_at", "default_user_name_pattern", "version"}
_NEXT_VERSION = organizations.c.version + literal_column("1", Integer())


def _bound(column: Column[Any]) -> Any:
    return bindparam(column.name, type_=column.type)


_INSERT = Query(
    insert(organizations)
    .values({column.name: _bound(column) for column in organizations.columns if column.name not in _NOT_GIVEN_AT_FIRST})
    .returning(organizations.c.id),
    IdRow,
)
# The path holds the organization's id, which is known after the insert only; the creation is recorded with it.
_SET_PATH = recorded(
    update(organizations)
    .where(organizations.c.id == bindparam("organization_id", type_=Integer()))
    .values(path=bindparam("path", type_=Text())),
    identity=organizations.c.id,
)
_UPDATE = recorded(
    update(organizations)
    .where(organizations.c.id == bindparam("organization_id", type_=Integer()))
    .values({**{column.name: _bound(column) for column in organizations.columns if column.name not in _KEPT}, "version": _NEXT_VERSION}),
    identity=organizations.c.id,
)
_OLD_PATH = bindparam("old_path", type_=Text())
_MOVE_PATHS = Command(
    update(organizations)
    .where(within(organizations.c.path, _OLD_PATH))
    .values(
        path=bindparam("new_path", type_=Text())
        + func.substr(organizations.c.path, func.length(_OLD_PATH) + literal_column("1", Integer()), type_=Text())
    )
)


async def create_organization(transaction: Transaction, *, actor: Actor, organization: NewOrganization) -> int:
    """
    Create an organization and give its id.

    Raises:
        RootNotAllowedError: The actor is a key, and no parent is given.
        OrganizationNotFoundError: The actor sees no such parent.
        OrganizationExternalIdTakenError: Another organization beneath the parent has the external id.
        UnknownRoleError: The default role is none.
        UnknownCultureError: The culture is none.
    """
    await lock_trees(transaction)
    parent, no_parent = await _find_parent(transaction, actor=actor, parent_id=organization.parent_id)
    culture, no_culture = _read_culture(organization.culture or (parent.culture if parent else _DEFAULT_CULTURE))
    refuse(
        [
            no_parent,
            no_culture,
            _refuse_role(organization.default_role_id),
            None if no_parent else await _refuse_external_id(transaction, actor, organization.parent_id, organization.external_id),
        ]
    )
    inherited = TimeZone(parent.time_zone, parent.time_zone_iana) if parent else _DEFAULT_TIME_ZONE
    time_zone = organization.time_zone or inherited
    said = {**asdict(organization), "time_zone": time_zone.given, "culture": culture}
    values = {
        **said,
        "path": "",
        "name_folded": folded(organization.name),
        "time_zone_iana": time_zone.iana,
        "created_at": transaction.now,
        "modified_at": transaction.now,
    }
    organization_id = (await transaction.one(_INSERT, **values)).id
    record = entry(
        transaction,
        actor=actor,
        organization_id=organization_id,
        kind="organization.created",
        after={name: value for name, value in said.items() if value is not None},
    )
    path = f"{parent.path if parent else '/'}{organization_id}/"
    await transaction.change(_SET_PATH, {"organization_id": organization_id, "path": path}, record)
    return organization_id


async def update_organization(
    transaction: Transaction, *, actor: Actor, organization_id: int, changes: OrganizationChanges, if_version: int | None = None
) -> None:
    """
    Change an organization; another parent moves everything beneath it as well.

    Raises:
        OrganizationNotFoundError: The actor sees no such organization, or no such new parent.
        VersionChangedError: It is not at the version asked for.
        RootNotAllowedError: The actor is a key, and the organization would become a root.
        OwnOrganizationMovedError: It is the key's own, and would be moved.
        OwnOrganizationDisabledError: It is the key's own, and would be disabled.
        OrganizationCycleError: The new parent is the organization itself or lies beneath it.
        OrganizationExternalIdTakenError: Another organization beneath the parent has the external id.
        UnknownRoleError: The default role is none.
        UnknownCultureError: The culture is none.
    """
    await lock_trees(transaction)
    stored = await get_organization_as_stored(transaction, viewer=actor.viewer, organization_id=organization_id)
    check_version(noun="organization", subject_id=organization_id, version=stored.version, wanted=if_version)
    given = {name: value for name, value in asdict(changes).items() if value is not UNSET}
    time_zone = TimeZone(stored.time_zone, stored.time_zone_iana) if changes.time_zone is UNSET else changes.time_zone
    no_culture: UnknownCultureError | None = None
    if changes.culture is not UNSET:
        given["culture"], no_culture = _read_culture(changes.culture)
    if changes.time_zone is not UNSET:
        given["time_zone"] = time_zone.given
    before, after = differences(asdict(stored), given)
    if not after:
        return
    own = organization_id == actor.viewer.organization_id
    parent: OrganizationRow | None = None
    no_parent: RollbookError | None = None
    if "parent_id" in after:
        parent, no_parent = await _find_new_parent(transaction, actor=actor, moved=stored, parent_id=after["parent_id"])
    parent_id, external_id = after.get("parent_id", stored.parent_id), after.get("external_id", stored.external_id)
    moved_or_renamed = not no_parent and ("parent_id" in after or "external_id" in after)
    refuse(
        [
            no_culture,
            no_parent,
            OwnOrganizationDisabledError() if own and after.get("enabled") is False else None,
            _refuse_role(after.get("default_role_id")),
            await _refuse_external_id(transaction, actor, parent_id, external_id) if moved_or_renamed else None,
        ]
    )
    values = {
        **asdict(stored),
        **after,
        "organization_id": organization_id,
        "name_folded": folded(after.get("name", stored.name)),
        "time_zone_iana": time_zone.iana,
        "modified_at": transaction.now,
    }
    record = entry(transaction, actor=actor, organization_id=organization_id, kind="organization.updated", before=before, after=after)
    await transaction.change(_UPDATE, values, record)
    if "parent_id" in after:
        new_path = f"{parent.path if parent else '/'}{organization_id}/"
        await transaction.run(_MOVE_PATHS, old_path=stored.path, new_path=new_path)


async def _find_parent(
    transaction: Transaction, *, actor: Actor, parent_id: int | None
) -> tuple[OrganizationRow | None, RollbookError | None]:
    """Give the organization that is to be the parent, None above a root, or what refuses it."""
    if parent_id is None:
        return None, None if actor.viewer.organization_id is None else RootNotAllowedError()
    parent = await find_organization(transaction, viewer=actor.viewer, organization_id=parent_id)
    return parent, None if parent else OrganizationNotFoundError(parent_id, field="parent_id")


async def _find_new_parent(
    transaction: Transaction, *, actor: Actor, moved: OrganizationRow, parent_id: int | None
) -> tuple[OrganizationRow | None, RollbookError | None]:
    if moved.id == actor.viewer.organization_id:
        return None, OwnOrganizationMovedError()
    parent, refusal = await _find_parent(transaction, actor=actor, parent_id=parent_id)
    if parent is not None and parent.path.startswith(moved.path):
        return None, OrganizationCycleError(moved.id, parent.id)
    return parent, refusal


async def _refuse_external_id(
    transaction: Transaction, actor: Actor, parent_id: int | None, external_id: str | None
) -> OrganizationExternalIdTakenError | None:
    if external_id is None:
        return None
    namesake = await find_namesake(transaction, viewer=actor.viewer, parent_id=parent_id, external_id=external_id)
    return OrganizationExternalIdTakenError(external_id, namesake.visible_id) if namesake else None


def _refuse_role(role_id: int | None) -> RollbookError | None:
    return None if role_id is None else unknown_role(role_id, field="default_role_id")


def _read_culture(given: str) -> tuple[str, UnknownCultureError | None]:
    try:
        return find_culture(given), None
    except UnknownCultureError as error:
        return given, error
