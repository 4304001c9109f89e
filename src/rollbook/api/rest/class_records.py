"""A class as the REST API shows it."""

from typing import Annotated, Any, Final, cast

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.actor import Actor
from rollbook.api.rest.examples import SOME_TIME
from rollbook.api.rest.values import Time, moment_of, optional_moment_of
from rollbook.api.rest.words import ClassStatusWord, DeliveryWord, word_of
from rollbook.classes.queries.classes import ClassNotFoundError, ClassRow, TrainingClass, get_class
from rollbook.classes.schedule import StoredMeeting
from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries.class_facts import list_stored_meetings
from rollbook.enrollments.queries.shown import is_shown_to_student


class ClassMeeting(Struct, frozen=True, kw_only=True):
    """One sitting of a class."""

    id: int
    starts_at: Time
    ends_at: Time


class Class(Struct, frozen=True, kw_only=True):
    """A class."""

    id: int
    version: int
    organization_id: int
    organization_name: str
    course_id: int
    course_name: str
    company_id: Annotated[int | None, Meta(description="The company that the class is dedicated to.")]
    external_id: str | None
    name: str
    description: str | None
    html_description: str | None
    status: ClassStatusWord
    delivery: DeliveryWord
    time_zone: Annotated[str, Meta(description="An IANA name.")]
    starts_at: Annotated[Time | None, Meta(description="The first meeting's start.")]
    ends_at: Annotated[Time | None, Meta(description="The last meeting's end.")]
    meetings: Annotated[list[ClassMeeting], Meta(description="By their starts.")]
    minimum: Annotated[int | None, Meta(description="The fewest students it should have.")]
    maximum: Annotated[int | None, Meta(description="The most students that can be Enrolled; null is no limit.")]
    primary_instructor_id: int | None
    instructor_ids: list[int]
    primary_classroom_id: int | None
    classroom_ids: list[int]
    virtual_meeting_host_id: int | None
    custom_virtual_classroom_url: str | None
    enabled: bool
    allow_self_enrollment: Annotated[bool, Meta(description="Students may enroll themselves.")]
    is_public: Annotated[bool, Meta(description="It is on the public schedule.")]
    requires_approval: Annotated[bool, Meta(description="Students need an approval to enter it.")]
    note: Annotated[str | None, Meta(description="For those who administer; never told to students.")] | UnsetType = UNSET
    available_to_organization_ids: Annotated[list[int], Meta(description="The organizations that it is offered to.")]
    disable_labs: bool
    survey_id: int | None
    student_survey_availability_start_type_id: int | None
    survey_availability_start_hours: int | None
    survey_availability_end_days: int | None
    instructor_survey_id: int | None
    organization_survey_id: int | None
    enable_training_key: Annotated[bool, Meta(description="Its training key opens it (A6).")]
    training_key: Annotated[str | None, Meta(description="Lets in who gives it; never told to students.")] | UnsetType = UNSET
    created_at: Time
    modified_at: Time


EXAMPLE: Final = Class(
    id=1,
    version=2,
    organization_id=1,
    organization_name="Contoso Training",
    course_id=1,
    course_name="Welding",
    company_id=None,
    external_id="WELD-1-NOV",
    name="Welding, November",
    description=None,
    html_description=None,
    status="scheduled",
    delivery="physical",
    time_zone="America/New_York",
    starts_at=SOME_TIME,
    ends_at=SOME_TIME.replace(hour=20),
    meetings=[ClassMeeting(id=1, starts_at=SOME_TIME, ends_at=SOME_TIME.replace(hour=20))],
    minimum=4,
    maximum=12,
    primary_instructor_id=2,
    instructor_ids=[2],
    primary_classroom_id=1,
    classroom_ids=[1],
    virtual_meeting_host_id=None,
    custom_virtual_classroom_url=None,
    enabled=True,
    allow_self_enrollment=True,
    is_public=True,
    requires_approval=False,
    note=None,
    available_to_organization_ids=[],
    disable_labs=False,
    survey_id=None,
    student_survey_availability_start_type_id=None,
    survey_availability_start_hours=None,
    survey_availability_end_days=None,
    instructor_survey_id=None,
    organization_survey_id=None,
    enable_training_key=True,
    training_key="K7QX2MPA9TRE",
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)

_AS_STORED: Final = (set(Class.__struct_fields__) & set(ClassRow.__struct_fields__)) - {
    "status",
    "delivery",
    "time_zone",
    "starts_at",
    "ends_at",
    "note",
    "training_key",
    "created_at",
    "modified_at",
}


async def see_class(transaction: Transaction, actor: Actor, class_id: int) -> Class:
    """
    Show the class with an id; a student sees those that are offered to them (A5) and those that they are or were in.

    Raises:
        ClassNotFoundError: There is no such class for whoever asks.
    """
    found = await get_class(transaction, viewer=actor.viewer, class_id=class_id)
    if actor.student is not None and not await is_shown_to_student(transaction, student=actor.student, class_id=class_id):
        raise ClassNotFoundError(class_id)
    meetings = await list_stored_meetings(transaction, class_id=class_id)
    return show_class(found, meetings, for_student=actor.student is not None)


def show_class(found: TrainingClass, meetings: list[StoredMeeting], *, for_student: bool) -> Class:
    """Show a class; the note and the training key are not for students."""
    row = found.row
    values: dict[str, Any] = {name: getattr(row, name) for name in _AS_STORED}
    return Class(
        **values,
        status=cast("ClassStatusWord", word_of(row.status)),
        delivery=cast("DeliveryWord", word_of(row.delivery)),
        time_zone=row.time_zone_iana,
        starts_at=optional_moment_of(row.starts_at),
        ends_at=optional_moment_of(row.ends_at),
        meetings=[ClassMeeting(id=each.id, starts_at=moment_of(each.starts_at), ends_at=moment_of(each.ends_at)) for each in meetings],
        instructor_ids=list(found.instructor_ids),
        classroom_ids=list(found.classroom_ids),
        available_to_organization_ids=list(found.available_to_organization_ids),
        note=UNSET if for_student else row.note,
        training_key=UNSET if for_student else row.training_key,
        created_at=moment_of(row.created_at),
        modified_at=moment_of(row.modified_at),
    )
