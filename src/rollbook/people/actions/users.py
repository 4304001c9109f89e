"""Creating and changing users."""

from typing import Any

from msgspec import UNSET
from msgspec.structs import asdict
from sqlalchemy import Integer, Table, bindparam, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.access.roles import STUDENT
from rollbook.database.query import Command
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.errors import refuse
from rollbook.history.recording import differences, entry, recorded
from rollbook.history.versions import check_version
from rollbook.organizations.queries.organizations import find_organization
from rollbook.organizations.time_zones import TimeZone
from rollbook.people.actions.user_checks import check_open, list_user_refusals
from rollbook.people.actions.user_details import NewUser, UserChanges
from rollbook.people.model import managed_organizations, user_roles, users
from rollbook.people.queries.users import get_user_as_stored, lock_users


def _bound(table: Table, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    return {column.name: bindparam(column.name, type_=column.type) for column in table.columns if column.name not in without}


_INSERT = recorded(insert(users).values(_bound(users, without=frozenset({"id", "closed_at", "version"}))), identity=users.c.id)
_UPDATE = recorded(
    update(users)
    .where(users.c.id == bindparam("user_id", type_=Integer()))
    .values(
        {
            **_bound(users, without=frozenset({"id", "closed_at", "created_at", "password_hash", "version"})),
            "version": users.c.version + literal_column("1", Integer()),
        }
    ),
    identity=users.c.id,
)
_GIVE_ROLE = Command(insert(user_roles).values(_bound(user_roles)))
_LET_MANAGE = Command(insert(managed_organizations).values(_bound(managed_organizations)))


async def create_user(transaction: Transaction, *, actor: Actor, user: NewUser) -> int:
    """
    Create a user and give the id.

    Raises:
        OrganizationNotFoundError: The actor sees no such organization, or none of those that the user is to manage.
        OrganizationDisabledError: The organization is disabled.
        UserValueTakenError: Another user of the server has the user name or the e-mail address.
        UserExternalIdTakenError: Another user of the organization has the external id.
        CompanyNotFoundError: The actor sees no such company.
        CompanyNotAssignableError: The company takes no users.
        UserNotFoundError: The actor sees no such manager.
        UnknownRoleError: A role is none.
    """
    said = asdict(user)
    refuse(await list_user_refusals(transaction, actor=actor, user_id=None, given=said, state=said))
    said["role_ids"] = user.role_ids or (await _default_role_id(transaction, actor=actor, organization_id=user.organization_id),)
    password_hash = said.pop("password_hash")
    values = _stored(said, user.time_zone)
    record = entry(
        transaction,
        actor=actor,
        organization_id=user.organization_id,
        kind="user.created",
        after={name: value for name, value in values.items() if name in said and value not in {None, ()}},
    )
    values |= {"password_hash": password_hash, "created_at": transaction.now, "modified_at": transaction.now}
    user_id = await transaction.change(_INSERT, values, record)
    assert user_id is not None  # noqa: S101 - an insert meets its row
    for role_id in said["role_ids"]:
        await transaction.run(_GIVE_ROLE, user_id=user_id, role_id=role_id)
    for organization_id in user.managed_organization_ids:
        await transaction.run(_LET_MANAGE, user_id=user_id, organization_id=organization_id)
    return user_id


async def update_user(transaction: Transaction, *, actor: Actor, user_id: int, changes: UserChanges, if_version: int | None = None) -> None:
    """
    Change a user. Disabling one changes no enrollment: who is in a class stays (S4).

    Raises:
        UserNotFoundError: The actor sees no such user, or no such new manager.
        VersionChangedError: The user is not at the version asked for.
        AccountClosedError: The user's account is closed.
        OrganizationNotFoundError: The actor sees no such new organization.
        OrganizationDisabledError: The new organization is disabled.
        UserValueTakenError: Another user of the server has the user name or the e-mail address.
        UserExternalIdTakenError: Another user of the organization has the external id.
        CompanyNotFoundError: The actor sees no such new company.
        CompanyNotAssignableError: The new company takes no users.
        OwnManagerError: The user would be their own manager.
    """
    await lock_users(transaction, user_ids=[user_id])
    row = await get_user_as_stored(transaction, viewer=actor.viewer, user_id=user_id)
    check_version(noun="user", subject_id=user_id, version=row.version, wanted=if_version)
    stored = asdict(row)
    given = {name: value for name, value in asdict(changes).items() if value is not UNSET}
    time_zone = changes.time_zone
    if time_zone is UNSET:
        time_zone = TimeZone(row.time_zone, row.time_zone_iana) if row.time_zone and row.time_zone_iana else None
    else:
        given["time_zone"] = time_zone.given if time_zone else None
    before, after = differences(stored, given)
    if not after:
        return
    refuse([check_open(user_id=user_id, closed_at=row.closed_at)])
    state = stored | after
    refuse(await list_user_refusals(transaction, actor=actor, user_id=user_id, given=after, state=state))
    record = entry(transaction, actor=actor, organization_id=state["organization_id"], kind="user.updated", before=before, after=after)
    await transaction.change(_UPDATE, {**_stored(state, time_zone), "user_id": user_id, "modified_at": transaction.now}, record)


def _stored(said: dict[str, Any], time_zone: TimeZone | None) -> dict[str, Any]:
    """Give what is said of a user with the columns that follow from it."""
    return {
        **said,
        "user_name_folded": folded(said["user_name"]),
        "email_folded": folded(said["email"]),
        "time_zone": time_zone.given if time_zone else None,
        "time_zone_iana": time_zone.iana if time_zone else None,
    }


async def _default_role_id(transaction: Transaction, *, actor: Actor, organization_id: int) -> int:
    organization = await find_organization(transaction, viewer=actor.viewer, organization_id=organization_id)
    return STUDENT if organization is None or organization.default_role_id is None else organization.default_role_id
