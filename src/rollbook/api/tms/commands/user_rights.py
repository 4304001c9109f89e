"""The commands about what users may do: their roles, the organizations that they manage, their passwords."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from rollbook.access.roles import ROLES
from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Choice
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.organizations import USER_ROLES
from rollbook.api.tms.envelope import Answer, Done, Record
from rollbook.api.tms.lists import Separated
from rollbook.api.tms.numbers import Boolean, Id
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.people.actions.password import set_password
from rollbook.people.actions.rights import add_roles, let_manage, remove_role, stop_managing
from rollbook.people.passwords import hash_password

GROUP = "Users"


class NothingAsked(Parameters):
    """What a command takes that takes nothing."""


class UserAndPassword(Parameters):
    """Whose password it is, and what it becomes."""

    id: Annotated[int, Id("The user.", name="Id", in_path=True)]
    password: Annotated[str, Text("The new password.", name="Password", secret=True)]
    force_password_change: Annotated[
        bool | UnsetType, Boolean("The user has to choose another password when signing in.", name="ForcePasswordChange")
    ] = UNSET


class UserAndRole(Parameters):
    """A user and a role."""

    user_id: Annotated[int, Id("The user.", name="UserId", in_path=True)]
    role_id: Annotated[int, Choice(USER_ROLES, "The role.", name="RoleId")]


class UserAndRoles(Parameters):
    """A user and several roles."""

    user_id: Annotated[int, Id("The user.", in_path=True)]
    role_ids: Annotated[tuple[int, ...], Separated("The roles.", entry=Choice(USER_ROLES, ""), name="roleId")]


class UserAndOrganization(Parameters):
    """A user and an organization."""

    user_id: Annotated[int, Id("The user.", name="UserId", in_path=True)]
    organization_id: Annotated[int, Id("The organization that the user manages with everything beneath it.", name="OrganizationId")]


class RoleRecord(Record):
    """A role as the TMS shows one."""

    id: int
    name: str
    description: str | None


class UserRoles(Answer):
    """Roles."""

    roles: list[RoleRecord]


@command("GetUserRoles", group=GROUP, summary="List the roles that a user can have")
async def list_roles(call: Call, parameters: NothingAsked) -> UserRoles:  # noqa: ARG001 - every handler is called alike
    """Show every role there is."""
    await call.actor()
    return UserRoles(roles=[RoleRecord(id=role.id, name=role.name, description=role.description) for role in ROLES.values()])


@command(
    "UpdateUserPassword",
    group=GROUP,
    summary="Give a user another password",
    description="Where nothing is said of ForcePasswordChange, it stays as it is. Send the password in the body of a POST, not in an address.",
    writes=Scope.MANAGE,
)
async def update_password(call: Call, parameters: UserAndPassword) -> Done:
    """Hash the password before anything is written; it is never kept, logged or recorded itself."""
    actor = await call.actor()
    password_hash = await hash_password(parameters.password)
    forced = None if parameters.force_password_change is UNSET else parameters.force_password_change
    await perform(call, set_password, actor=actor, user_id=parameters.id, password_hash=password_hash, force_password_change=forced)
    return Done()


@command(
    "AddUserToRole",
    group=GROUP,
    summary="Give a user a role",
    description="A role that the user has already changes nothing.",
    writes=Scope.MANAGE,
)
async def add_to_role(call: Call, parameters: UserAndRole) -> Done:
    """Give a user a role."""
    await perform(call, add_roles, actor=await call.actor(), user_id=parameters.user_id, role_ids=(parameters.role_id,))
    return Done()


@command(
    "AddUserToRoles",
    group=GROUP,
    summary="Give a user several roles",
    description="Those that the user has already change nothing.",
    lower_case=True,
    writes=Scope.MANAGE,
)
async def add_to_roles(call: Call, parameters: UserAndRoles) -> Done:
    """Give a user several roles."""
    await perform(call, add_roles, actor=await call.actor(), user_id=parameters.user_id, role_ids=parameters.role_ids)
    return Done()


@command(
    "RemoveUserFromRole",
    group=GROUP,
    summary="Take a role from a user",
    description="A role that the user does not have changes nothing. A user without any role may do nothing.",
    writes=Scope.MANAGE,
)
async def remove_from_role(call: Call, parameters: UserAndRole) -> Done:
    """Take a role from a user."""
    await perform(call, remove_role, actor=await call.actor(), user_id=parameters.user_id, role_id=parameters.role_id)
    return Done()


@command(
    "AddOrganizationManagementToUser",
    group=GROUP,
    summary="Let a user manage an organization",
    description="Where the user does already, nothing changes.",
    writes=Scope.MANAGE,
)
async def add_management(call: Call, parameters: UserAndOrganization) -> Done:
    """Let a user manage an organization."""
    organization_id = parameters.organization_id
    await perform(call, let_manage, actor=await call.actor(), user_id=parameters.user_id, organization_id=organization_id)
    return Done()


@command(
    "RemoveOrganizationManagementFromUser",
    group=GROUP,
    summary="Let a user no longer manage an organization",
    description="Where the user does not, nothing changes.",
    writes=Scope.MANAGE,
)
async def remove_management(call: Call, parameters: UserAndOrganization) -> Done:
    """Let a user no longer manage an organization."""
    organization_id = parameters.organization_id
    await perform(call, stop_managing, actor=await call.actor(), user_id=parameters.user_id, organization_id=organization_id)
    return Done()


COMMANDS: tuple[Command, ...] = (
    list_roles,
    update_password,
    add_to_role,
    add_to_roles,
    remove_from_role,
    add_management,
    remove_management,
)
