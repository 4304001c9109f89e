"""
What a caller asks of the version of a thing: ``If-Match`` before a change, ``If-None-Match`` before an answer.

A tag is the version in quotes. As RFC 9110 says, ``If-Match`` compares strongly and ``If-None-Match`` weakly. A tag that Rollbook never gave is
never the current one, and a header that holds no tags at all holds none that is: nothing is changed (412), and the answer is told.
"""

import re
from typing import Final

_TAG: Final = r'(?P<weak>W/)?"(?P<opaque>[!#-~]*)"'
_ONE: Final = re.compile(_TAG)
_MANY: Final = re.compile(r'(W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*')
_VERSION: Final = re.compile("[1-9][0-9]{0,9}")

NO_VERSION: Final = 0
"""A version that nothing ever has."""

Versions = frozenset[int]


def tag_of(version: int) -> str:
    """Give the tag of a version."""
    return f'"{version}"'


def read_if_match(given: str | None) -> Versions | None:
    """Give the versions that a change is asked for; None where any will do."""
    return _read(given, weak=False)


def is_known(given: str | None, version: int) -> bool:
    """Tell whether a caller has this version already, by ``If-None-Match``."""
    if given is None:
        return False
    known = _read(given, weak=True)
    return known is None or version in known


def _read(given: str | None, *, weak: bool) -> Versions | None:
    text = "*" if given is None else given.strip()
    if text == "*":
        return None
    tags = _ONE.finditer(text) if _MANY.fullmatch(text) else ()
    versions = (int(tag["opaque"]) for tag in tags if (weak or not tag["weak"]) and _VERSION.fullmatch(tag["opaque"]))
    return frozenset(versions)
