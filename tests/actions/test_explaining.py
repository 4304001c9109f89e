import pytest

from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import Database
from rollbook.enrollments.explanation import Explanation
from rollbook.enrollments.queries.explaining import Explained, Simulation, explain_enrollment, simulate_waitlist
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from tests.cast import HOUR, MAY, Cast, add_class, add_company, add_room, add_user, enroll, gather, meeting
from tests.roster import (
    APPROVED,
    AUDIT,
    CANCELLED,
    ENROLLED,
    LONG_AGO,
    REQUESTED,
    WAITLISTED,
    change,
    change_class,
    change_user,
    prefer,
)


async def _explain(database: Database, cast: Cast, enrollment_id: int) -> Explained:
    return await database.search(explain_enrollment, viewer=cast.ada.viewer, enrollment_id=enrollment_id)


async def _simulate(database: Database, cast: Cast, class_id: int, freed: int) -> Simulation:
    return await database.search(simulate_waitlist, viewer=cast.ada.viewer, class_id=class_id, freed=freed)


def _in_the_way(explanation: Explanation) -> list[str]:
    return [verdict.rule for verdict in explanation.verdicts if verdict.stands_in_the_way]


def _said_of(explanation: Explanation, rule: str) -> str:
    (text,) = [verdict.text for verdict in explanation.verdicts if verdict.rule == rule]
    return text


async def test_who_waits_for_a_full_class_is_told_the_position_and_what_would_let_them_in(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1, meetings=(meeting(),))
    await enroll(database, class_id=class_id, user_id=cast.ivan_id)
    await enroll(database, class_id=class_id, user_id=cast.sam_id, status=WAITLISTED)
    sue = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)

    explained = await _explain(database, cast, sue)

    assert 2 == explained.position
    assert ["P1"] == _in_the_way(explained.explanation)
    assert not explained.explanation.could_be_enrolled
    assert ("raise its maximum, or use status Waitlist",) == explained.explanation.needed
    assert "the student stands at position 2 of the Waitlisted ones" == _said_of(explained.explanation, "W1")
    assert "the next one is let in when a student cancels their own enrollment" == _said_of(explained.explanation, "W2")


async def test_everything_that_stands_in_the_way_is_told(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    other_id = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),))
    class_id = await add_class(database, cast, maximum=0, classroom_ids=(room_id,), meetings=(meeting(MAY + HOUR),))
    await enroll(database, class_id=other_id, user_id=cast.sam_id)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=REQUESTED)
    await change_user(database, cast.sam_id, disabled=True)

    explanation = (await _explain(database, cast, enrollment_id)).explanation

    assert ["S4", "P1", "P2", "C1"] == _in_the_way(explanation)
    assert 4 == len(explanation.needed)
    assert "students of class" in _said_of(explanation, "W4")

    await change_class(database, class_id, status=ClassStatus.CANCELLED)
    again = await enroll(database, class_id=await add_class(database, cast, requires_approval=True), user_id=cast.sue_id, status=REQUESTED)
    assert ["S3", "S4", "P1", "P2", "C1"] == _in_the_way((await _explain(database, cast, enrollment_id)).explanation)
    assert _said_of((await _explain(database, cast, again)).explanation, "W4").endswith("are let in by no promotion")


async def test_a_student_of_another_company_is_told_so(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=APPROVED)
    await change_class(database, class_id, company_id=await add_company(database, "Acme", organization_id=cast.organization_id))

    explanation = (await _explain(database, cast, enrollment_id)).explanation

    assert ["S4"] == _in_the_way(explanation)
    assert "who is Approved is let in by no promotion" in _said_of(explanation, "W4")


async def test_who_is_enrolled_is_told_what_is_held_and_whether_it_is_frozen(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    class_id = await add_class(database, cast, maximum=3, classroom_ids=(room_id,), meetings=(meeting(LONG_AGO),))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    explanation = (await _explain(database, cast, enrollment_id)).explanation

    assert explanation.could_be_enrolled
    assert f"the student holds a place of class {class_id}; class {class_id} has 2 of 3 places free" == _said_of(explanation, "P1")
    assert f"the student holds a seat in room {room_id} (Workshop)" == _said_of(explanation, "P2")
    assert "keeps its status" in _said_of(explanation, "S2")

    await prefer(database, cast, freeze_enrolled_at_start="off")
    assert _said_of((await _explain(database, cast, enrollment_id)).explanation, "S2").endswith("lets its students leave")


async def test_who_is_enrolled_without_a_room_is_told_of_the_place_alone(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)

    explanation = (await _explain(database, cast, enrollment_id)).explanation

    assert ["P1", "S2"] == [verdict.rule for verdict in explanation.verdicts]


async def test_who_audits_has_the_seat_and_the_time_already(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    class_id = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=AUDIT)

    explanation = (await _explain(database, cast, enrollment_id)).explanation

    assert ["S3", "S4", "P1"] == [verdict.rule for verdict in explanation.verdicts]
    assert f"class {class_id} has no limit of places" == _said_of(explanation, "P1")


async def test_a_cancellation_is_told_as_late_or_not(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(),))
    await prefer(database, cast, student_conflicts="allow")
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await change(database, enrollment_id, status=CANCELLED)

    assert "the cancellation was not late" == _said_of((await _explain(database, cast, enrollment_id)).explanation, "L1")

    await change(database, enrollment_id, late_cancel=True)
    explanation = (await _explain(database, cast, enrollment_id)).explanation
    assert "the cancellation was late" == _said_of(explanation, "L1")
    assert "two classes at the same time are allowed" == _said_of(explanation, "C1")


@pytest.mark.parametrize("starts_at", [LONG_AGO, MAY])
async def test_who_was_passed_over_is_told_by_which_rule_and_whether_anybody_is_let_in(database: Database, starts_at: int) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    other_id = await add_class(database, cast, meetings=(meeting(),))
    class_id = await add_class(database, cast, maximum=1, meetings=(meeting(),))
    leaving = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
    await enroll(database, class_id=other_id, user_id=cast.sam_id)
    waiting = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=WAITLISTED)
    await change(database, leaving, status=CANCELLED)
    await change_class(database, class_id, meetings=(meeting(starts_at),))

    explanation = (await _explain(database, cast, waiting)).explanation

    expected = "was passed over the last time that a place came free, because of C1" if starts_at == MAY else "is off, or has started"
    assert expected in _said_of(explanation, "W3")
    assert "whenever a place comes free" in _said_of(explanation, "W2")


async def test_a_simulation_tells_who_would_get_in_and_who_would_be_passed_over(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1, meetings=(meeting(),))
    await enroll(database, class_id=class_id, user_id=cast.ivan_id)
    sam, sue = [await enroll(database, class_id=class_id, user_id=user, status=WAITLISTED) for user in (cast.sam_id, cast.sue_id)]
    asking = await enroll(
        database, class_id=class_id, user_id=await add_user(database, "Ann", organization_id=cast.organization_id), status=REQUESTED
    )
    await change_user(database, cast.sam_id, disabled=True)

    one, two = await _simulate(database, cast, class_id, 1), await _simulate(database, cast, class_id, 2)

    assert (0, 1) == (one.free, one.places)
    assert [sue] == [each.waiting.enrollment_id for each in one.promotion.let_in]
    assert [(sam, "S4")] == [(each.waiting.enrollment_id, each.reason) for each in one.promotion.passed_over]
    assert [sue, asking] == [each.waiting.enrollment_id for each in two.promotion.let_in]
    assert [] == list((await _simulate(database, cast, class_id, 0)).promotion.let_in)


async def test_a_simulation_lets_nobody_into_a_class_that_promotes_nobody(database: Database) -> None:
    cast = await gather(database)
    class_id, endless_id = [await add_class(database, cast, maximum=maximum, meetings=(meeting(),)) for maximum in (5, None)]
    await prefer(database, cast, student_conflicts="allow")
    for each in (class_id, endless_id):
        await enroll(database, class_id=each, user_id=cast.sam_id, status=WAITLISTED)
    await change_class(database, class_id, status=ClassStatus.CANCELLED)

    assert [] == list((await _simulate(database, cast, class_id, 1)).promotion.let_in)
    simulation = await _simulate(database, cast, endless_id, 1)
    assert (None, None, 1) == (simulation.free, simulation.places, len(simulation.promotion.let_in))


async def test_what_lies_outside_of_the_tree_is_not_explained(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=ENROLLED)

    with pytest.raises(EnrollmentNotFoundError):
        await database.search(explain_enrollment, viewer=cast.olga.viewer, enrollment_id=enrollment_id)
    with pytest.raises(ClassNotFoundError):
        await database.search(simulate_waitlist, viewer=cast.olga.viewer, class_id=class_id, freed=1)
