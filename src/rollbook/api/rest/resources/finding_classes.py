"""The lists of classes in the REST API: those that meet conditions, and the public schedule."""

from typing import Annotated, Any, Final, Literal, cast

from msgspec import Meta, Struct

from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import TimeCursor
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import LATER_TIME, SOME_TIME
from rollbook.api.rest.lists import ListQuery, Page, page_of
from rollbook.api.rest.sorting import SortedQuery, place_in
from rollbook.api.rest.values import GivenTime, Id, Name, Time, moment_of, optional_moment_of, seconds_of
from rollbook.api.rest.words import ClassStatusWord, DeliveryWord, member_of, word_of
from rollbook.classes.statuses import ClassStatus
from rollbook.enrollments.queries.class_finding import CLASS_ORDERS, ClassQuestion, FoundClass, find_classes

TAG: Final = "Classes"


class MeetingTime(Struct, frozen=True, kw_only=True):
    """When a class meets."""

    starts_at: Time
    ends_at: Time


class ScheduledClass(Struct, frozen=True, kw_only=True):
    """A class as the public schedule shows it."""

    id: int
    name: str
    description: str | None
    organization_id: int
    organization_name: str
    course_id: int
    course_name: str
    status: ClassStatusWord
    delivery: DeliveryWord
    time_zone: Annotated[str, Meta(description="An IANA name.")]
    starts_at: Annotated[Time | None, Meta(description="The first meeting's start.")]
    ends_at: Annotated[Time | None, Meta(description="The last meeting's end.")]
    meetings: Annotated[list[MeetingTime], Meta(description="By their starts.")]
    primary_instructor: Annotated[str | None, Meta(description="First and last name.")]
    primary_classroom: str | None
    city: Annotated[str | None, Meta(description="The primary classroom's.")]
    maximum: Annotated[int | None, Meta(description="The most students that can be Enrolled; null is no limit.")]
    enrolled: int
    waiting: Annotated[int, Meta(description="How many are Wait-Listed or Requested.")]
    free_places: Annotated[int | None, Meta(description="Null where there is no limit.")]
    allow_self_enrollment: Annotated[bool, Meta(description="Students may enroll themselves.")]
    requires_approval: Annotated[bool, Meta(description="Students need an approval to enter it.")]


class ListedClass(ScheduledClass, frozen=True, kw_only=True):
    """A class in a list."""

    version: int
    external_id: str | None
    company_id: Annotated[int | None, Meta(description="The company that the class is dedicated to.")]
    minimum: Annotated[int | None, Meta(description="The fewest students it should have.")]
    enabled: bool
    is_public: Annotated[bool, Meta(description="It is on the public schedule.")]
    instructor_ids: list[int]
    classroom_ids: list[int]
    created_at: Time
    modified_at: Time


class Classes(Page, frozen=True, kw_only=True):
    """A page of classes."""

    items: list[ListedClass]


class Schedule(Page, frozen=True, kw_only=True):
    """A page of the public schedule."""

    items: list[ScheduledClass]


class ScheduleQuery(ListQuery, frozen=True, kw_only=True):
    """Which classes of the schedule are listed."""

    cursor: TimeCursor | None = None
    name: Annotated[Name, Meta(description="A part of the name, in any case.")] | None = None
    course_id: Id | None = None
    organization_id: Annotated[Id, Meta(description="The class's organization, or one above it.")] | None = None
    starts_after: Annotated[GivenTime, Meta(description="Those that start then or later.")] | None = None
    starts_before: Annotated[GivenTime, Meta(description="Those that start then or earlier.")] | None = None
    has_free_places: bool | None = None
    requires_approval: bool | None = None
    allow_self_enrollment: bool | None = None


class ClassQuery(SortedQuery, frozen=True, kw_only=True):
    """Which classes are listed."""

    name: Annotated[Name, Meta(description="A part of the name, in any case.")] | None = None
    course_id: Id | None = None
    organization_id: Annotated[Id, Meta(description="The class's organization, or one above it.")] | None = None
    company_id: Annotated[Id, Meta(description="The company that the class is dedicated to.")] | None = None
    status: tuple[ClassStatusWord, ...] | None = None
    starts_after: Annotated[GivenTime, Meta(description="Those that start then or later.")] | None = None
    starts_before: Annotated[GivenTime, Meta(description="Those that start then or earlier.")] | None = None
    ends_after: Annotated[GivenTime, Meta(description="Those that end then or later.")] | None = None
    ends_before: Annotated[GivenTime, Meta(description="Those that end then or earlier.")] | None = None
    in_progress: Annotated[bool, Meta(description="Whether it has started and not ended.")] | None = None
    instructor_id: Annotated[Id, Meta(description="One of the instructors.")] | None = None
    classroom_id: Annotated[Id, Meta(description="One of the rooms.")] | None = None
    below_minimum: Annotated[bool, Meta(description="Whether fewer students are Enrolled than the minimum.")] | None = None
    has_free_places: bool | None = None
    enabled: bool | None = None
    is_public: bool | None = None
    requires_approval: bool | None = None
    allow_self_enrollment: bool | None = None
    sort: Literal["starts", "name", "created"] = "starts"


_SHARED: Final[dict[str, Any]] = {
    "id": 1,
    "name": "Welding, November",
    "description": None,
    "organization_id": 1,
    "organization_name": "Contoso Training",
    "course_id": 1,
    "course_name": "Welding",
    "status": "scheduled",
    "delivery": "physical",
    "time_zone": "America/New_York",
    "starts_at": SOME_TIME,
    "ends_at": LATER_TIME,
    "meetings": [MeetingTime(starts_at=SOME_TIME, ends_at=LATER_TIME)],
    "primary_instructor": "Ivan Example",
    "primary_classroom": "Workshop",
    "city": "Albany",
    "maximum": 12,
    "enrolled": 9,
    "waiting": 0,
    "free_places": 3,
    "allow_self_enrollment": True,
    "requires_approval": False,
}
_LISTED: Final = ListedClass(
    **_SHARED,
    version=2,
    external_id="WELD-1-NOV",
    company_id=None,
    minimum=4,
    enabled=True,
    is_public=True,
    instructor_ids=[2],
    classroom_ids=[1],
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)
_TIMES: Final = ("starts_after", "starts_before", "ends_after", "ends_before")


@endpoint("GET", "/classes", tag=TAG, scope=Scope.READ, answers=Classes(items=[_LISTED], next="i1795449600.1"))
async def list_classes(call: Call, query: ClassQuery) -> Classes:
    """
    List classes, by their starts or in another order, and how full they are.

    Where they are sorted by their starts, those without meetings come last.
    """
    statuses = None if query.status is None else tuple(member_of(ClassStatus, word) for word in query.status)
    found = await call.database.search(
        find_classes,
        viewer=call.actor.viewer,
        question=_question(query, statuses=statuses),
        sort=query.sort,
        descending=query.descending,
        behind=place_in(CLASS_ORDERS[query.sort], query.cursor),
        limit=query.limit,
    )
    return page_of(Classes, found, _show_listed)


@endpoint(
    "GET",
    "/schedule",
    tag="Schedule",
    scope=Scope.READ,
    answers=Schedule(items=[ScheduledClass(**_SHARED)], next="i1795449600.1"),
    students=True,
)
async def list_schedule(call: Call, query: ScheduleQuery) -> Schedule:
    """
    List the public schedule: the classes that are public, are not off and have not started, by their starts.

    Those without meetings come last.
    """
    found = await call.database.search(
        find_classes,
        viewer=call.actor.viewer,
        question=_question(query, on_schedule=True),
        behind=place_in(CLASS_ORDERS["starts"], query.cursor),
        limit=query.limit,
    )
    return page_of(Schedule, found, lambda each: ScheduledClass(**_shared(each)))


def _question(query: ClassQuery | ScheduleQuery, **values: Any) -> ClassQuestion:
    given = {name: getattr(query, name, None) for name in ClassQuestion.__struct_fields__ if name not in values}
    times = {name: seconds_of(time) for name in _TIMES if (time := given.get(name)) is not None}
    return ClassQuestion(**{**given, **times, **values})


def _show_listed(found: FoundClass) -> ListedClass:
    row = found.training_class.row
    return ListedClass(
        **_shared(found),
        version=row.version,
        external_id=row.external_id,
        company_id=row.company_id,
        minimum=row.minimum,
        enabled=row.enabled,
        is_public=row.is_public,
        instructor_ids=list(found.training_class.instructor_ids),
        classroom_ids=list(found.training_class.classroom_ids),
        created_at=moment_of(row.created_at),
        modified_at=moment_of(row.modified_at),
    )


def _shared(found: FoundClass) -> dict[str, Any]:
    """Give what both kinds of lists show of a class."""
    row = found.training_class.row
    names = (row.instructor_first_name, row.instructor_last_name)
    return {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "organization_id": row.organization_id,
        "organization_name": row.organization_name,
        "course_id": row.course_id,
        "course_name": row.course_name,
        "status": cast("ClassStatusWord", word_of(row.status)),
        "delivery": cast("DeliveryWord", word_of(row.delivery)),
        "time_zone": row.time_zone_iana,
        "starts_at": optional_moment_of(row.starts_at),
        "ends_at": optional_moment_of(row.ends_at),
        "meetings": [
            MeetingTime(starts_at=moment_of(each.starts_at), ends_at=moment_of(each.ends_at)) for each in found.training_class.meetings
        ],
        "primary_instructor": None if None in names else " ".join(map(str, names)),
        "primary_classroom": row.classroom_name,
        "city": row.classroom_city,
        "maximum": row.maximum,
        "enrolled": found.enrolled,
        "waiting": found.waiting,
        "free_places": found.free_places,
        "allow_self_enrollment": row.allow_self_enrollment,
        "requires_approval": row.requires_approval,
    }


ENDPOINTS: tuple[Endpoint, ...] = (list_classes, list_schedule)
