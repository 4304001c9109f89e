"""The commands about organizations."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from rollbook.access.roles import ROLES
from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Choice, Choices
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Answer, Done, Record
from rollbook.api.tms.numbers import Boolean, Id
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.organizations.actions.deleting import delete_organization
from rollbook.organizations.actions.organization_details import NewOrganization, OrganizationChanges
from rollbook.organizations.actions.organizations import create_organization, update_organization
from rollbook.organizations.cultures import LONGEST_CULTURE, find_culture
from rollbook.organizations.limits import LONGEST_DESCRIPTION, LONGEST_EXTERNAL_ID, LONGEST_NAME
from rollbook.organizations.queries.organizations import OrganizationRow, get_organization, get_organization_by_external_id
from rollbook.organizations.time_zones import TimeZone, find_time_zone

USER_ROLES = Choices("a role", {role.id: (role.name, role.id) for role in ROLES.values()})
"""The roles by their ids and names, for every command that takes one."""


class NewOrganizationValues(Parameters):
    """What creating an organization takes."""

    name: Annotated[str, Text("The name.", name="Name", maximum=LONGEST_NAME)]
    external_id: Annotated[
        str | UnsetType | None, Text("The id in the calling system.", name="ExternalId", maximum=LONGEST_EXTERNAL_ID)
    ] = UNSET
    description: Annotated[str | UnsetType | None, Text("A description.", name="Description", maximum=LONGEST_DESCRIPTION, lines=True)] = (
        UNSET
    )
    parent_id: Annotated[int | UnsetType, Id("The organization above it; by default the one that the key belongs to.", name="ParentId")] = (
        UNSET
    )
    time_zone: Annotated[
        TimeZone | UnsetType,
        Text("A Windows zone id or an IANA name; by default the parent's.", name="TimeZoneId", maximum=100, convert=find_time_zone),
    ] = UNSET
    culture: Annotated[
        str | UnsetType,
        Text("A culture such as en-US; by default the parent's.", name="Culture", maximum=LONGEST_CULTURE, convert=find_culture),
    ] = UNSET
    default_role_id: Annotated[
        int | UnsetType | None, Choice(USER_ROLES, "The role of new users for whom none is given.", name="DefaultRoleId")
    ] = UNSET


class ChangedOrganizationValues(Parameters):
    """What updating an organization takes."""

    id: Annotated[int, Id("The organization.", in_path=True)]
    name: Annotated[str | UnsetType, Text("The name.", maximum=LONGEST_NAME)] = UNSET
    external_id: Annotated[str | UnsetType | None, Text("The id in the calling system.", maximum=LONGEST_EXTERNAL_ID)] = UNSET
    description: Annotated[str | UnsetType | None, Text("A description.", maximum=LONGEST_DESCRIPTION, lines=True)] = UNSET
    parent_id: Annotated[int | UnsetType, Id("The organization above it; another one moves it with everything beneath it.")] = UNSET
    time_zone: Annotated[
        TimeZone | UnsetType, Text("A Windows zone id or an IANA name.", name="timeZoneId", maximum=100, convert=find_time_zone)
    ] = UNSET
    culture: Annotated[str | UnsetType, Text("A culture such as en-US.", maximum=LONGEST_CULTURE, convert=find_culture)] = UNSET
    default_role_id: Annotated[int | UnsetType | None, Choice(USER_ROLES, "The role of new users for whom none is given.", ours=True)] = (
        UNSET
    )
    enabled: Annotated[bool | UnsetType, Boolean("Its keys open, and it takes new users.", ours=True)] = UNSET


class OneOrganization(Parameters):
    """Which organization."""

    id: Annotated[int, Id("The organization.", in_path=True)]


class DeletedOrganization(Parameters):
    """Which organization to delete."""

    id: Annotated[int, Id("The organization.", name="Id", in_path=True)]


class OrganizationsExternalId(Parameters):
    """Which organization, by the id in the calling system."""

    external_id: Annotated[str, Text("The id in the calling system.", name="id", maximum=LONGEST_EXTERNAL_ID, in_path=True)]


class OrganizationRecord(Record):
    """An organization as the TMS shows it."""

    id: int
    external_id: str | None
    name: str
    description: str | None
    parent_id: Annotated[str | None, Meta(description="The organization above it; null for the top of what the key sees.")]
    integration_key: Annotated[None, Meta(description="Always null: keys are shown once, when they are made.")] = None
    time_zone_id: str
    culture: str
    default_user_password: Annotated[None, Meta(description="Always null.")] = None
    default_user_name_pattern: str
    enabled: bool
    children: list[int]


class FoundOrganization(Answer):
    """An organization."""

    organization: OrganizationRecord | None


class CreatedOrganization(Answer):
    """The id of a new organization."""

    organization_id: int | None


def record_of(row: OrganizationRow) -> OrganizationRecord:
    """Show an organization as the TMS does."""
    return OrganizationRecord(
        id=row.id,
        external_id=row.external_id,
        name=row.name,
        description=row.description,
        parent_id=None if row.parent_id is None else str(row.parent_id),
        time_zone_id=row.time_zone,
        culture=row.culture,
        default_user_name_pattern=row.default_user_name_pattern,
        enabled=row.enabled,
        children=sorted(row.children_ids),
    )


@command("GetOrganization", summary="Get an organization by id")
async def get_organization_by_id(call: Call, parameters: OneOrganization) -> FoundOrganization:
    """Show an organization."""
    actor = await call.actor()
    row = await call.database.read(get_organization, viewer=actor.viewer, organization_id=parameters.id)
    return FoundOrganization(organization=record_of(row))


@command("GetOrganizationByExternalId", summary="Get an organization by the id in the calling system")
async def get_organization_by_its_external_id(call: Call, parameters: OrganizationsExternalId) -> FoundOrganization:
    """Show the one organization with an external id."""
    actor = await call.actor()
    row = await call.database.read(get_organization_by_external_id, viewer=actor.viewer, external_id=parameters.external_id)
    return FoundOrganization(organization=record_of(row))


@command("CreateOrganization", summary="Create an organization", writes=Scope.ADMIN)
async def create(call: Call, parameters: NewOrganizationValues) -> CreatedOrganization:
    """Create an organization beneath another one."""
    actor = await call.actor()
    above = {"parent_id": actor.viewer.organization_id} if parameters.parent_id is UNSET else {}
    organization = said(parameters, NewOrganization, **above)
    organization_id = await perform(call, create_organization, actor=actor, organization=organization)
    return CreatedOrganization(organization_id=None if call.dry_run else organization_id)


@command("UpdateOrganization", summary="Update an organization by id", writes=Scope.ADMIN)
async def update(call: Call, parameters: ChangedOrganizationValues) -> Done:
    """Change an organization."""
    changes = said(parameters, OrganizationChanges)
    await perform(call, update_organization, actor=await call.actor(), organization_id=parameters.id, changes=changes)
    return Done()


@command("DeleteOrganization", summary="Delete an organization by id", writes=Scope.ADMIN)
async def delete(call: Call, parameters: DeletedOrganization) -> Done:
    """Delete an organization to which nothing belongs; its preferences and its revoked and expired keys go along."""
    await perform(call, delete_organization, actor=await call.actor(), organization_id=parameters.id)
    return Done()


COMMANDS: tuple[Command, ...] = (get_organization_by_id, get_organization_by_its_external_id, create, update, delete)
