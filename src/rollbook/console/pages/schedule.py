"""The schedule: the classes that are offered to a student, with a button to enter each."""

from datetime import date, datetime, time
from typing import Any, Final

from rollbook.classes.statuses import Delivery
from rollbook.console.answer import Answer
from rollbook.console.audiences import STUDENTS
from rollbook.console.given import UnreadableError
from rollbook.console.page import Page, page
from rollbook.console.reading_on import BEHIND, address_behind, address_of, place_in
from rollbook.console.students_words import reason_of
from rollbook.console.times import zone_of
from rollbook.console.visit import Visit
from rollbook.database.words import words_in
from rollbook.enrollments.queries.students_schedule import ScheduleQuestion, list_offered_courses, page_offered_classes

PATH: Final = "/schedule"
LONGEST_WORDS: Final = 100
DELIVERIES: Final = {"online": (Delivery.VIRTUAL, Delivery.MIXED), "room": (Delivery.PHYSICAL, Delivery.MIXED)}


@page(PATH, to=STUDENTS)
async def show_schedule(visit: Visit) -> Answer:
    """Show the classes to choose from."""
    viewer, student, query = visit.actor.viewer, visit.actor.as_student, visit.query
    found = await visit.database.search(
        page_offered_classes, viewer=viewer, student=student, question=_question(visit), behind=place_in(query)
    )
    courses = await visit.database.search(list_offered_courses, viewer=viewer, student=student)
    return visit.render(
        "schedule.html",
        title="Schedule",
        offered=[(each, [reason_of(refusal) for refusal in each.choices.refusals]) for each in found.items],
        courses=[(course.id, course.name) for course in courses],
        asked={name: query.raw(name) for name in ("q", "from", "course", "where")},
        is_asked=any(query.raw(name).strip() for name in ("q", "from", "course", "where")),
        further=address_behind(PATH, query, found.next),
        start=address_of(PATH, query) if BEHIND in query else None,
    )


def _question(visit: Visit) -> ScheduleQuestion:
    query = visit.query
    values: dict[str, Any] = {
        "words": words_in(query.text("q", longest=LONGEST_WORDS) or ""),
        "course_id": query.number("course", least=1),
        "deliveries": DELIVERIES.get(query.raw("where")),
    }
    day = query.text("from")
    if day is not None:
        values["starts_from"] = _midnight(day, visit.user.time_zone or "UTC")
    return ScheduleQuestion(**values)


def _midnight(text: str, zone: str) -> int:
    """Give the first second of a day in a zone."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UnreadableError("from", "a day, such as 2026-11-24") from error
    if not 1970 <= day.year < 9999:
        raise UnreadableError("from", "a day of the years 1970 to 9998")
    return int(datetime.combine(day, time(), tzinfo=zone_of(zone)).timestamp())


PAGES: Final[tuple[Page, ...]] = (show_schedule,)
