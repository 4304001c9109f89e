"""Subscription profiles: what there can be subscriptions of."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rollbook.courses.queries.courses import CourseNotFoundError
from rollbook.database.transaction import Database
from rollbook.errors import SeveralRefusalsError
from rollbook.history.versions import VersionChangedError
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from rollbook.subscriptions.actions.profiles import (
    NewProfile,
    ProfileChanges,
    ProfileExternalIdTakenError,
    SubscriptionProfileInUseError,
    create_profile,
    delete_profile,
    update_profile,
)
from rollbook.subscriptions.queries.profiles import (
    ProfileCriteria,
    SubscriptionProfileNotFoundError,
    get_profile,
    list_profiles,
    search_profiles,
)
from tests.cast import NOBODY, TESTS, Cast, add_course, gather
from tests.subscribing import add_keys, add_profile, add_subscription, at


async def test_it_keeps_everything_that_is_given(database: Database) -> None:
    cast = await gather(database)
    courses = [await add_course(database, cast, name=name) for name in ("Welding", "Soldering")]

    values: dict[str, Any] = {
        "external_id": "p",
        "description": "Everything",
        "duration_days": 30,
        "enabled": False,
        "course_ids": tuple(reversed(courses)),
    }
    profile_id = await add_profile(database, cast, name="All", **values)

    row = await database.read(get_profile, viewer=cast.ada.viewer, profile_id=profile_id)
    assert (cast.organization_id, "All", "p", "Everything", 30, False) == (
        row.organization_id,
        row.name,
        row.external_id,
        row.description,
        row.duration_days,
        row.enabled,
    )
    assert courses == sorted(row.course_ids)
    assert row.created_at == row.modified_at > 1_700_000_000


async def test_it_changes_what_is_given_and_records_only_that(database: Database) -> None:
    cast = await gather(database)
    first, second, third = [await add_course(database, cast, name=name) for name in ("1", "2", "3")]
    profile_id = await add_profile(database, cast, name="All", external_id="p", duration_days=30, course_ids=(first, second))

    changes = ProfileChanges(name="All", external_id=None, duration_days=None, course_ids=(third, second))
    rehearsal = await database.rehearse(update_profile, actor=cast.ada, profile_id=profile_id, changes=changes)
    await database.write(update_profile, actor=cast.ada, profile_id=profile_id, changes=changes)

    row = await database.read(get_profile, viewer=cast.ada.viewer, profile_id=profile_id)
    assert ("All", None, None, [second, third], 2) == (row.name, row.external_id, row.duration_days, sorted(row.course_ids), row.version)
    (change,) = rehearsal.recorded
    assert {"external_id": "p", "duration_days": 30, "course_ids": [first, second]} == json.loads(change.record["before"])
    assert {"external_id": None, "duration_days": None, "course_ids": [second, third]} == json.loads(change.record["after"])


async def test_its_courses_can_all_be_taken_away(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast, course_ids=(await add_course(database, cast),))

    await database.write(update_profile, actor=cast.ada, profile_id=profile_id, changes=ProfileChanges(course_ids=None))

    assert [] == (await database.read(get_profile, viewer=cast.ada.viewer, profile_id=profile_id)).course_ids


async def test_an_update_that_changes_nothing_records_nothing_and_looks_nothing_up(database: Database) -> None:
    cast = await gather(database)
    theirs = await add_course(database, cast, organization_id=cast.other_organization_id)
    profile_id = await add_profile(database, cast, course_ids=(theirs,))

    same = ProfileChanges(organization_id=cast.organization_id, course_ids=(theirs,))
    assert [] == (await database.rehearse(update_profile, actor=cast.ada, profile_id=profile_id, changes=same)).recorded
    await database.write(update_profile, actor=cast.ada, profile_id=profile_id, changes=ProfileChanges(name="New"))


async def test_it_is_changed_at_the_version_that_was_read(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)

    changes = ProfileChanges(name="New")
    with pytest.raises(VersionChangedError):
        await database.write(update_profile, actor=cast.ada, profile_id=profile_id, changes=changes, if_version=2)
    with pytest.raises(VersionChangedError):
        await database.write(delete_profile, actor=cast.ada, profile_id=profile_id, if_version=2)
    await database.write(update_profile, actor=cast.ada, profile_id=profile_id, changes=changes, if_version=1)


async def test_all_refusals_are_told_at_once(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast, external_id="p")
    courses = (NOBODY, await add_course(database, cast, organization_id=cast.other_organization_id))

    new = NewProfile(organization_id=cast.organization_id, name="All", external_id="p", course_ids=courses)
    with pytest.raises(SeveralRefusalsError) as refused:
        await database.write(create_profile, actor=cast.ada, profile=new)
    elsewhere = ProfileChanges(organization_id=cast.other_organization_id, course_ids=(NOBODY,))
    with pytest.raises(SeveralRefusalsError) as refused_change:
        await database.write(update_profile, actor=cast.ada, profile_id=profile_id, changes=elsewhere)

    assert [ProfileExternalIdTakenError, CourseNotFoundError, CourseNotFoundError] == [type(each) for each in refused.value.refusals]
    assert ["external_id", "course_ids", "course_ids"] == [each.field for each in refused.value.refusals]
    assert [OrganizationNotFoundError, CourseNotFoundError] == [type(each) for each in refused_change.value.refusals]


async def test_olga_sees_nothing_of_it(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)

    with pytest.raises(SubscriptionProfileNotFoundError):
        await database.read(get_profile, viewer=cast.olga.viewer, profile_id=profile_id)
    changes = ProfileChanges(name="Mine")
    with pytest.raises(SubscriptionProfileNotFoundError):
        await database.write(update_profile, actor=cast.olga, profile_id=profile_id, changes=changes)
    with pytest.raises(SubscriptionProfileNotFoundError):
        await database.write(delete_profile, actor=cast.olga, profile_id=profile_id)


async def test_it_is_deleted_with_its_courses_and_told_by_the_history(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast)
    profile_id = await add_profile(database, cast, name="All", course_ids=(course_id,))

    rehearsal = await database.rehearse(delete_profile, actor=cast.ada, profile_id=profile_id)
    await database.write(delete_profile, actor=cast.ada, profile_id=profile_id)

    with pytest.raises(SubscriptionProfileNotFoundError):
        await database.read(get_profile, viewer=TESTS.viewer, profile_id=profile_id)
    (change,) = rehearsal.recorded
    before = {"organization_id": cast.organization_id, "name": "All", "enabled": True, "course_ids": [course_id]}
    assert before == json.loads(change.record["before"])


async def test_it_stays_while_there_are_subscriptions_or_training_keys_of_it(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)
    await add_subscription(database, profile_id=profile_id, user_id=cast.sam_id)
    await add_keys(database, cast, profile_id=profile_id, number=2)

    with pytest.raises(SubscriptionProfileInUseError, match="there are 2 subscription training keys and 1 subscription of"):
        await database.write(delete_profile, actor=cast.ada, profile_id=profile_id)


@pytest.mark.parametrize(
    "criteria, expected",
    [
        pytest.param(lambda _, __: ProfileCriteria(), ["Éclairs", "soldering", "Welding"], id="all"),
        pytest.param(lambda _, __: ProfileCriteria(name="ÉCL"), ["Éclairs"], id="a part of the name, in any case"),
        pytest.param(lambda _, __: ProfileCriteria(name="%"), [], id="a name is no pattern"),
        pytest.param(lambda _, __: ProfileCriteria(external_id="w"), ["Welding"], id="an external id"),
        pytest.param(lambda _, __: ProfileCriteria(enabled=False), ["soldering"], id="disabled"),
        pytest.param(lambda cast, course_id: ProfileCriteria(course_id=course_id), ["Welding"], id="a course"),
        pytest.param(lambda cast, _: ProfileCriteria(organization_id=cast.other_organization_id), [], id="another organization"),
        pytest.param(
            lambda cast, _: ProfileCriteria(organization_id=cast.organization_id, enabled=True),
            ["Éclairs", "Welding"],
            id="several at once",
        ),
        pytest.param(lambda _, __: ProfileCriteria(created_after=1_800_000_002), ["Éclairs", "soldering"], id="created from then on"),
        pytest.param(lambda _, __: ProfileCriteria(created_before=1_800_000_002), ["soldering", "Welding"], id="created until then"),
    ],
)
async def test_it_finds_profiles(
    database: Database, monkeypatch: pytest.MonkeyPatch, criteria: Callable[[Cast, int], ProfileCriteria], expected: list[str]
) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast)
    at(monkeypatch, 1_800_000_001)
    await add_profile(database, cast, name="Welding", external_id="w", course_ids=(course_id,))
    at(monkeypatch, 1_800_000_002)
    await add_profile(database, cast, name="soldering", enabled=False)
    at(monkeypatch, 1_800_000_003)
    await add_profile(database, cast, name="Éclairs")
    await add_profile(database, cast, name="Theirs", organization_id=cast.other_organization_id, course_ids=(course_id,))

    found: dict[str, Any] = {"viewer": cast.ada.viewer, "criteria": criteria(cast, course_id)}
    page = await database.search(search_profiles, **found, sort="name", descending=False, offset=0, limit=10)
    listed = await database.search(list_profiles, **found, after_id=0, limit=10)

    assert (len(expected), sorted(expected)) == (page.total, sorted(row.name for row in page.rows))
    assert sorted(expected) == sorted(row.name for row in listed)


@pytest.mark.parametrize("sort, expected", [("name", "bCA"), ("created", "CAb"), ("modified", "AbC")])
async def test_it_sorts_profiles_both_ways(database: Database, monkeypatch: pytest.MonkeyPatch, sort: str, expected: str) -> None:
    cast = await gather(database)
    ids = {}
    for moment, (letter, name) in enumerate([("C", "beta"), ("A", "Gamma"), ("b", "Alpha")]):
        at(monkeypatch, 1_800_000_000 + moment)
        ids[letter] = await add_profile(database, cast, name=name)
    at(monkeypatch, 1_800_000_009)
    await database.write(update_profile, actor=TESTS, profile_id=ids["C"], changes=ProfileChanges(description="New"))

    found: dict[str, Any] = {"viewer": cast.ada.viewer, "criteria": ProfileCriteria(), "sort": sort}
    up = await database.search(search_profiles, **found, descending=False, offset=0, limit=10)
    down = await database.search(search_profiles, **found, descending=True, offset=1, limit=1)

    assert [ids[letter] for letter in expected] == [row.id for row in up.rows]
    assert [ids[expected[1]]] == [row.id for row in down.rows]
    past_the_end = await database.search(search_profiles, **found, descending=True, offset=3, limit=1)
    assert (3, []) == (past_the_end.total, past_the_end.rows)
