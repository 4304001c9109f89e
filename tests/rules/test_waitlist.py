"""Who waits for a class in which order, and who is let in when places come free."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollbook.classes.clashes import OtherMeeting
from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.enrollments.placement import UNPLACED, LocationType, Placement, Venue
from rollbook.enrollments.seats import Occupancy, Room, Sitting
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.enrollments.waitlist import (
    AwaitedClass,
    ClassPromotesNobodyError,
    LetIn,
    NotUpwardsError,
    NotWaitingError,
    PassedOver,
    Promotion,
    Waiting,
    check_promoting,
    count_places,
    is_triggered,
    move_up,
    order,
    promote,
)
from rollbook.errors import ConflictError
from rollbook.organizations.preferences import StudentConflicts, WaitlistPromotion

REQUESTED, WAITLISTED = EnrollmentStatus.REQUESTED, EnrollmentStatus.WAITLISTED
MEETING = Meeting(starts_at=100, ends_at=200)
SEATED = Placement(LocationType.CLASSROOM, 5)


def waiting(enrollment_id: int, **values: Any) -> Waiting:
    return Waiting(
        **{
            "enrollment_id": enrollment_id,
            "user_id": 100 + enrollment_id,
            "status": WAITLISTED,
            "waiting_since": enrollment_id,
            "placement": UNPLACED,
            "passed_over": None,
            "user_is_disabled": False,
            "company_id": None,
            **values,
        }
    )


def awaited(*, rooms: tuple[int, ...] = (), **values: Any) -> AwaitedClass:
    return AwaitedClass(
        **{
            "id": 10,
            "organization_id": 1,
            "status": ClassStatus.SCHEDULED,
            "has_started": False,
            "company_id": None,
            "requires_approval": False,
            "maximum": None,
            "enrolled": 0,
            "venue": Venue(class_id=10, delivery=Delivery.PHYSICAL, classroom_ids=rooms),
            "meetings": (MEETING,),
            "student_conflicts": StudentConflicts.REFUSE,
            "promote_requested": True,
            **values,
        }
    )


def occupied(*, capacity: int | None = None, students: int = 0, others: int = 0) -> dict[int, Occupancy]:
    """Give the room, where so many of the class sit already, and so many of another class at that time."""
    sittings = [Sitting(starts_at=100, ends_at=200, students=each) for each in (students, others)]
    return {5: Occupancy(Room(id=5, name="Forge", capacity=capacity), sittings, students)}


def elsewhere(starts_at: int = 100, *, is_visible: bool = True) -> OtherMeeting:
    return OtherMeeting(starts_at=starts_at, ends_at=starts_at + 50, class_id=11, is_visible=is_visible)


def ids(promotion: Promotion) -> list[int]:
    return [each.waiting.enrollment_id for each in promotion.let_in]


def reasons(promotion: Promotion) -> dict[int, str]:
    return {each.waiting.enrollment_id: each.reason for each in promotion.passed_over}


def test_the_line_goes_by_the_moment_and_then_by_the_id() -> None:
    line = [waiting(3, waiting_since=7), waiting(1, waiting_since=8), waiting(2, waiting_since=7), waiting(4, waiting_since=6)]

    assert [4, 2, 3, 1] == [each.enrollment_id for each in order(line)]


def test_who_only_asked_stands_behind_all_who_are_waitlisted() -> None:
    line = [waiting(1, waiting_since=1, status=REQUESTED), waiting(2, waiting_since=9), waiting(3, waiting_since=2, status=REQUESTED)]

    assert [2, 1, 3] == [each.enrollment_id for each in order(line)]


@given(st.permutations([waiting(number, waiting_since=number // 2, status=(WAITLISTED, REQUESTED)[number % 2]) for number in range(8)]))
def test_the_line_is_the_same_whatever_order_it_is_read_in(line: list[Waiting]) -> None:
    assert [0, 2, 4, 6, 1, 3, 5, 7] == [each.enrollment_id for each in order(line)]


@pytest.mark.parametrize(
    "preference, by_the_student, by_others",
    [(WaitlistPromotion.OFF, False, False), (WaitlistPromotion.SELF_CANCEL, True, False), (WaitlistPromotion.ALWAYS, True, True)],
)
def test_what_lets_somebody_in(preference: WaitlistPromotion, *, by_the_student: bool, by_others: bool) -> None:
    assert (by_the_student, by_others) == tuple(is_triggered(preference, by_the_student=by_whom) for by_whom in (True, False))


@pytest.mark.parametrize(
    "maximum, enrolled, freed, places",
    [
        pytest.param(10, 9, 1, 1, id="the place that came free"),
        pytest.param(10, 5, 1, 1, id="places that were free before stay"),
        pytest.param(10, 9, 3, 1, id="no more than are free"),
        pytest.param(10, 10, 1, 0, id="taken again"),
        pytest.param(10, 11, 1, 0, id="over full"),
        pytest.param(10, 7, None, 3, id="all that are free"),
        pytest.param(None, 7, 2, 2, id="no maximum"),
        pytest.param(None, 7, None, None, id="no limit at all"),
    ],
)
def test_as_many_get_in_as_came_free_and_are_free(maximum: int | None, enrolled: int, freed: int | None, places: int | None) -> None:
    assert places == count_places(awaited(maximum=maximum, enrolled=enrolled), freed=freed)


@pytest.mark.parametrize(
    "values",
    [{"status": ClassStatus.CANCELLED}, {"status": ClassStatus.DENIED}, {"has_started": True}],
    ids=["cancelled", "denied", "started"],
)
def test_a_class_that_is_off_or_has_started_lets_nobody_in(values: dict[str, Any]) -> None:
    refusal = check_promoting(awaited(**values))

    assert isinstance(refusal, ClassPromotesNobodyError)
    assert ("W3", 10) == (refusal.rule, refusal.class_id)
    assert [0, 0] == [count_places(awaited(**values), freed=freed) for freed in (1, None)]


def test_any_other_class_may_let_people_in() -> None:
    assert check_promoting(awaited()) is None


@pytest.mark.parametrize("preference, needs_approval, lets_in", [(True, False, True), (True, True, False), (False, False, False)])
def test_who_only_asked_is_let_in_where_the_preference_says_so_and_nobody_approves(
    *, preference: bool, needs_approval: bool, lets_in: bool
) -> None:
    assert lets_in == awaited(promote_requested=preference, requires_approval=needs_approval).promotes_requested


def test_the_first_of_the_line_get_the_places() -> None:
    promotion = promote([waiting(1), waiting(2), waiting(3)], places=2, awaited=awaited(), occupancies={}, attended={})

    assert ([1, 2], {}) == (ids(promotion), reasons(promotion))


def test_without_a_limit_all_get_in() -> None:
    promotion = promote([waiting(1), waiting(2)], places=None, awaited=awaited(), occupancies={}, attended={})

    assert [1, 2] == ids(promotion)


@pytest.mark.parametrize(
    "values, facts, rule",
    [
        pytest.param({"user_is_disabled": True}, {}, "S4", id="a disabled student"),
        pytest.param({"company_id": 3}, {"awaited": awaited(company_id=4)}, "S4", id="of another company"),
        pytest.param({}, {"attended": {101: [elsewhere()]}}, "C1", id="who is elsewhere"),
        pytest.param({}, {"attended": {101: [elsewhere(is_visible=False)]}}, "C1", id="who is in a class that is not seen"),
        pytest.param(
            {}, {"awaited": awaited(rooms=(5,)), "occupancies": occupied(capacity=3, students=1, others=2)}, "P2", id="without a seat"
        ),
        pytest.param(
            {"placement": SEATED},
            {"awaited": awaited(rooms=(5, 6)), "occupancies": occupied(capacity=0)},
            "P2",
            id="without a seat in the chosen room",
        ),
    ],
)
def test_who_cannot_take_the_place_is_passed_over_and_the_next_one_gets_it(
    values: dict[str, Any], facts: dict[str, Any], rule: str
) -> None:
    given: dict[str, Any] = {"awaited": awaited(), "occupancies": {}, "attended": {}} | facts
    company_id = given["awaited"].company_id
    second = waiting(2, company_id=company_id)

    promotion = promote([waiting(1, **values), second], places=1, **given)

    assert rule == reasons(promotion)[1]
    assert ([] if given["awaited"].venue.only_classroom_id else [2]) == ids(promotion)


@pytest.mark.parametrize(
    "awaiting, facts",
    [
        pytest.param({"student_conflicts": StudentConflicts.ALLOW}, {"attended": {101: [elsewhere()]}}, id="students may be in two places"),
        pytest.param({}, {"attended": {101: [elsewhere(200)]}}, id="the other class begins when this one ends"),
        pytest.param({"company_id": 3}, {}, id="of the company"),
        pytest.param({"rooms": (5,)}, {"occupancies": occupied(capacity=3, students=1, others=1)}, id="the last seat"),
        pytest.param({"rooms": (5,)}, {"occupancies": occupied(students=900)}, id="a room without a limit"),
        pytest.param({"rooms": (5, 6)}, {}, id="nobody chose a room yet"),
    ],
)
def test_who_can_take_the_place_gets_it(awaiting: dict[str, Any], facts: dict[str, Any]) -> None:
    given: dict[str, Any] = {"occupancies": {}, "attended": {}} | facts

    promotion = promote([waiting(1, company_id=3)], places=1, awaited=awaited(**awaiting), **given)

    assert ([1], {}) == (ids(promotion), reasons(promotion))


def test_who_is_let_in_sits_in_the_only_room_of_a_physical_class() -> None:
    (let_in,) = promote([waiting(1)], places=1, awaited=awaited(rooms=(5,)), occupancies=occupied(), attended={}).let_in

    assert LetIn(waiting(1), SEATED) == let_in


def test_each_who_is_let_in_takes_a_seat_from_the_next() -> None:
    line = [waiting(1), waiting(2), waiting(3)]
    room = occupied(capacity=5, students=1, others=2)

    promotion = promote(line, places=None, awaited=awaited(rooms=(5,)), occupancies=room, attended={})

    assert ([1, 2], {3: "P2"}) == (ids(promotion), reasons(promotion))


def test_seats_are_counted_in_a_class_without_meetings_too() -> None:
    room = {5: Occupancy(Room(id=5, name="Forge", capacity=2), [], 1)}

    promotion = promote([waiting(1), waiting(2)], places=None, awaited=awaited(rooms=(5,), meetings=()), occupancies=room, attended={})

    assert ([1], {2: "P2"}) == (ids(promotion), reasons(promotion))


def test_the_history_is_told_of_a_reason_once() -> None:
    line = [waiting(number, user_is_disabled=True, passed_over=last) for number, last in enumerate((None, "S4", "C1"))]

    promotion = promote(line, places=1, awaited=awaited(), occupancies={}, attended={})

    assert [0, 2] == [each.waiting.enrollment_id for each in promotion.news]


def test_a_refusal_without_a_rule_is_told_by_its_name() -> None:
    assert "ConflictError" == PassedOver(waiting(1), ConflictError()).reason


@st.composite
def situations(draw: st.DrawFn) -> dict[str, Any]:
    """Give a line and all that decides about it; rooms are small, and many of the students cannot come."""
    line = [
        waiting(
            number,
            waiting_since=draw(st.integers(0, 3)),
            status=draw(st.sampled_from([WAITLISTED, REQUESTED])),
            user_is_disabled=draw(st.sampled_from([False, False, True])),
            company_id=draw(st.sampled_from([3, 3, 4])),
            placement=draw(st.sampled_from([UNPLACED, SEATED])),
            passed_over=draw(st.sampled_from([None, "S4", "P2", "C1"])),
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    rooms = draw(st.sampled_from([(), (5,), (5, 6)]))
    capacity = draw(st.sampled_from([None, 0, 1, 2, 4]))
    return {
        "line": order(line),
        "places": draw(st.sampled_from([None, 0, 1, 2, 3])),
        "awaited": awaited(rooms=rooms, company_id=draw(st.sampled_from([None, 3])), meetings=draw(st.sampled_from([(MEETING,), ()]))),
        "occupancies": occupied(capacity=capacity, students=draw(st.integers(0, 1)), others=draw(st.integers(0, 1))),
        "attended": {100 + number: [elsewhere()] for number in draw(st.sets(st.integers(0, 5), max_size=2))},
    }


def can_come(each: Waiting, situation: dict[str, Any], *, seated: int) -> bool:
    """Decide by hand whether a student could come after so many others sat down in the room."""
    into: AwaitedClass = situation["awaited"]
    room: Occupancy = situation["occupancies"][5]
    in_room = 5 in into.venue.classroom_ids and (len(into.venue.classroom_ids) == 1 or each.placement == SEATED)
    there = seated + (sum(sitting.students for sitting in room.sittings) if into.meetings else room.classmates)
    has_seat = room.room.capacity is None or there < room.room.capacity
    busy = each.user_id in situation["attended"] and bool(into.meetings)
    return not each.user_is_disabled and into.company_id in {None, each.company_id} and not busy and (has_seat or not in_room)


@given(situations())
def test_nobody_is_let_in_who_cannot_come_nor_left_out_who_can(situation: dict[str, Any]) -> None:
    promotion = promote(**situation)

    places, line = situation["places"], situation["line"]
    expected: list[int] = []
    passed: list[int] = []
    seated = 0
    for each in line:
        if places is not None and len(expected) == places:
            break
        if can_come(each, situation, seated=seated):
            expected.append(each.enrollment_id)
            sits = next(let_in for let_in in promotion.let_in if let_in.waiting == each).placement
            seated += sits.classroom_id is not None
        else:
            passed.append(each.enrollment_id)
    assert (expected, passed) == (ids(promotion), [each.waiting.enrollment_id for each in promotion.passed_over])
    capacity = situation["occupancies"][5].room.capacity
    assert capacity is None or seated <= capacity
    assert {1} >= set(Counter([*expected, *passed]).values())


@given(situations())
def test_one_place_more_changes_nothing_for_those_who_got_in(situation: dict[str, Any]) -> None:
    fewer = promote(**situation | {"places": 1})
    more = promote(**situation | {"places": 2})

    assert ids(fewer) == ids(more)[:1]
    assert list(reasons(fewer).items()) == list(reasons(more).items())[: len(fewer.passed_over)]


@st.composite
def lines(draw: st.DrawFn) -> tuple[list[Waiting], int, int]:
    """Give a line, whose moments are close together or the same, one who stands in it, and a position before."""
    numbers = draw(st.lists(st.integers(1, 30), min_size=2, max_size=8, unique=True))
    line = order([waiting(number, waiting_since=draw(st.integers(0, 4))) for number in numbers])
    stands_at = draw(st.integers(2, len(line)))
    return line, line[stands_at - 1].enrollment_id, draw(st.integers(1, stands_at - 1))


@given(lines())
def test_moving_up_puts_exactly_the_moved_one_there_and_keeps_the_others_order(drawn: tuple[list[Waiting], int, int]) -> None:
    line, moved_id, position = drawn

    moments = move_up(line, moved_id=moved_id, position=position)

    after = order([waiting(each.enrollment_id, waiting_since=moments.get(each.enrollment_id, each.waiting_since)) for each in line])
    expected = [each.enrollment_id for each in line if each.enrollment_id != moved_id]
    expected.insert(position - 1, moved_id)
    assert expected == [each.enrollment_id for each in after]
    assert [] == [each.enrollment_id for each in line if moments.get(each.enrollment_id) == each.waiting_since]


@given(lines())
def test_moving_up_touches_nobody_else_where_there_is_room_between_two_moments(drawn: tuple[list[Waiting], int, int]) -> None:
    line, moved_id, position = drawn
    apart = [waiting(each.enrollment_id, waiting_since=1000 * place) for place, each in enumerate(line)]

    assert [moved_id] == list(move_up(apart, moved_id=moved_id, position=position))


def test_nothing_changes_for_who_is_to_stand_last() -> None:
    assert {} == move_up([waiting(1), waiting(2)], moved_id=1, position=2)


def test_who_does_not_wait_cannot_be_moved_up() -> None:
    refusal = NotWaitingError(enrollment_id=7, status=EnrollmentStatus.ENROLLED)

    assert ("W1", 7, EnrollmentStatus.ENROLLED) == (refusal.rule, refusal.enrollment_id, refusal.status)
    assert "enrollment 7 is Enrolled and stands in no line; only who is Waitlisted or Requested can be moved up" == str(refusal)


def test_who_stands_before_the_position_cannot_be_moved_up_there() -> None:
    refusal = NotUpwardsError(enrollment_id=7, stands_at=2, position=3)

    assert ("W1", "position", 7, 2, 3) == (refusal.rule, refusal.field, refusal.enrollment_id, refusal.stands_at, refusal.position)
    assert "enrollment 7 stands at position 2, not behind 3; give a smaller position" == str(refusal)
