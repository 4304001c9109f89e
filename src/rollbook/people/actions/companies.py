"""Creating and changing companies."""

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import asdict
from sqlalchemy import Integer, bindparam, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, RollbookError, refuse
from rollbook.history.recording import differences, entry, recorded
from rollbook.history.versions import check_version
from rollbook.organizations.queries.organizations import OrganizationNotFoundError, find_organization
from rollbook.people.model import companies
from rollbook.people.queries.companies import find_company_id, get_company_as_stored, lock_company
from rollbook.people.queries.users import UserNotFoundError, find_user


class NewCompany(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is said of a company that is to be created.

    Attributes:
        owning_user_id: The user who looks after it.
        assignable_to_users: Whether users can come to belong to it.
    """

    organization_id: int
    name: str
    external_id: str | None = None
    description: str | None = None
    owning_user_id: int | None = None
    assignable_to_users: bool = True
    theme: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    email: str | None = None
    phone: str | None = None
    phone2: str | None = None
    fax: str | None = None
    web_site_url: str | None = None
    custom_dropdown1: str | None = None
    custom_dropdown2: str | None = None


class CompanyChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of a company: what is not given stays, and None clears."""

    organization_id: int | UnsetType = UNSET
    name: str | UnsetType = UNSET
    external_id: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    owning_user_id: int | UnsetType | None = UNSET
    assignable_to_users: bool | UnsetType = UNSET
    theme: str | UnsetType | None = UNSET
    address1: str | UnsetType | None = UNSET
    address2: str | UnsetType | None = UNSET
    city: str | UnsetType | None = UNSET
    state: str | UnsetType | None = UNSET
    zip: str | UnsetType | None = UNSET
    country: str | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    phone2: str | UnsetType | None = UNSET
    fax: str | UnsetType | None = UNSET
    web_site_url: str | UnsetType | None = UNSET
    custom_dropdown1: str | UnsetType | None = UNSET
    custom_dropdown2: str | UnsetType | None = UNSET


class CompanyExternalIdTakenError(ConflictError):
    """Another company of the organization has that external id (N2)."""

    field = "external_id"

    def __init__(self, external_id: str, company_id: int) -> None:
        self.company_id = company_id
        super().__init__(f"{external_id} is the external id of company {company_id} already; give another one")


_INSERT = recorded(
    insert(companies).values(
        {column.name: bindparam(column.name, type_=column.type) for column in companies.columns if column.name not in {"id", "version"}}
    ),
    identity=companies.c.id,
)
_UPDATE = recorded(
    update(companies)
    .where(companies.c.id == bindparam("company_id", type_=Integer()))
    .values(
        {
            **{
                column.name: bindparam(column.name, type_=column.type)
                for column in companies.columns
                if column.name not in {"id", "created_at", "version"}
            },
            "version": companies.c.version + literal_column("1", Integer()),
        }
    ),
    identity=companies.c.id,
)


async def create_company(transaction: Transaction, *, actor: Actor, company: NewCompany) -> int:
    """
    Create a company and give its id.

    Raises:
        OrganizationNotFoundError: The actor sees no such organization.
        UserNotFoundError: The actor sees no such owner.
        CompanyExternalIdTakenError: Another company of the organization has the external id.
    """
    said = asdict(company)
    refuse(await _list_refusals(transaction, actor=actor, organization_id=company.organization_id, given=said))
    record = entry(
        transaction,
        actor=actor,
        organization_id=company.organization_id,
        kind="company.created",
        after={name: value for name, value in said.items() if value is not None},
    )
    return await transaction.settle(_INSERT, {**said, "created_at": transaction.now, "modified_at": transaction.now}, record)


async def update_company(
    transaction: Transaction, *, actor: Actor, company_id: int, changes: CompanyChanges, if_version: int | None = None
) -> None:
    """
    Change a company.

    Raises:
        CompanyNotFoundError: The actor sees no such company.
        VersionChangedError: It is not at the version asked for.
        OrganizationNotFoundError: The actor sees no such new organization.
        UserNotFoundError: The actor sees no such new owner.
        CompanyExternalIdTakenError: Another company of the organization has the external id.
    """
    await lock_company(transaction, company_id=company_id)
    stored = asdict(await get_company_as_stored(transaction, viewer=actor.viewer, company_id=company_id))
    check_version(noun="company", subject_id=company_id, version=stored["version"], wanted=if_version)
    before, after = differences(stored, {name: value for name, value in asdict(changes).items() if value is not UNSET})
    if not after:
        return
    state = stored | after
    checked = {**after, "external_id": state["external_id"]} if "organization_id" in after else after
    refuse(await _list_refusals(transaction, actor=actor, organization_id=state["organization_id"], given=checked))
    record = entry(transaction, actor=actor, organization_id=state["organization_id"], kind="company.updated", before=before, after=after)
    await transaction.change(_UPDATE, {**state, "company_id": company_id, "modified_at": transaction.now}, record)


async def _list_refusals(
    transaction: Transaction, *, actor: Actor, organization_id: int, given: dict[str, object]
) -> list[RollbookError | None]:
    """Look up what the given values refer to, and give what refuses them."""
    refusals: list[RollbookError | None] = []
    if "organization_id" in given and await find_organization(transaction, viewer=actor.viewer, organization_id=organization_id) is None:
        refusals.append(OrganizationNotFoundError(organization_id, field="organization_id"))
    external_id = given.get("external_id")
    if not refusals and isinstance(external_id, str):
        taken_by = await find_company_id(transaction, organization_id=organization_id, external_id=external_id)
        refusals.append(None if taken_by is None else CompanyExternalIdTakenError(external_id, taken_by))
    owner_id = given.get("owning_user_id")
    if isinstance(owner_id, int) and await find_user(transaction, viewer=actor.viewer, user_id=owner_id) is None:
        refusals.append(UserNotFoundError(owner_id, field="owning_user_id"))
    return refusals
