"""Deleting companies to which nothing belongs."""

import asyncio

import pytest

from rollbook.access.actor import Actor
from rollbook.database.transaction import Database
from rollbook.history.versions import VersionChangedError
from rollbook.people.actions.deleting_companies import CompanyNotEmptyError, delete_company
from rollbook.people.queries.companies import CompanyNotFoundError, get_company
from tests.cast import NOBODY, TESTS, add_class, add_company, add_user, gather
from tests.recorded import history_of


async def remove(database: Database, company_id: int, *, actor: Actor = TESTS, if_version: int | None = None) -> None:
    await database.write(delete_company, actor=actor, company_id=company_id, if_version=if_version)


async def test_a_company_to_which_nothing_belongs_is_gone_and_its_history_stays(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id, owning_user_id=cast.ivan_id)

    await remove(database, company_id, actor=cast.ada)

    with pytest.raises(CompanyNotFoundError):
        await database.read(get_company, viewer=TESTS.viewer, company_id=company_id)
    last = (await history_of(database, "company", company_id))[-1]
    said = {"name": "Acme", "organization_id": cast.organization_id, "owning_user_id": cast.ivan_id, "assignable_to_users": True}
    assert ("company.deleted", said, None) == (last.kind, last.before, last.after)


async def test_users_and_classes_of_a_company_are_in_the_way(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id)
    await add_user(database, "Una", organization_id=cast.organization_id, company_id=company_id)
    for _ in range(2):
        await add_class(database, cast, company_id=company_id)

    with pytest.raises(CompanyNotEmptyError) as refused:
        await remove(database, company_id, actor=cast.ada)

    assert ["2 classes", "1 user"] == [str(belonging) for belonging in refused.value.belongings]
    assert f"company {company_id} still has 2 classes and 1 user; give them another company, or none, first" == str(refused.value)


async def test_a_company_of_another_tree_cannot_be_deleted(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id)

    for unseen in (company_id, NOBODY):
        with pytest.raises(CompanyNotFoundError):
            await remove(database, unseen, actor=cast.olga)


async def test_a_version_that_was_read_is_deleted_and_no_other(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id)

    with pytest.raises(VersionChangedError):
        await remove(database, company_id, if_version=2)
    await remove(database, company_id, if_version=1)


async def test_a_user_who_comes_in_the_same_moment_is_never_left_without_the_company(database: Database) -> None:
    cast = await gather(database)
    for number in range(8):
        company_id = await add_company(database, "Acme", organization_id=cast.organization_id)

        added, deleted = await asyncio.gather(
            add_user(database, f"Una{number}", organization_id=cast.organization_id, company_id=company_id),
            remove(database, company_id, actor=cast.ada),
            return_exceptions=True,
        )

        assert isinstance(added, CompanyNotFoundError) if deleted is None else isinstance(deleted, CompanyNotEmptyError)
