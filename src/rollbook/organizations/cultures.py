"""Which cultures an organization may have: language tags such as ``en-US``, as the TMS writes them."""

import re
import reprlib
from typing import Final

from rollbook.errors import InvalidError

LONGEST_CULTURE: Final = 20
"""Characters of a culture."""

_CULTURE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?", re.ASCII | re.IGNORECASE)


class UnknownCultureError(InvalidError):
    """A text does not have the form of a culture."""

    field = "culture"

    def __init__(self, given: str) -> None:
        self.given = given
        super().__init__(f"{reprlib.repr(given)} is not a culture; give a language, with a script or a region where needed, such as en-US")


def find_culture(given: str) -> str:
    """
    Give a culture in its canonical spelling: ``en-us`` as ``en-US``, ``ZH-hant-tw`` as ``zh-Hant-TW``.

    Raises:
        UnknownCultureError: The text does not have the form of one.
    """
    if not _CULTURE.fullmatch(given):
        raise UnknownCultureError(given)
    language, *others = given.split("-")
    return "-".join((language.lower(), *(part.title() if len(part) == 4 else part.upper() for part in others)))
