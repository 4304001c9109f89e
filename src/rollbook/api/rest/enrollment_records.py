"""An enrollment as the REST API shows it."""

from typing import Annotated, Final, cast

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.actor import Actor
from rollbook.api.rest.values import Time, moment_of, optional_moment_of, precise_moment_of
from rollbook.api.rest.words import CompletionWord, EnrollmentStatusWord, LocationWord, word_of
from rollbook.database.transaction import Transaction
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.records import EnrollmentRecord, get_enrollment_record
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus


class Enrollment(Struct, frozen=True, kw_only=True):
    """A student's place in a class, or the wish for one."""

    id: int
    class_id: int
    class_name: str
    user_id: int
    first_name: str
    last_name: str
    organization_id: Annotated[int, Meta(description="The class's organization.")]
    external_id: str | None
    status: EnrollmentStatusWord
    completion: CompletionWord
    location: LocationWord
    late_cancel: bool
    retake: bool
    classroom_id: Annotated[int | None, Meta(description="The room that the student is placed in.")]
    hours_spent: int | None
    grade: int | None
    waiting_since: Annotated[Time | None, Meta(description="When the student joined the line, to the microsecond.")]
    position: Annotated[
        int | None, Meta(description="Where the student stands in the line, 1 being the first; null for who does not wait.")
    ]
    passed_over: Annotated[str | None, Meta(description="The rule that let the last promotion pass the student over.")]
    note: Annotated[str | None, Meta(description="For those who administer; never told to students.")] | UnsetType = UNSET
    class_starts_at: Time | None
    class_ends_at: Time | None
    time_zone: Annotated[str, Meta(description="The IANA name of the class's zone.")]
    created_at: Time
    modified_at: Time
    version: int


EXAMPLE: Final = Enrollment(
    id=19,
    class_id=4,
    class_name="Welding, May",
    user_id=3,
    first_name="Sam",
    last_name="Example",
    organization_id=1,
    external_id="E-19",
    status="enrolled",
    completion="unknown",
    location="classroom",
    late_cancel=False,
    retake=False,
    classroom_id=2,
    hours_spent=None,
    grade=None,
    waiting_since=None,
    position=None,
    passed_over=None,
    note=None,
    class_starts_at=moment_of(1_809_936_000),
    class_ends_at=moment_of(1_809_964_800),
    time_zone="Europe/Berlin",
    created_at=moment_of(1_795_000_000),
    modified_at=moment_of(1_795_000_000),
    version=1,
)
"""An enrollment for the OpenAPI document."""


def status_word(status: EnrollmentStatus) -> EnrollmentStatusWord:
    """Give the word of a status."""
    return cast("EnrollmentStatusWord", word_of(status))


def completion_word(completion: CompletionStatus) -> CompletionWord:
    """Give the word of a completion."""
    return cast("CompletionWord", word_of(completion))


def location_word(location: LocationType) -> LocationWord:
    """Give the word of a location."""
    return cast("LocationWord", word_of(location))


def show_enrollment(record: EnrollmentRecord, *, for_student: bool) -> Enrollment:
    """Show an enrollment; a student sees no note."""
    row = record.row
    return Enrollment(
        id=row.id,
        class_id=row.class_id,
        class_name=row.class_name,
        user_id=row.user_id,
        first_name=row.first_name,
        last_name=row.last_name,
        organization_id=row.organization_id,
        external_id=row.external_id,
        status=status_word(row.status),
        completion=completion_word(row.completion),
        location=location_word(row.location),
        late_cancel=row.late_cancel,
        retake=row.retake,
        classroom_id=row.classroom_id,
        hours_spent=row.hours_spent,
        grade=row.grade,
        waiting_since=precise_moment_of(row.waiting_since),
        position=record.position,
        passed_over=row.passed_over,
        note=UNSET if for_student else row.note,
        class_starts_at=optional_moment_of(row.class_starts_at),
        class_ends_at=optional_moment_of(row.class_ends_at),
        time_zone=row.time_zone,
        created_at=moment_of(row.created_at),
        modified_at=moment_of(row.modified_at),
        version=row.version,
    )


async def see_enrollment(transaction: Transaction, actor: Actor, enrollment_id: int) -> Enrollment:
    """
    Give an enrollment as an answer shows it to the one who calls; a student has their own ones only (A1).

    Raises:
        EnrollmentNotFoundError: They have no such enrollment.
    """
    student = actor.student
    record = await get_enrollment_record(
        transaction, viewer=actor.viewer, enrollment_id=enrollment_id, student_id=student.user_id if student else None
    )
    return show_enrollment(record, for_student=student is not None)
