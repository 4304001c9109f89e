"""The form of a class: what it holds as texts, where these come from, and what is shown again when something is wrong with them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from rollbook.classes.details import ClassDetails
from rollbook.classes.schedule import MOST_MEETINGS, Meeting
from rollbook.console import local_times
from rollbook.console.given import Given, UnreadableError
from rollbook.console.local_times import LocalTime
from rollbook.console.refusals import sentence
from rollbook.organizations.limits import LATEST_TIME

LINES: Final[Mapping[str, int]] = {
    "name": 255,
    "external_id": 255,
    "custom_virtual_classroom_url": 2_048,
    "training_key": 50,
    "time_zone": 100,
}
"""Fields of one line, and how many characters they may have."""

TEXTS: Final[Mapping[str, int]] = {"description": 800, "html_description": 65_536, "note": 8_000}
"""Fields of several lines, and how many characters they may have."""

NUMBERS: Final = ("minimum", "maximum", "status", "delivery", "organization_id")
TICKS: Final = ("is_public", "allow_self_enrollment", "requires_approval", "enable_training_key")
CHOICES: Final = ("course_id", "company_id", "classroom_ids", "instructor_ids", "available_to_organization_ids")
LONGEST_KEPT: Final = 70_000
"""Characters of a text that is shown again, however wrong it is."""


class MeetingRow(Struct, kw_only=True):
    """
    A row of the form, which is a meeting.

    Attributes:
        until: The date on which it ends, where that is another one than that on which it begins.
        is_second: Its start, or its end, is the second moment at which the clocks show it.
        was: The start and the end, in epoch seconds, of the meeting that the row was made of, with a hyphen between; blank for a new one.
        asks_second: The clocks show one of its times twice, so that one has to say which is meant.
        error: What is wrong with it.
    """

    date: str = ""
    start: str = ""
    end: str = ""
    until: str = ""
    is_second: bool = False
    was: str = ""
    asks_second: bool = False
    error: str | None = None

    @property
    def is_blank(self) -> bool:
        """Nothing has been entered."""
        return not (self.date or self.start or self.end or self.until)


class ClassForm(Struct, kw_only=True):
    """
    What a form of a class holds.

    Attributes:
        texts: What the fields hold that one types or selects, by their names.
        ticks: The boxes that are ticked.
        choices: The ids that are chosen, by the names of the fields.
        mains: Which of several rooms, or instructors, is the main one.
        version: The version of the class that the form was made of.
        errors: What is wrong, by the names of the fields.
        problems: What else stands against it.
    """

    texts: dict[str, str]
    ticks: set[str]
    choices: dict[str, list[int]]
    mains: dict[str, int | None]
    meetings: list[MeetingRow]
    version: int = 0
    reason: str = ""
    errors: dict[str, str] = {}
    problems: list[str] = []

    @property
    def is_wrong(self) -> bool:
        """Something has to be corrected."""
        return bool(self.errors or self.problems or any(row.error for row in self.meetings))


def form_of(details: ClassDetails, *, version: int = 0) -> ClassForm:
    """Make the form that shows what a class says."""
    texts = {name: _text(getattr(details, name)) for name in (*LINES, *TEXTS, *NUMBERS)}
    return ClassForm(
        texts=texts,
        ticks={name for name in TICKS if getattr(details, name)},
        choices={
            "course_id": [details.course_id] if details.course_id else [],
            "company_id": [details.company_id] if details.company_id is not None else [],
            **{name: list(getattr(details, name)) for name in ("classroom_ids", "instructor_ids", "available_to_organization_ids")},
        },
        mains={"classroom_ids": details.primary_classroom_id, "instructor_ids": details.primary_instructor_id},
        meetings=[row_of(meeting, details.time_zone_iana) for meeting in details.meetings],
        version=version,
    )


def row_of(meeting: Meeting, zone: str) -> MeetingRow:
    """Make the row of a meeting."""
    starts, ends = local_times.shown(meeting.starts_at, zone), local_times.shown(meeting.ends_at, zone)
    return MeetingRow(
        date=starts.date,
        start=starts.time,
        end=ends.time,
        until="" if ends.date == starts.date else ends.date,
        is_second=starts.is_second or ends.is_second,
        was=f"{meeting.starts_at}-{meeting.ends_at}",
    )


def read_form(given: Given) -> ClassForm:
    """Read what a form sends, as it was entered; what cannot be read at all is told in its errors."""
    errors: dict[str, str] = {}

    def numbers(name: str) -> list[int]:
        try:
            return list(dict.fromkeys(given.numbers(name, least=1)))
        except UnreadableError as error:
            errors[name] = sentence(str(error))
            return []

    count = min(_whole(given.raw("meeting_count")) or 0, MOST_MEETINGS + 1)
    return ClassForm(
        texts={name: given.raw(name).strip().replace("\r\n", "\n")[:LONGEST_KEPT] for name in (*LINES, *TEXTS, *NUMBERS)},
        ticks={name for name in TICKS if given.is_ticked(name)},
        choices={name: numbers(name) for name in CHOICES},
        mains={name: next(iter(numbers(f"main_{name}")), None) for name in ("classroom_ids", "instructor_ids")},
        meetings=[_read_row(given, number) for number in range(count)],
        version=next(iter(numbers("version")), 0),
        reason=given.raw("reason").strip()[:LONGEST_KEPT],
        errors=errors,
    )


def change_rows(form: ClassForm, given: Given) -> bool:
    """Add a row, or take one out, where the button was pressed that does so; tell whether one was."""
    if "add_meeting" in given:
        last = next((row for row in reversed(form.meetings) if not row.is_blank), None)
        form.meetings.append(_row_after(last))
        return True
    taken = _whole(given.raw("remove_meeting"))
    if taken is not None and taken < len(form.meetings):
        del form.meetings[taken]
    return "remove_meeting" in given


def read_meetings(form: ClassForm, zone: str) -> list[Meeting]:
    """Give the meetings of the rows, with what is wrong told in these; blank rows are none."""
    meetings = []
    for row in form.meetings:
        meeting = None if row.is_blank else _read_meeting(row, zone)
        if meeting is not None:
            meetings.append(meeting)
    return meetings


def _read_meeting(row: MeetingRow, zone: str) -> Meeting | None:
    kept = _kept(row, zone)
    if kept is not None:
        return kept
    starts = local_times.read(LocalTime(row.date, row.start, row.is_second), zone)
    ends = local_times.read(LocalTime(row.until or row.date, row.end, row.is_second), zone)
    if isinstance(starts, str):
        row.error = starts
        return None
    if isinstance(ends, str):
        row.error = ends
        return None
    row.asks_second = starts.comes_twice or ends.comes_twice
    if ends.seconds <= starts.seconds:
        row.error = "It ends before it begins. Give a later time, or the later day on which it ends."
        return None
    return Meeting(starts_at=starts.seconds, ends_at=ends.seconds)


def _kept(row: MeetingRow, zone: str) -> Meeting | None:
    """Give the meeting that the row was made of, to the second, where nothing in the row is another since."""
    starts_at, ends_at = map(_whole, (row.was.partition("-")[0], row.was.partition("-")[2]))
    if starts_at is None or ends_at is None or ends_at > LATEST_TIME:
        return None
    meeting = Meeting(starts_at=starts_at, ends_at=ends_at)
    same = row_of(meeting, zone)
    seen = (row.date, row.start, row.end, row.until or row.date)
    return meeting if seen == (same.date, same.start, same.end, same.until or same.date) and not row.asks_second else None


def _read_row(given: Given, number: int) -> MeetingRow:
    texts = {name: given.raw(f"meeting_{name}_{number}").strip()[:30] for name in ("date", "start", "end", "until", "was")}
    return MeetingRow(
        **texts, is_second=given.is_ticked(f"meeting_second_{number}"), asks_second=given.is_ticked(f"meeting_asked_{number}")
    )


def _row_after(last: MeetingRow | None) -> MeetingRow:
    """Make a row for the day after another one, at the same hours."""
    if last is None:
        return MeetingRow()
    following = local_times.day_after(last.until or last.date)
    return MeetingRow(date=following, start=last.start, end=last.end)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 12 else None


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = str(int(value)) if isinstance(value, int) else str(value)
    return text.strip().replace("\r\n", "\n")


def settle_errors(form: ClassForm, errors: Mapping[str, str], problems: Sequence[str]) -> None:
    """Add what is wrong to a form."""
    form.errors = {**errors, **form.errors}
    form.problems = [*form.problems, *problems]
