"""The commands about companies."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Answer, Done, Record
from rollbook.api.tms.numbers import Boolean, Id
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Email, Text
from rollbook.organizations.limits import LONGEST_DESCRIPTION, LONGEST_EMAIL
from rollbook.people.actions.companies import CompanyChanges, NewCompany, create_company, update_company
from rollbook.people.actions.deleting_companies import delete_company
from rollbook.people.queries.companies import get_company

OptionalText = str | UnsetType | None

_LONGEST_NAME = 150


class CompanyValues(Parameters):
    """What creating and updating a company both take."""

    external_id: Annotated[OptionalText, Text("The id in the calling system.", name="ExternalId", maximum=50)] = UNSET
    description: Annotated[OptionalText, Text("A description.", name="Description", maximum=LONGEST_DESCRIPTION, lines=True)] = UNSET
    organization_id: Annotated[
        int | UnsetType, Id("The organization; a new company's is by default the one that the key belongs to.", name="OrganizationId")
    ] = UNSET
    owning_user_id: Annotated[int | UnsetType | None, Id("The user who looks after the company.", name="OwningUserId")] = UNSET
    assignable_to_users: Annotated[bool | UnsetType, Boolean("Users can come to belong to it.", name="AssignableToUsers")] = UNSET
    theme: Annotated[OptionalText, Text("The theme.", name="Theme")] = UNSET
    address1: Annotated[OptionalText, Text("The first line of the address.", name="Address1", maximum=250, second_is="Address2")] = UNSET
    address2: Annotated[OptionalText, Text("The second line of the address.", name="Address2", maximum=250)] = UNSET
    city: Annotated[OptionalText, Text("The city.", name="City", maximum=80)] = UNSET
    state: Annotated[OptionalText, Text("The state, in two letters at best.", name="State", maximum=50)] = UNSET
    zip: Annotated[OptionalText, Text("The postal code.", name="Zip", maximum=20)] = UNSET
    country: Annotated[OptionalText, Text("The country, in two letters at best.", name="Country", maximum=80)] = UNSET
    email: Annotated[OptionalText, Email("The e-mail address.", name="Email", maximum=LONGEST_EMAIL)] = UNSET
    phone: Annotated[OptionalText, Text("The telephone number.", name="Phone", maximum=50)] = UNSET
    phone2: Annotated[OptionalText, Text("Another telephone number.", name="Phone2", maximum=50)] = UNSET
    fax: Annotated[OptionalText, Text("The fax number.", name="Fax", maximum=50)] = UNSET
    web_site_url: Annotated[OptionalText, Text("The web site.", name="WebSiteUrl", maximum=200)] = UNSET
    custom_dropdown1: Annotated[OptionalText, Text("A value of one's own.", name="CustomDropdown1", maximum=200)] = UNSET
    custom_dropdown2: Annotated[OptionalText, Text("Another value of one's own.", name="CustomDropdown2", maximum=200)] = UNSET


class NewCompanyValues(CompanyValues):
    """What creating a company takes."""

    name: Annotated[str, Text("The name.", name="Name", maximum=_LONGEST_NAME)]


class ChangedCompanyValues(CompanyValues):
    """What updating a company takes."""

    id: Annotated[int, Id("The company.", name="Id", in_path=True)]
    name: Annotated[str | UnsetType, Text("The name.", name="Name", maximum=_LONGEST_NAME)] = UNSET


class OneCompany(Parameters):
    """Which company."""

    id: Annotated[int, Id("The company.", in_path=True)]


class CompanyRecord(Record):
    """A company as the TMS shows it."""

    id: int
    external_id: str | None
    name: str
    description: str | None
    organization_id: int
    owning_user_id: int | None
    assignable_to_users: bool
    theme: str | None
    address1: str | None
    address2: str | None
    city: str | None
    state: str | None
    zip: str | None
    country: str | None
    email: str | None
    phone: str | None
    phone2: str | None
    fax: str | None
    web_site_url: str | None
    custom_dropdown1: str | None
    custom_dropdown2: str | None


class FoundCompany(Answer):
    """A company."""

    company: CompanyRecord | None


class CreatedCompany(Answer):
    """The id of a new company."""

    company_id: int | None


@command("GetCompany", summary="Get a company by id")
async def get_company_by_id(call: Call, parameters: OneCompany) -> FoundCompany:
    """Show a company."""
    actor = await call.actor()
    row = await call.database.read(get_company, viewer=actor.viewer, company_id=parameters.id)
    return FoundCompany(company=CompanyRecord(**{name: getattr(row, name) for name in CompanyRecord.__struct_fields__}))


@command("CreateCompany", summary="Create a company", writes=Scope.MANAGE)
async def create(call: Call, parameters: NewCompanyValues) -> CreatedCompany:
    """Create a company."""
    actor = await call.actor()
    default = {"organization_id": actor.viewer.organization_id} if parameters.organization_id is UNSET else {}
    company = said(parameters, NewCompany, **default)
    company_id = await perform(call, create_company, actor=actor, company=company)
    return CreatedCompany(company_id=None if call.dry_run else company_id)


@command("UpdateCompany", summary="Update a company by id", writes=Scope.MANAGE)
async def update(call: Call, parameters: ChangedCompanyValues) -> Done:
    """Change a company."""
    changes = said(parameters, CompanyChanges)
    await perform(call, update_company, actor=await call.actor(), company_id=parameters.id, changes=changes)
    return Done()


@command("DeleteCompany", summary="Delete a company by id", writes=Scope.MANAGE)
async def delete(call: Call, parameters: OneCompany) -> Done:
    """Delete a company to which nothing belongs."""
    await perform(call, delete_company, actor=await call.actor(), company_id=parameters.id)
    return Done()


COMMANDS: tuple[Command, ...] = (get_company_by_id, create, update, delete)
