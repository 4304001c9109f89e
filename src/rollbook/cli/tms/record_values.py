"""What the records of another TMS hold, as parameters: those of the commands that would create them here, and what records tell beyond them."""

from typing import Annotated

from msgspec import UNSET, UnsetType

from rollbook.access.training_keys import LONGEST_TRAINING_KEY
from rollbook.api.tms.choices import Choice
from rollbook.api.tms.commands.classes import ClassValues
from rollbook.api.tms.commands.classrooms import CreatedClassroomValues
from rollbook.api.tms.commands.companies import NewCompanyValues
from rollbook.api.tms.commands.course_feedback import FeedbackValues
from rollbook.api.tms.commands.course_records import ACTIVITY_TYPES, AVAILABILITY_TYPES
from rollbook.api.tms.commands.course_tags import NewTagGroupValues
from rollbook.api.tms.commands.courses import CreatedCourseValues
from rollbook.api.tms.commands.custom_fields import NewCustomFieldValues
from rollbook.api.tms.commands.enrollments import EnrollmentValues
from rollbook.api.tms.commands.organizations import NewOrganizationValues
from rollbook.api.tms.commands.subscription_profiles import NewProfileValues
from rollbook.api.tms.commands.subscriptions import NewSubscriptionValues
from rollbook.api.tms.commands.users import NewUserValues
from rollbook.api.tms.numbers import Boolean, Id, Integer, Time
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.texts import Text
from rollbook.courses.activity_types import ActivityType, Availability

Moment = int | UnsetType


class ToldOrganization(NewOrganizationValues):
    """An organization."""

    id: Annotated[int, Id("")]
    enabled: Annotated[bool | UnsetType, Boolean("")] = UNSET
    default_user_name_pattern: Annotated[str | UnsetType, Text("", maximum=50)] = UNSET


class ToldCompany(NewCompanyValues):
    """A company."""

    id: Annotated[int, Id("")]


class ToldUser(NewUserValues):
    """A user."""

    id: Annotated[int, Id("")]


class ToldClassroom(CreatedClassroomValues):
    """A classroom."""

    id: Annotated[int, Id("")]
    created_at: Annotated[Moment, Time("", name="Created")] = UNSET
    modified_at: Annotated[Moment, Time("", name="LastModified")] = UNSET


class ToldCourse(CreatedCourseValues):
    """A course."""

    id: Annotated[int, Id("")]
    created_at: Annotated[Moment, Time("", name="CourseDateCreated")] = UNSET
    modified_at: Annotated[Moment, Time("", name="CourseLastModifiedDate")] = UNSET


class ToldClass(ClassValues):
    """A class."""

    id: Annotated[int, Id("")]
    enabled: Annotated[bool | UnsetType, Boolean("")] = UNSET


class ToldEnrollment(EnrollmentValues):
    """An enrollment."""

    id: Annotated[int, Id("")]
    created_at: Annotated[Moment, Time("", name="Created")] = UNSET
    modified_at: Annotated[Moment, Time("", name="LastModified")] = UNSET


class ToldCustomField(NewCustomFieldValues):
    """A custom field."""

    id: Annotated[int, Id("")]


class ToldTagGroup(NewTagGroupValues):
    """A group of tags."""

    id: Annotated[int, Id("")]
    created_at: Annotated[Moment, Time("", name="Created")] = UNSET
    modified_at: Annotated[Moment, Time("", name="LastModified")] = UNSET


class ToldActivity(Parameters):
    """An activity of a course, as the course tells of it."""

    id: Annotated[int, Id("")]
    parent_id: Annotated[int | UnsetType, Id("")] = UNSET
    activity_type: Annotated[ActivityType, Choice(ACTIVITY_TYPES, "", name="ActivityTypeId")]
    name: Annotated[str, Text("")]
    subtitle: Annotated[str | UnsetType, Text("")] = UNSET
    description: Annotated[str | UnsetType, Text("", maximum=8_000, lines=True)] = UNSET
    url: Annotated[str | UnsetType, Text("", maximum=2_048)] = UNSET
    position: Annotated[int | UnsetType, Integer("", name="SortOrder")] = UNSET
    required: Annotated[bool | UnsetType, Boolean("")] = UNSET
    allow_retake: Annotated[bool | UnsetType, Boolean("")] = UNSET
    allow_review: Annotated[bool | UnsetType, Boolean("")] = UNSET
    availability: Annotated[Availability | UnsetType, Choice(AVAILABILITY_TYPES, "", name="AvailabilityTypeId")] = UNSET


class ToldFeedback(FeedbackValues):
    """What a student says of a course."""

    id: Annotated[int, Id("")]
    created_at: Annotated[Moment, Time("", name="Created")] = UNSET
    modified_at: Annotated[Moment, Time("", name="LastModified")] = UNSET


class ToldProfile(NewProfileValues):
    """A subscription profile."""

    id: Annotated[int, Id("")]
    created_at: Annotated[Moment, Time("", name="Created")] = UNSET
    modified_at: Annotated[Moment, Time("", name="LastModified")] = UNSET


class ToldSubscription(NewSubscriptionValues):
    """A subscription."""

    id: Annotated[int, Id("")]
    training_key_id: Annotated[int | UnsetType, Id("")] = UNSET
    created_at: Annotated[Moment, Time("", name="Created")] = UNSET
    modified_at: Annotated[Moment, Time("", name="LastModified")] = UNSET


class ToldTrainingKey(Parameters):
    """A subscription training key."""

    id: Annotated[int, Id("")]
    organization_id: Annotated[int, Id("", name="OrganizationId")]
    profile_id: Annotated[int, Id("", name="SubscriptionProfileId")]
    training_key: Annotated[str, Text("", maximum=LONGEST_TRAINING_KEY)]
    expires_at: Annotated[int, Time("", name="ExpirationDate")]
    content_expires_at: Annotated[Moment, Time("", name="ContentExpirationDate")] = UNSET
    maximum_uses: Annotated[int | UnsetType, Integer("", name="MaxKeyUses", minimum=1)] = UNSET
    uses: Annotated[int | UnsetType, Integer("", minimum=0)] = UNSET
    created_by_id: Annotated[int | UnsetType, Id("")] = UNSET
    modified_by_id: Annotated[int | UnsetType, Id("", name="LastModifiedById")] = UNSET
    created_at: Annotated[Moment, Time("", name="Created")] = UNSET
    modified_at: Annotated[Moment, Time("", name="LastModified")] = UNSET


class ToldAssignment(Parameters):
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
