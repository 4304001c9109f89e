"""Making of a form of a class what the class is to say, and telling in the form what keeps it from that."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from rollbook.classes.schedule import AttendedMeetingRemovedError, Meeting, MeetingEndsBeforeStartError, MeetingsOverlapError
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.console import times
from rollbook.console.class_form import LINES, NUMBERS, TEXTS, TICKS, ClassForm, read_meetings, settle_errors
from rollbook.console.given import Given, UnreadableError
from rollbook.console.refusals import sentence
from rollbook.errors import RollbookError, SeveralRefusalsError
from rollbook.organizations.time_zones import TimeZone, UnknownTimeZoneError, find_time_zone

NEEDED: Final = ("name", "status", "delivery", "time_zone", "organization_id")
FIELDS: Final = {"primary_classroom_id": "classroom_ids", "primary_instructor_id": "instructor_ids"}
"""The fields of the form in which other values of an error stand."""

_SHOWN: Final = frozenset(
    {"course_id", "company_id", "classroom_ids", "instructor_ids", "available_to_organization_ids", *LINES, *TEXTS, *NUMBERS}
)


def read_values(form: ClassForm, *, shown: ClassForm | None) -> dict[str, Any]:
    """
    Give what a form says other than another one, which shows what the class says; all that it says where there is none.

    What cannot be read is told in the form's errors, and left out.
    """
    errors: dict[str, str] = {}
    given = Given(form.texts.items())

    def read(name: str, reading: Callable[[], Any]) -> Any:
        try:
            value = reading()
        except (UnreadableError, UnknownTimeZoneError, ValueError) as error:
            errors[name] = sentence(str(error)) if isinstance(error, RollbookError) else "Choose one of these."
            return None
        if value is None and name in NEEDED and (shown is not None or name != "name"):
            errors[name] = "This is needed."
        return value

    values: dict[str, Any] = {}
    zone: TimeZone | None = read("time_zone", lambda: find_time_zone(form.texts["time_zone"]))
    for name, longest in (*LINES.items(), *TEXTS.items()):
        values[name] = zone if name == "time_zone" else read(name, partial(given.text, name, longest=longest))
    for name in NUMBERS:
        values[name] = read(name, partial(given.number, name))
    values["status"] = _member(ClassStatus, values["status"], "status", errors)
    values["delivery"] = _member(Delivery, values["delivery"], "delivery", errors)
    values |= {name: name in form.ticks for name in TICKS}
    values |= {name: next(iter(form.choices[name]), None) for name in ("course_id", "company_id")}
    if values["course_id"] is None:
        errors.setdefault("course_id", "Choose a course.")
    for name in ("classroom_ids", "instructor_ids", "available_to_organization_ids"):
        values[name] = tuple(form.choices[name])
    for name, primary in (("classroom_ids", "primary_classroom_id"), ("instructor_ids", "primary_instructor_id")):
        if form.mains[name] in values[name]:
            values[primary] = form.mains[name]
    if zone is not None:
        values["meetings"] = tuple(read_meetings(form, zone.iana))
    settle_errors(form, errors, ())
    values = {name: value for name, value in values.items() if name not in errors}
    return values if shown is None else _others(form, shown, values)


def tell_refusal(form: ClassForm, error: RollbookError, *, zone: str) -> None:
    """Tell in a form why the class cannot say what it says."""
    refusals = error.refusals if isinstance(error, SeveralRefusalsError) else (error,)
    errors: dict[str, str] = {}
    problems = []
    for refusal in refusals:
        field = FIELDS.get(refusal.field or "", refusal.field)
        text = _told(refusal, zone)
        if field in _SHOWN and field not in errors:
            errors[field] = text
        else:
            problems.append(text)
    settle_errors(form, errors, problems)


def zone_in(form: ClassForm, *, otherwise: str) -> str:
    """Give the IANA name of the zone that a form says, or another one where it says none."""
    try:
        return find_time_zone(form.texts["time_zone"]).iana
    except UnknownTimeZoneError:
        return otherwise


def _others(form: ClassForm, shown: ClassForm, values: dict[str, Any]) -> dict[str, Any]:
    """Give the values of fields in which two forms differ."""
    changed = {name for name in form.texts if form.texts[name] != shown.texts[name]}
    changed |= form.ticks ^ shown.ticks
    changed |= {name for name in form.choices if form.choices[name] != shown.choices[name]}
    for name, primary in (("classroom_ids", "primary_classroom_id"), ("instructor_ids", "primary_instructor_id")):
        if name in changed or form.mains[name] != shown.mains[name]:
            changed |= {name, primary}
    return {name: value for name, value in values.items() if name in changed or name == "meetings"}


def _told(refusal: RollbookError, zone: str) -> str:
    match refusal:
        case MeetingsOverlapError():
            return f"The meeting {_span(refusal.earlier, zone)} overlaps the one {_span(refusal.later, zone)}. Give meetings that follow each other."
        case MeetingEndsBeforeStartError():
            return f"The meeting {times.moment(refusal.meeting.starts_at, zone)} ends before it begins. Give a later end."
        case AttendedMeetingRemovedError():
            told = "; ".join(_span(meeting, zone) for meeting in refusal.meetings)
            return (
                f"Somebody's attendance is marked for meetings that are left out ({told}). Keep them, or take their attendance away first."
            )
    return sentence(str(refusal))


def _span(meeting: Meeting, zone: str) -> str:
    return times.span(meeting.starts_at, meeting.ends_at, zone)


def _member(kind: Any, number: int | None, name: str, errors: dict[str, str]) -> Any:
    try:
        return None if number is None else kind(number)
    except ValueError:
        errors[name] = "Choose one of these."
        return None
