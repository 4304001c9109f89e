"""Opening activities of courses over the REST API."""

from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import example_of
from rollbook.api.rest.performing import Outcome, create
from rollbook.api.rest.refused import RefusedError
from rollbook.api.rest.resources.activities import TAG, see_activity
from rollbook.api.rest.values import Id
from rollbook.enrollments.actions.launching import launch_activity


class OpenedActivity(Struct, frozen=True, kw_only=True):
    """Where an activity is, for this user."""

    url: str


class LaunchOutcome(Outcome, frozen=True, kw_only=True):
    """What opening an activity came to."""

    result: OpenedActivity


class LaunchActivity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who opens an activity."""

    user_id: Annotated[Id, Meta(description="The user; where the call is made for a student, that one.")] | UnsetType = UNSET


_OUTCOME: Final = example_of(LaunchOutcome, OpenedActivity(url="https://videos.example.com/welding?viewer=3"))


@endpoint(
    "POST",
    "/activities/{activity_id}/launches",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=LaunchActivity(user_id=3),
    answers=_OUTCOME,
    students=True,
    versioned=False,
)
async def launch_course_activity(call: Call, activity_id: int, body: LaunchActivity) -> LaunchOutcome:
    """
    Remember that a user opens an activity, and tell the address (V4).

    Who attends or instructs a class of the course can open it, and to whom the course is assigned.
    """
    performed = await create(
        call,
        launch_activity,
        see=see_activity,
        id_of=lambda _: activity_id,
        actor=call.actor,
        activity_id=activity_id,
        user_id=_user_who_opens(call, body.user_id),
    )
    return performed.told(LaunchOutcome, result=OpenedActivity(url=performed.result))


def _user_who_opens(call: Call, given: int | UnsetType) -> int:
    if given is not UNSET:
        return given
    if call.actor.student is not None:
        return call.actor.student.user_id
    text = "it is not said who opens the activity; give user_id, or make the call for a student"
    raise RefusedError(422, "student_missing", text, field="$.user_id")


ENDPOINTS: tuple[Endpoint, ...] = (launch_course_activity,)
