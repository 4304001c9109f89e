"""Find enrollments: by many filters, as a page and as a file; whoever follows a company finds those of its students alone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rollbook.access.roles import Permission
from rollbook.classes.queries.classes import get_class
from rollbook.console import times
from rollbook.console.answer import Answer
from rollbook.console.audiences import FOLLOWERS
from rollbook.console.csv_export import MOST_ROWS, csv_answer
from rollbook.console.list_address import FARTHEST, PAGE_SIZE, Column, ListAddress
from rollbook.console.list_filters import MOST_OFFERED, Choice, Filters, list_organization_choices, name_of_organization
from rollbook.console.page import Page, page
from rollbook.console.visit import Visit
from rollbook.console.words import COMPLETIONS, ENROLLMENT_STATUSES, LOCATIONS
from rollbook.database.words import words_in
from rollbook.enrollments.queries.finding import EnrollmentQuestion
from rollbook.enrollments.queries.listed_enrollments import ListedEnrollment, read_listed_enrollments
from rollbook.enrollments.queries.listing_enrollments import EnrollmentListing, list_enrollment_ids
from rollbook.people.queries.companies import CompanyCriteria, get_company, list_companies
from rollbook.people.queries.users import get_user

COLUMNS: Final = (
    Column(name="student", heading="Student", sort="student"),
    Column(name="email", heading="E-mail"),
    Column(name="company", heading="Company", is_usual=False),
    Column(name="class", heading="Class"),
    Column(name="starts", heading="Starts", sort="starts"),
    Column(name="status", heading="Status"),
    Column(name="completion", heading="Completion"),
    Column(name="location", heading="Location", is_usual=False),
    Column(name="room", heading="Room", is_usual=False),
    Column(name="hours", heading="Hours", is_usual=False, is_number=True),
    Column(name="grade", heading="Grade", is_usual=False, is_number=True),
    Column(name="late", heading="Cancelled late", is_usual=False),
    Column(name="organization", heading="Organization", is_usual=False),
    Column(name="id", heading="Number", is_usual=False, is_number=True),
    Column(name="created", heading="Created", sort="created", is_usual=False),
)
WHEN: Final[Mapping[str, str]] = {
    "future": "Class starts in the future",
    "now": "Class in progress now",
    "past": "Class has ended",
    "any": "At any time",
}


@page("/enrollments", to=FOLLOWERS)
async def find_enrollments(visit: Visit) -> Answer:
    """Show the enrollments that meet the filters, those of classes to come where none is chosen."""
    address, filters = _address(visit), await _filters(visit)
    listing = await _list(visit, address, filters, most=address.offset + PAGE_SIZE)
    viewer = visit.actor.viewer
    found = await visit.database.search(read_listed_enrollments, viewer=viewer, ids=listing.ids[address.offset :])
    return visit.render(
        "finding_enrollments.html",
        title="Enrollments",
        wide=True,
        address=address,
        chips=filters.chips,
        asked=visit.query,
        listing=listing,
        found=found,
        when=WHEN,
        organizations=await list_organization_choices(visit.database, viewer=viewer),
        companies=[] if _followed_company(visit) else await _companies(visit),
        statuses=ENROLLMENT_STATUSES,
        completions=COMPLETIONS,
        cells=CELLS,
        page_size=PAGE_SIZE,
        farthest=FARTHEST,
        most_rows=MOST_ROWS,
        leads_on=visit.may(Permission.EDIT_ENROLLMENTS),
    )


@page("/enrollments.csv", to=FOLLOWERS)
async def export_enrollments(visit: Visit) -> Answer:
    """Give the enrollments that meet the filters as a file, with the columns that are shown, in the same order."""
    address, viewer = _address(visit), visit.actor.viewer
    listing = await _list(visit, address, await _filters(visit), most=MOST_ROWS)

    async def read(ids: Sequence[int]) -> Sequence[Sequence[str]]:
        found = await visit.database.search(read_listed_enrollments, viewer=viewer, ids=ids)
        return [[CELLS[column.name](each) for column in address.columns] for each in found]

    return csv_answer("enrollments.csv", [column.heading for column in address.columns], listing.ids, read)


def _address(visit: Visit) -> ListAddress:
    return ListAddress("/enrollments", visit.query.pairs(), columns=COLUMNS, sort="starts")


def _followed_company(visit: Visit) -> int | None:
    """Give the company beyond which the user sees no enrollment; None for who edits enrollments."""
    return None if visit.may(Permission.EDIT_ENROLLMENTS) else visit.user.company_id


async def _list(visit: Visit, address: ListAddress, filters: Filters, *, most: int) -> EnrollmentListing:
    return await visit.database.search(
        list_enrollment_ids,
        viewer=visit.actor.viewer,
        question=EnrollmentQuestion(**filters.values),
        company_id=_followed_company(visit),
        sort=address.sort,
        descending=address.descending,
        most=most,
    )


async def _companies(visit: Visit) -> list[Choice]:
    rows = await visit.database.search(
        list_companies, viewer=visit.actor.viewer, criteria=CompanyCriteria(), after_id=0, limit=MOST_OFFERED
    )
    return [Choice(row.id, row.name) for row in sorted(rows, key=lambda row: row.name)]


async def _filters(visit: Visit) -> Filters:
    filters = Filters(visit.query, _address(visit), zone=visit.user.time_zone)
    values = filters.values
    for name, field, told in (("student", "student_words", "Student"), ("class_name", "class_words", "Class")):
        text = filters.text(name)
        if text is not None:
            values[field] = words_in(text)
            filters.say(f"{told} “{text}”", name)
    values["starts_after"], values["starts_before"] = filters.days("from", "until", text="Class starts")
    await _read_things(visit, filters)
    is_narrow = any(values.get(name) is not None for name in ("starts_after", "starts_before", "class_id", "user_id"))
    _read_when(filters, now=visit.now, usual="any" if is_narrow else "future")
    filters.members("status", "statuses", ENROLLMENT_STATUSES)
    filters.members("completion", "completions", COMPLETIONS)
    values["created_after"], _ = filters.days("created_from", text="Created")
    if filters.flag("late", "Cancelled late"):
        values["late_cancel"] = True
    return filters


def _read_when(filters: Filters, *, now: int, usual: str) -> None:
    values = filters.values
    chosen = filters.one_of("when", WHEN, usual=usual)
    after, before = values["starts_after"], values["starts_before"]
    match chosen:
        case "future":
            values["starts_after"] = now + 1 if after is None else max(after, now + 1)
        case "now":
            values["starts_before"] = now if before is None else min(before, now)
            values["ends_after"] = now + 1
        case "past":
            values["ends_before"] = now
    if chosen == usual == "future":
        filters.say_usual(WHEN[chosen], "when", "any")
    elif chosen != "any":
        filters.say(WHEN[chosen], "when")


async def _read_things(visit: Visit, filters: Filters) -> None:
    """Read what the enrollments are of; whoever follows a company sees neither classes nor people by themselves."""
    database, viewer, values = visit.database, visit.actor.viewer, filters.values
    if (organization_id := filters.number("organization_id")) is not None:
        values["organization_id"] = organization_id
        filters.say(await name_of_organization(database, viewer=viewer, organization_id=organization_id), "organization_id")
    if not visit.may(Permission.EDIT_ENROLLMENTS):
        return
    if (class_id := filters.number("class_id")) is not None:
        values["class_id"] = class_id
        filters.say((await database.read(get_class, viewer=viewer, class_id=class_id)).row.name, "class_id")
    if (user_id := filters.number("person_id")) is not None:
        values["user_id"] = user_id
        person = await database.read(get_user, viewer=viewer, user_id=user_id)
        filters.say(f"{person.first_name} {person.last_name}", "person_id")
    if (company_id := filters.number("company_id")) is not None:
        values["company_id"] = company_id
        company = await database.read(get_company, viewer=viewer, company_id=company_id)
        filters.say(f"Company {company.name}", "company_id")


def _start(found: ListedEnrollment) -> str:
    return "" if found.starts_at is None else times.local(found.starts_at, found.time_zone).strftime("%Y-%m-%d %H:%M")


def _shown(value: int | str | None) -> str:
    return "" if value is None else str(value)


CELLS: Final[Mapping[str, Callable[[ListedEnrollment], str]]] = {
    "student": lambda found: f"{found.last_name}, {found.first_name}",
    "email": lambda found: found.email,
    "company": lambda found: _shown(found.company_name),
    "class": lambda found: found.class_name,
    "starts": _start,
    "status": lambda found: ENROLLMENT_STATUSES[found.status],
    "completion": lambda found: COMPLETIONS[found.completion],
    "location": lambda found: LOCATIONS[found.location],
    "room": lambda found: _shown(found.classroom_name),
    "hours": lambda found: _shown(found.hours_spent),
    "grade": lambda found: _shown(found.grade),
    "late": lambda found: "yes" if found.late_cancel else "",
    "organization": lambda found: found.organization_name,
    "id": lambda found: _shown(found.id),
    "created": lambda found: times.machine_time(found.created_at),
}
"""What each column says of an enrollment in a file: the start on the clock of the class's zone."""

PAGES: Final[tuple[Page, ...]] = (find_enrollments, export_enrollments)
