"""What students say of courses, in the REST API."""

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import asdict

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import after_id
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import SOME_TIME, change, example_of
from rollbook.api.rest.lists import ListQuery, Page, by_ids, page_of
from rollbook.api.rest.performing import Outcome, as_id, create
from rollbook.api.rest.refused import RefusedError
from rollbook.api.rest.values import LINES, Id, Time, moment_of
from rollbook.courses.queries.feedback import FeedbackRow, get_feedback, list_feedback
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.course_feedback import give_feedback

TAG: Final = "Course feedback"


class Feedback(Struct, frozen=True, kw_only=True):
    """What a student says of a course."""

    id: int
    course_id: int
    course_name: str
    user_id: int
    first_name: str
    last_name: str
    rating: Annotated[int, Meta(description="1 to 5, of which 5 is the best.")]
    comment: str | None
    created_at: Time
    modified_at: Time


class FeedbackPage(Page, frozen=True, kw_only=True):
    """A page of what students say of a course."""

    items: list[Feedback]


class FeedbackOutcome(Outcome, frozen=True, kw_only=True):
    """What became of what a student says of a course."""

    result: Feedback


class GiveFeedback(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a student says of a course."""

    rating: Annotated[int, Meta(ge=1, le=5, description="1 to 5, of which 5 is the best.")]
    comment: Annotated[str, Meta(min_length=1, max_length=8_000, pattern=LINES)] | UnsetType | None = UNSET
    user_id: Annotated[Id, Meta(description="The student; where the call is made for a student, that one.")] | UnsetType = UNSET


EXAMPLE: Final = Feedback(
    id=1,
    course_id=7,
    course_name="Welding",
    user_id=3,
    first_name="Sam",
    last_name="Example",
    rating=5,
    comment="More sparks, please.",
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)
_OUTCOME: Final = example_of(FeedbackOutcome, EXAMPLE, change("feedback", "rating", 4, 5))


async def see_feedback(transaction: Transaction, actor: Actor, feedback_id: int) -> Feedback:
    """Show the feedback with an id, which was given just now."""
    return _show(await get_feedback(transaction, viewer=actor.viewer, feedback_id=feedback_id))


def _show(row: FeedbackRow) -> Feedback:
    values: dict[str, Any] = asdict(row)
    return Feedback(**values | {"created_at": moment_of(row.created_at), "modified_at": moment_of(row.modified_at)})


@endpoint("GET", "/courses/{course_id}/feedback", tag=TAG, scope=Scope.READ, answers=FeedbackPage(items=[EXAMPLE], next="n.1"))
async def list_course_feedback(call: Call, course_id: int, query: ListQuery) -> FeedbackPage:
    """List what students say of a course, in the order of the ids."""
    rows = await call.database.search(
        list_feedback, viewer=call.actor.viewer, course_id=course_id, after_id=after_id(query.cursor), limit=query.limit + 1
    )
    return page_of(FeedbackPage, by_ids(rows, limit=query.limit), _show)


@endpoint(
    "POST",
    "/courses/{course_id}/feedback",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=GiveFeedback(rating=5, comment="More sparks, please.", user_id=3),
    answers=_OUTCOME,
    students=True,
    versioned=False,
)
async def give_course_feedback(call: Call, course_id: int, body: GiveFeedback) -> FeedbackOutcome:
    """
    Keep what a student says of a course, instead of what the student said of it before (V5).

    A comment that is left out is taken away.
    """
    performed = await create(
        call,
        give_feedback,
        see=see_feedback,
        id_of=as_id,
        actor=call.actor,
        course_id=course_id,
        user_id=_user_who_says(call, body.user_id),
        rating=body.rating,
        comment=None if body.comment is UNSET else body.comment,
        course_field=None,
    )
    return performed.told(FeedbackOutcome)


def _user_who_says(call: Call, given: int | UnsetType) -> int:
    if given is not UNSET:
        return given
    if call.actor.student is not None:
        return call.actor.student.user_id
    text = "it is not said who rates the course; give user_id, or make the call for a student"
    raise RefusedError(422, "student_missing", text, field="$.user_id")


ENDPOINTS: tuple[Endpoint, ...] = (list_course_feedback, give_course_feedback)
