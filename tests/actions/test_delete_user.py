"""Deleting users to whom nothing belongs."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import Column

from rollbook.access.actor import Actor
from rollbook.accounts.actions.deleting import UserNotEmptyError, delete_user
from rollbook.accounts.queries.references import goes_along
from rollbook.custom_fields.model import custom_field_values, custom_fields
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.entering import StudentNotFoundError
from rollbook.history.versions import VersionChangedError
from rollbook.people.actions.rights import let_manage
from rollbook.people.queries.users import UserNotFoundError, get_user
from tests.cast import NOBODY, TESTS, Cast, add_class, add_company, add_course, add_user, enroll, gather
from tests.recorded import history_of
from tests.referring import COLUMNS, count, make, name_of, refer


async def remove(database: Database, user_id: int, *, actor: Actor = TESTS, if_version: int | None = None) -> None:
    await database.write(delete_user, actor=actor, user_id=user_id, if_version=if_version)


async def others_of(database: Database, cast: Cast) -> dict[str, int]:
    """Give what a row that refers to a user refers to besides."""
    course_id = await add_course(database, cast)
    return {
        "organizations": cast.organization_id,
        "users": cast.sue_id,
        "courses": course_id,
        "classes": await add_class(database, cast, course_id=course_id),
    }


async def test_a_user_to_whom_nothing_belongs_is_gone_and_the_history_stays(database: Database) -> None:
    cast = await gather(database)
    user_id = await add_user(database, "Max", organization_id=cast.organization_id, manager_id=cast.ivan_id, note="a note", role_ids=(2, 0))
    await database.write(let_manage, actor=TESTS, user_id=user_id, organization_id=cast.organization_id)

    await remove(database, user_id, actor=cast.ada)

    with pytest.raises(UserNotFoundError):
        await database.read(get_user, viewer=TESTS.viewer, user_id=user_id)
    last = (await history_of(database, "user", user_id))[-1]
    assert ("user.deleted", "Ada", cast.organization_id, None) == (last.kind, last.actor_name, last.organization_id, last.after)
    assert last.before is not None
    said = {"user_name": "max", "email": "max@example.com", "manager_id": cast.ivan_id, "note": "a note"}
    assert said == {name: last.before[name] for name in said}
    assert ([0, 2], [cast.organization_id]) == (sorted(last.before["role_ids"]), last.before["managed_organization_ids"])
    assert "version" not in last.before
    # The name is free again.
    assert user_id < await add_user(database, "Max", organization_id=cast.organization_id)


@pytest.mark.parametrize("column", COLUMNS, ids=name_of)
async def test_whatever_refers_to_a_user_goes_along_or_is_in_the_way(database: Database, column: Column[Any]) -> None:
    cast = await gather(database)
    await refer(database, column, user_id=cast.sam_id, others=await others_of(database, cast))

    if goes_along(column):
        await remove(database, cast.sam_id)
        assert 0 == await count(database, column, user_id=cast.sam_id)
    else:
        with pytest.raises(UserNotEmptyError) as refused:
            await remove(database, cast.sam_id)
        (belonging,) = refused.value.belongings
        assert 1 == belonging.count
        assert 1 == await count(database, column, user_id=cast.sam_id)


async def test_the_refusal_says_what_there_is_and_what_to_do(database: Database) -> None:
    cast = await gather(database)
    for _ in range(2):
        await enroll(database, class_id=await add_class(database, cast), user_id=cast.ivan_id)
    await add_class(database, cast, instructor_ids=(cast.ivan_id,))
    await add_company(database, "Acme", organization_id=cast.organization_id, owning_user_id=cast.ivan_id)
    await add_user(database, "Max", organization_id=cast.organization_id, manager_id=cast.ivan_id)

    with pytest.raises(UserNotEmptyError) as refused:
        await remove(database, cast.ivan_id, actor=cast.ada)

    text = str(refused.value)
    for belonging in ("2 enrollments", "1 instructed class", "1 company to look after", "1 user to manage"):
        assert belonging in text
    assert text.endswith("; merge the user into another one, close the account, or remove these first")


async def test_a_field_that_names_the_user_is_in_the_way_and_values_of_the_user_go_along(database: Database) -> None:
    cast = await gather(database)
    own: dict[str, Any] = {"custom_field_id": 1, "integer_value": cast.sam_id, "subject_id": cast.sam_id}
    for number, data_type in ((1, 30), (2, 60)):
        await make(database, custom_fields, id=number, organization_id=cast.organization_id, data_type=data_type)
    await make(database, custom_field_values, **own)
    await make(database, custom_field_values, custom_field_id=2, integer_value=cast.sam_id, subject_id=cast.sue_id)

    with pytest.raises(UserNotEmptyError) as refused:
        await remove(database, cast.sam_id)
    await remove(database, cast.sue_id)
    await remove(database, cast.sam_id)

    assert ["1 custom field that names the user"] == [str(each) for each in refused.value.belongings]


async def test_a_user_of_another_tree_cannot_be_deleted(database: Database) -> None:
    cast = await gather(database)

    for unseen in (cast.sam_id, NOBODY):
        with pytest.raises(UserNotFoundError):
            await remove(database, unseen, actor=cast.olga)


async def test_a_version_that_was_read_is_deleted_and_no_other(database: Database) -> None:
    cast = await gather(database)

    with pytest.raises(VersionChangedError):
        await remove(database, cast.sam_id, if_version=2)
    await remove(database, cast.sam_id, if_version=1)


async def test_a_user_who_is_deleted_while_being_enrolled_is_in_the_class_or_gone(database: Database) -> None:
    cast = await gather(database)
    class_ids = [await add_class(database, cast) for _ in range(5)]
    await asyncio.gather(*(database.check() for _ in range(6)))

    *enrolled, removed = await asyncio.gather(
        *(enroll(database, class_id=class_id, user_id=cast.sam_id) for class_id in class_ids),
        remove(database, cast.sam_id),
        return_exceptions=True,
    )

    if removed is None:
        assert all(isinstance(each, StudentNotFoundError) for each in enrolled)
    else:
        assert isinstance(removed, UserNotEmptyError)
        assert any(isinstance(each, int) for each in enrolled)
        assert cast.sam_id == (await database.read(get_user, viewer=TESTS.viewer, user_id=cast.sam_id)).id
