"""Creating, changing and finding companies."""

from typing import Any

import pytest

from rollbook.access.actor import Actor
from rollbook.database.transaction import Database
from rollbook.errors import SeveralRefusalsError
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from rollbook.people.actions.companies import CompanyChanges, CompanyExternalIdTakenError, NewCompany, create_company, update_company
from rollbook.people.queries.companies import CompanyNotFoundError, CompanyRow, get_company, page_companies
from rollbook.people.queries.users import UserNotFoundError
from tests.cast import TESTS, add_company, add_key, add_organization, gather
from tests.recorded import history_of


async def change(database: Database, company_id: int, *, actor: Actor = TESTS, **changes: Any) -> CompanyRow:
    await database.write(update_company, actor=actor, company_id=company_id, changes=CompanyChanges(**changes))
    return await database.read(get_company, viewer=TESTS.viewer, company_id=company_id)


async def test_it_keeps_everything_that_is_said(database: Database) -> None:
    cast = await gather(database)
    said: dict[str, Any] = {
        name: name for name in NewCompany.__struct_fields__ if name not in {"organization_id", "owning_user_id", "assignable_to_users"}
    }
    said |= {"organization_id": cast.organization_id, "owning_user_id": cast.ivan_id, "assignable_to_users": False}

    company_id = await database.write(create_company, actor=cast.ada, company=NewCompany(**{**said, "zip": "12345"}))

    company = await database.read(get_company, viewer=cast.ada.viewer, company_id=company_id)
    assert said | {"zip": "12345"} == {name: getattr(company, name) for name in said}
    (entry,) = await history_of(database, "company", company_id)
    assert ("company.created", said | {"zip": "12345"}) == (entry.kind, entry.after)


async def test_an_update_changes_what_is_said_and_records_that_alone(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id, city="Ulm", owning_user_id=cast.ivan_id)

    changed = await change(database, company_id, actor=cast.ada, name="Apex", city="Ulm", owning_user_id=None)

    assert ("Apex", "Ulm", None) == (changed.name, changed.city, changed.owning_user_id)
    _, entry = await history_of(database, "company", company_id)
    assert ({"name": "Acme", "owning_user_id": cast.ivan_id}, {"name": "Apex", "owning_user_id": None}) == (entry.before, entry.after)


async def test_an_update_that_changes_nothing_records_nothing(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id)

    await change(database, company_id, actor=cast.ada, name="Acme", city=None)

    assert 1 == len(await history_of(database, "company", company_id))


async def test_an_external_id_is_given_once_in_an_organization(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    first_id = await add_company(database, "Acme", organization_id=cast.organization_id, external_id="e")
    second_id = await add_company(database, "Apex", organization_id=child_id, external_id="e")

    with pytest.raises(CompanyExternalIdTakenError) as refused:
        await add_company(database, "Axle", organization_id=cast.organization_id, external_id="e")
    with pytest.raises(CompanyExternalIdTakenError):
        await change(database, second_id, actor=cast.ada, organization_id=cast.organization_id)

    assert first_id == refused.value.company_id
    moved = await change(database, second_id, actor=cast.ada, organization_id=cast.organization_id, external_id="f")
    assert (cast.organization_id, "f") == (moved.organization_id, moved.external_id)


async def test_what_lies_outside_of_the_tree_cannot_be_named(database: Database) -> None:
    cast = await gather(database)
    company = NewCompany(organization_id=cast.other_organization_id, name="X", external_id="e", owning_user_id=cast.olga_id)

    with pytest.raises(SeveralRefusalsError) as refused:
        await database.write(create_company, actor=cast.ada, company=company)

    assert [(OrganizationNotFoundError, "organization_id"), (UserNotFoundError, "owning_user_id")] == [
        (type(refusal), refusal.field) for refusal in refused.value.refusals
    ]


async def test_companies_outside_of_the_tree_do_not_exist(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id)

    with pytest.raises(CompanyNotFoundError):
        await database.read(get_company, viewer=cast.olga.viewer, company_id=company_id)
    with pytest.raises(CompanyNotFoundError):
        await change(database, company_id, actor=cast.olga, name="Mine")
    assert [] == await database.read(page_companies, viewer=cast.olga.viewer)


async def test_an_owner_outside_of_the_tree_is_not_shown_and_stays(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    company_id = await add_company(database, "Acme", organization_id=child_id, owning_user_id=cast.ivan_id)
    child_key = await add_key(database, organization_id=child_id)

    seen = await database.read(get_company, viewer=child_key.viewer, company_id=company_id)
    changed = await change(database, company_id, actor=child_key, name="Apex", owning_user_id=cast.ivan_id)

    assert seen.owning_user_id is None
    assert ("Apex", cast.ivan_id) == (changed.name, changed.owning_user_id)


async def test_pages_go_on_after_the_last_id(database: Database) -> None:
    cast = await gather(database)
    ids = [await add_company(database, name, organization_id=cast.organization_id) for name in ("A", "B", "C")]

    page = await database.read(page_companies, viewer=cast.ada.viewer, after_id=ids[0], limit=1)

    assert [ids[1]] == [company.id for company in page]
