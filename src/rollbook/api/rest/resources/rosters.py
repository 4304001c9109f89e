"""The rosters of the REST API: who is in a class, now or at a moment of the past, and how full it is."""

from datetime import datetime
from typing import Annotated, Final, cast

from msgspec import Meta, Struct

from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.enrollment_records import completion_word, location_word, status_word
from rollbook.api.rest.examples import LATER_TIME, SOME_TIME
from rollbook.api.rest.lists import Query
from rollbook.api.rest.values import GivenTime, Time, moment_of, optional_moment_of, precise_moment_of, seconds_of
from rollbook.api.rest.words import ClassStatusWord, CompletionWord, EnrollmentStatusWord, LocationWord, word_of
from rollbook.changes.queries.past_rosters import PastEntry, PastRoster, get_past_roster
from rollbook.enrollments.queries.roster import Roster, RosterEntry, get_roster
from rollbook.enrollments.queries.roster_summary import get_roster_summary

TAG: Final = "Rosters"


class RosterLine(Struct, frozen=True, kw_only=True):
    """A student in a class; names, e-mail address and company are those of today."""

    id: Annotated[int, Meta(description="The enrollment's.")]
    user_id: int
    user_name: str
    first_name: str
    last_name: str
    email: str
    company_id: int | None
    company_name: str | None
    external_id: str | None
    status: EnrollmentStatusWord
    completion: CompletionWord
    location: LocationWord
    classroom_id: int | None
    classroom_name: str | None
    late_cancel: bool
    retake: bool
    hours_spent: int | None
    grade: int | None
    waiting_since: Time | None
    position: Annotated[
        int | None, Meta(description="In the line of those with the same status, 1 being the first; null for who does not wait.")
    ]
    passed_over: Annotated[str | None, Meta(description="The rule that let the last promotion pass the student over.")]
    meetings_attended: int
    note: str | None
    version: Annotated[int | None, Meta(description="The enrollment's; null in a roster of the past.")]


class ClassRoster(Struct, frozen=True, kw_only=True):
    """Every enrollment of a class; what is told of the class itself is as it is today."""

    class_id: int
    class_name: str
    organization_id: int
    class_status: ClassStatusWord
    minimum: int | None
    maximum: int | None
    starts_at: Time | None
    ends_at: Time | None
    time_zone: Annotated[str, Meta(description="An IANA name.")]
    meetings: Annotated[int, Meta(description="How many there are.")]
    as_of: Annotated[Time | None, Meta(description="The moment that was asked for; null for now.")]
    items: Annotated[list[RosterLine], Meta(description="By last and first name.")]


class StatusCounts(Struct, frozen=True, kw_only=True):
    """How many enrollments have each status."""

    requested: int
    cancelled: int
    waitlisted: int
    approved: int
    denied: int
    audit: int
    enrolled: int


class RoomSeats(Struct, frozen=True, kw_only=True):
    """The seats of a room while the class meets."""

    classroom_id: int
    name: str
    capacity: int | None
    taken: Annotated[int | None, Meta(description="At the fullest moment, by students of whatever class; null where there is no capacity.")]
    free: Annotated[int | None, Meta(description="At that moment; null where there is no limit.")]


class RosterSummary(Struct, frozen=True, kw_only=True):
    """How full a class is."""

    class_id: int
    minimum: int | None
    maximum: int | None
    by_status: StatusCounts
    free_places: Annotated[int | None, Meta(description="Null where there is no limit.")]
    waiting: Annotated[int, Meta(description="How many are Wait-Listed or Requested.")]
    rooms: list[RoomSeats]


class RosterQuery(Query, frozen=True, kw_only=True):
    """Which roster is shown."""

    as_of: Annotated[GivenTime, Meta(description="The roster as it was at the end of this second; by default as it is now.")] | None = None


_LINE: Final = RosterLine(
    id=19,
    user_id=3,
    user_name="sam",
    first_name="Sam",
    last_name="Example",
    email="sam@example.com",
    company_id=None,
    company_name=None,
    external_id=None,
    status="enrolled",
    completion="unknown",
    location="classroom",
    classroom_id=1,
    classroom_name="Workshop",
    late_cancel=False,
    retake=False,
    hours_spent=None,
    grade=None,
    waiting_since=None,
    position=None,
    passed_over=None,
    meetings_attended=0,
    note=None,
    version=1,
)
_ROSTER: Final = ClassRoster(
    class_id=4,
    class_name="Welding, November",
    organization_id=1,
    class_status="scheduled",
    minimum=4,
    maximum=12,
    starts_at=SOME_TIME,
    ends_at=LATER_TIME,
    time_zone="America/New_York",
    meetings=1,
    as_of=None,
    items=[_LINE],
)
_SUMMARY: Final = RosterSummary(
    class_id=4,
    minimum=4,
    maximum=12,
    by_status=StatusCounts(requested=0, cancelled=1, waitlisted=0, approved=0, denied=0, audit=1, enrolled=9),
    free_places=3,
    waiting=0,
    rooms=[RoomSeats(classroom_id=1, name="Workshop", capacity=16, taken=10, free=6)],
)


@endpoint("GET", "/classes/{class_id}/roster", tag=TAG, scope=Scope.READ, answers=_ROSTER)
async def get_class_roster(call: Call, class_id: int, query: RosterQuery) -> ClassRoster:
    """
    Show everybody in a class, those who left or were denied as well.

    With ``as_of`` it is the roster of that moment, rebuilt from the history.
    """
    if query.as_of is None:
        now = await call.database.search(get_roster, viewer=call.actor.viewer, class_id=class_id)
        return _show(now, [_present_line(entry) for entry in now.entries], as_of=None)
    moment = seconds_of(query.as_of)
    then = await call.database.search(get_past_roster, viewer=call.actor.viewer, class_id=class_id, moment=moment)
    return _show(then, [_past_line(entry) for entry in then.entries], as_of=moment_of(moment))


@endpoint("GET", "/classes/{class_id}/roster/summary", tag=TAG, scope=Scope.READ, answers=_SUMMARY)
async def get_class_roster_summary(call: Call, class_id: int) -> RosterSummary:
    """Show how full a class is: its places, those who wait, and the seats of its rooms."""
    found = await call.database.search(get_roster_summary, viewer=call.actor.viewer, class_id=class_id)
    return RosterSummary(
        class_id=class_id,
        minimum=found.training_class.minimum,
        maximum=found.training_class.maximum,
        by_status=StatusCounts(**{word_of(status): count for status, count in found.by_status.items()}),
        free_places=found.free_places,
        waiting=found.waiting,
        rooms=[
            RoomSeats(classroom_id=room.classroom_id, name=room.name, capacity=room.capacity, taken=room.taken, free=room.free)
            for room in found.rooms
        ],
    )


def _show(roster: Roster | PastRoster, lines: list[RosterLine], *, as_of: datetime | None) -> ClassRoster:
    found = roster.training_class
    return ClassRoster(
        class_id=found.id,
        class_name=found.name,
        organization_id=found.organization_id,
        class_status=cast("ClassStatusWord", word_of(found.status)),
        minimum=found.minimum,
        maximum=found.maximum,
        starts_at=optional_moment_of(found.starts_at),
        ends_at=optional_moment_of(found.ends_at),
        time_zone=found.time_zone,
        meetings=found.meetings,
        as_of=as_of,
        items=lines,
    )


def _present_line(entry: RosterEntry) -> RosterLine:
    row = entry.row
    return RosterLine(
        id=row.id,
        user_id=row.user_id,
        user_name=row.user_name,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        company_id=row.company_id,
        company_name=row.company_name,
        external_id=row.external_id,
        status=status_word(row.status),
        completion=completion_word(row.completion),
        location=location_word(row.location),
        classroom_id=row.classroom_id,
        classroom_name=row.classroom_name,
        late_cancel=row.late_cancel,
        retake=row.retake,
        hours_spent=row.hours_spent,
        grade=row.grade,
        waiting_since=precise_moment_of(row.waiting_since),
        position=entry.position,
        passed_over=row.passed_over,
        meetings_attended=row.meetings_attended,
        note=row.note,
        version=row.version,
    )


def _past_line(entry: PastEntry) -> RosterLine:
    state, student = entry.state, entry.student
    return RosterLine(
        id=entry.id,
        user_id=student.id,
        user_name=student.user_name,
        first_name=student.first_name,
        last_name=student.last_name,
        email=student.email,
        company_id=student.company_id,
        company_name=student.company_name,
        external_id=state.external_id,
        status=status_word(state.status),
        completion=completion_word(state.completion),
        location=location_word(state.location),
        classroom_id=state.classroom_id,
        classroom_name=entry.classroom_name,
        late_cancel=state.late_cancel,
        retake=state.retake,
        hours_spent=state.hours_spent,
        grade=state.grade,
        waiting_since=precise_moment_of(state.waiting_since),
        position=entry.position,
        passed_over=state.passed_over,
        meetings_attended=entry.meetings_attended,
        note=state.note,
        version=None,
    )


ENDPOINTS: tuple[Endpoint, ...] = (get_class_roster, get_class_roster_summary)
