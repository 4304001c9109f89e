"""Creating users."""

from typing import Any

import pytest

from rollbook.access.actor import Actor
from rollbook.access.roles import UnknownRoleError
from rollbook.database.transaction import Database
from rollbook.errors import SeveralRefusalsError
from rollbook.organizations.actions.organization_details import OrganizationChanges
from rollbook.organizations.actions.organizations import update_organization
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from rollbook.organizations.time_zones import find_time_zone
from rollbook.people.actions.user_checks import (
    CompanyNotAssignableError,
    OrganizationDisabledError,
    UserExternalIdTakenError,
    UserValueTakenError,
)
from rollbook.people.actions.user_details import NewUser
from rollbook.people.actions.users import create_user
from rollbook.people.passwords import hash_password
from rollbook.people.queries.companies import CompanyNotFoundError
from rollbook.people.queries.users import UserNotFoundError, get_user, page_users
from tests.cast import NOBODY, TESTS, Cast, add_company, add_organization, add_user, gather
from tests.recorded import history_of


async def create(database: Database, cast: Cast, *, actor: Actor | None = None, **values: Any) -> int:
    said = {
        "organization_id": cast.organization_id,
        "user_name": "neo",
        "email": "neo@example.com",
        "first_name": "Neo",
        "last_name": "New",
        **values,
    }
    return await database.write(create_user, actor=actor or cast.ada, user=NewUser(**said))


async def test_it_keeps_everything_that_is_said(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    said: dict[str, Any] = {
        "organization_id": child_id,
        "external_id": "e-1",
        "user_name": "Zoë",
        "email": "Zoe@Example.com",
        "title": "Dr",
        "first_name": "Zoë",
        "middle_name": "M",
        "last_name": "Żak",
        "company_id": company_id,
        "manager_id": cast.ivan_id,
        "disabled": True,
        "phone": "1",
        "phone2": "2",
        "address1": "a",
        "address2": "b",
        "city": "c",
        "state": "s",
        "country": "Poland",
        "country_code": "PL",
        "zip": "z",
        "profile_image_url": "https://example.com/zoe.png",
        "force_password_change": True,
        "role_ids": (2, 0),
        "managed_organization_ids": (child_id, cast.organization_id),
    }

    user_id = await create(database, cast, **said, time_zone=find_time_zone("Central European Standard Time"))

    user = await database.read(get_user, viewer=cast.ada.viewer, user_id=user_id)
    shown = {name: getattr(user, name) for name in said}
    shown |= {
        "role_ids": (*sorted(user.role_ids, reverse=True),),
        "managed_organization_ids": (*sorted(user.managed_organization_ids)[::-1],),
    }
    assert said == shown
    assert ("Central European Standard Time", "Europe/Warsaw") == (user.time_zone, user.time_zone_iana)
    (entry,) = await history_of(database, "user", user_id)
    assert ("user.created", child_id) == (entry.kind, entry.organization_id)
    recorded = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
    assert recorded | {"time_zone": "Central European Standard Time"} == entry.after


async def test_the_least_makes_a_student_who_is_not_disabled(database: Database) -> None:
    cast = await gather(database)

    user = await database.read(get_user, viewer=cast.ada.viewer, user_id=await create(database, cast))

    assert ([0], [], False, None) == (user.role_ids, user.managed_organization_ids, user.disabled, user.time_zone)


async def test_the_organizations_default_role_counts_where_none_is_given(database: Database) -> None:
    cast = await gather(database)
    changes = OrganizationChanges(default_role_id=10)
    await database.write(update_organization, actor=TESTS, organization_id=cast.organization_id, changes=changes)

    user = await database.read(get_user, viewer=cast.ada.viewer, user_id=await create(database, cast))

    assert [10] == user.role_ids


@pytest.mark.parametrize(
    "field, value",
    [("user_name", "SAM"), ("email", "Sam@EXAMPLE.com")],
)
async def test_a_user_name_and_an_email_are_given_once_in_any_case(database: Database, field: str, value: str) -> None:
    cast = await gather(database)

    said: dict[str, Any] = {field: value}
    with pytest.raises(UserValueTakenError, match=f"user {cast.sam_id}") as refused:
        await create(database, cast, **said)

    assert (field, cast.sam_id) == (refused.value.field, refused.value.user_id)


async def test_a_refusal_does_not_tell_who_has_the_name_outside_of_the_tree(database: Database) -> None:
    cast = await gather(database)

    with pytest.raises(SeveralRefusalsError) as refused:
        await create(database, cast, actor=cast.olga, organization_id=cast.other_organization_id, user_name="sam", email="sam@example.com")

    assert [("user_name", None), ("email", None)] == [
        (refusal.field, refusal.user_id) for refusal in refused.value.refusals if isinstance(refusal, UserValueTakenError)
    ]
    assert str(cast.sam_id) not in str(refused.value).split()


async def test_an_external_id_is_given_once_in_an_organization(database: Database) -> None:
    cast = await gather(database)
    first_id = await create(database, cast, external_id="e")
    await add_user(database, "Other", organization_id=cast.other_organization_id, external_id="e")

    with pytest.raises(UserExternalIdTakenError) as refused:
        await create(database, cast, user_name="second", email="second@example.com", external_id="e")

    assert first_id == refused.value.user_id


async def test_a_disabled_organization_takes_no_user(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    changes = OrganizationChanges(enabled=False)
    await database.write(update_organization, actor=TESTS, organization_id=child_id, changes=changes)

    with pytest.raises(OrganizationDisabledError):
        await create(database, cast, organization_id=child_id)


async def test_what_lies_outside_of_the_tree_cannot_be_named(database: Database) -> None:
    cast = await gather(database)
    foreign_company = await add_company(database, "Fabrikam", organization_id=cast.other_organization_id)

    with pytest.raises(SeveralRefusalsError) as refused:
        await create(
            database,
            cast,
            organization_id=cast.other_organization_id,
            external_id="e",
            company_id=foreign_company,
            manager_id=cast.olga_id,
            managed_organization_ids=(cast.organization_id, cast.other_organization_id, NOBODY),
        )

    assert [
        (OrganizationNotFoundError, "organization_id"),
        (CompanyNotFoundError, "company_id"),
        (UserNotFoundError, "manager_id"),
        (OrganizationNotFoundError, "managed_organization_ids"),
        (OrganizationNotFoundError, "managed_organization_ids"),
    ] == [(type(refusal), refusal.field) for refusal in refused.value.refusals]


async def test_a_company_that_is_not_assignable_takes_no_user(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id, assignable_to_users=False)

    with pytest.raises(CompanyNotAssignableError):
        await create(database, cast, company_id=company_id)


async def test_a_role_has_to_be_one(database: Database) -> None:
    cast = await gather(database)

    with pytest.raises(UnknownRoleError, match="0 \\(Student\\)") as refused:
        await create(database, cast, role_ids=(0, 5))

    assert ("role_ids", 5) == (refused.value.field, refused.value.role_id)


async def test_a_refused_user_leaves_nothing_behind(database: Database) -> None:
    cast = await gather(database)
    before = await database.read(page_users, viewer=TESTS.viewer)

    with pytest.raises(UserNotFoundError):
        await create(database, cast, manager_id=NOBODY)

    assert before == await database.read(page_users, viewer=TESTS.viewer)


async def test_a_password_is_neither_recorded_nor_shown(database: Database) -> None:
    cast = await gather(database)
    password_hash = await hash_password("correct horse")

    user_id = await create(database, cast, password_hash=password_hash)

    (entry,) = await history_of(database, "user", user_id)
    assert "argon2" not in str(entry)
    assert "argon2" not in str(await database.read(get_user, viewer=cast.ada.viewer, user_id=user_id))
