"""Whom each page and each form is for, written down by hand, so that none is widened by accident; and the addresses to open them at."""

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from rollbook.console.door import PAGES
from rollbook.console.page import Page
from tests.console.center import Role


class Opening(Struct, frozen=True):
    """
    Whom a page is for.

    Attributes:
        roles: Those for whom it opens.
        strangers: Those whose role would open it, but who have nothing to do with what it is about: for them it is not there.
    """

    roles: frozenset[Role]
    strangers: frozenset[Role] = frozenset()


def _opening(*roles: Role, but: tuple[Role, ...] = ()) -> Opening:
    return Opening(frozenset(roles), frozenset(but))


_DESK: Final = (Role.DESK, Role.COORDINATOR, Role.ADMINISTRATOR)
_EDITORS: Final = (Role.COORDINATOR, Role.ADMINISTRATOR)

EVERYONE: Final = _opening(*Role)
SIGNED_IN: Final = _opening(*(role for role in Role if role is not Role.NOBODY))
STUDENTS: Final = _opening(Role.STUDENT, Role.ADMINISTRATOR)
WHO_IS_IN_IT: Final = _opening(Role.STUDENT, but=(Role.ADMINISTRATOR,))
INSTRUCTORS: Final = _opening(Role.INSTRUCTOR, Role.OTHER_INSTRUCTOR, Role.ADMINISTRATOR)
DESK: Final = _opening(*_DESK, Role.FOREIGNER)
DESK_OF_IT: Final = _opening(*_DESK, but=(Role.FOREIGNER,))
FOLLOWERS: Final = _opening(*_DESK, Role.FOREIGNER, Role.COMPANY_MANAGER)
EDITORS: Final = _opening(*_EDITORS, Role.FOREIGNER)
EDITORS_OF_IT: Final = _opening(*_EDITORS, but=(Role.FOREIGNER,))
STAFF_OF_IT: Final = _opening(*_DESK, Role.INSTRUCTOR, but=(Role.OTHER_INSTRUCTOR, Role.FOREIGNER))

FOR_WHOM: Final[Mapping[str, Opening]] = {
    "GET /sign-in": EVERYONE,
    "POST /sign-in": EVERYONE,
    "POST /sign-out": SIGNED_IN,
    "GET /Service/ExternalLogon": EVERYONE,
    "GET /password/{token}": EVERYONE,
    "POST /password/{token}": EVERYONE,
    "GET /my/password": SIGNED_IN,
    "POST /my/password": SIGNED_IN,
    "GET /my/training": STUDENTS,
    "GET /my/classes/{class_id}": STUDENTS,
    "POST /my/classes/{class_id}": STUDENTS,
    "GET /my/classes/{class_id}/cancel": STUDENTS,
    "POST /my/classes/{class_id}/cancel": WHO_IS_IN_IT,
    "GET /my/transcript": STUDENTS,
    "GET /my/profile": SIGNED_IN,
    "POST /my/profile": SIGNED_IN,
    "GET /schedule": STUDENTS,
    "GET /home": SIGNED_IN,
    "POST /organization": SIGNED_IN,
    "GET /choose/courses": DESK,
    "GET /choose/rooms": DESK,
    "GET /choose/instructors": DESK,
    "GET /choose/students": DESK,
    "GET /choose/companies": DESK,
    "GET /search": DESK,
    "GET /overview": DESK,
    "GET /check-in": DESK,
    "POST /check-in/{enrollment_id}": DESK_OF_IT,
    "POST /check-in/{enrollment_id}/undo": DESK_OF_IT,
    "GET /classes": DESK,
    "GET /classes.csv": DESK,
    "GET /enrollments": FOLLOWERS,
    "GET /enrollments.csv": FOLLOWERS,
    "GET /enrollments/{enrollment_id}": DESK_OF_IT,
    "POST /enrollments/{enrollment_id}": DESK_OF_IT,
    "GET /people": DESK,
    "GET /people/{user_id}": DESK_OF_IT,
    "POST /people/{user_id}/password-link": EDITORS_OF_IT,
    "GET /classes/{class_id}/roster": STAFF_OF_IT,
    "GET /classes/{class_id}/roster/state": STAFF_OF_IT,
    "GET /classes/{class_id}/roster/lines/{enrollment_id}": STAFF_OF_IT,
    "POST /classes/{class_id}/roster/lines/{enrollment_id}": DESK_OF_IT,
    "POST /classes/{class_id}/roster/lines/{enrollment_id}/completion": STAFF_OF_IT,
    "GET /classes/{class_id}/roster/add": DESK_OF_IT,
    "GET /classes/{class_id}/roster/add/people": DESK_OF_IT,
    "POST /classes/{class_id}/roster/students": DESK_OF_IT,
    "POST /classes/{class_id}/roster/students-of-class": DESK_OF_IT,
    "GET /classes/{class_id}/roster/cancel/{enrollment_id}": DESK_OF_IT,
    "POST /classes/{class_id}/roster/cancel/{enrollment_id}": DESK_OF_IT,
    "POST /classes/{class_id}/roster/changes": DESK_OF_IT,
    "POST /classes/{class_id}/roster/completions": STAFF_OF_IT,
    "POST /classes/{class_id}/roster/emails": DESK_OF_IT,
    "POST /classes/{class_id}/roster/undo": DESK_OF_IT,
    "GET /classes/{class_id}/waitlist": DESK_OF_IT,
    "POST /classes/{class_id}/waitlist/promotions": DESK_OF_IT,
    "POST /classes/{class_id}/waitlist/{enrollment_id}/entry": DESK_OF_IT,
    "POST /classes/{class_id}/waitlist/{enrollment_id}/position": DESK_OF_IT,
    "GET /classes/{class_id}/attendance": STAFF_OF_IT,
    "POST /classes/{class_id}/attendance": STAFF_OF_IT,
    "POST /classes/{class_id}/attendance/everyone": STAFF_OF_IT,
    "GET /classes/{class_id}/completion": STAFF_OF_IT,
    "POST /classes/{class_id}/completion": STAFF_OF_IT,
    "POST /classes/{class_id}/closing": EDITORS_OF_IT,
    "GET /classes/{class_id}/sign-in-sheet": STAFF_OF_IT,
    "GET /classes/{class_id}": STAFF_OF_IT,
    "GET /classes/{class_id}/history": DESK_OF_IT,
    "GET /classes/new": EDITORS,
    "POST /classes/new": EDITORS,
    **{
        f"{method} /classes/{{class_id}}/{act}": EDITORS_OF_IT
        for method in ("GET", "POST")
        for act in ("edit", "clone", "cancel", "custom-fields")
    },
    "GET /teaching": INSTRUCTORS,
}

BY_LINK: Final = frozenset({"/Service/ExternalLogon", "/password/{token}"})
"""Addresses that whoever has the secret of a link may open, once."""

DOWNLOADS: Final = frozenset(
    {
        "/choose/courses",
        "/choose/rooms",
        "/choose/instructors",
        "/choose/students",
        "/choose/companies",
        "/classes.csv",
        "/enrollments.csv",
        "/classes/{class_id}/roster/state",
        "/classes/{class_id}/roster/lines/{enrollment_id}",
        "/classes/{class_id}/roster/add/people",
    }
)
"""Addresses that a browser keeps as a file, and parts of pages that only scripts ask for."""

ASKED: Final[Mapping[str, str]] = {"/search": "?q=e"}
"""What is asked for at an address, where there is little to see without."""


def key_of(page: Page) -> str:
    """Name a page or form as the table does."""
    return f"{page.method} {page.path}"


def pages_for(role: Role) -> list[Page]:
    """Give the pages that open for somebody."""
    return [page for page in PAGES if page.method == "GET" and page.path not in BY_LINK and role in FOR_WHOM[key_of(page)].roles]


def address_of(page: Page, ids: Mapping[str, int]) -> str:
    """Give the address of a page about these things."""
    return re.sub(r"\{(\w+)\}", lambda found: str(ids.get(found[1], "of-nothing")), page.path) + ASKED.get(page.path, "")


def is_about_something(page: Page) -> bool:
    """Tell whether an address names something that is somebody's."""
    return "_id}" in page.path
