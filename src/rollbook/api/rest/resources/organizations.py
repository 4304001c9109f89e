"""The organizations of the REST API."""

from typing import Annotated, Final, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import after_id
from rollbook.api.rest.deleting import Deletion, delete
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import SOME_TIME, change, example_of
from rollbook.api.rest.lists import ListQuery, Page, by_ids, page_of
from rollbook.api.rest.performing import Outcome, as_id, create, given_in, perform
from rollbook.api.rest.values import Culture, Description, Id, Name, Time, TimeZoneName, moment_of, zone_named
from rollbook.database.transaction import Transaction
from rollbook.organizations.actions import deleting
from rollbook.organizations.actions import organizations as actions
from rollbook.organizations.actions.organization_details import NewOrganization, OrganizationChanges
from rollbook.organizations.queries import organization_lists, organizations
from rollbook.organizations.queries.organization_lists import OrganizationCriteria
from rollbook.organizations.queries.organizations import OrganizationRow

TAG: Final = "Organizations"

RoleId: TypeAlias = Annotated[
    Literal[0, 1, 2, 10, 11, 20, 30],
    Meta(
        description="0 Student, 1 Self Enrollment, 2 Instructor, 10 Enrollment Manager, 11 Company Training Manager, 20 Operations Manager, "
        "30 Administrator."
    ),
]


class Organization(Struct, frozen=True, kw_only=True):
    """An organization."""

    id: int
    version: int
    parent_id: Annotated[int | None, Meta(description="The organization above; null for the root of the key's tree.")]
    child_ids: Annotated[list[int], Meta(description="The organizations directly beneath, ascending.")]
    external_id: str | None
    name: str
    description: str | None
    time_zone: Annotated[str, Meta(description="An IANA name.")]
    culture: str
    default_role_id: Annotated[int | None, Meta(description="The role of new users for whom none is given.")]
    enabled: Annotated[bool, Meta(description="Its keys open, and it takes new users.")]
    created_at: Time
    modified_at: Time


class Organizations(Page, frozen=True, kw_only=True):
    """A page of organizations."""

    items: list[Organization]


class OrganizationOutcome(Outcome, frozen=True, kw_only=True):
    """What became of an organization."""

    result: Organization


class CreateOrganization(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An organization to create; the time zone and the culture are by default the parent's."""

    name: Name
    parent_id: Annotated[Id, Meta(description="The organization above; by default the key's.")] | UnsetType = UNSET
    external_id: Name | UnsetType | None = UNSET
    description: Description | UnsetType | None = UNSET
    time_zone: TimeZoneName | UnsetType = UNSET
    culture: Culture | UnsetType = UNSET
    default_role_id: RoleId | UnsetType | None = UNSET


class UpdateOrganization(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of an organization."""

    name: Name | UnsetType = UNSET
    parent_id: Annotated[Id, Meta(description="Another one moves it, with everything beneath it.")] | UnsetType = UNSET
    external_id: Name | UnsetType | None = UNSET
    description: Description | UnsetType | None = UNSET
    time_zone: TimeZoneName | UnsetType = UNSET
    culture: Culture | UnsetType = UNSET
    default_role_id: RoleId | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET


class OrganizationQuery(ListQuery, frozen=True, kw_only=True):
    """Which organizations are listed."""

    name: Annotated[Name, Meta(description="A part of the name, in any case.")] | None = None
    external_id: Name | None = None
    parent_id: Annotated[Id, Meta(description="The organization directly above.")] | None = None
    enabled: bool | None = None


EXAMPLE: Final = Organization(
    id=1,
    version=2,
    parent_id=None,
    child_ids=[2, 3],
    external_id="CONTOSO",
    name="Contoso Training",
    description=None,
    time_zone="America/New_York",
    culture="en-US",
    default_role_id=0,
    enabled=True,
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)
_OUTCOME: Final = example_of(OrganizationOutcome, EXAMPLE, change("organization", "name", "Contoso", "Contoso Training"))
_DELETION: Final = example_of(Deletion, None, change("organization", "name", "Contoso", None))


async def see_organization(transaction: Transaction, actor: Actor, organization_id: int) -> Organization:
    """Show the organization with an id."""
    return show(await organizations.get_organization(transaction, viewer=actor.viewer, organization_id=organization_id))


def show(row: OrganizationRow) -> Organization:
    """Show an organization."""
    return Organization(
        id=row.id,
        version=row.version,
        parent_id=row.parent_id,
        child_ids=sorted(row.children_ids),
        external_id=row.external_id,
        name=row.name,
        description=row.description,
        time_zone=row.time_zone_iana,
        culture=row.culture,
        default_role_id=row.default_role_id,
        enabled=row.enabled,
        created_at=moment_of(row.created_at),
        modified_at=moment_of(row.modified_at),
    )


@endpoint("GET", "/organizations", tag=TAG, scope=Scope.READ, answers=Organizations(items=[EXAMPLE], next="n.1"))
async def list_organizations(call: Call, query: OrganizationQuery) -> Organizations:
    """List organizations, in the order of their ids."""
    criteria = OrganizationCriteria(name=query.name, external_id=query.external_id, parent_id=query.parent_id, enabled=query.enabled)
    rows = await call.database.search(
        organization_lists.list_organizations,
        viewer=call.actor.viewer,
        criteria=criteria,
        after_id=after_id(query.cursor),
        limit=query.limit + 1,
    )
    return page_of(Organizations, by_ids(rows, limit=query.limit), show)


@endpoint(
    "POST",
    "/organizations",
    tag=TAG,
    scope=Scope.ADMIN,
    takes=CreateOrganization(name="Contoso Training", time_zone="America/New_York"),
    answers=_OUTCOME,
    creates="/organizations/{id}",
)
async def create_organization(call: Call, body: CreateOrganization) -> OrganizationOutcome:
    """Create an organization."""
    given = {"parent_id": call.actor.viewer.organization_id, **given_in(body)}
    given["time_zone"] = zone_named(given.get("time_zone"))
    performed = await create(
        call, actions.create_organization, see=see_organization, id_of=as_id, actor=call.actor, organization=NewOrganization(**given)
    )
    return performed.told(OrganizationOutcome)


@endpoint("GET", "/organizations/{organization_id}", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def get_organization(call: Call, organization_id: int) -> Organization:
    """Show an organization."""
    return await call.database.read(see_organization, call.actor, organization_id)


@endpoint(
    "PATCH",
    "/organizations/{organization_id}",
    tag=TAG,
    scope=Scope.ADMIN,
    takes=UpdateOrganization(description="Since 1998."),
    answers=_OUTCOME,
)
async def update_organization(call: Call, organization_id: int, body: UpdateOrganization) -> OrganizationOutcome:
    """
    Change an organization.

    Another parent moves everything beneath it as well.
    """
    given = given_in(body)
    if "time_zone" in given:
        given["time_zone"] = zone_named(given["time_zone"])
    performed = await perform(
        call,
        actions.update_organization,
        see=see_organization,
        subject_id=organization_id,
        actor=call.actor,
        organization_id=organization_id,
        changes=OrganizationChanges(**given),
    )
    return performed.told(OrganizationOutcome)


@endpoint("DELETE", "/organizations/{organization_id}", tag=TAG, scope=Scope.ADMIN, answers=_DELETION)
async def delete_organization(call: Call, organization_id: int) -> Deletion:
    """
    Delete an organization.

    It is refused while anything belongs to it, and while a key of it opens; a key does not delete its own. The organization's preferences and its revoked
    and expired keys go along. Its history stays, and is still found.
    """
    return await delete(
        call,
        deleting.delete_organization,
        see=see_organization,
        subject_id=organization_id,
        actor=call.actor,
        organization_id=organization_id,
    )


ENDPOINTS: tuple[Endpoint, ...] = (list_organizations, create_organization, get_organization, update_organization, delete_organization)
