"""Showing the form of a class: its fields with what there is to choose from, what is wrong, and what is asked."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from rollbook.classes.queries.classes import ClassRow
from rollbook.classes.queries.names import Names
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.console import words
from rollbook.console.answer import Answer
from rollbook.console.choosers import COMPANIES, COURSES, INSTRUCTORS, ROOMS, Chooser, Option, Source, make_chooser
from rollbook.console.class_form import ClassForm, MeetingRow
from rollbook.console.visit import Visit
from rollbook.organizations.queries.organization_lists import OrganizationCriteria, list_organizations
from rollbook.organizations.time_zones import list_zone_names

MOST_ORGANIZATIONS: Final = 200


class Asked(Struct, frozen=True):
    """
    What is asked before something is done.

    Attributes:
        sentences: What one should know.
        digest: What the form sends back to say that one does.
    """

    sentences: Sequence[str]
    digest: str


async def show_form(
    visit: Visit,
    form: ClassForm,
    *,
    title: str,
    row: ClassRow | None,
    names: Names | None,
    status: int = 200,
    asked: Asked | None = None,
    changed_by_others: Sequence[str] = (),
) -> Answer:
    """Answer with the form of a new class, where there is no row, or of one that there is."""
    if not form.meetings:
        form.meetings.append(MeetingRow())
    known = names or Names(classes={}, classrooms={}, users={}, courses={}, organizations={}, companies={})
    viewer = visit.actor.viewer
    organizations = await visit.database.search(
        list_organizations, viewer=viewer, criteria=OrganizationCriteria(enabled=True), after_id=0, limit=MOST_ORGANIZATIONS
    )
    offered = {organization.id: organization.name for organization in organizations}
    given_zone = form.texts["time_zone"]

    async def choose(source: Source, name: str, label: str, known: Sequence[Option], **more: Any) -> Chooser:
        chosen_ids, error = form.choices[name], form.errors.get(name)
        return await make_chooser(visit, source, name=name, label=label, chosen_ids=chosen_ids, known=known, error=error, **more)

    async def choose_several(source: Source, name: str, label: str, known: Sequence[Option]) -> Chooser:
        return await choose(source, name, label, known, many=True, asks_main=True, main=form.mains[name])

    return visit.render(
        "class_form.html",
        status=status,
        title=title,
        row=row,
        form=form,
        asked=asked,
        changed_by_others=changed_by_others,
        organizations=sorted(offered.items(), key=lambda pair: pair[1].casefold()),
        also_offered=sorted(({**known.organizations} | offered).items(), key=lambda pair: pair[1].casefold()),
        zones=[(name, name) for name in (*(() if given_zone in list_zone_names() else (given_zone,)), *list_zone_names())],
        statuses=_statuses(row),
        deliveries=[(delivery.value, words.DELIVERIES[delivery]) for delivery in Delivery],
        course=await choose(COURSES, "course_id", "Course", [] if row is None else [Option(row.course_id, row.course_name)]),
        rooms=await choose_several(ROOMS, "classroom_ids", "Rooms", _options(known.classrooms)),
        instructors=await choose_several(INSTRUCTORS, "instructor_ids", "Instructors", _options(known.users)),
        company=await choose(COMPANIES, "company_id", "Only for people of the company", _options(known.companies), optional=True),
    )


def _options(names: Mapping[int, str]) -> list[Option]:
    return [Option(each, name) for each, name in names.items()]


def _statuses(row: ClassRow | None) -> list[tuple[int, str]]:
    """Give the statuses to choose from: cancelling and completing have pages of their own, which tell what they do."""
    own_pages = {ClassStatus.CANCELLED, ClassStatus.COMPLETED} - ({row.status} if row else set())
    if row is None:
        own_pages.add(ClassStatus.DENIED)
    return [(status.value, words.CLASS_STATUSES[status]) for status in ClassStatus if status not in own_pages]
