"""Enrollments as the TMS documents them: their numbers, names and objects."""

from typing import Annotated, Final

from msgspec import Meta

from rollbook.api.tms.choices import Choices
from rollbook.api.tms.envelope import Answer, Pages, Record, Total
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.search import FoundEnrollment
from rollbook.enrollments.queries.sight import EnrollmentRow
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus

ENROLLMENT_STATUSES: Final = Choices(
    "an enrollment status",
    {
        0: ("Request", EnrollmentStatus.REQUESTED),
        10: ("Cancel", EnrollmentStatus.CANCELLED),
        20: ("Waitlist", EnrollmentStatus.WAITLISTED),
        30: ("Approve", EnrollmentStatus.APPROVED),
        40: ("Deny", EnrollmentStatus.DENIED),
        50: ("Audit", EnrollmentStatus.AUDIT),
        60: ("Enroll", EnrollmentStatus.ENROLLED),
    },
)
COMPLETION_STATUSES: Final = Choices(
    "a completion status",
    {
        0: ("Unknown", CompletionStatus.UNKNOWN),
        10: ("Attending", CompletionStatus.ATTENDING),
        20: ("Complete", CompletionStatus.COMPLETE),
        30: ("Incomplete", CompletionStatus.INCOMPLETE),
        40: ("NoShow", CompletionStatus.NO_SHOW),
        50: ("Failed", CompletionStatus.FAILED),
    },
)
LOCATION_TYPES: Final = Choices(
    "a location type",
    {
        0: ("To Be Determined", LocationType.TO_BE_DETERMINED),
        10: ("Classroom", LocationType.CLASSROOM),
        20: ("Remote Classroom", LocationType.REMOTE_CLASSROOM),
        30: ("Virtual", LocationType.VIRTUAL),
    },
)

_OURS = Meta(description="Not part of the TMS.")
_StatusId = Annotated[int, Meta(description="0 Request, 10 Cancel, 20 Waitlist, 30 Approve, 40 Deny, 50 Audit or 60 Enroll.")]
_CompletionId = Annotated[int, Meta(description="0 Unknown, 10 Attending, 20 Complete, 30 Incomplete, 40 NoShow or 50 Failed.")]
_LocationId = Annotated[int, Meta(description="0 To Be Determined, 10 Classroom, 20 Remote Classroom or 30 Virtual.")]
_Version = Annotated[int, Meta(description="Rises by one with every change. Not part of the TMS.")]


class ClassEnrollment(Record):
    """A student's enrollment in a class."""

    id: int
    external_id: str | None
    user_id: int
    class_id: int
    enrollment_status_id: _StatusId
    completion_status_id: _CompletionId
    late_cancel: bool
    retake: bool
    location_type_id: _LocationId
    classroom_id: int | None
    hours_spent: int | None
    grade: int | None
    version: _Version


class ClassEnrollmentSearchResult(ClassEnrollment):
    """An enrollment in a list, with what names its class and its student."""

    class_name: Annotated[str, _OURS]
    first_name: Annotated[str, _OURS]
    last_name: Annotated[str, _OURS]
    starts: Annotated[int | None, _OURS]
    ends: Annotated[int | None, _OURS]
    created: Annotated[int, _OURS]
    last_modified: Annotated[int, _OURS]


class ClassEnrollments(Answer):
    """Enrollments, one or several."""

    results: list[ClassEnrollment]


class FoundClassEnrollments(Answer):
    """A page of enrollments."""

    total_count: Total
    total_pages: Pages
    results: list[ClassEnrollmentSearchResult]


class CreatedClassEnrollment(Answer):
    """The id of the new or reopened enrollment; null in a dry run."""

    class_enrollment_id: int | None


def record_of(row: EnrollmentRow) -> ClassEnrollment:
    """Give an enrollment as it is documented."""
    return ClassEnrollment(
        id=row.id,
        external_id=row.external_id,
        user_id=row.user_id,
        class_id=row.class_id,
        enrollment_status_id=row.status,
        completion_status_id=row.completion,
        late_cancel=row.late_cancel,
        retake=row.retake,
        location_type_id=row.location,
        classroom_id=row.classroom_id,
        hours_spent=row.hours_spent,
        grade=row.grade,
        version=row.version,
    )


def search_result_of(row: FoundEnrollment) -> ClassEnrollmentSearchResult:
    """Give a found enrollment as it is documented."""
    return ClassEnrollmentSearchResult(
        id=row.id,
        external_id=row.external_id,
        user_id=row.user_id,
        class_id=row.class_id,
        enrollment_status_id=row.status,
        completion_status_id=row.completion,
        late_cancel=row.late_cancel,
        retake=row.retake,
        location_type_id=row.location,
        classroom_id=row.classroom_id,
        hours_spent=row.hours_spent,
        grade=row.grade,
        version=row.version,
        class_name=row.class_name,
        first_name=row.first_name,
        last_name=row.last_name,
        starts=row.class_starts_at,
        ends=row.class_ends_at,
        created=row.created_at,
        last_modified=row.modified_at,
    )
