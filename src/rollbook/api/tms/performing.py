"""Performing a command's action, or rehearsing it for a dry run and telling what it would have changed."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from rollbook.api.tms.call import Call
from rollbook.api.tms.envelope import Change
from rollbook.database.transaction import Action, Arguments, Recorded, Result

OBJECTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "activity": "CourseActivity",
        "announcement": "SystemAnnouncement",
        "assignment": "CourseAssignment",
        "class": "Class",
        "classroom": "Classroom",
        "company": "Company",
        "course": "Course",
        "custom_field": "CustomField",
        "enrollment": "ClassEnrollment",
        "feedback": "CourseFeedback",
        "organization": "Organization",
        "subscription": "ClubMembership",
        "subscription_profile": "Club",
        "subscription_training_key": "SubscriptionTrainingKey",
        "tag": "CourseTag",
        "tag_group": "CourseTagGroup",
        "user": "User",
    }
)
"""What the TMS calls the subjects of the history."""

DOCUMENTED_NAMES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("announcement", "ends_at"): "EndDate",
        ("announcement", "starts_at"): "StartDate",
        ("activity", "activity_type"): "ActivityTypeId",
        ("activity", "availability"): "AvailabilityTypeId",
        ("activity", "position"): "SortOrder",
        ("assignment", "completed_at"): "Completed",
        ("assignment", "expires_at"): "Expires",
        ("assignment", "started_at"): "Started",
        ("assignment", "subscription_id"): "ClubMembershipId",
        ("assignment", "target_completion_at"): "TargetCompletionDate",
        ("class", "delivery"): "DeliveryTypeId",
        ("class", "maximum"): "MaxStudents",
        ("class", "meetings"): "ClassMeetings",
        ("class", "minimum"): "MinStudents",
        ("class", "enable_training_key"): "EnableClassTrainingKey",
        ("class", "status"): "ConfirmationStatusId",
        ("class", "time_zone"): "TimeZoneId",
        ("class", "training_key"): "ClassTrainingKey",
        ("custom_field", "data_type"): "DataTypeId",
        ("custom_field", "is_unique"): "Unique",
        ("custom_field", "subject"): "SubjectTypeId",
        ("enrollment", "completion"): "CompletionStatusId",
        ("enrollment", "location"): "LocationTypeId",
        ("enrollment", "status"): "EnrollmentStatusId",
        ("organization", "time_zone"): "TimeZoneId",
        ("subscription", "expires_at"): "Expires",
        ("subscription", "profile_id"): "ClubId",
        ("subscription", "starts_at"): "Starts",
        ("subscription", "target_completion_at"): "TargetCompletion",
        ("subscription_training_key", "content_expires_at"): "ContentExpirationDate",
        ("subscription_training_key", "expires_at"): "ExpirationDate",
        ("subscription_training_key", "maximum_uses"): "MaxKeyUses",
        ("subscription_training_key", "profile_id"): "SubscriptionProfileId",
        ("tag", "group_id"): "CourseTagGroupId",
        ("user", "custom_fields"): "CustomFieldValues",
        ("user", "time_zone"): "TimeZoneId",
    }
)
"""What the TMS calls the fields whose names in the history are not simply those in another case."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


async def perform(call: Call, action: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
    """Run a writing command's action; in a dry run keep nothing of it and tell its changes to the call."""
    if not call.dry_run:
        result: Result = await call.database.write(action, *positional, **named)
        return result
    rehearsal = await call.database.rehearse(action, *positional, **named)
    call.changes.extend(changes_of(rehearsal.recorded))
    rehearsed: Result = rehearsal.result
    return rehearsed


def changes_of(recorded: Iterable[Recorded]) -> Iterator[Change]:
    """Give every value that recorded changes change, under its documented name; what would be created has no id."""
    for change in recorded:
        record = change.record
        before = _decode(record["before"]) if record["before"] is not None else {}
        after = _decode(record["after"]) if record["after"] is not None else {}
        subject = record["subject"]
        for field in {**before, **after}:
            was, becomes = _plain(before.get(field)), _plain(after.get(field))
            if was != becomes:
                yield Change(
                    object=OBJECTS.get(subject, subject),
                    id=change.subject_id if before else None,
                    field=documented_name(subject, field),
                    before=was,
                    after=becomes,
                )


def documented_name(subject: str, field: str) -> str:
    """Give the documented name of a field of the history."""
    return DOCUMENTED_NAMES.get((subject, field)) or "".join(part.capitalize() for part in field.split("_"))


def _plain(value: Any) -> str | int | bool | None:
    """Give a value as a change tells it: lists and objects as JSON text."""
    return _encode(value).decode() if isinstance(value, list | dict) else value
