"""Courses and what belongs to them as the TMS documents them: their numbers, names and objects."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Final

from msgspec import Meta

from rollbook.api.tms.choices import Choices
from rollbook.api.tms.commands.custom_field_records import CustomFieldValue, values_of
from rollbook.api.tms.envelope import Record
from rollbook.courses.activity_types import EXTERNAL, ActivityType, Availability
from rollbook.courses.queries.activities import ActivityRow
from rollbook.courses.queries.complete import CompleteCourse
from rollbook.courses.tagging import Tag

_TYPES = {
    ActivityType.LAB: "Lab",
    ActivityType.SECTION: "Section",
    ActivityType.VIDEO: "Video",
    ActivityType.DOCUMENT: "Document",
    ActivityType.EXTERNAL_LINK: "External Link",
    ActivityType.ASSESSMENT: "Assessment",
    ActivityType.SCORM_MODULE: "SCORM Module",
    ActivityType.LTI_RESOURCE_LINK: "LTI Resource Link",
    ActivityType.LEARN_ITEM: "Learn Item",
}
ACTIVITY_TYPES: Final = Choices("an activity type", {each.value: (name, each) for each, name in _TYPES.items()})
EXTERNAL_TYPES: Final = Choices(
    "the type of an external activity", {each.value: (name, each) for each, name in _TYPES.items() if each in EXTERNAL}
)
AVAILABILITY_TYPES: Final = Choices(
    "an availability type", {0: ("Everyone", Availability.EVERYONE), 10: ("Instructors", Availability.INSTRUCTORS)}
)

_LISTED_TYPES = ", ".join(f"{number} {name}" for number, name in ACTIVITY_TYPES.names.items())
ActivityTypeNumber = Annotated[int, Meta(description=f"{_LISTED_TYPES}; from 100 on not part of the TMS.")]
ActivityTypeName = Annotated[str, Meta(description="The name of its type.")]


class Activity(Record):
    """An activity of a course, with those that belong to it."""

    id: int
    activity_type_id: ActivityTypeNumber
    activity_type_name: ActivityTypeName
    parent_id: int | None
    activities: "list[Activity]"
    subtitle: str | None
    description: str | None
    name: str
    allow_retake: bool
    allow_review: bool
    url: str | None
    sort_order: int
    required: bool
    availability_type_id: Annotated[int, Meta(description="0 Everyone, 10 Instructors.")]


class CourseTag(Record):
    """A tag."""

    id: int
    name: str
    course_tag_group_id: Annotated[int, Meta(description="Its group. Not part of the TMS.")]
    course_tag_group_name: Annotated[str, Meta(description="Its group's name. Not part of the TMS.")]


class Course(Record):
    """A course."""

    id: int
    external_id: str | None
    name: str
    description: str | None
    html_description: str | None
    available_instructor_led: bool
    available_self_paced: bool
    organization_id: int
    organization_name: str
    content_provider_id: int | None
    content_provider_name: str | None
    activities: list[Activity]
    tags: list[CourseTag]
    duration: Annotated[int | None, Meta(description="Minutes.")]
    course_date_created: int
    course_last_modified_date: Annotated[int, Meta(description="When it, its tags or its activities changed last.")]
    archived: bool
    custom_fields: Annotated[list[CustomFieldValue], Meta(description="What it has of custom fields. Not part of the TMS.")]


class CourseSearchResult(Course):
    """A course in a list."""

    created: int
    last_modified: int


def show_course(course: CompleteCourse) -> Course:
    """Show a course."""
    row = course.row
    return Course(
        id=row.id,
        external_id=row.external_id,
        name=row.name,
        description=row.description,
        html_description=row.html_description,
        available_instructor_led=row.available_instructor_led,
        available_self_paced=row.available_self_paced,
        organization_id=row.organization_id,
        organization_name=row.organization_name,
        content_provider_id=row.content_provider_id,
        content_provider_name=row.content_provider_name,
        activities=show_activities(course.activities),
        tags=[show_tag(tag) for tag in course.tags],
        duration=row.duration,
        course_date_created=row.created_at,
        course_last_modified_date=row.modified_at,
        archived=row.archived,
        custom_fields=values_of(course.custom_fields),
    )


def show_result(course: CompleteCourse) -> CourseSearchResult:
    """Show a course in a list."""
    shown = show_course(course)
    values = {name: getattr(shown, name) for name in Course.__struct_fields__}
    return CourseSearchResult(**values, created=course.row.created_at, last_modified=course.row.modified_at)


def show_activities(rows: Sequence[ActivityRow]) -> list[Activity]:
    """Show the activities of a course as a tree; they come in their order."""
    beneath: defaultdict[int | None, list[ActivityRow]] = defaultdict(list)
    for row in rows:
        beneath[row.parent_id].append(row)
    return _branches(None, beneath)


def _branches(parent_id: int | None, beneath: defaultdict[int | None, list[ActivityRow]]) -> list[Activity]:
    return [
        Activity(
            id=row.id,
            activity_type_id=row.activity_type.value,
            activity_type_name=ACTIVITY_TYPES.names[row.activity_type.value],
            parent_id=row.parent_id,
            activities=_branches(row.id, beneath),
            subtitle=row.subtitle,
            description=row.description,
            name=row.name,
            allow_retake=row.allow_retake,
            allow_review=row.allow_review,
            url=row.url,
            sort_order=row.position,
            required=row.required,
            availability_type_id=row.availability.value,
        )
        for row in beneath[parent_id]
    ]


def show_tag(tag: Tag) -> CourseTag:
    """Show a tag."""
    return CourseTag(id=tag.id, name=tag.name, course_tag_group_id=tag.group_id, course_tag_group_name=tag.group_name)
