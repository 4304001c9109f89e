"""The addresses of a TMS's pages, so that links into one lead somewhere here: each to the page that is for the same."""

import re
from typing import Final

_PLACES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), place)
    for pattern, place in (
        ("/class/search", "/classes"),
        ("/class/create", "/classes/new"),
        ("/class/schedule", "/schedule"),
        ("/class/([0-9]{1,10})", "/classes/{}"),
        ("/class/edit/([0-9]{1,10})", "/classes/{}/edit"),
        ("/class/roster/([0-9]{1,10})", "/classes/{}/roster"),
        ("/classenrollment/search", "/enrollments"),
        ("/classenrollment/([0-9]{1,10})", "/enrollments/{}"),
        ("/user/currenttraining(?:/[0-9]{1,10})?", "/my/training"),
        ("/user/transcript(?:/[0-9]{1,10})?", "/my/transcript"),
        ("/user/([0-9]{1,10})", "/people/{}"),
    )
)


def here(path: str) -> str | None:
    """Give the console's address for a page of a TMS; None where there is none."""
    for pattern, place in _PLACES:
        found = pattern.fullmatch(path.rstrip("/"))
        if found:
            return place.format(*found.groups())
    return None
