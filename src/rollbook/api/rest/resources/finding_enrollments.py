"""The lists of enrollments in the REST API: those that meet conditions, and a student's own."""

from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct

from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import TimeCursor
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.enrollment_records import EXAMPLE, Enrollment, show_enrollment
from rollbook.api.rest.lists import ListQuery, Page, page_of
from rollbook.api.rest.sorting import SortedQuery, place_in
from rollbook.api.rest.values import GivenTime, Id, Name, seconds_of
from rollbook.api.rest.words import CompletionWord, EnrollmentStatusWord, member_of
from rollbook.enrollments.queries.finding import ORDERS, EnrollmentQuestion, find_enrollments
from rollbook.enrollments.queries.records import EnrollmentRecord
from rollbook.enrollments.queries.training import TRANSCRIPT_ORDER, list_training, page_transcript
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus

TAG: Final = "Enrollments"
TRAINING_TAG: Final = "Training"


class Enrollments(Page, frozen=True, kw_only=True):
    """A page of enrollments."""

    items: list[Enrollment]


class Training(Struct, frozen=True, kw_only=True):
    """Everything that a student is in, or waits for, and that is not over."""

    items: Annotated[list[Enrollment], Meta(description="By the classes' starts; those of classes without meetings come last.")]


class EnrollmentQuery(SortedQuery, frozen=True, kw_only=True):
    """Which enrollments are listed."""

    class_id: Id | None = None
    user_id: Id | None = None
    status: tuple[EnrollmentStatusWord, ...] | None = None
    completion: tuple[CompletionWord, ...] | None = None
    company_id: Annotated[Id, Meta(description="The student's company.")] | None = None
    organization_id: Annotated[Id, Meta(description="The class's organization, or one above it.")] | None = None
    class_name: Annotated[Name, Meta(description="A part of the class's name, in any case.")] | None = None
    student_name: Annotated[Name, Meta(description="A part of the first and last name; the case of A to Z does not count.")] | None = None
    starts_after: Annotated[GivenTime, Meta(description="The class starts then or later.")] | None = None
    starts_before: Annotated[GivenTime, Meta(description="The class starts then or earlier.")] | None = None
    ends_after: Annotated[GivenTime, Meta(description="The class ends then or later.")] | None = None
    ends_before: Annotated[GivenTime, Meta(description="The class ends then or earlier.")] | None = None
    created_after: Annotated[GivenTime, Meta(description="Created then or later.")] | None = None
    created_before: Annotated[GivenTime, Meta(description="Created then or earlier.")] | None = None
    late_cancel: bool | None = None
    waiting: Annotated[bool, Meta(description="Whether the student is Wait-Listed or Requested.")] | None = None
    has_taken_course: Annotated[bool, Meta(description="Whether the student is Complete in another class of the same course.")] | None = (
        None
    )
    sort: Literal["id", "created", "class_start", "student_name"] = "id"


class TranscriptQuery(ListQuery, frozen=True, kw_only=True):
    """Which part of a transcript is listed."""

    cursor: TimeCursor | None = None


_TIMES: Final = ("starts_after", "starts_before", "ends_after", "ends_before", "created_after", "created_before")


@endpoint("GET", "/enrollments", tag=TAG, scope=Scope.READ, answers=Enrollments(items=[EXAMPLE], next="n.19"), students=True)
async def list_enrollments(call: Call, query: EnrollmentQuery) -> Enrollments:
    """
    List enrollments, by their ids or in another order.

    Where the class's start is what they are sorted by, those of classes without meetings come last. A student finds their own only.
    """
    values: dict[str, Any] = {
        name: getattr(query, name)
        for name in EnrollmentQuestion.__struct_fields__
        if name in EnrollmentQuery.__struct_fields__ and name not in _TIMES
    }
    values |= {name: seconds_of(given) for name in _TIMES if (given := getattr(query, name)) is not None}
    question = EnrollmentQuestion(
        **values,
        statuses=None if query.status is None else tuple(member_of(EnrollmentStatus, word) for word in query.status),
        completions=None if query.completion is None else tuple(member_of(CompletionStatus, word) for word in query.completion),
    )
    found = await call.database.search(
        find_enrollments,
        viewer=call.actor.viewer,
        question=question,
        student_id=_student_id(call),
        sort=query.sort,
        descending=query.descending,
        behind=place_in(ORDERS[query.sort], query.cursor),
        limit=query.limit,
    )
    return page_of(Enrollments, found, lambda record: _show(call, record))


@endpoint("GET", "/users/{user_id}/training", tag=TRAINING_TAG, scope=Scope.READ, answers=Training(items=[EXAMPLE]), students=True)
async def get_training(call: Call, user_id: int) -> Training:
    """Show what a student is in, or waits for, and that is not over."""
    records = await call.database.search(list_training, viewer=call.actor.viewer, user_id=user_id, student_id=_student_id(call))
    return Training(items=[_show(call, record) for record in records])


@endpoint(
    "GET",
    "/users/{user_id}/transcript",
    tag=TRAINING_TAG,
    scope=Scope.READ,
    answers=Enrollments(items=[EXAMPLE], next="i1795449600.19"),
    students=True,
)
async def list_transcript(call: Call, user_id: int, query: TranscriptQuery) -> Enrollments:
    """List what a student attended, or attends since the class has started, the latest start first."""
    found = await call.database.search(
        page_transcript,
        viewer=call.actor.viewer,
        user_id=user_id,
        student_id=_student_id(call),
        behind=place_in(TRANSCRIPT_ORDER, query.cursor),
        limit=query.limit,
    )
    return page_of(Enrollments, found, lambda record: _show(call, record))


def _student_id(call: Call) -> int | None:
    return call.actor.student.user_id if call.actor.student else None


def _show(call: Call, record: EnrollmentRecord) -> Enrollment:
    return show_enrollment(record, for_student=call.for_student)


ENDPOINTS: tuple[Endpoint, ...] = (list_enrollments, get_training, list_transcript)
