"""What a user may do: the roles, and the organizations that they reach."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, Integer, bindparam, delete, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.access.roles import unknown_role
from rollbook.database.query import Command
from rollbook.database.transaction import Transaction
from rollbook.errors import refuse
from rollbook.history.recording import entry, recorded
from rollbook.history.versions import check_version
from rollbook.organizations.queries.organizations import OrganizationNotFoundError, find_organization
from rollbook.people.actions.user_checks import check_open
from rollbook.people.model import managed_organizations, user_roles, users
from rollbook.people.queries.users import UserRow, get_user_as_stored, lock_users

ROLES_CHANGED = "user.roles_changed"
MANAGEMENT_CHANGED = "user.management_changed"

_user_id = bindparam("user_id", type_=Integer())
_role_id = bindparam("role_id", type_=Integer())
_organization_id = bindparam("organization_id", type_=Integer())

_GIVE_ROLE = Command(insert(user_roles).values(user_id=_user_id, role_id=_role_id))
_TAKE_ROLE = Command(delete(user_roles).where(user_roles.c.user_id == _user_id, user_roles.c.role_id == _role_id))
_LET_MANAGE = Command(insert(managed_organizations).values(user_id=_user_id, organization_id=_organization_id))
_STOP_MANAGING = Command(
    delete(managed_organizations).where(
        managed_organizations.c.user_id == _user_id, managed_organizations.c.organization_id == _organization_id
    )
)
_TOUCH = recorded(
    update(users)
    .where(users.c.id == _user_id)
    .values(modified_at=bindparam("now", type_=BigInteger()), version=users.c.version + literal_column("1", Integer())),
    identity=users.c.id,
)


async def add_roles(
    transaction: Transaction, *, actor: Actor, user_id: int, role_ids: Collection[int], if_version: int | None = None
) -> None:
    """
    Give a user roles; those that the user has already change nothing.

    Raises:
        UserNotFoundError: The actor sees no such user.
        VersionChangedError: The user is not at the version asked for.
        UnknownRoleError: A role is none.
        AccountClosedError: The user's account is closed.
    """
    user = await _held(transaction, actor=actor, user_id=user_id, if_version=if_version)
    refuse([unknown_role(role_id, field="role_ids") for role_id in role_ids])
    await _settle_roles(transaction, actor=actor, user=user, role_ids={*user.role_ids, *role_ids})


async def set_roles(
    transaction: Transaction, *, actor: Actor, user_id: int, role_ids: Collection[int], if_version: int | None = None
) -> None:
    """
    Give a user these roles and no other; without any the user may do nothing.

    Raises:
        UserNotFoundError: The actor sees no such user.
        VersionChangedError: The user is not at the version asked for.
        UnknownRoleError: A role is none.
        AccountClosedError: The user's account is closed.
    """
    user = await _held(transaction, actor=actor, user_id=user_id, if_version=if_version)
    refuse([unknown_role(role_id, field="role_ids") for role_id in role_ids])
    await _settle_roles(transaction, actor=actor, user=user, role_ids=set(role_ids))


async def remove_role(transaction: Transaction, *, actor: Actor, user_id: int, role_id: int, if_version: int | None = None) -> None:
    """
    Take a role from a user, the last one too: then the user may do nothing; one that the user does not have changes nothing.

    Raises:
        UserNotFoundError: The actor sees no such user.
        VersionChangedError: The user is not at the version asked for.
        UnknownRoleError: It is no role.
        AccountClosedError: The user's account is closed.
    """
    user = await _held(transaction, actor=actor, user_id=user_id, if_version=if_version)
    refuse([unknown_role(role_id, field="role_id")])
    await _settle_roles(transaction, actor=actor, user=user, role_ids=set(user.role_ids) - {role_id})


async def let_manage(transaction: Transaction, *, actor: Actor, user_id: int, organization_id: int, if_version: int | None = None) -> None:
    """
    Let a user manage an organization; where the user does already, nothing changes.

    Raises:
        UserNotFoundError: The actor sees no such user.
        VersionChangedError: The user is not at the version asked for.
        OrganizationNotFoundError: The actor sees no such organization.
        AccountClosedError: The user's account is closed.
    """
    user = await _held(transaction, actor=actor, user_id=user_id, if_version=if_version)
    await _check_organization(transaction, actor=actor, organization_id=organization_id)
    managed = user.managed_organization_ids
    if organization_id in managed:
        return
    await _record(transaction, actor=actor, user=user, kind=MANAGEMENT_CHANGED, before=managed, after=[*managed, organization_id])
    await transaction.run(_LET_MANAGE, user_id=user_id, organization_id=organization_id)


async def stop_managing(
    transaction: Transaction, *, actor: Actor, user_id: int, organization_id: int, if_version: int | None = None
) -> None:
    """
    Let a user no longer manage an organization; where the user does not, nothing changes.

    Raises:
        UserNotFoundError: The actor sees no such user.
        VersionChangedError: The user is not at the version asked for.
        OrganizationNotFoundError: The actor sees no such organization.
        AccountClosedError: The user's account is closed.
    """
    user = await _held(transaction, actor=actor, user_id=user_id, if_version=if_version)
    await _check_organization(transaction, actor=actor, organization_id=organization_id)
    managed = user.managed_organization_ids
    if organization_id not in managed:
        return
    after = [each for each in managed if each != organization_id]
    await _record(transaction, actor=actor, user=user, kind=MANAGEMENT_CHANGED, before=managed, after=after)
    await transaction.run(_STOP_MANAGING, user_id=user_id, organization_id=organization_id)


async def _held(transaction: Transaction, *, actor: Actor, user_id: int, if_version: int | None) -> UserRow:
    """Lock a user whose account is open and give the user, with the managed organizations that the actor sees."""
    await lock_users(transaction, user_ids=[user_id])
    user = await get_user_as_stored(transaction, viewer=actor.viewer, user_id=user_id)
    check_version(noun="user", subject_id=user_id, version=user.version, wanted=if_version)
    refuse([check_open(user_id=user_id, closed_at=user.closed_at)])
    return user


async def _settle_roles(transaction: Transaction, *, actor: Actor, user: UserRow, role_ids: set[int]) -> None:
    stored = set(user.role_ids)
    if role_ids == stored:
        return
    await _record(transaction, actor=actor, user=user, kind=ROLES_CHANGED, before=stored, after=role_ids)
    for role_id in sorted(role_ids - stored):
        await transaction.run(_GIVE_ROLE, user_id=user.id, role_id=role_id)
    for role_id in sorted(stored - role_ids):
        await transaction.run(_TAKE_ROLE, user_id=user.id, role_id=role_id)


async def _check_organization(transaction: Transaction, *, actor: Actor, organization_id: int) -> None:
    if await find_organization(transaction, viewer=actor.viewer, organization_id=organization_id) is None:
        raise OrganizationNotFoundError(organization_id, field="organization_id")


async def _record(
    transaction: Transaction, *, actor: Actor, user: UserRow, kind: str, before: Collection[int], after: Collection[int]
) -> None:
    field = "role_ids" if kind == ROLES_CHANGED else "managed_organization_ids"
    states: list[dict[str, Any]] = [{field: sorted(ids)} for ids in (before, after)]
    record = entry(transaction, actor=actor, organization_id=user.organization_id, kind=kind, before=states[0], after=states[1])
    await transaction.change(_TOUCH, {"user_id": user.id, "now": transaction.now}, record)
