from collections.abc import Mapping

import pytest

from rollbook.access.actor import Actor, ActorKind
from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.completing import CompletedStudent, CompletionOfStudentError, complete_students
from rollbook.enrollments.actions.marking import EnrollmentsNotInClassError, mark_chart
from rollbook.enrollments.attendance import NotAttendingError
from rollbook.enrollments.queries.attendance import MeetingNotFoundError
from rollbook.enrollments.queries.instructing import get_instructed_viewer
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.errors import SeveralRefusalsError
from tests.cast import DAY, MAY, NOBODY, TESTS, add_class, enroll, gather, meeting
from tests.presence import attended, meeting_ids
from tests.recorded import history_of
from tests.roster import AUDIT, CANCELLED, LONG_AGO, WAITLISTED, breaches, see

UNKNOWN, ATTENDING, COMPLETE, INCOMPLETE, NO_SHOW, FAILED = CompletionStatus


async def complete(
    database: Database, class_id: int, completions: Mapping[int, CompletionStatus], *, actor: Actor = TESTS
) -> list[CompletedStudent]:
    """Give students of a class their completions."""
    return await database.write(complete_students, actor=actor, class_id=class_id, completions=completions)


async def test_an_instructor_completes_many_students_and_only_what_differs_is_recorded(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),), instructor_ids=(cast.ivan_id,))
    sam, sue = [await enroll(database, class_id=class_id, user_id=user_id, grade=3) for user_id in (cast.sam_id, cast.sue_id)]
    ivan = await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=AUDIT)
    viewer = await database.read(get_instructed_viewer, user_id=cast.ivan_id, class_id=class_id)
    instructor = Actor(ActorKind.USER, cast.ivan_id, "ivan", viewer)

    told = await complete(database, class_id, {sam: COMPLETE, sue: UNKNOWN, ivan: FAILED}, actor=instructor)

    assert [(sam, cast.sam_id, UNKNOWN, COMPLETE), (ivan, cast.ivan_id, UNKNOWN, FAILED)] == [
        (each.enrollment_id, each.user_id, each.before, each.after) for each in told
    ]
    assert [COMPLETE, UNKNOWN, FAILED] == [(await see(database, each)).completion for each in (sam, sue, ivan)]
    assert [2, 1, 2] == [(await see(database, each)).version for each in (sam, sue, ivan)]
    last = (await history_of(database, "enrollment", sam))[-1]
    assert ("enrollment.updated", {"completion": 0}, {"completion": 20}) == (last.kind, last.before, last.after)
    assert 3 == (await see(database, sam)).grade
    assert [] == await complete(database, class_id, {sam: COMPLETE}, actor=instructor)
    assert [] == await complete(database, class_id, {})
    assert [] == await breaches(database)


async def test_b4_the_completion_attending_fills_the_attendance_for_many_as_for_one(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    sam, sue = [await enroll(database, class_id=class_id, user_id=user_id) for user_id in (cast.sam_id, cast.sue_id)]
    (meeting_id,) = await meeting_ids(database, class_id)

    await complete(database, class_id, {sam: ATTENDING, sue: NO_SHOW})

    assert [{meeting_id: True}, {}] == [await attended(database, each) for each in (sam, sue)]


async def test_s5_all_are_completed_or_none_and_every_refusal_names_its_student(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast, meetings=(meeting(LONG_AGO + day * DAY),)) for day in (0, 1)]
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    left = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=CANCELLED)
    waiting = await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=WAITLISTED)
    elsewhere = await enroll(database, class_id=other_id, user_id=cast.sam_id)

    with pytest.raises(SeveralRefusalsError) as several:
        await complete(database, class_id, {sam: COMPLETE, left: COMPLETE, waiting: NO_SHOW})
    named = [str(refusal).partition(": ")[0] for refusal in several.value.refusals]
    assert [f"Sue Example (enrollment {left})", f"Ivan Example (enrollment {waiting})"] == named
    with pytest.raises(
        CompletionOfStudentError, match=rf"Sue Example \(enrollment {left}\): only a student who is Enrolled or Audit"
    ) as one:
        await complete(database, class_id, {sam: COMPLETE, left: COMPLETE})
    assert (left, "S5", COMPLETE) == (one.value.enrollment_id, one.value.rule, one.value.refusal.completion)
    with pytest.raises(EnrollmentsNotInClassError) as strangers:
        await complete(database, class_id, {sam: COMPLETE, elsewhere: COMPLETE, NOBODY: COMPLETE})
    assert (elsewhere, NOBODY) == strangers.value.enrollment_ids
    for class_asked, actor in ((class_id, cast.olga), (NOBODY, TESTS)):
        with pytest.raises(ClassNotFoundError):
            await complete(database, class_asked, {sam: COMPLETE}, actor=actor)
    assert [UNKNOWN, UNKNOWN] == [(await see(database, each)).completion for each in (sam, elsewhere)]


async def test_a_chart_is_marked_whole_or_not_at_all(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast, meetings=(meeting(MAY + day * DAY), meeting(MAY + 9 * DAY))) for day in (0, 1)]
    sam, sue = [await enroll(database, class_id=class_id, user_id=user_id) for user_id in (cast.sam_id, cast.sue_id)]
    waiting = await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=WAITLISTED)
    first_id, second_id = await meeting_ids(database, class_id)
    elsewhere_id, _ = await meeting_ids(database, other_id)

    async def chart(marks: Mapping[int, Mapping[int, bool | None]], actor: Actor = cast.ada) -> list[tuple[int, bool | None]]:
        told = await database.write(mark_chart, actor=actor, class_id=class_id, marks=marks)
        return [(each.enrollment_id, each.after.attended if each.after else None) for each in told]

    assert [(sam, True), (sam, True), (sue, False)] == await chart({second_id: {sam: True, sue: False}, first_id: {sam: True}})
    assert [{first_id: True, second_id: True}, {second_id: False}] == [await attended(database, each) for each in (sam, sue)]

    for marks, error in (
        ({first_id: {sue: True}, second_id: {waiting: True}}, NotAttendingError),
        ({first_id: {sue: True}, elsewhere_id: {sue: True}}, MeetingNotFoundError),
        ({first_id: {sue: True}, second_id: {NOBODY: True}}, EnrollmentsNotInClassError),
    ):
        with pytest.raises(error):
            await chart(marks)
    with pytest.raises(ClassNotFoundError):
        await chart({first_id: {sue: True}}, actor=cast.olga)
    assert {second_id: False} == await attended(database, sue)
    assert [] == await chart({})
