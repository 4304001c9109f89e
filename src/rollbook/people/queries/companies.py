"""Reading companies."""

from functools import lru_cache
from typing import Final

import msgspec
from msgspec.structs import asdict
from sqlalchemy import Boolean, ColumnElement, Integer, Select, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.database.expressions import contains, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError
from rollbook.organizations.model import organizations
from rollbook.people.model import companies, users


class CompanyNotFoundError(NotFoundError):
    """The viewer has no such company."""

    def __init__(self, company_id: int, *, field: str | None = None) -> None:
        self.company_id = company_id
        self.field = field
        super().__init__(f"there is no company {company_id}; give the id of one in the tree of the key's organization")


class CompanyRow(msgspec.Struct, frozen=True):
    """
    A company.

    Attributes:
        owning_user_id: The user who looks after it; None also where the viewer does not see that one.
        assignable_to_users: Whether users can come to belong to it.
        created_at: Unix epoch seconds.
        modified_at: Unix epoch seconds.
    """

    id: int
    organization_id: int
    external_id: str | None
    name: str
    description: str | None
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
    created_at: int
    modified_at: int
    version: int


class CompanyCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """
    What the companies of a list have in common; None is not asked.

    Attributes:
        name: A part of the name, as it is written.
    """

    name: str | None = None
    external_id: str | None = None
    organization_id: int | None = None
    owning_user_id: int | None = None
    assignable_to_users: bool | None = None


class IdRow(msgspec.Struct, frozen=True):
    """The id of a row, where nothing else is asked."""

    id: int


_PATH = bindparam("path", type_=Text())
_ASKED_ID = bindparam("company_id", type_=Integer())

_owners = users.alias("owners")
_owners_organizations = organizations.alias("owners_organizations")
_visible_owner_id = (
    select(_owners.c.id)
    .join(_owners_organizations, _owners_organizations.c.id == _owners.c.organization_id)
    .where(_owners.c.id == companies.c.owning_user_id, within(_owners_organizations.c.path, _PATH))
    .scalar_subquery()
)


def _companies_in_scope(*, as_stored: bool = False) -> Select[tuple[object, ...]]:
    owner_id = companies.c.owning_user_id if as_stored else _visible_owner_id
    columns = (owner_id.label(name) if name == "owning_user_id" else companies.c[name] for name in CompanyRow.__struct_fields__)
    return (
        select(*columns).join(organizations, organizations.c.id == companies.c.organization_id).where(within(organizations.c.path, _PATH))
    )


_get_company = Query(_companies_in_scope().where(companies.c.id == _ASKED_ID), CompanyRow)
_get_company_as_stored = Query(_companies_in_scope(as_stored=True).where(companies.c.id == _ASKED_ID), CompanyRow)
# SQLite would get a bound offset of its own where none is given.
_page_companies = Query(
    _companies_in_scope()
    .where(companies.c.id > bindparam("after_id", type_=Integer()))
    .order_by(companies.c.id)
    .limit(bindparam("limit", type_=Integer())),
    CompanyRow,
)
_find_by_external_id = Query(
    select(companies.c.id).where(
        companies.c.organization_id == bindparam("organization_id", type_=Integer()),
        companies.c.external_id == bindparam("external_id", type_=Text()),
    ),
    IdRow,
)
_lock_company_whole = Query(select(companies.c.id).where(companies.c.id == _ASKED_ID).with_for_update(of=companies), IdRow)
_lock_company = Query(select(companies.c.id).where(companies.c.id == _ASKED_ID).with_for_update(key_share=True, of=companies), IdRow)


async def get_company(transaction: Transaction, *, viewer: Viewer, company_id: int, field: str | None = None) -> CompanyRow:
    """
    Give a company; ``field`` names the caller's value where the company is not what the caller asks about.

    Raises:
        CompanyNotFoundError: The viewer has no such company.
    """
    company = await find_company(transaction, viewer=viewer, company_id=company_id)
    if company is None:
        raise CompanyNotFoundError(company_id, field=field)
    return company


async def get_company_as_stored(transaction: Transaction, *, viewer: Viewer, company_id: int) -> CompanyRow:
    """
    Give a company with its real owner, whom the viewer may not see: to compare with only.

    Raises:
        CompanyNotFoundError: The viewer has no such company.
    """
    company = await transaction.find(_get_company_as_stored, company_id=company_id, path=viewer.path)
    if company is None:
        raise CompanyNotFoundError(company_id)
    return company


async def find_company(transaction: Transaction, *, viewer: Viewer, company_id: int) -> CompanyRow | None:
    """Give a company, or None where the viewer has no such one."""
    return await transaction.find(_get_company, company_id=company_id, path=viewer.path)


async def page_companies(transaction: Transaction, *, viewer: Viewer, after_id: int = 0, limit: int = 200) -> list[CompanyRow]:
    """List the companies with an id above ``after_id``, ascending, at most ``limit`` of them."""
    return await transaction.all(_page_companies, after_id=after_id, limit=limit, path=viewer.path)


async def find_company_id(transaction: Transaction, *, organization_id: int, external_id: str) -> int | None:
    """
    Give the id of the company that has an external id in an organization.

    It takes no viewer: the organization is one that the caller has been found to see.
    """
    found = await transaction.find(_find_by_external_id, organization_id=organization_id, external_id=external_id)
    return found.id if found else None


async def lock_company(transaction: Transaction, *, company_id: int) -> None:
    """Lock a company, so that two changes of it do not undo each other."""
    await transaction.lock(_lock_company, company_id=company_id)


async def lock_company_whole(transaction: Transaction, *, company_id: int) -> None:
    """Lock a company so that nothing comes to belong to it either: whoever adds something waits, or is waited for."""
    await transaction.lock(_lock_company_whole, company_id=company_id)


_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "name": contains(companies.c.name, bindparam("name", type_=Text())),
    "external_id": companies.c.external_id == bindparam("external_id", type_=Text()),
    "organization_id": companies.c.organization_id == bindparam("organization_id", type_=Integer()),
    "owning_user_id": (companies.c.owning_user_id == bindparam("owning_user_id", type_=Integer())) & _visible_owner_id.is_not(None),
    "assignable_to_users": companies.c.assignable_to_users == bindparam("assignable_to_users", type_=Boolean()),
}


async def list_companies(
    transaction: Transaction, *, viewer: Viewer, criteria: CompanyCriteria, after_id: int, limit: int
) -> list[CompanyRow]:
    """Give the companies with an id above ``after_id`` that meet the criteria, ascending, at most ``limit`` of them."""
    values = {name: value for name, value in asdict(criteria).items() if value is not None}
    return await transaction.page(_listing(frozenset(values)), path=viewer.path, after_id=after_id, limit=limit, **values)


@lru_cache(maxsize=64)
def _listing(asked: frozenset[str]) -> Query[CompanyRow]:
    conditions = (condition for name, condition in _CONDITIONS.items() if name in asked)
    return Query(
        _companies_in_scope()
        .where(companies.c.id > bindparam("after_id", type_=Integer()), *conditions)
        .order_by(companies.c.id)
        .limit(bindparam("limit", type_=Integer())),
        CompanyRow,
    )
