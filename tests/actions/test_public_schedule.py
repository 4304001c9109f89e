"""The public schedule."""

from typing import Any

import pytest
from sqlalchemy import Integer, bindparam, update

from rollbook import clock
from rollbook.access.actor import Actor
from rollbook.classes.model import classes
from rollbook.classes.queries.classes import TrainingClass, get_class
from rollbook.classes.queries.public_schedule import ScheduleCriteria
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.courses.activity_types import ActivityType
from rollbook.database.query import Command
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.queries.public_schedule import search_public_schedule_with_enrolled
from tests.cast import DAY, HOUR, MAY, TESTS, Cast, add_class, add_course, add_key, add_organization, add_room, enroll, gather, meeting
from tests.course_contents import add_activity
from tests.roster import LONG_AGO

_DISABLE_CLASS = Command(update(classes).where(classes.c.id == bindparam("class_id", type_=Integer)).values(enabled=False))


async def add_public(database: Database, cast: Cast, name: str, **values: Any) -> int:
    return await add_class(database, cast, **{"name": name, "is_public": True, **values})


async def add_theirs(database: Database, cast: Cast, name: str, **values: Any) -> int:
    course_id = await add_course(database, cast, organization_id=cast.other_organization_id)
    return await add_public(database, cast, name, organization_id=cast.other_organization_id, course_id=course_id, **values)


async def search(
    database: Database, actor: Actor, *, sort: str = "name", descending: bool = False, offset: int = 0, limit: int = 100, **criteria: Any
) -> tuple[int, list[TrainingClass]]:
    page, _ = await database.search(
        search_public_schedule_with_enrolled,
        viewer=actor.viewer,
        criteria=ScheduleCriteria(**criteria),
        sort=sort,
        descending=descending,
        offset=offset,
        limit=limit,
    )
    return page.total, page.classes


async def names_of(database: Database, actor: Actor, **asked: Any) -> list[str]:
    total, found = await search(database, actor, **asked)
    assert total == len(found)
    return [each.row.name for each in found]


async def test_it_shows_public_classes_that_are_neither_over_nor_off(database: Database) -> None:
    cast = await gather(database)
    now = clock.now()
    branch_id = await add_organization(database, "Branch", parent_id=cast.organization_id)
    await add_public(database, cast, "To come", meetings=(meeting(MAY),))
    await add_public(database, cast, "Running", meetings=(meeting(now - HOUR, hours=2),))
    await add_public(database, cast, "Unplanned")
    await add_public(database, cast, "Beneath", organization_id=branch_id, status=ClassStatus.TENTATIVE)
    await add_public(database, cast, "Over", meetings=(meeting(LONG_AGO),))
    for status in (ClassStatus.CANCELLED, ClassStatus.DENIED, ClassStatus.COMPLETED):
        await add_public(database, cast, status.name, status=status)
    await add_public(database, cast, "Hidden", is_public=False)
    disabled_id = await add_public(database, cast, "Disabled")
    await add_theirs(database, cast, "Theirs")

    async def disable(transaction: Transaction) -> None:
        await transaction.run(_DISABLE_CLASS, class_id=disabled_id)

    await database.write(disable)

    assert ["Beneath", "Running", "To come", "Unplanned"] == await names_of(database, cast.ada)
    assert ["Theirs"] == await names_of(database, cast.olga)


async def test_it_shows_what_others_made_available_to_the_organization_or_to_those_around_it(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Branch", parent_id=cast.organization_id)
    sister_id = await add_organization(database, "Sister", parent_id=cast.organization_id)
    branch, sister = [await add_key(database, organization_id=each) for each in (branch_id, sister_id)]
    await add_theirs(database, cast, "For all", available_to_organization_ids=(cast.organization_id,))
    await add_theirs(database, cast, "For the branch", available_to_organization_ids=(branch_id,))
    await add_theirs(database, cast, "Not public", is_public=False, available_to_organization_ids=(cast.organization_id,))
    await add_theirs(database, cast, "For themselves")

    assert ["For all", "For the branch"] == await names_of(database, cast.ada)
    assert ["For all", "For the branch"] == await names_of(database, branch)
    assert ["For all"] == await names_of(database, sister)


async def test_of_a_partners_class_it_shows_what_is_for_others(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, organization_id=cast.other_organization_id, city="Ulm")
    values: dict[str, Any] = {
        "external_id": "e",
        "delivery": Delivery.MIXED,
        "custom_virtual_classroom_url": "https://meet.example.org",
        "virtual_meeting_host_id": 7,
        "note": "Secret",
        "survey_id": 1,
        "instructor_survey_id": 2,
        "organization_survey_id": 3,
        "enable_training_key": True,
        "maximum": 5,
    }
    theirs_id = await add_theirs(
        database,
        cast,
        "Theirs",
        **values,
        primary_instructor_id=cast.olga_id,
        primary_classroom_id=room_id,
        available_to_organization_ids=(cast.organization_id,),
    )
    ours_id = await add_public(database, cast, "Ours", **values, primary_instructor_id=cast.ivan_id)
    await enroll(database, class_id=ours_id, user_id=cast.sam_id)

    _, (ours, theirs) = await search(database, cast.ada)

    hidden = {name: getattr(theirs.row, name) for name in values.keys() - {"delivery", "enable_training_key", "maximum"}}
    assert {None} == set(hidden.values())
    assert (None, None, None) == (theirs.row.primary_instructor_id, theirs.row.primary_classroom_id, theirs.row.training_key)
    assert ((), (), ()) == (theirs.instructor_ids, theirs.classroom_ids, theirs.available_to_organization_ids)
    assert (theirs_id, "Olga", "Ulm", 5) == (
        theirs.row.id,
        theirs.row.instructor_first_name,
        theirs.row.classroom_city,
        theirs.row.maximum,
    )
    stored = await database.read(get_class, viewer=TESTS.viewer, class_id=ours_id)
    assert stored.row.training_key is not None
    assert ours.row.training_key is None
    shown = ("external_id", "custom_virtual_classroom_url", "virtual_meeting_host_id", "survey_id", "primary_instructor_id")
    assert [getattr(stored.row, name) for name in shown] == [getattr(ours.row, name) for name in shown]
    assert (cast.ivan_id,) == ours.instructor_ids


@pytest.mark.parametrize(
    "criteria, expected",
    [
        ({"name": "NI"}, ["Morning", "Night"]),
        ({"available_online": True}, ["Night", "noon"]),
        ({"available_online": False}, ["Morning"]),
        ({"has_labs": True}, ["Night"]),
        ({"has_labs": False}, ["Morning", "noon"]),
        ({"has_labs": False, "name": "noon", "available_online": True}, ["noon"]),
    ],
)
async def test_it_finds_what_meets_every_criterion(database: Database, criteria: dict[str, Any], expected: list[str]) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast)
    await add_activity(database, course_id, activity_type=ActivityType.LAB, url=None)
    await add_public(database, cast, "Morning")
    await add_public(database, cast, "Night", delivery=Delivery.VIRTUAL, course_id=course_id)
    await add_public(database, cast, "noon", delivery=Delivery.MIXED, course_id=course_id, disable_labs=True)

    assert expected == await names_of(database, cast.ada, **criteria)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    "sort, ascending",
    [
        ("name", ["alpha", "Beta", "gamma"]),
        ("course", ["Beta", "gamma", "alpha"]),
        ("status", ["gamma", "alpha", "Beta"]),
        ("starts", ["gamma", "Beta", "alpha"]),
        ("ends", ["Beta", "gamma", "alpha"]),
        ("organization", ["alpha", "gamma", "Beta"]),
    ],
)
async def test_it_sorts_by_each_key(database: Database, sort: str, ascending: list[str], *, descending: bool) -> None:
    cast = await gather(database)
    branches = {name: await add_organization(database, name, parent_id=cast.organization_id) for name in ("A", "B", "C")}
    courses = {name: await add_course(database, cast, name=name) for name in ("a", "B", "c")}
    for name, course, organization, status, times in (
        ("alpha", "c", "A", ClassStatus.GUARANTEED_TO_RUN, meeting(MAY + 2 * DAY)),
        ("Beta", "a", "C", ClassStatus.TENTATIVE, meeting(MAY + HOUR, hours=1)),
        ("gamma", "B", "B", ClassStatus.SCHEDULED, meeting(MAY, hours=8)),
    ):
        await add_public(
            database, cast, name, course_id=courses[course], organization_id=branches[organization], status=status, meetings=(times,)
        )

    assert ascending[:: -1 if descending else 1] == await names_of(database, cast.ada, sort=sort, descending=descending)


async def test_pages_go_on_and_past_the_end_there_is_nothing(database: Database) -> None:
    cast = await gather(database)
    for name in ("A", "B", "C"):
        await add_public(database, cast, name)

    pages = [await search(database, cast.ada, offset=offset, limit=2) for offset in (0, 2, 4)]

    assert [(3, ["A", "B"]), (3, ["C"]), (3, [])] == [(total, [each.row.name for each in found]) for total, found in pages]
