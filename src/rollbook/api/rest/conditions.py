"""
What a caller asks of the version of a thing: ``If-Match`` before a change, ``If-None-Match`` before an answer.

A tag is the version in quotes. As RFC 9110 says, ``If-Match`` compares strongly, so that a weak tag, or one that Rollbook never gave, is never
the current one (412); ``If-None-Match`` compares weakly. A header that is no list of tags at all is malformed (400).
"""

import re
from typing import Final

from rollbook.api.rest.refused import malformed

TAG: Final = r'(W/)?"[!#-~]*"'
TAGS: Final = rf"^(\*|{TAG}( *, *{TAG})*)$"
"""The form of both headers."""

_TAGS: Final = re.compile(TAGS)
_TAG: Final = re.compile(r'(?P<weak>W/)?"(?P<opaque>[!#-~]*)"')
_VERSION: Final = re.compile("[1-9][0-9]{0,9}")

NO_VERSION: Final = 0
"""A version that nothing ever has."""

Versions = frozenset[int]


def tag_of(version: int) -> str:
    """Give the tag of a version."""
    return f'"{version}"'


def read_if_match(given: str | None) -> Versions | None:
    """
    Give the versions that a change is asked for; None where any will do.

    Raises:
        RefusedError: The header is no list of tags.
    """
    return _read("If-Match", given, weak=False)


def is_known(given: str | None, version: int) -> bool:
    """
    Tell whether a caller has this version already, by ``If-None-Match``.

    Raises:
        RefusedError: The header is no list of tags.
    """
    if given is None:
        return False
    known = _read("If-None-Match", given, weak=True)
    return known is None or version in known


def _read(name: str, given: str | None, *, weak: bool) -> Versions | None:
    if given is None:
        return None
    text = given.strip()
    if not _TAGS.fullmatch(text):
        raise malformed(
            "malformed_header", f'the header {name} is no list of tags; give one as an answer\'s ETag told it, such as "3"', field=name
        )
    if text == "*":
        return None
    tags = [found for found in _TAG.finditer(text) if (weak or not found["weak"]) and _VERSION.fullmatch(found["opaque"])]
    return frozenset(int(found["opaque"]) for found in tags)
