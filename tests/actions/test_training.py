import pytest

from rollbook.database.transaction import Database
from rollbook.enrollments.queries.training import list_training, page_transcript
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.people.queries.users import UserNotFoundError
from tests.cast import DAY, MAY, add_class, add_course, enroll, gather, meeting
from tests.roster import APPROVED, AUDIT, CANCELLED, LONG_AGO, REQUESTED, WAITLISTED, prefer


async def test_training_is_what_is_active_and_not_over(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, student_conflicts="allow")
    course_id = await add_course(database, cast)

    async def take(*starts: int, **values: object) -> int:
        class_id = await add_class(database, cast, course_id=course_id, meetings=tuple(meeting(start) for start in starts))
        return await enroll(database, class_id=class_id, user_id=cast.sam_id, **values)  # type: ignore[arg-type]  # what a test gives

    await take(LONG_AGO)
    await take(MAY, status=CANCELLED)
    open_ended = await take()
    waiting = await take(MAY + DAY, status=WAITLISTED)
    asked = await take(MAY + 3 * DAY, status=REQUESTED)
    approved = await take(MAY + 2 * DAY, status=APPROVED)
    running = await take(LONG_AGO, MAY + 4 * DAY, status=AUDIT)

    training = await database.search(list_training, viewer=cast.ada.viewer, user_id=cast.sam_id)

    assert [(running, None), (waiting, 1), (approved, None), (asked, 1), (open_ended, None)] == [
        (record.row.id, record.position) for record in training
    ]


async def test_a_transcript_is_what_was_attended_the_latest_first(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, student_conflicts="allow")
    course_id = await add_course(database, cast)
    ids = []
    for start, values in (
        (LONG_AGO, {"completion": CompletionStatus.COMPLETE, "grade": 90, "hours_spent": 8}),
        (LONG_AGO + DAY, {"status": AUDIT}),
        (LONG_AGO + DAY, {}),
        (LONG_AGO + 2 * DAY, {"status": CANCELLED}),
        (MAY, {}),
    ):
        class_id = await add_class(database, cast, course_id=course_id, meetings=(meeting(start, hours=8),))
        values.setdefault("status", AUDIT)
        ids.append(await enroll(database, class_id=class_id, user_id=cast.sam_id, **values))

    first = await database.search(page_transcript, viewer=cast.ada.viewer, user_id=cast.sam_id, limit=2)
    second = await database.search(page_transcript, viewer=cast.ada.viewer, user_id=cast.sam_id, limit=2, behind=first.next)

    assert [ids[2], ids[1]] == [record.row.id for record in first.items]
    assert [(ids[0], CompletionStatus.COMPLETE, 90, 8)] == [
        (record.row.id, record.row.completion, record.row.grade, record.row.hours_spent) for record in second.items
    ]
    assert second.next is None


async def test_the_training_of_a_user_of_another_organization_is_not_found(database: Database) -> None:
    cast = await gather(database)

    with pytest.raises(UserNotFoundError):
        await database.search(list_training, viewer=cast.olga.viewer, user_id=cast.sam_id)
    with pytest.raises(UserNotFoundError):
        await database.search(page_transcript, viewer=cast.olga.viewer, user_id=cast.sam_id)


async def test_a_student_sees_their_own_training_only(database: Database) -> None:
    cast = await gather(database)
    viewer = cast.ada.viewer

    assert [] == await database.search(list_training, viewer=viewer, user_id=cast.sam_id, student_id=cast.sam_id)
    assert [] == (await database.search(page_transcript, viewer=viewer, user_id=cast.sam_id, student_id=cast.sam_id)).items
    with pytest.raises(UserNotFoundError):
        await database.search(list_training, viewer=viewer, user_id=cast.sue_id, student_id=cast.sam_id)
    with pytest.raises(UserNotFoundError):
        await database.search(page_transcript, viewer=viewer, user_id=cast.sue_id, student_id=cast.sam_id)
