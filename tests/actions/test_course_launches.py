"""Opening activities of courses, and who did."""

import asyncio
from typing import Any

import pytest

from rollbook import clock
from rollbook.classes.details import ClassChanges
from rollbook.classes.statuses import ClassStatus
from rollbook.courses.actions.activities import delete_activity
from rollbook.courses.activity_access import ActivityForInstructorsError, ActivityNotExternalError, CourseNotTakenError
from rollbook.courses.activity_types import ActivityType, Availability
from rollbook.courses.model import activity_launches
from rollbook.courses.queries.activities import ActivityNotFoundError
from rollbook.courses.queries.launches import LaunchCriteria, LaunchPage, search_launches
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.actions.launching import launch_activity
from rollbook.errors import SeveralRefusalsError
from rollbook.people.queries.users import UserNotFoundError
from tests.cast import NOBODY, TESTS, Cast, add_class, add_course, add_user, enroll, gather
from tests.course_contents import VIDEO_URL, add_activity, backdate, launch
from tests.recorded import history_of
from tests.self_paced import add_self_paced_course, assign


async def launches(
    database: Database,
    cast: Cast,
    criteria: LaunchCriteria | None = None,
    *,
    sort: str = "launched",
    descending: bool = False,
    offset: int = 0,
    limit: int = 9,
) -> LaunchPage:
    return await database.search(
        search_launches,
        viewer=cast.ada.viewer,
        criteria=criteria or LaunchCriteria(),
        sort=sort,
        descending=descending,
        offset=offset,
        limit=limit,
    )


async def attended_course(database: Database, cast: Cast, *user_ids: int, name: str = "Welding", **values: Any) -> int:
    """Create a course with a class in which users are enrolled."""
    course_id = await add_course(database, cast, name=name)
    class_id = await add_class(database, cast, course_id=course_id, **values)
    for user_id in user_ids:
        await enroll(database, class_id=class_id, user_id=user_id)
    return course_id


async def test_it_gives_the_address_for_the_user_and_remembers_who_opened_what(database: Database) -> None:
    async with database:
        cast = await gather(database)
        zoe_id = await add_user(
            database,
            "Zoë",
            organization_id=cast.organization_id,
            user_name="zoe",
            email="zoe+1@example.com",
            last_name="O'Neill & Co",
            external_id="Z",
        )
        course_id = await attended_course(database, cast, zoe_id)
        activity_id = await add_activity(database, course_id, url="https://example.com/{userId}?e={email}&n={firstName}%20{lastName}")

        before = clock.now()
        url = await launch(database, activity_id, zoe_id)

        assert f"https://example.com/{zoe_id}?e=zoe%2B1%40example.com&n=Zo%C3%AB%20O%27Neill%20%26%20Co" == url
        (row,) = (await launches(database, cast)).rows
        assert (zoe_id, "Z", "Zoë", "O'Neill & Co") == (row.user_id, row.user_external_id, row.first_name, row.last_name)
        assert (activity_id, "Safety", ActivityType.VIDEO) == (row.activity_id, row.activity_name, row.activity_type)
        assert (course_id, "Welding") == (row.course_id, row.course_name)
        assert before <= row.at <= clock.now()
        assert 1 == len(await history_of(database, "activity", activity_id))


async def test_every_opening_counts(database: Database) -> None:
    async with database:
        cast = await gather(database)
        activity_id = await add_activity(database, await attended_course(database, cast, cast.sam_id))

        urls = await asyncio.gather(*(launch(database, activity_id, cast.sam_id) for _ in range(3)))

        assert ([VIDEO_URL] * 3, 3) == (urls, (await launches(database, cast)).total)


async def test_who_takes_the_course_opens_what_is_for_everyone_and_who_instructs_it_everything(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await attended_course(database, cast, cast.sam_id, instructor_ids=(cast.ivan_id,))
        await attended_course(database, cast, cast.sue_id, name="Other")
        for_all = await add_activity(database, course_id)
        for_instructors = await add_activity(database, course_id, availability=Availability.INSTRUCTORS)

        for activity_id, user_id in ((for_all, cast.sam_id), (for_all, cast.ivan_id), (for_instructors, cast.ivan_id)):
            await launch(database, activity_id, user_id)
        with pytest.raises(ActivityForInstructorsError):
            await launch(database, for_instructors, cast.sam_id)
        for activity_id in (for_all, for_instructors):
            with pytest.raises(CourseNotTakenError):
                await launch(database, activity_id, cast.sue_id)

        assert 3 == (await launches(database, cast)).total


async def test_nobody_takes_a_course_by_a_class_that_is_off(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_course(database, cast)
        class_id = await add_class(database, cast, course_id=course_id, instructor_ids=(cast.ivan_id,))
        await enroll(database, class_id=class_id, user_id=cast.sam_id)
        activity_id = await add_activity(database, course_id)

        await database.write(update_class, actor=TESTS, class_id=class_id, changes=ClassChanges(status=ClassStatus.CANCELLED))

        for user_id in (cast.sam_id, cast.ivan_id):
            with pytest.raises(CourseNotTakenError):
                await launch(database, activity_id, user_id)


async def test_an_assignment_opens_the_course_until_it_expires(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_self_paced_course(database, cast)
        await assign(database, course_id=course_id, user_id=cast.sam_id)
        await assign(database, course_id=course_id, user_id=cast.sue_id, expires_at=clock.now() - 86_400)
        await assign(database, course_id=course_id, user_id=cast.ivan_id, expires_at=clock.now() + 86_400)
        activity_id = await add_activity(database, course_id)

        for user_id in (cast.sam_id, cast.ivan_id):
            await launch(database, activity_id, user_id)
        with pytest.raises(CourseNotTakenError):
            await launch(database, activity_id, cast.sue_id)


async def test_what_has_no_address_of_its_own_is_not_opened(database: Database) -> None:
    async with database:
        cast = await gather(database)
        activity_id = await add_activity(database, await attended_course(database, cast, cast.sam_id), activity_type=ActivityType.LAB)

        with pytest.raises(ActivityNotExternalError):
            await launch(database, activity_id, cast.sam_id)
        with pytest.raises(SeveralRefusalsError) as refused:
            await launch(database, activity_id, cast.sue_id)

        assert {ActivityNotExternalError, CourseNotTakenError} == {type(each) for each in refused.value.refusals}


async def test_what_lies_outside_the_tree_or_was_deleted_does_not_exist(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await attended_course(database, cast, cast.sam_id)
        activity_id, deleted_id = [await add_activity(database, course_id) for _ in range(2)]
        for each in (activity_id, deleted_id):
            await launch(database, each, cast.sam_id)
        await database.write(delete_activity, actor=TESTS, activity_id=deleted_id)

        for actor, wanted in ((cast.olga, activity_id), (cast.ada, deleted_id), (cast.ada, NOBODY)):
            with pytest.raises(ActivityNotFoundError):
                await database.write(launch_activity, actor=actor, activity_id=wanted, user_id=cast.sam_id)
        for user_id in (NOBODY, cast.olga_id):
            with pytest.raises(UserNotFoundError) as no_user:
                await database.write(launch_activity, actor=cast.ada, activity_id=activity_id, user_id=user_id)
            assert "user_id" == no_user.value.field
        page = await database.search(
            search_launches, viewer=cast.olga.viewer, criteria=LaunchCriteria(), sort="launched", descending=False, offset=0, limit=9
        )
        assert (0, []) == (page.total, page.rows)


async def three_launches(database: Database, cast: Cast) -> dict[int, str]:
    """Have three activities of two courses opened at three moments, and give each launch's mark by its id."""
    zoe_id = await add_user(database, "Zoe", organization_id=cast.organization_id, last_name="adams", external_id="Z")
    first = await attended_course(database, cast, cast.sam_id, zoe_id, name="welding")
    second = await attended_course(database, cast, cast.sue_id, name="Blacksmithing")
    marks: dict[int, str] = {}
    for mark, course_id, user_id, name, kind, at in (
        ("a", first, cast.sam_id, "middle", ActivityType.VIDEO, 10),
        ("b", second, cast.sue_id, "Zenith", ActivityType.DOCUMENT, 20),
        ("c", first, zoe_id, "Arc", ActivityType.EXTERNAL_LINK, 30),
    ):
        await launch(database, await add_activity(database, course_id, name, activity_type=kind), user_id)
        (launch_id,) = {row.id for row in (await launches(database, cast)).rows} - set(marks)
        await backdate(database, activity_launches, launch_id, at=at)
        marks[launch_id] = mark
    return marks


@pytest.mark.parametrize(
    "criteria, expected",
    [
        (LaunchCriteria(), "abc"),
        (LaunchCriteria(user_external_id="Z"), "c"),
        (LaunchCriteria(user_external_id="z"), ""),
        (LaunchCriteria(activity_type=ActivityType.DOCUMENT), "b"),
        (LaunchCriteria(launched_after=20), "bc"),
        (LaunchCriteria(launched_after=21), "c"),
        (LaunchCriteria(launched_before=20), "ab"),
        (LaunchCriteria(launched_before=19), "a"),
        (LaunchCriteria(activity_type=ActivityType.VIDEO, launched_after=11), ""),
    ],
)
async def test_it_finds_launches(database: Database, criteria: LaunchCriteria, expected: str) -> None:
    async with database:
        cast = await gather(database)
        marks = await three_launches(database, cast)

        page = await launches(database, cast, criteria)

        assert (len(expected), expected) == (page.total, "".join(marks[row.id] for row in page.rows))


async def test_it_finds_launches_of_a_user_and_of_a_course_and_page_by_page(database: Database) -> None:
    async with database:
        cast = await gather(database)
        marks = await three_launches(database, cast)
        by_mark = {marks[row.id]: row for row in (await launches(database, cast)).rows}

        async def found(**values: Any) -> str:
            return "".join(marks[row.id] for row in (await launches(database, cast, **values)).rows)

        assert "b" == await found(criteria=LaunchCriteria(user_id=cast.sue_id))
        assert "ac" == await found(criteria=LaunchCriteria(course_id=by_mark["a"].course_id))
        assert ("b", "") == (await found(offset=1, limit=1), await found(offset=3))


@pytest.mark.parametrize(
    "sort, expected, backwards",
    [("launched", "abc", "cba"), ("last_name", "cab", "abc"), ("course_name", "bac", "acb"), ("activity_name", "cab", "bac")],
)
async def test_launches_are_sorted(database: Database, sort: str, expected: str, backwards: str) -> None:
    async with database:
        cast = await gather(database)
        marks = await three_launches(database, cast)

        found = [
            "".join(marks[row.id] for row in (await launches(database, cast, sort=sort, descending=each)).rows) for each in (False, True)
        ]

        assert [expected, backwards] == found
