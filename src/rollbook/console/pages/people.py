"""Find people, and see one: who they are, what they are in, what they have been in; and let them set a password."""

from typing import Any, Final

from rollbook.access.roles import ROLES
from rollbook.console.answer import Answer
from rollbook.console.audiences import COORDINATORS, PEOPLE_EDITORS
from rollbook.console.list_address import PAGE_SIZE, Column, ListAddress
from rollbook.console.list_filters import LONGEST_WORDS
from rollbook.console.page import Page, form, page
from rollbook.console.visit import Visit
from rollbook.database.words import words_in
from rollbook.enrollments.queries.training import list_training, page_transcript
from rollbook.organizations.queries.organizations import get_organization
from rollbook.people.queries.companies import find_company
from rollbook.people.queries.finding_people import MOST_COUNTED, find_people
from rollbook.people.queries.users import get_user
from rollbook.sessions.actions.links import make_password_link

COLUMNS: Final = (
    Column(name="name", heading="Name", sort="name"),
    Column(name="email", heading="E-mail"),
    Column(name="user_name", heading="User name"),
    Column(name="company", heading="Company"),
    Column(name="organization", heading="Organization"),
    Column(name="external_id", heading="External id", is_usual=False),
    Column(name="id", heading="Number", is_usual=False, is_number=True),
)
TRANSCRIPT_ROWS: Final = 100


@page("/people", to=COORDINATORS)
async def show_people(visit: Visit) -> Answer:
    """Show the people who are found by some words; everybody where there are none."""
    address = ListAddress("/people", visit.query.pairs(), columns=COLUMNS, sort="name")
    typed = visit.query.text("words", longest=LONGEST_WORDS) or ""
    found = await visit.database.search(
        find_people,
        viewer=visit.actor.viewer,
        words=words_in(typed),
        descending=address.descending,
        offset=address.offset,
        limit=PAGE_SIZE,
    )
    return visit.render(
        "people.html", title="People", wide=True, address=address, typed=typed, found=found, page_size=PAGE_SIZE, farthest=MOST_COUNTED
    )


@page("/people/{user_id}", to=COORDINATORS)
async def show_person(visit: Visit, user_id: int) -> Answer:
    """Show a person."""
    return await _show(visit, user_id)


@form("/people/{user_id}/password-link", to=PEOPLE_EDITORS, back="/people/{user_id}")
async def make_link(visit: Visit, user_id: int) -> Answer:
    """Make a link with which a person sets their password once, and show it: it is shown by this answer, and never again."""
    token = await visit.database.write(make_password_link, actor=visit.actor, user_id=user_id)
    return await _show(visit, user_id, link=f"{visit.public_url}/password/{token}")


async def _show(visit: Visit, user_id: int, *, link: str | None = None) -> Answer:
    database, viewer = visit.database, visit.actor.viewer
    person = await database.read(get_user, viewer=viewer, user_id=user_id)
    shown: dict[str, Any] = {
        "organization": await database.read(get_organization, viewer=viewer, organization_id=person.organization_id),
        "company": None if person.company_id is None else await database.read(find_company, viewer=viewer, company_id=person.company_id),
        "roles": [ROLES[role_id].name for role_id in sorted(person.role_ids)],
        "training": await database.search(list_training, viewer=viewer, user_id=user_id),
        "transcript": await database.search(page_transcript, viewer=viewer, user_id=user_id, limit=TRANSCRIPT_ROWS),
    }
    return visit.render("person.html", title=f"{person.first_name} {person.last_name}", wide=True, person=person, link=link, **shown)


PAGES: Final[tuple[Page, ...]] = (show_people, show_person, make_link)
