"""Which pages the menu offers: those that the user's roles open, in the order of their work."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from rollbook.access.roles import Permission
from rollbook.sessions.queries.sessions import SignedIn


class Entry(Struct, frozen=True):
    """
    A page in the menu.

    Attributes:
        is_here: It is the page that is shown, or the one above it.
    """

    path: str
    name: str
    is_here: bool


class _Place(Struct, frozen=True):
    path: str
    name: str
    permission: Permission
    needs_organization: bool = False
    needs_company: bool = False


_PLACES: Final = (
    _Place("/overview", "Overview", Permission.EDIT_ENROLLMENTS, needs_organization=True),
    _Place("/classes", "Classes", Permission.EDIT_ENROLLMENTS, needs_organization=True),
    _Place("/enrollments", "Enrollments", Permission.EDIT_ENROLLMENTS, needs_organization=True),
    _Place("/people", "People", Permission.EDIT_ENROLLMENTS, needs_organization=True),
    _Place("/check-in", "Check-in", Permission.EDIT_ENROLLMENTS, needs_organization=True),
    _Place("/enrollments", "Enrollments of my company", Permission.SEE_COMPANY, needs_company=True),
    _Place("/teaching", "Teaching", Permission.SEE_ROSTER),
    _Place("/my/training", "My training", Permission.SEE_OWN_ENROLLMENTS),
    _Place("/schedule", "Schedule", Permission.SEE_OWN_ENROLLMENTS),
    _Place("/my/transcript", "Transcript", Permission.SEE_OWN_ENROLLMENTS),
)


def entries_for(user: SignedIn, *, path: str) -> Sequence[Entry]:
    """Give the menu of a user on a page."""
    return [Entry(place.path, place.name, f"{path}/".startswith(f"{place.path}/")) for place in _offered(user)]


def home_of(user: SignedIn) -> str:
    """Give the page that a user begins with: the first of the menu, or else their profile."""
    return next((place.path for place in _offered(user)), "/my/profile")


def _offered(user: SignedIn) -> list[_Place]:
    offered: dict[str, _Place] = {}
    for place in _PLACES:
        is_reached = (user.organization is not None or not place.needs_organization) and (
            user.company_id is not None or not place.needs_company
        )
        if place.permission in user.permissions and is_reached:
            offered.setdefault(place.path, place)
    return list(offered.values())
