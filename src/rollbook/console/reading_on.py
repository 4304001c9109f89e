"""Lists that are read on from where the last page ended: the place in the address, and the address of the next page."""

import re
from typing import Final
from urllib.parse import urlencode

from rollbook.console.given import Given, UnreadableError
from rollbook.database.keyset import Place

BEHIND: Final = "behind"
_PLACE: Final = re.compile(r"([0-9]{1,12}|none)\.([0-9]{1,10})")


def place_in(given: Given) -> Place | None:
    """
    Read behind which place a page begins; None for the list's beginning.

    Raises:
        UnreadableError: It is no place.
    """
    text = given.text(BEHIND)
    if text is None:
        return None
    found = _PLACE.fullmatch(text)
    if found is None:
        raise UnreadableError(BEHIND, "what the link to the next page says; begin the list again")
    return Place(int(found[2]), None if found[1] == "none" else int(found[1]))


def address_behind(path: str, given: Given, place: Place | None) -> str | None:
    """Give the address of the page behind a place, asked for as this one is; None where there is no more."""
    if place is None:
        return None
    return address_of(path, given, told=f"{'none' if place.value is None else place.value}.{place.id}")


def address_of(path: str, given: Given, *, told: str | None = None) -> str:
    """Give the address of a list that is asked for as this one is, from its beginning, or from behind a place as it is told."""
    pairs = [(name, value) for name, value in given.pairs() if name != BEHIND and value.strip()]
    if told is not None:
        pairs.append((BEHIND, told))
    return path + (f"?{urlencode(pairs)}" if pairs else "")
