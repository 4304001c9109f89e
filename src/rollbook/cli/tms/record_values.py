"""What the records of another TMS hold, as parameters: those of the commands that would create them here, and what records tell beyond them."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from rollbook.api.tms.commands.classes import ClassValues
from rollbook.api.tms.commands.classrooms import CreatedClassroomValues
from rollbook.api.tms.commands.companies import NewCompanyValues
from rollbook.api.tms.commands.courses import CreatedCourseValues
from rollbook.api.tms.commands.enrollments import EnrollmentValues
from rollbook.api.tms.commands.organizations import NewOrganizationValues
from rollbook.api.tms.commands.users import NewUserValues
from rollbook.api.tms.numbers import Boolean, Id, Integer, Time
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.texts import Text

Moment = int | UnsetType


class OrganizationValues(NewOrganizationValues):
    """An organization."""

    id: Annotated[int, Id("")]
    enabled: Annotated[bool | UnsetType, Boolean("")] = UNSET
    default_user_name_pattern: Annotated[str | UnsetType, Text("", maximum=50)] = UNSET


class CompanyValues(NewCompanyValues):
    """A company."""

    id: Annotated[int, Id("")]


class UserValues(NewUserValues):
    """A user."""

    id: Annotated[int, Id("")]


class ClassroomValues(CreatedClassroomValues):
    """A classroom."""

    id: Annotated[int, Id("")]
    created_at: Annotated[Moment, Time("", name="Created")] = UNSET
    modified_at: Annotated[Moment, Time("", name="LastModified")] = UNSET


class CourseValues(CreatedCourseValues):
    """A course."""

    id: Annotated[int, Id("")]
    created_at: Annotated[Moment, Time("", name="CourseDateCreated")] = UNSET
    modified_at: Annotated[Moment, Time("", name="CourseLastModifiedDate")] = UNSET


class TrainingClassValues(ClassValues):
    """A class."""

    id: Annotated[int, Id("")]
    enabled: Annotated[bool | UnsetType, Boolean("")] = UNSET


class ClassEnrollmentValues(EnrollmentValues):
    """An enrollment."""

    id: Annotated[int, Id("")]
    created_at: Annotated[Moment, Time("", name="Created")] = UNSET
    modified_at: Annotated[Moment, Time("", name="LastModified")] = UNSET
    version: Annotated[int, Integer("", minimum=1, default=1)]


class AssignmentValues(Parameters):
    """A course assignment: its moments are days where it is created, and seconds where it is told of."""

    id: Annotated[int, Id("")]
    external_id: Annotated[str | UnsetType, Text("", name="ExternalId")] = UNSET
    course_id: Annotated[int, Id("", name="CourseId")]
    user_id: Annotated[int, Id("", name="UserId")]
    subscription_id: Annotated[int | UnsetType, Id("", name="ClubMembershipId")] = UNSET
    expires_at: Annotated[Moment, Time("", name="Expire")] = UNSET
    target_completion_at: Annotated[Moment, Time("", name="TargetCompletion")] = UNSET
    started_at: Annotated[Moment, Time("", name="Start")] = UNSET
    completed_at: Annotated[Moment, Time("", name="Complete")] = UNSET
    created_at: Annotated[Moment, Time("", name="Created")] = UNSET
    modified_at: Annotated[Moment, Time("", name="LastModified")] = UNSET
