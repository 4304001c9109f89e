"""Deleting companies to which nothing belongs."""

from typing import Final

from msgspec.structs import asdict
from sqlalchemy import Integer, bindparam, delete

from rollbook.access.actor import Actor
from rollbook.database.references import counting_references
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError
from rollbook.history.recording import entry, recorded
from rollbook.history.versions import check_version
from rollbook.organizations.actions.belongings import Belonging, listed, told
from rollbook.people.model import companies
from rollbook.people.queries.companies import get_company_as_stored, lock_company_whole

_COMPANY_ID: Final = bindparam("company_id", type_=Integer())
_DELETE: Final = recorded(delete(companies).where(companies.c.id == _COMPANY_ID), identity=companies.c.id)
_NOT_TOLD: Final = {"id", "created_at", "modified_at", "version"}


class CompanyNotEmptyError(ConflictError):
    """
    Something belongs to the company that would be deleted.

    Attributes:
        belongings: What, and how many.
    """

    def __init__(self, company_id: int, belongings: tuple[Belonging, ...]) -> None:
        self.company_id = company_id
        self.belongings = belongings
        super().__init__(f"company {company_id} still has {listed(belongings)}; give them another company, or none, first")


async def delete_company(transaction: Transaction, *, actor: Actor, company_id: int, if_version: int | None = None) -> None:
    """
    Delete a company to which nothing belongs; its history stays.

    Raises:
        CompanyNotFoundError: The actor sees no such company.
        VersionChangedError: It is not at the version asked for.
        CompanyNotEmptyError: Something belongs to it.
    """
    await lock_company_whole(transaction, company_id=company_id)
    stored = await get_company_as_stored(transaction, viewer=actor.viewer, company_id=company_id)
    check_version(noun="company", subject_id=company_id, version=stored.version, wanted=if_version)
    belongings = told(await transaction.all(counting_references(companies.c.id), referred_id=company_id))
    if belongings:
        raise CompanyNotEmptyError(company_id, belongings)
    before = {name: value for name, value in asdict(stored).items() if name not in _NOT_TOLD and value is not None}
    record = entry(transaction, actor=actor, organization_id=stored.organization_id, kind="company.deleted", before=before)
    await transaction.change(_DELETE, {"company_id": company_id}, record)
