"""Single classes of the REST API: creating, showing and changing one."""

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.class_records import EXAMPLE, Class, see_class
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.enrolling import PLACES, ClassEffect, told_effect
from rollbook.api.rest.examples import LATER_TIME, SOME_TIME, change, example_of
from rollbook.api.rest.performing import create, given_in, perform
from rollbook.api.rest.values import Count, Description, GivenTime, Html, Id, Line50, Name, Note, TimeZoneName, Url, seconds_of, zone_named
from rollbook.api.rest.words import ClassStatusWord, DeliveryWord, member_of
from rollbook.classes.actions.create import CreatedClass, NewClass
from rollbook.classes.actions.create import create_class as create_class_action
from rollbook.classes.clashes import ScheduleWarning
from rollbook.classes.details import ClassChanges
from rollbook.classes.schedule import MOST_MEETINGS, Meeting
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.class_changes import update_class as update_class_action
from rollbook.enrollments.queries.effects import Effect, tell_effect

TAG: Final = "Classes"

TrainingKey = Annotated[
    Line50,
    Meta(description="Of one class only on the whole server; null takes it away, so that a new one is made where it opens the class."),
]
Ids = Annotated[tuple[Id, ...], Meta(max_length=1_000)]


class GivenMeeting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a class is to meet."""

    starts_at: GivenTime
    ends_at: GivenTime


class ClassOutcome(ClassEffect, frozen=True, kw_only=True):
    """What became of a class, and of its students."""

    result: Class


class ClassValues(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What creating and updating a class both take."""

    name: Annotated[Name, Meta(description="By default the course's.")] | UnsetType = UNSET
    external_id: Name | UnsetType | None = UNSET
    description: Description | UnsetType | None = UNSET
    html_description: Html | UnsetType | None = UNSET
    time_zone: Annotated[TimeZoneName, Meta(description="By default the organization's. Meetings do not move with it.")] | UnsetType = UNSET
    company_id: Id | UnsetType | None = UNSET
    status: ClassStatusWord | UnsetType = UNSET
    delivery: DeliveryWord | UnsetType = UNSET
    minimum: Count | UnsetType | None = UNSET
    maximum: Count | UnsetType | None = UNSET
    primary_instructor_id: Id | UnsetType | None = UNSET
    instructor_ids: Ids | UnsetType = UNSET
    primary_classroom_id: Id | UnsetType | None = UNSET
    classroom_ids: Ids | UnsetType = UNSET
    virtual_meeting_host_id: Id | UnsetType | None = UNSET
    custom_virtual_classroom_url: Url | UnsetType | None = UNSET
    allow_self_enrollment: bool | UnsetType = UNSET
    is_public: bool | UnsetType = UNSET
    requires_approval: bool | UnsetType = UNSET
    note: Note | UnsetType | None = UNSET
    disable_labs: bool | UnsetType = UNSET
    survey_id: Id | UnsetType | None = UNSET
    student_survey_availability_start_type_id: Count | UnsetType | None = UNSET
    survey_availability_start_hours: Count | UnsetType | None = UNSET
    survey_availability_end_days: Count | UnsetType | None = UNSET
    instructor_survey_id: Id | UnsetType | None = UNSET
    organization_survey_id: Id | UnsetType | None = UNSET
    enable_training_key: Annotated[bool, Meta(description="Its training key opens it (A6); one is made where it has none.")] | UnsetType = (
        UNSET
    )
    training_key: TrainingKey | UnsetType | None = UNSET
    meetings: (
        Annotated[tuple[GivenMeeting, ...], Meta(max_length=MOST_MEETINGS, description="All of its meetings, in place of those it has.")]
        | UnsetType
    ) = UNSET
    available_to_organization_ids: Ids | UnsetType = UNSET


class CreateClass(ClassValues, frozen=True, kw_only=True):
    """A class to create."""

    course_id: Id
    organization_id: Annotated[Id, Meta(description="The organization that runs it; by default the key's.")] | UnsetType = UNSET


class UpdateClass(ClassValues, frozen=True, kw_only=True):
    """What to change of a class."""

    course_id: Id | UnsetType = UNSET
    organization_id: Id | UnsetType = UNSET
    reason: Annotated[Name, Meta(description="Why; the history keeps it.")] | UnsetType = UNSET


_OUTCOME: Final = example_of(ClassOutcome, EXAMPLE, change("class", "maximum", 10, 12), places=[PLACES], promoted=[], passed_over=[])


@endpoint(
    "POST",
    "/classes",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=CreateClass(course_id=1, maximum=12, meetings=(GivenMeeting(starts_at=SOME_TIME, ends_at=LATER_TIME),)),
    answers=_OUTCOME,
    creates="/classes/{id}",
)
async def create_class(call: Call, body: CreateClass) -> ClassOutcome:
    """
    Create a class.

    A clash of its schedule is a warning (C3).
    """
    given = {"organization_id": call.actor.viewer.organization_id, **_given(body)}
    performed = await create(call, create_class_action, see=see_class, id_of=_id_of, actor=call.actor, new=NewClass(**given))
    return performed.told(ClassOutcome, warnings=performed.result.warnings, places=[], promoted=[], passed_over=[])


@endpoint("GET", "/classes/{class_id}", tag=TAG, scope=Scope.READ, students=True, answers=EXAMPLE)
async def get_class(call: Call, class_id: int) -> Class:
    """
    Show a class.

    A student sees those that are offered to them, and those that they are or were in.
    """
    return await call.database.search(see_class, call.actor, class_id)


@endpoint(
    "PATCH",
    "/classes/{class_id}",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=UpdateClass(maximum=12, requires_approval=False, reason="More seats."),
    answers=_OUTCOME,
)
async def update_class(call: Call, class_id: int, body: UpdateClass) -> ClassOutcome:
    """
    Change a class.

    Cancelling or denying it cancels its active enrollments (L3); raising its maximum may let in who waits (W2).
    """
    given = _given(body)
    reason = given.pop("reason", None)
    effects: list[Effect] = []

    async def act(transaction: Transaction, **values: Any) -> list[ScheduleWarning]:
        warnings = await update_class_action(transaction, **values)
        if call.dry_run:
            effects.append(await tell_effect(transaction, recorded=transaction.recorded))
        return warnings

    performed = await perform(
        call,
        act,
        see=see_class,
        subject_id=class_id,
        actor=call.actor,
        class_id=class_id,
        changes=ClassChanges(**given),
        reason=reason,
    )
    effect = effects[-1] if call.dry_run else await call.database.read(tell_effect, recorded=performed.recorded)
    return performed.told(ClassOutcome, warnings=performed.result, **told_effect(effect))


def _id_of(created: CreatedClass) -> int:
    return created.id


def _given(body: ClassValues) -> dict[str, Any]:
    given = given_in(body)
    if "time_zone" in given:
        given["time_zone"] = zone_named(given["time_zone"])
    if "status" in given:
        given["status"] = member_of(ClassStatus, given["status"])
    if "delivery" in given:
        given["delivery"] = member_of(Delivery, given["delivery"])
    if "meetings" in given:
        given["meetings"] = tuple(
            Meeting(starts_at=seconds_of(meeting.starts_at), ends_at=seconds_of(meeting.ends_at)) for meeting in given["meetings"]
        )
    return given


ENDPOINTS: tuple[Endpoint, ...] = (create_class, get_class, update_class)
