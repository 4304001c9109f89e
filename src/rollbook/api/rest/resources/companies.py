"""The companies of the REST API."""

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import asdict

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import after_id
from rollbook.api.rest.deleting import Deletion, delete
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import SOME_TIME, change, example_of
from rollbook.api.rest.lists import ListQuery, Page, by_ids, page_of
from rollbook.api.rest.performing import Outcome, as_id, create, given_in, perform
from rollbook.api.rest.values import (
    Description,
    Email,
    Id,
    Line20,
    Line50,
    Line80,
    Line150,
    Line200,
    Line250,
    Name,
    Time,
    moment_of,
)
from rollbook.database.transaction import Transaction
from rollbook.people.actions import companies as actions
from rollbook.people.actions import deleting_companies
from rollbook.people.actions.companies import CompanyChanges, NewCompany
from rollbook.people.queries import companies as queries
from rollbook.people.queries.companies import CompanyCriteria, CompanyRow

TAG: Final = "Companies"


class Company(Struct, frozen=True, kw_only=True):
    """A company."""

    id: int
    version: int
    organization_id: int
    external_id: str | None
    name: str
    description: str | None
    owning_user_id: Annotated[int | None, Meta(description="The user who looks after it.")]
    assignable_to_users: Annotated[bool, Meta(description="Users can come to belong to it.")]
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
    created_at: Time
    modified_at: Time


class Companies(Page, frozen=True, kw_only=True):
    """A page of companies."""

    items: list[Company]


class CompanyOutcome(Outcome, frozen=True, kw_only=True):
    """What became of a company."""

    result: Company


class CompanyValues(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What creating and updating a company both take."""

    external_id: Line50 | UnsetType | None = UNSET
    description: Description | UnsetType | None = UNSET
    owning_user_id: Id | UnsetType | None = UNSET
    assignable_to_users: bool | UnsetType = UNSET
    theme: Name | UnsetType | None = UNSET
    address1: Line250 | UnsetType | None = UNSET
    address2: Line250 | UnsetType | None = UNSET
    city: Line80 | UnsetType | None = UNSET
    state: Line50 | UnsetType | None = UNSET
    zip: Line20 | UnsetType | None = UNSET
    country: Line80 | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    phone: Line50 | UnsetType | None = UNSET
    phone2: Line50 | UnsetType | None = UNSET
    fax: Line50 | UnsetType | None = UNSET
    web_site_url: Line200 | UnsetType | None = UNSET
    custom_dropdown1: Line200 | UnsetType | None = UNSET
    custom_dropdown2: Line200 | UnsetType | None = UNSET


class CreateCompany(CompanyValues, frozen=True, kw_only=True):
    """A company to create."""

    name: Line150
    organization_id: Annotated[Id, Meta(description="The organization that it belongs to; by default the key's.")] | UnsetType = UNSET


class UpdateCompany(CompanyValues, frozen=True, kw_only=True):
    """What to change of a company."""

    name: Line150 | UnsetType = UNSET
    organization_id: Id | UnsetType = UNSET


class CompanyQuery(ListQuery, frozen=True, kw_only=True):
    """Which companies are listed."""

    name: Annotated[Line150, Meta(description="A part of the name, as it is written.")] | None = None
    external_id: Line50 | None = None
    organization_id: Annotated[Id, Meta(description="The organization that it belongs to, not those beneath.")] | None = None
    owning_user_id: Id | None = None
    assignable_to_users: bool | None = None


EXAMPLE: Final = Company(
    id=1,
    version=1,
    organization_id=1,
    external_id="NORTHWIND",
    name="Northwind",
    description=None,
    owning_user_id=None,
    assignable_to_users=True,
    theme=None,
    address1="1 Main Street",
    address2=None,
    city="Springfield",
    state="NY",
    zip="12345",
    country="US",
    email="office@example.com",
    phone="+1 555 0100",
    phone2=None,
    fax=None,
    web_site_url="https://example.com",
    custom_dropdown1=None,
    custom_dropdown2=None,
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)
_OUTCOME: Final = example_of(CompanyOutcome, EXAMPLE, change("company", "city", None, "Springfield"))
_DELETION: Final = example_of(Deletion, None, change("company", "name", "Northwind", None))


async def see_company(transaction: Transaction, actor: Actor, company_id: int) -> Company:
    """Show the company with an id."""
    return show(await queries.get_company(transaction, viewer=actor.viewer, company_id=company_id))


def show(row: CompanyRow) -> Company:
    """Show a company."""
    values: dict[str, Any] = {**asdict(row), "created_at": moment_of(row.created_at), "modified_at": moment_of(row.modified_at)}
    return Company(**values)


@endpoint("GET", "/companies", tag=TAG, scope=Scope.READ, answers=Companies(items=[EXAMPLE], next="n.1"))
async def list_companies(call: Call, query: CompanyQuery) -> Companies:
    """List companies, in the order of their ids."""
    criteria = CompanyCriteria(
        name=query.name,
        external_id=query.external_id,
        organization_id=query.organization_id,
        owning_user_id=query.owning_user_id,
        assignable_to_users=query.assignable_to_users,
    )
    rows = await call.database.search(
        queries.list_companies, viewer=call.actor.viewer, criteria=criteria, after_id=after_id(query.cursor), limit=query.limit + 1
    )
    return page_of(Companies, by_ids(rows, limit=query.limit), show)


@endpoint(
    "POST",
    "/companies",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=CreateCompany(name="Northwind", external_id="NORTHWIND", city="Springfield"),
    answers=_OUTCOME,
    creates="/companies/{id}",
)
async def create_company(call: Call, body: CreateCompany) -> CompanyOutcome:
    """Create a company."""
    given = {"organization_id": call.actor.viewer.organization_id, **given_in(body)}
    performed = await create(call, actions.create_company, see=see_company, id_of=as_id, actor=call.actor, company=NewCompany(**given))
    return performed.told(CompanyOutcome)


@endpoint("GET", "/companies/{company_id}", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def get_company(call: Call, company_id: int) -> Company:
    """Show a company."""
    return await call.database.read(see_company, call.actor, company_id)


@endpoint("PATCH", "/companies/{company_id}", tag=TAG, scope=Scope.MANAGE, takes=UpdateCompany(city="Springfield"), answers=_OUTCOME)
async def update_company(call: Call, company_id: int, body: UpdateCompany) -> CompanyOutcome:
    """Change a company."""
    performed = await perform(
        call,
        actions.update_company,
        see=see_company,
        subject_id=company_id,
        actor=call.actor,
        company_id=company_id,
        changes=CompanyChanges(**given_in(body)),
    )
    return performed.told(CompanyOutcome)


@endpoint("DELETE", "/companies/{company_id}", tag=TAG, scope=Scope.MANAGE, answers=_DELETION)
async def delete_company(call: Call, company_id: int) -> Deletion:
    """
    Delete a company.

    It is refused while users, classes or anything else belong to it. Its history stays, and is still found.
    """
    return await delete(
        call, deleting_companies.delete_company, see=see_company, subject_id=company_id, actor=call.actor, company_id=company_id
    )


ENDPOINTS: tuple[Endpoint, ...] = (list_companies, create_company, get_company, update_company, delete_company)
