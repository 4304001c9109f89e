"""Classes as the TMS documents them: their numbers, names and objects."""

from typing import Annotated, Any, Final

from msgspec import Meta
from msgspec.structs import asdict

from rollbook.api.tms.choices import Choices
from rollbook.api.tms.commands.custom_field_records import CustomFieldValue, values_of
from rollbook.api.tms.envelope import Answer, Pages, Record, Total
from rollbook.classes.queries.classes import TrainingClass
from rollbook.classes.statuses import ClassStatus, Delivery

CONFIRMATION_STATUSES: Final = Choices(
    "a confirmation status",
    {
        0: ("Scheduled", ClassStatus.SCHEDULED),
        1: ("Guaranteed To Run", ClassStatus.GUARANTEED_TO_RUN),
        2: ("Cancelled", ClassStatus.CANCELLED),
        3: ("Rescheduled", ClassStatus.RESCHEDULED),
        4: ("Tentative", ClassStatus.TENTATIVE),
        5: ("Requested", ClassStatus.REQUESTED),
        6: ("Denied", ClassStatus.DENIED),
        7: ("Completed", ClassStatus.COMPLETED),
    },
)
DELIVERY_TYPES: Final = Choices(
    "a delivery type",
    {1: ("Physical", Delivery.PHYSICAL), 2: ("Virtual", Delivery.VIRTUAL), 3: ("Mixed", Delivery.MIXED)},
)

_STATUSES = ", ".join(f"{number} {name}" for number, name in CONFIRMATION_STATUSES.names.items())


class SessionTime(Record):
    """One meeting of a class, in epoch seconds."""

    start: int
    end: int


class Class(Record):
    """A class."""

    id: int
    external_id: str | None
    name: str
    description: str | None
    html_description: str | None
    enabled: bool
    confirmation_status_id: Annotated[int, Meta(description=f"{_STATUSES}.")]
    course_id: int
    organization_id: int
    organization_name: str
    company_id: int | None
    delivery_type_id: Annotated[int, Meta(description="1 Physical, 2 Virtual, 3 Mixed.")]
    instructor_id: Annotated[int | None, Meta(description="The primary instructor.")]
    instructor_first_name: str | None
    instructor_last_name: str | None
    instructor_ids: list[int]
    virtual_meeting_host_id: int | None
    virtual_meeting_id: Annotated[str | None, Meta(description="Always null.")]
    custom_virtual_classroom_url: str | None
    min_students: int | None
    max_students: Annotated[int | None, Meta(description="How many can be Enrolled; null is no limit.")]
    allow_self_enrollment: bool
    is_public: bool
    requires_approval: Annotated[bool, Meta(description="Not part of the TMS.")]
    disable_labs: bool
    survey_id: int | None
    student_survey_availability_start_type_id: int | None
    survey_availability_start_hours: int | None
    survey_availability_end_days: int | None
    instructor_survey_id: int | None
    organization_survey_id: int | None
    organization_survey_response_id: Annotated[int | None, Meta(description="Always null.")]
    available_to_organization_ids: list[int]
    primary_classroom_id: int | None
    classroom_ids: Annotated[list[int], Meta(description="Not part of the TMS.")]
    classroom_address1: str | None
    classroom_address2: str | None
    classroom_city: str | None
    classroom_state: str | None
    classroom_country: str | None
    classroom_zip: str | None
    time_zone_id: str
    enable_class_training_key: Annotated[bool, Meta(description="The class training key opens it.")]
    class_training_key: Annotated[str | None, Meta(description="What students redeem; kept while it is not enabled.")]
    custom_fields: Annotated[list[CustomFieldValue], Meta(description="What it shows of custom fields, its course's values among it.")]
    session_times: list[SessionTime]


class ClassSearchResult(Class):
    """A class in a list, with how full it is and when it begins and ends."""

    course_name: Annotated[str, Meta(description="Not part of the TMS.")]
    enrolled: Annotated[int, Meta(description="How many are Enrolled. Not part of the TMS.")]
    start: Annotated[int | None, Meta(description="The first meeting's start in epoch seconds. Not part of the TMS.")]
    end: Annotated[int | None, Meta(description="The last meeting's end in epoch seconds. Not part of the TMS.")]


class Classes(Answer):
    """The class, as a list of one."""

    results: list[Class]


class FoundClasses(Answer):
    """A page of classes."""

    total_count: Total
    total_pages: Pages
    results: list[ClassSearchResult]


class CreatedClassId(Answer):
    """The id of the new class; null in a dry run."""

    class_id: int | None


def record_of(found: TrainingClass) -> Class:
    """Give a class as it is documented."""
    return Class(**_values(found))


def search_result_of(found: TrainingClass, *, enrolled: int) -> ClassSearchResult:
    """Give a found class as it is documented."""
    row = found.row
    return ClassSearchResult(**_values(found), course_name=row.course_name, enrolled=enrolled, start=row.starts_at, end=row.ends_at)


_AS_STORED: Final = frozenset(Class.__struct_fields__)


def _values(found: TrainingClass) -> dict[str, Any]:
    row = found.row
    return {
        **{name: value for name, value in asdict(row).items() if name in _AS_STORED},
        "confirmation_status_id": row.status.value,
        "delivery_type_id": row.delivery.value,
        "instructor_id": row.primary_instructor_id,
        "instructor_ids": list(found.instructor_ids),
        "virtual_meeting_id": None,
        "min_students": row.minimum,
        "max_students": row.maximum,
        "organization_survey_response_id": None,
        "available_to_organization_ids": list(found.available_to_organization_ids),
        "classroom_ids": list(found.classroom_ids),
        "time_zone_id": row.time_zone,
        "enable_class_training_key": row.enable_training_key,
        "class_training_key": row.training_key,
        "custom_fields": values_of(found.custom_fields),
        "session_times": [SessionTime(start=meeting.starts_at, end=meeting.ends_at) for meeting in found.meetings],
    }
