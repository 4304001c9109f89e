"""
Cursors: where in a list the next page begins, as a text that a caller hands back as it is.

It says what the last row was ordered by (``t`` and a text in base64url, ``i`` and a number, ``n`` for nothing) and the row's id. Every text of
the declared form can be read, so that the OpenAPI document tells exactly which ones are refused.
"""

import base64
from typing import Annotated, Final, TypeAlias

from msgspec import Meta

from rollbook.database.keyset import Place
from rollbook.organizations.limits import LARGEST_NUMBER

_ID: Final = r"\.[1-9][0-9]{0,9}$"
_DESCRIPTION: Final = "The `next` of the page before; the other parameters have to stay the same."

IdCursor: TypeAlias = Annotated[str, Meta(max_length=20, pattern=f"^n{_ID}", description=_DESCRIPTION)]
"""Of a list in the order of the ids."""

TimeCursor: TypeAlias = Annotated[str, Meta(max_length=40, pattern=f"^(n|i[0-9]{{1,12}}){_ID}", description=_DESCRIPTION)]
"""Of a list in the order of a time or another number, which may be missing."""

TextCursor: TypeAlias = Annotated[
    str, Meta(max_length=2_800, pattern=f"^(n|t([A-Za-z0-9_-]{{4}})*([A-Za-z0-9_-]{{2,3}})?){_ID}", description=_DESCRIPTION)
]
"""Of a list in the order of a text, which may be missing."""


def cursor_of(place: Place) -> str:
    """Write down a place."""
    if place.value is None:
        return f"n.{place.id}"
    if isinstance(place.value, int):
        return f"i{place.value}.{place.id}"
    return f"t{base64.urlsafe_b64encode(place.value.encode()).decode().rstrip('=')}.{place.id}"


def place_of(cursor: str | None) -> Place | None:
    """Read a cursor of one of the declared forms; None where none is given, so that a list begins at its start."""
    if cursor is None:
        return None
    value, _, id_text = cursor.rpartition(".")
    place_id = min(int(id_text), LARGEST_NUMBER)
    if value == "n":
        return Place(place_id)
    if value.startswith("i"):
        return Place(place_id, int(value[1:]))
    coded = value[1:]
    raw = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4))
    # Whoever makes a cursor up gets some page, never an error: PostgreSQL takes no NUL.
    return Place(place_id, raw.decode(errors="replace").replace("\x00", " "))


def after_id(cursor: str | None) -> int:
    """Read a cursor of a list in the order of the ids: the id behind which the page begins."""
    place = place_of(cursor)
    return place.id if place else 0
