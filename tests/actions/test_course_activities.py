"""The activities of courses: a tree that stays one."""

import asyncio
from typing import Any

import pytest

from rollbook.courses.actions.activities import ActivityHasActivitiesError, create_activity, delete_activity, update_activity
from rollbook.courses.actions.activity_details import ActivityChanges, NewActivity
from rollbook.courses.activity_tree import ActivityCircleError, ParentActivityNotFoundError
from rollbook.courses.activity_types import ActivityType, Availability
from rollbook.courses.activity_urls import ActivityUrlMissingError
from rollbook.courses.model import courses
from rollbook.courses.queries.activities import ActivityNotFoundError, ActivityRow
from rollbook.courses.queries.complete import get_complete_course, search_complete_courses
from rollbook.courses.queries.courses import CourseNotFoundError
from rollbook.courses.queries.launches import LaunchCriteria, search_launches
from rollbook.courses.queries.search import CourseCriteria
from rollbook.database.transaction import Database
from rollbook.errors import SeveralRefusalsError
from tests.cast import NOBODY, TESTS, add_class, add_course, enroll, gather
from tests.course_contents import VIDEO_URL, add_activity, add_section, backdate, launch
from tests.recorded import history_of


async def activities_of(database: Database, course_id: int) -> list[ActivityRow]:
    return list((await database.search(get_complete_course, viewer=TESTS.viewer, course_id=course_id)).activities)


async def change(database: Database, activity_id: int, **values: Any) -> None:
    await database.write(update_activity, actor=TESTS, activity_id=activity_id, changes=ActivityChanges(**values))


async def test_it_keeps_everything_that_is_given(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_course(database, cast)
        section_id = await add_section(database, course_id)
        values: dict[str, Any] = {
            "activity_type": ActivityType.DOCUMENT,
            "name": "Reading",
            "parent_id": section_id,
            "subtitle": "Ten pages",
            "description": "About sparks",
            "url": "https://example.com/{userId}",
            "position": 7,
            "required": True,
            "allow_retake": False,
            "allow_review": False,
            "availability": Availability.INSTRUCTORS,
        }

        activity_id = await database.write(create_activity, actor=cast.ada, course_id=course_id, activity=NewActivity(**values))

        kept = {row.id: row for row in await activities_of(database, course_id)}[activity_id]
        assert values | {"course_id": course_id} == {name: getattr(kept, name) for name in (*values, "course_id")}
        (entry,) = await history_of(database, "activity", activity_id)
        assert ("activity.created", cast.organization_id, "Ada", None) == (
            entry.kind,
            entry.organization_id,
            entry.actor_name,
            entry.before,
        )
        assert values | {"course_id": course_id} == entry.after


async def test_an_activity_comes_behind_its_neighbours_where_no_place_is_given(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_course(database, cast)
        first = await add_section(database, course_id, position=4)
        second = await add_section(database, course_id)
        inner = await add_section(database, course_id, parent_id=first)
        before_all = await add_section(database, course_id, position=1)

        rows = await activities_of(database, course_id)

        assert {first: 4, second: 5, inner: 0, before_all: 1} == {row.id: row.position for row in rows}
        assert [before_all, first, second] == [row.id for row in rows if row.parent_id is None]


async def test_a_change_touches_what_it_is_told_to_and_the_course(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_course(database, cast)
        activity_id = await add_activity(database, course_id, subtitle="Old")
        await backdate(database, courses, course_id, modified_at=5, version=1)

        await change(database, activity_id, name="Sparks", subtitle=None)

        (row,) = await activities_of(database, course_id)
        assert ("Sparks", None, VIDEO_URL, ActivityType.VIDEO) == (row.name, row.subtitle, row.url, row.activity_type)
        entry = (await history_of(database, "activity", activity_id))[-1]
        assert ("activity.updated", {"name": "Safety", "subtitle": "Old"}) == (entry.kind, entry.before)
        assert {"name": "Sparks", "subtitle": None} == entry.after
        course = (await database.search(get_complete_course, viewer=TESTS.viewer, course_id=course_id)).row
        assert 2 == course.version
        assert course.modified_at > 5


async def test_a_change_to_what_it_is_changes_nothing(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_course(database, cast)
        activity_id = await add_activity(database, course_id)
        await backdate(database, courses, course_id, modified_at=5)

        await change(database, activity_id, name="Safety", position=None)

        assert 1 == len(await history_of(database, "activity", activity_id))
        assert 5 == (await database.search(get_complete_course, viewer=TESTS.viewer, course_id=course_id)).row.modified_at


async def test_a_moved_activity_goes_behind_its_new_neighbours(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_course(database, cast)
        first, second = [await add_section(database, course_id, name) for name in "AB"]
        inner = await add_section(database, course_id, "C", parent_id=first)

        await change(database, second, parent_id=first)
        moved = {row.id: (row.parent_id, row.position) for row in await activities_of(database, course_id)}
        await change(database, second, parent_id=None, position=0)
        back = {row.id: (row.parent_id, row.position) for row in await activities_of(database, course_id)}
        await change(database, first, position=None)
        last = {row.id: (row.parent_id, row.position) for row in await activities_of(database, course_id)}

        assert {first: (None, 0), inner: (first, 0), second: (first, 1)} == moved
        assert {first: (None, 0), inner: (first, 0), second: (None, 0)} == back
        assert (None, 1) == last[first]


async def test_a_parent_is_of_the_same_course_and_not_beneath(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id, other_id = await add_course(database, cast), await add_course(database, cast)
        outer = await add_section(database, course_id)
        inner = await add_section(database, course_id, parent_id=outer)
        foreign = await add_section(database, other_id)

        for parent_id in (foreign, NOBODY):
            with pytest.raises(ParentActivityNotFoundError):
                await add_section(database, course_id, parent_id=parent_id)
            with pytest.raises(ParentActivityNotFoundError):
                await change(database, inner, parent_id=parent_id)
        for parent_id in (outer, inner):
            with pytest.raises(ActivityCircleError):
                await change(database, outer, parent_id=parent_id)
        with pytest.raises(SeveralRefusalsError) as refused:
            await add_activity(database, course_id, parent_id=NOBODY, url=None)
        assert {ParentActivityNotFoundError, ActivityUrlMissingError} == {type(each) for each in refused.value.refusals}


async def test_two_moves_at_once_make_no_circle(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_course(database, cast)
        first, second = [await add_section(database, course_id, name) for name in "AB"]

        results = await asyncio.gather(
            change(database, first, parent_id=second), change(database, second, parent_id=first), return_exceptions=True
        )

        assert [ActivityCircleError] == [type(result) for result in results if result is not None]


async def test_an_activity_that_becomes_a_video_needs_an_address(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_course(database, cast)
        section_id = await add_section(database, course_id)

        with pytest.raises(ActivityUrlMissingError):
            await change(database, section_id, activity_type=ActivityType.VIDEO)
        await change(database, section_id, activity_type=ActivityType.VIDEO, url=VIDEO_URL)

        assert [ActivityType.VIDEO] == [row.activity_type for row in await activities_of(database, course_id)]


async def test_an_activity_without_launches_is_deleted_and_others_kept_out_of_sight(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_course(database, cast)
        section_id = await add_section(database, course_id)
        launched, unused = [await add_activity(database, course_id, name, parent_id=section_id) for name in ("Launched", "Unused")]
        await enroll(database, class_id=await add_class(database, cast, course_id=course_id), user_id=cast.sam_id)
        await launch(database, launched, cast.sam_id)

        with pytest.raises(ActivityHasActivitiesError):
            await database.write(delete_activity, actor=cast.ada, activity_id=section_id)
        for activity_id in (launched, unused, section_id):
            await database.write(delete_activity, actor=cast.ada, activity_id=activity_id)

        assert [] == await activities_of(database, course_id)
        for activity_id in (launched, unused, section_id):
            with pytest.raises(ActivityNotFoundError):
                await change(database, activity_id, name="Gone")
        entry = (await history_of(database, "activity", launched))[-1]
        assert ("activity.deleted", None) == (entry.kind, entry.after)
        assert {"name": "Launched", "parent_id": section_id, "course_id": course_id}.items() <= (entry.before or {}).items()
        page = await database.search(
            search_launches, viewer=cast.ada.viewer, criteria=LaunchCriteria(), sort="launched", descending=False, offset=0, limit=9
        )
        assert [(launched, "Launched")] == [(row.activity_id, row.activity_name) for row in page.rows]


async def test_a_deleted_activity_is_no_parent(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_course(database, cast)
        await enroll(database, class_id=await add_class(database, cast, course_id=course_id), user_id=cast.sam_id)
        activity_id = await add_activity(database, course_id)
        await launch(database, activity_id, cast.sam_id)
        await database.write(delete_activity, actor=cast.ada, activity_id=activity_id)

        with pytest.raises(ParentActivityNotFoundError):
            await add_section(database, course_id, parent_id=activity_id)


async def test_what_lies_outside_the_tree_does_not_exist(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_course(database, cast)
        activity_id = await add_activity(database, course_id)

        with pytest.raises(CourseNotFoundError):
            await database.write(
                create_activity,
                actor=cast.olga,
                course_id=course_id,
                activity=NewActivity(activity_type=ActivityType.SECTION, name="Mine"),
            )
        with pytest.raises(ActivityNotFoundError):
            await database.write(update_activity, actor=cast.olga, activity_id=activity_id, changes=ActivityChanges(name="Mine"))
        with pytest.raises(ActivityNotFoundError):
            await database.write(delete_activity, actor=cast.olga, activity_id=activity_id)


async def test_courses_with_labs_are_those_with_an_activity_that_is_one(database: Database) -> None:
    async with database:
        cast = await gather(database)
        with_lab, without = [await add_course(database, cast, name=name) for name in ("With", "Without")]
        lab_id = await add_activity(database, with_lab, activity_type=ActivityType.LAB, url=None)
        await add_activity(database, without)

        async def found(*, has_labs: bool) -> list[int]:
            page = await database.search(
                search_complete_courses,
                viewer=cast.ada.viewer,
                criteria=CourseCriteria(has_labs=has_labs),
                sort="name",
                descending=False,
                offset=0,
                limit=9,
            )
            assert page.total == len(page.courses)
            return [course.row.id for course in page.courses]

        assert ([with_lab], [without]) == (await found(has_labs=True), await found(has_labs=False))
        await database.write(delete_activity, actor=cast.ada, activity_id=lab_id)
        assert [] == await found(has_labs=True)
