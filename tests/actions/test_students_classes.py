import pytest
from msgspec.structs import replace
from sqlalchemy import Integer, bindparam, update

from rollbook import clock
from rollbook.access.actor import Actor
from rollbook.access.roles import ROLES
from rollbook.classes.model import classes
from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.database.query import Command
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.own_way import Cancellation, enter_alone, foresee_leaving, leave_alone, tell_cancellation
from rollbook.enrollments.agenda import Part
from rollbook.enrollments.queries.agenda import read_agenda
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.enrollments.queries.students_classes import StudentsClass, get_students_class
from rollbook.enrollments.queries.students_schedule import ScheduleQuestion, list_offered_courses, page_offered_classes
from rollbook.enrollments.self_service import SelfServiceClosedError
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.preferences import WaitlistPromotion
from tests.cast import (
    DAY,
    HOUR,
    MAY,
    Cast,
    acting,
    add_class,
    add_company,
    add_course,
    add_organization,
    add_room,
    enroll,
    gather,
    meeting,
)
from tests.roster import APPROVED, CANCELLED, ENROLLED, LONG_AGO, REQUESTED, WAITLISTED, prefer, see

_HIDE = Command(update(classes).where(classes.c.id == bindparam("class_id", type_=Integer)).values(enabled=False))


async def looked_at(database: Database, actor: Actor, class_id: int) -> StudentsClass:
    return await database.search(get_students_class, viewer=actor.viewer, student=actor.as_student, class_id=class_id)


async def come_in(database: Database, actor: Actor, class_id: int, status: EnrollmentStatus) -> int:
    return await database.write(enter_alone, actor=actor, class_id=class_id, status=status)


async def offered(database: Database, actor: Actor, **asked: object) -> list[int]:
    question = ScheduleQuestion(**asked)  # type: ignore[arg-type]  # what a test asks
    page = await database.search(page_offered_classes, viewer=actor.viewer, student=actor.as_student, question=question)
    return [each.found.training_class.row.id for each in page.items]


async def test_a_student_sees_where_a_class_is_and_what_they_can_do(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, address1="1 Main Street", city="Albany", capacity=1)
    class_id = await add_class(database, cast, classroom_ids=(room_id,), maximum=5, meetings=(meeting(),), allow_self_enrollment=True)
    sam, sue = acting(cast, cast.sam_id), acting(cast, cast.sue_id)

    before = await looked_at(database, sam, class_id)
    enrollment_id = await come_in(database, sam, class_id, ENROLLED)
    inside, outside = await looked_at(database, sam, class_id), await looked_at(database, sue, class_id)

    assert (before.choices.entrance, before.record, before.explanation) == (ENROLLED, None, None)
    assert before.rooms[room_id].address1 == "1 Main Street"
    assert inside.record is not None
    assert (inside.record.row.id, inside.record.row.status, inside.choices.may_leave) == (enrollment_id, ENROLLED, True)
    assert inside.explanation is not None
    # The room has one seat, so that the next one can only wait.
    assert outside.choices.entrance is WAITLISTED


async def test_who_waits_is_told_how_far_they_are_and_comes_in_when_it_is_their_turn(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1, meetings=(meeting(),), allow_self_enrollment=True)
    sam, sue, ivan = (acting(cast, user_id) for user_id in (cast.sam_id, cast.sue_id, cast.ivan_id))
    await prefer(database, cast, waitlist_promotion="off")
    await come_in(database, ivan, class_id, ENROLLED)

    assert (await looked_at(database, sam, class_id)).choices.entrance is WAITLISTED
    first = await come_in(database, sam, class_id, ENROLLED)
    second = await come_in(database, sue, class_id, WAITLISTED)
    waiting = await looked_at(database, sue, class_id)
    assert waiting.record is not None
    assert (waiting.record.position, waiting.line, waiting.choices.entrance) == (2, 2, None)
    assert waiting.choices.refusals == ()

    await database.write(leave_alone, actor=ivan, class_id=class_id)
    turns = [(await looked_at(database, actor, class_id)).choices.entrance for actor in (sam, sue)]
    assert turns == [ENROLLED, None]
    assert await come_in(database, sam, class_id, ENROLLED) == first
    assert [(await see(database, each)).status for each in (first, second)] == [ENROLLED, WAITLISTED]


async def test_who_attends_another_class_at_that_time_can_only_ask(database: Database) -> None:
    cast = await gather(database)
    sam = acting(cast, cast.sam_id)
    other = await add_class(database, cast, meetings=(meeting(),))
    await enroll(database, class_id=other, user_id=cast.sam_id)
    class_id = await add_class(database, cast, meetings=(meeting(),), allow_self_enrollment=True)

    assert (await looked_at(database, sam, class_id)).choices.entrance is REQUESTED

    asked = await come_in(database, sam, class_id, REQUESTED)
    told = await looked_at(database, sam, class_id)
    assert (await see(database, asked)).status is REQUESTED
    assert [getattr(refusal, "rule", "") for refusal in told.choices.refusals] == ["C1"]


async def test_a_class_that_is_not_shown_to_a_student_is_not_there(database: Database) -> None:
    cast = await gather(database)
    sam = acting(cast, cast.sam_id)
    branch = await add_organization(database, "Branch", parent_id=cast.organization_id)
    theirs = await add_course(database, cast, organization_id=cast.other_organization_id)
    elsewhere = await add_class(
        database, cast, organization_id=cast.other_organization_id, course_id=theirs, is_public=True, allow_self_enrollment=True
    )
    hidden = await add_class(database, cast, organization_id=branch, allow_self_enrollment=True)

    for class_id in (elsewhere, hidden):
        with pytest.raises(ClassNotFoundError):
            await looked_at(database, sam, class_id)
        with pytest.raises(ClassNotFoundError):
            await come_in(database, sam, class_id, ENROLLED)

    assert await offered(database, sam) == []


async def test_leaving_late_is_told_before_and_after(database: Database) -> None:
    cast = await gather(database)
    sam = acting(cast, cast.sam_id)
    await prefer(database, cast, late_cancel_days="7", late_cancel_warning="The fee is due.")
    soon = await add_class(database, cast, meetings=(meeting(clock.now() + 2 * DAY),), allow_self_enrollment=True)
    later = await add_class(database, cast, meetings=(meeting(),), allow_self_enrollment=True)

    with pytest.raises(EnrollmentNotFoundError):
        await database.write(leave_alone, actor=sam, class_id=soon)
    for class_id, expected in (
        (soon, Cancellation(is_late=True, warning="The fee is due.")),
        (later, Cancellation(is_late=False, warning=None)),
    ):
        enrollment_id = await come_in(database, sam, class_id, ENROLLED)
        foreseen = await database.rehearse(foresee_leaving, actor=sam, class_id=class_id)
        assert foreseen.result == expected
        assert (await see(database, enrollment_id)).status is ENROLLED
        await database.write(leave_alone, actor=sam, class_id=class_id)
        assert (await see(database, enrollment_id)).status is CANCELLED
        assert await database.read(tell_cancellation, actor=sam, enrollment_id=enrollment_id) == expected
        assert await come_in(database, sam, class_id, ENROLLED) == enrollment_id


async def test_who_is_in_a_class_that_has_started_stays(database: Database) -> None:
    cast = await gather(database)
    sam = acting(cast, cast.sam_id)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO), meeting()))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)

    told = await looked_at(database, sam, class_id)

    assert not told.choices.may_leave
    assert isinstance(told.choices.stays, SelfServiceClosedError)


async def test_the_schedule_has_what_is_offered_to_the_student_and_can_be_entered(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast, name="Welding")
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id)
    branch = await add_organization(database, "Branch", parent_id=cast.organization_id)

    async def add(**values: object) -> int:
        return await add_class(database, cast, **{"course_id": course_id, "meetings": (meeting(),), **values})

    own = await add(meetings=(meeting(MAY + DAY),))
    without_meetings = await add(meetings=())
    public = await add(organization_id=branch, is_public=True)
    made_available = await add(organization_id=branch, available_to_organization_ids=(cast.organization_id,))
    dedicated = await add(company_id=company_id)
    for values in (
        {"organization_id": branch},
        {"status": ClassStatus.CANCELLED},
        {"status": ClassStatus.COMPLETED},
        {"meetings": (meeting(LONG_AGO),)},
    ):
        await add(**values)
    hidden_id = await add()

    async def hide(transaction: Transaction) -> None:
        await transaction.run(_HIDE, class_id=hidden_id)

    await database.write(hide)
    sam = acting(cast, cast.sam_id)
    of_the_company = replace(sam, student=replace(sam.as_student, company_id=company_id))

    assert await offered(database, sam) == [public, made_available, own, without_meetings]
    assert await offered(database, of_the_company) == [public, made_available, dedicated, own, without_meetings]


async def test_the_schedule_is_asked_by_words_course_start_and_delivery(database: Database) -> None:
    cast = await gather(database)
    sam = acting(cast, cast.sam_id)
    welding, baking = [await add_course(database, cast, name=name) for name in ("Welding", "BAKING")]
    weld = await add_class(database, cast, course_id=welding, name="Evening class", meetings=(meeting(),))
    bake = await add_class(
        database, cast, course_id=baking, name="Morning class", meetings=(meeting(MAY + DAY),), delivery=Delivery.VIRTUAL
    )

    assert await offered(database, sam, words=("CLASS", "weld")) == [weld]
    assert await offered(database, sam, words=("baking", "weld")) == []
    assert await offered(database, sam, course_id=baking) == [bake]
    assert await offered(database, sam, starts_from=MAY + HOUR) == [bake]
    assert await offered(database, sam, deliveries=(Delivery.VIRTUAL, Delivery.MIXED)) == [bake]
    courses = await database.search(list_offered_courses, viewer=sam.viewer, student=sam.as_student)
    assert [(course.id, course.name) for course in courses] == [(baking, "BAKING"), (welding, "Welding")]


async def test_the_schedule_tells_how_full_a_class_is_where_one_stands_and_what_one_can_do(database: Database) -> None:
    cast = await gather(database)
    sam = acting(cast, cast.sam_id)
    course_id = await add_course(database, cast)
    ids = [
        await add_class(database, cast, course_id=course_id, meetings=(meeting(MAY + number * DAY),), maximum=1, allow_self_enrollment=True)
        for number in range(4)
    ]
    full, mine, free, to_ask = ids
    for user_id, status in ((cast.ivan_id, ENROLLED), (cast.sue_id, WAITLISTED)):
        await enroll(database, class_id=full, user_id=user_id, status=status)
    await enroll(database, class_id=mine, user_id=cast.sam_id)
    asking = replace(sam, student=replace(sam.as_student, permissions=ROLES[0].permissions))

    first = await database.search(page_offered_classes, viewer=sam.viewer, student=sam.as_student, question=ScheduleQuestion(), limit=3)
    rest = await database.search(
        page_offered_classes, viewer=asking.viewer, student=asking.as_student, question=ScheduleQuestion(), behind=first.next, limit=3
    )

    told = [
        (each.found.training_class.row.id, each.status, each.line, each.found.free_places, each.choices.entrance) for each in first.items
    ]
    assert told == [(full, None, 1, 0, WAITLISTED), (mine, ENROLLED, 0, 0, None), (free, None, 0, 1, ENROLLED)]
    assert [(each.found.training_class.row.id, each.choices.entrance) for each in rest.items] == [(to_ask, REQUESTED)]
    assert rest.next is None


async def test_an_agenda_has_what_is_now_and_next_and_waited_for_with_its_place(database: Database) -> None:
    cast: Cast = await gather(database)
    await prefer(database, cast, student_conflicts="allow", waitlist_promotion="always")
    rooms = [await add_room(database, cast, name=name) for name in ("Workshop", "Annex")]
    course_id = await add_course(database, cast)

    async def take(*meetings: int, status: EnrollmentStatus = ENROLLED, **values: object) -> int:
        class_id = await add_class(
            database, cast, course_id=course_id, meetings=tuple(meeting(start) for start in meetings), classroom_ids=tuple(rooms)
        )
        return await enroll(database, class_id=class_id, user_id=cast.sam_id, status=status, **values)

    running = await take(LONG_AGO, MAY, classroom_id=rooms[1])
    coming = await take(MAY + DAY)
    waiting = await take(MAY, status=WAITLISTED)
    approved = await take(MAY, status=APPROVED)
    without_a_room = await add_class(database, cast, course_id=course_id)
    nowhere = await enroll(database, class_id=without_a_room, user_id=cast.sam_id)

    agenda = await database.search(read_agenda, viewer=cast.ada.viewer, user_id=cast.sam_id)

    ids = {part: [each.record.row.id for each in appointments] for part, appointments in agenda.items()}
    assert ids == {Part.NOW: [running], Part.NEXT: [coming, nowhere], Part.WAITING: [waiting], Part.APPROVED: [approved]}
    (now,), (soon, sometime), (line,) = agenda[Part.NOW], agenda[Part.NEXT], agenda[Part.WAITING]
    assert (now.meeting, now.room and now.room.name) == (meeting(MAY), "Annex")
    assert (soon.meeting, soon.room and soon.room.name) == (meeting(MAY + DAY), "Workshop")
    assert (sometime.meeting, sometime.room) == (None, None)
    assert (line.record.position, line.promotion) == (1, WaitlistPromotion.ALWAYS)
