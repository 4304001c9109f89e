"""What users may do, in the REST API: their roles, the organizations that they manage, their passwords."""

from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import change, example_of
from rollbook.api.rest.performing import perform
from rollbook.api.rest.resources.organizations import RoleId
from rollbook.api.rest.resources.users import EXAMPLE, TAG, UserOutcome, see_user
from rollbook.api.rest.values import Password
from rollbook.people.actions.password import CHANGED, set_password
from rollbook.people.actions.rights import let_manage, set_roles, stop_managing
from rollbook.people.passwords import hash_password


class NewPassword(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A password to give to a user."""

    password: Password
    force_password_change: (
        Annotated[bool, Meta(description="The user has to choose another one when signing in; by default it stays as it is.")] | UnsetType
    ) = UNSET


class Roles(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All the roles of a user."""

    role_ids: Annotated[tuple[RoleId, ...], Meta(max_length=20)]


_PASSWORD: Final = example_of(UserOutcome, EXAMPLE, change("user", "password", None, CHANGED))
_ROLES: Final = example_of(UserOutcome, EXAMPLE, change("user", "role_ids", [0], [0, 2]))
_MANAGED: Final = example_of(UserOutcome, EXAMPLE, change("user", "managed_organization_ids", [], [5]))


@endpoint(
    "PUT",
    "/users/{user_id}/password",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=NewPassword(password="correct horse battery"),  # noqa: S106 - an example in the documentation
    answers=_PASSWORD,
)
async def set_user_password(call: Call, user_id: int, body: NewPassword) -> UserOutcome:
    """
    Give a user another password.

    It is kept as a hash only, and never answered.
    """
    # What takes time happens before the transaction.
    password_hash = await hash_password(body.password)
    forced = None if body.force_password_change is UNSET else body.force_password_change
    values = {"user_id": user_id, "password_hash": password_hash, "force_password_change": forced}
    performed = await perform(call, set_password, see=see_user, subject_id=user_id, actor=call.actor, **values)
    return performed.told(UserOutcome)


@endpoint("PUT", "/users/{user_id}/roles", tag=TAG, scope=Scope.MANAGE, takes=Roles(role_ids=(0, 2)), answers=_ROLES)
async def set_user_roles(call: Call, user_id: int, body: Roles) -> UserOutcome:
    """
    Give a user these roles and no other.

    A user without any may do nothing.
    """
    performed = await perform(call, set_roles, see=see_user, subject_id=user_id, actor=call.actor, user_id=user_id, role_ids=body.role_ids)
    return performed.told(UserOutcome)


@endpoint("PUT", "/users/{user_id}/managed-organizations/{organization_id}", tag=TAG, scope=Scope.MANAGE, answers=_MANAGED)
async def let_user_manage(call: Call, user_id: int, organization_id: int) -> UserOutcome:
    """
    Let a user manage an organization.

    Where the user does already, nothing changes.
    """
    values = {"user_id": user_id, "organization_id": organization_id}
    performed = await perform(call, let_manage, see=see_user, subject_id=user_id, actor=call.actor, **values)
    return performed.told(UserOutcome)


@endpoint("DELETE", "/users/{user_id}/managed-organizations/{organization_id}", tag=TAG, scope=Scope.MANAGE, answers=_MANAGED)
async def stop_user_managing(call: Call, user_id: int, organization_id: int) -> UserOutcome:
    """
    Let a user no longer manage an organization.

    Where the user does not, nothing changes.
    """
    values = {"user_id": user_id, "organization_id": organization_id}
    performed = await perform(call, stop_managing, see=see_user, subject_id=user_id, actor=call.actor, **values)
    return performed.told(UserOutcome)


ENDPOINTS: tuple[Endpoint, ...] = (set_user_password, set_user_roles, let_user_manage, stop_user_managing)
