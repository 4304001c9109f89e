"""What students say of courses, and who may say something."""

import asyncio

import pytest

from rollbook import clock
from rollbook.classes.statuses import ClassStatus
from rollbook.courses.activity_access import CourseNotTakenError
from rollbook.courses.model import course_feedback
from rollbook.courses.queries.courses import CourseNotFoundError
from rollbook.courses.queries.feedback import FeedbackCriteria, FeedbackPage, search_feedback
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.course_feedback import give_feedback
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.people.queries.users import UserNotFoundError
from tests.cast import NOBODY, Cast, add_class, add_course, add_user, enroll, gather
from tests.course_contents import backdate, rate
from tests.recorded import history_of
from tests.self_paced import add_self_paced_course, assign


async def feedback(
    database: Database,
    cast: Cast,
    criteria: FeedbackCriteria | None = None,
    *,
    sort: str = "created",
    descending: bool = False,
    offset: int = 0,
    limit: int = 9,
) -> FeedbackPage:
    return await database.search(
        search_feedback,
        viewer=cast.ada.viewer,
        criteria=criteria or FeedbackCriteria(),
        sort=sort,
        descending=descending,
        offset=offset,
        limit=limit,
    )


async def attended_course(database: Database, cast: Cast, *user_ids: int, name: str = "Welding") -> int:
    """Create a course with a class in which users are enrolled."""
    course_id = await add_course(database, cast, name=name)
    class_id = await add_class(database, cast, course_id=course_id)
    for user_id in user_ids:
        await enroll(database, class_id=class_id, user_id=user_id)
    return course_id


async def test_a_later_rating_replaces_the_earlier_one(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await attended_course(database, cast, cast.sam_id)

        first = await rate(database, course_id, cast.sam_id, 2, "Too loud")
        await backdate(database, course_feedback, first, created_at=5, modified_at=5)
        second = await rate(database, course_id, cast.sam_id, 4)

        (row,) = (await feedback(database, cast)).rows
        assert (first, first) == (second, row.id)
        assert (course_id, "Welding", cast.sam_id, "Sam", 4, None, 5) == (
            row.course_id,
            row.course_name,
            row.user_id,
            row.first_name,
            row.rating,
            row.comment,
            row.created_at,
        )
        assert row.modified_at > 5


async def test_the_history_knows_the_rating_and_not_the_words(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await attended_course(database, cast, cast.sam_id)

        feedback_id = await rate(database, course_id, cast.sam_id, 2, "Too loud")
        await rate(database, course_id, cast.sam_id, 2, "Much too loud")
        await rate(database, course_id, cast.sam_id, 2, "Much too loud")

        given, replaced = await history_of(database, "feedback", feedback_id)
        assert ("feedback.given", None, cast.organization_id) == (given.kind, given.before, given.organization_id)
        assert {"course_id": course_id, "user_id": cast.sam_id, "rating": 2, "has_comment": True} == given.after
        assert ("feedback.replaced", {"rating": 2, "has_comment": True}) == (replaced.kind, replaced.before)
        assert replaced.before == replaced.after


async def test_two_ratings_of_a_student_at_once_leave_one(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await attended_course(database, cast, cast.sam_id)

        ids = await asyncio.gather(*(rate(database, course_id, cast.sam_id, rating) for rating in (1, 5)))

        assert 1 == len(set(ids)) == (await feedback(database, cast)).total


@pytest.mark.parametrize(
    "status, class_status, may",
    [
        (EnrollmentStatus.ENROLLED, ClassStatus.SCHEDULED, True),
        (EnrollmentStatus.AUDIT, ClassStatus.SCHEDULED, True),
        (EnrollmentStatus.ENROLLED, ClassStatus.COMPLETED, True),
        (EnrollmentStatus.WAITLISTED, ClassStatus.SCHEDULED, False),
        (EnrollmentStatus.CANCELLED, ClassStatus.SCHEDULED, False),
        (EnrollmentStatus.REQUESTED, ClassStatus.SCHEDULED, False),
    ],
)
async def test_who_attends_a_class_of_the_course_rates_it(
    database: Database, status: EnrollmentStatus, class_status: ClassStatus, *, may: bool
) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_course(database, cast)
        other_id = await attended_course(database, cast, cast.sue_id)
        class_id = await add_class(database, cast, course_id=course_id, status=class_status)
        await enroll(database, class_id=class_id, user_id=cast.sam_id, status=status)

        if may:
            await rate(database, course_id, cast.sam_id)
        else:
            with pytest.raises(CourseNotTakenError):
                await rate(database, course_id, cast.sam_id)
        for course, user in ((course_id, cast.sue_id), (other_id, cast.sam_id)):
            with pytest.raises(CourseNotTakenError):
                await rate(database, course, user)


async def test_who_has_or_had_the_course_assigned_rates_it(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await add_self_paced_course(database, cast)
        await assign(database, course_id=course_id, user_id=cast.sam_id)
        await assign(database, course_id=course_id, user_id=cast.sue_id, expires_at=clock.now() - 86_400)

        for user_id in (cast.sam_id, cast.sue_id):
            await rate(database, course_id, user_id)
        with pytest.raises(CourseNotTakenError):
            await rate(database, course_id, cast.ivan_id)

        assert 2 == (await feedback(database, cast)).total


async def test_what_lies_outside_the_tree_does_not_exist(database: Database) -> None:
    async with database:
        cast = await gather(database)
        course_id = await attended_course(database, cast, cast.sam_id)
        await rate(database, course_id, cast.sam_id)

        for other in (NOBODY, await add_course(database, cast, organization_id=cast.other_organization_id)):
            with pytest.raises(CourseNotFoundError) as no_course:
                await database.write(give_feedback, actor=cast.ada, course_id=other, user_id=cast.sam_id, rating=1, comment=None)
            assert "course_id" == no_course.value.field
        for user_id in (NOBODY, cast.olga_id):
            with pytest.raises(UserNotFoundError) as no_user:
                await database.write(give_feedback, actor=cast.ada, course_id=course_id, user_id=user_id, rating=1, comment=None)
            assert "user_id" == no_user.value.field
        page = await database.search(
            search_feedback,
            viewer=cast.olga.viewer,
            criteria=FeedbackCriteria(),
            sort="created",
            descending=False,
            offset=0,
            limit=9,
        )
        assert (0, []) == (page.total, page.rows)


async def three_ratings(database: Database, cast: Cast) -> dict[int, str]:
    """Have three students rate two courses at three moments, and give each rating's mark by its id."""
    zoe_id = await add_user(database, "Zoe", organization_id=cast.organization_id)
    first = await attended_course(database, cast, cast.sam_id, zoe_id, name="welding")
    second = await attended_course(database, cast, cast.sue_id, name="Blacksmithing")
    marks = {}
    for mark, course_id, user_id, rating, created, modified in (
        ("a", first, cast.sam_id, 3, 10, 40),
        ("b", second, cast.sue_id, 1, 20, 60),
        ("c", first, zoe_id, 5, 30, 50),
    ):
        feedback_id = await rate(database, course_id, user_id, rating)
        await backdate(database, course_feedback, feedback_id, created_at=created, modified_at=modified)
        marks[feedback_id] = mark
    return marks


@pytest.mark.parametrize(
    "criteria, expected",
    [
        (FeedbackCriteria(), "abc"),
        (FeedbackCriteria(name="ELD"), "ac"),
        (FeedbackCriteria(name="_"), ""),
        (FeedbackCriteria(created_after=20), "bc"),
        (FeedbackCriteria(created_after=21), "c"),
        (FeedbackCriteria(created_before=20), "ab"),
        (FeedbackCriteria(created_before=19), "a"),
        (FeedbackCriteria(name="weld", created_after=11), "c"),
    ],
)
async def test_it_finds_feedback(database: Database, criteria: FeedbackCriteria, expected: str) -> None:
    async with database:
        cast = await gather(database)
        marks = await three_ratings(database, cast)

        page = await feedback(database, cast, criteria)

        assert (len(expected), expected) == (page.total, "".join(marks[row.id] for row in page.rows))


async def test_it_finds_feedback_of_a_course_and_page_by_page(database: Database) -> None:
    async with database:
        cast = await gather(database)
        marks = await three_ratings(database, cast)
        by_mark = {marks[row.id]: row for row in (await feedback(database, cast)).rows}

        page = await feedback(database, cast, FeedbackCriteria(course_id=by_mark["b"].course_id))
        second = await feedback(database, cast, offset=1, limit=1)
        past = await feedback(database, cast, offset=3)

        assert (1, ["b"]) == (page.total, [marks[row.id] for row in page.rows])
        assert (3, ["b"]) == (second.total, [marks[row.id] for row in second.rows])
        assert (3, []) == (past.total, past.rows)


@pytest.mark.parametrize(
    "sort, expected, backwards",
    [("created", "abc", "cba"), ("modified", "acb", "bca"), ("course_name", "bac", "acb"), ("rating", "bac", "cab")],
)
async def test_feedback_is_sorted(database: Database, sort: str, expected: str, backwards: str) -> None:
    async with database:
        cast = await gather(database)
        marks = await three_ratings(database, cast)

        found = [
            "".join(marks[row.id] for row in (await feedback(database, cast, sort=sort, descending=each)).rows) for each in (False, True)
        ]

        assert [expected, backwards] == found
