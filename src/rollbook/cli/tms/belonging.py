"""The rows that belong to a record of another TMS, beside the one that it is itself."""

from collections.abc import Iterator
from typing import Any

import msgspec

from rollbook.api.tms.lists import MeetingTimes
from rollbook.cli.tms.kinds import custom_values, ids_in, lowered
from rollbook.cli.tms.reading import RecordReader, plain
from rollbook.cli.tms.record_values import ToldActivity
from rollbook.cli.tms.source import Record
from rollbook.takeover.rows import Row

Values = dict[str, Any]

_ACTIVITIES = RecordReader(ToldActivity)


def nothing(_record_id: int, _values: Values, _record: Record) -> list[Row]:
    """Give no row."""
    return []


def choices_as_text(_record_id: int, values: Values, _record: Record) -> list[Row]:
    """Give no row, and put the choices of a custom field down as they are stored."""
    values["choices"] = msgspec.json.encode(values.get("choices", ())).decode()
    return []


def rows_of_tag_group(group_id: int, _values: Values, record: Record) -> list[Row]:
    """Give the tags of a group."""
    tags = [lowered(tag) for tag in record.get("tags") or ()]
    return [Row("course_tags", {"id": tag["id"], "group_id": group_id, "name": tag["name"]}) for tag in tags]


def rows_of_user(user_id: int, values: Values, record: Record) -> list[Row]:
    """Give a user's roles, managed organizations and values of custom fields."""
    roles = [Row("user_roles", {"user_id": user_id, "role_id": role_id}) for role_id in values.pop("role_ids", ())]
    managed = values.pop("managed_organization_ids", ())
    managing = [Row("managed_organizations", {"user_id": user_id, "organization_id": each}) for each in managed]
    return [*roles, *managing, *_values_of("user", user_id, record)]


def rows_of_course(course_id: int, values: Values, record: Record) -> list[Row]:
    """Give a course's tags, activities and values of custom fields."""
    values.pop("tag_ids", ())
    tags = [Row("tags_of_courses", {"course_id": course_id, "tag_id": lowered(tag)["id"]}) for tag in record.get("tags") or ()]
    return [*tags, *_activities(course_id, record), *_values_of("course", course_id, record)]


def rows_of_class(class_id: int, values: Values, record: Record) -> list[Row]:
    """Give a class's meetings, instructors, classrooms, the organizations that it is offered to, and its values of custom fields."""
    meetings: tuple[MeetingTimes, ...] = values.pop("meetings", ())
    offered: tuple[int, ...] = values.pop("available_to_organization_ids", ())
    instructor_ids = with_primary(values.pop("instructor_ids", ()), values.get("primary_instructor_id"))
    classroom_ids = with_primary(values.pop("classroom_ids", ()), values.get("primary_classroom_id"))
    return [
        *(Row("meetings", {"class_id": class_id, "starts_at": each.start, "ends_at": each.end}) for each in meetings),
        *(Row("class_instructors", {"class_id": class_id, "user_id": each, "position": at}) for at, each in enumerate(instructor_ids)),
        *(Row("class_classrooms", {"class_id": class_id, "classroom_id": each, "position": at}) for at, each in enumerate(classroom_ids)),
        *(Row("class_organizations", {"class_id": class_id, "organization_id": each}) for each in offered),
        *_values_of("class", class_id, record),
    ]


def rows_of_profile(profile_id: int, values: Values, _record: Record) -> list[Row]:
    """Give the courses of a subscription profile."""
    return [Row("courses_of_profiles", {"profile_id": profile_id, "course_id": each}) for each in values.pop("course_ids", ())]


def with_primary(ids: tuple[int, ...], primary_id: int | None) -> tuple[int, ...]:
    """Give ids with the primary one among them: some systems tell of no other."""
    return ids if primary_id is None or primary_id in ids else (*ids, primary_id)


def _activities(course_id: int, parent: Record) -> Iterator[Row]:
    """Give the activities beneath a course, or beneath another activity, each before those beneath it."""
    for told in parent.get("activities") or ():
        activity = lowered(told)
        values, _ = _ACTIVITIES.read(activity)
        yield Row("course_activities", {"course_id": course_id, **plain(values)})
        yield from _activities(course_id, activity)


def _values_of(subject: str, subject_id: int, record: Record) -> Iterator[Row]:
    for value in custom_values(record):
        # What a class has of its course comes with the course.
        if not value.get("inherited"):
            text = value.get("textvalue") or value.get("separatedlistvalues")
            shown = {"text_value": text, "integer_value": value.get("integervalue"), "boolean_value": value.get("booleanvalue")}
            for field_id in ids_in(value.get("id")):
                yield Row("custom_field_values", {"custom_field_id": field_id, "subject": subject, "subject_id": subject_id, **shown})
