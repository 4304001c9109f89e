"""The ways in which one and the same call can be sent."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

import httpx

Values = Mapping[str, Any]

SPELLINGS: Final[Mapping[str, Callable[[str], str]]] = {"as documented": str, "in lower case": str.lower, "in upper case": str.upper}
METHODS: Final = ("GET", "POST form", "POST JSON")
FORM: Final = "application/x-www-form-urlencoded"


class Variant(NamedTuple):
    """
    How a call is sent.

    Attributes:
        spelling: In which case names are written, a key of SPELLINGS.
        method: ``GET``, ``POST form`` or ``POST JSON``.
        in_path: The id stands in the path.
    """

    spelling: str
    method: str
    in_path: bool

    def __str__(self) -> str:
        return f"{self.spelling}, by {self.method}, {'id in the path' if self.in_path else 'all by name'}"


def variants(*, with_path: bool) -> Iterator[Variant]:
    """Give every way; the first is how the documentation shows it."""
    for in_path in (False, True) if with_path else (False,):
        for method in METHODS:
            for spelling in SPELLINGS:
                yield Variant(spelling, method, in_path)


def request_of(variant: Variant, command: str, values: Values, *, identity: str | None = None) -> httpx.Request:
    """Give the request of a call, whose id has the name ``identity``."""
    spell = SPELLINGS[variant.spelling]
    path = address_of(spell(command))
    given = {spell(name): value for name, value in values.items() if not (variant.in_path and name == identity)}
    if variant.in_path and identity:
        path += f"/{quote(str(values[identity]), safe='')}"
    return sent(path, list(given.items()), method=variant.method)


def address_of(command: str) -> str:
    """Give the path of a command."""
    return f"/api/2.0/{command}"


def sent(path: str, pairs: list[tuple[str, Any]], *, method: str) -> httpx.Request:
    """Give the request that carries names, some perhaps twice, and their values."""
    url = f"http://rollbook.test{path}"
    if method == "POST JSON":
        members = ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in pairs)
        return httpx.Request("POST", url, content=f"{{{members}}}", headers={"content-type": "application/json"})
    text = urlencode([(name, part) for name, value in pairs for part in texts_of(value)])
    if method == "GET":
        return httpx.Request("GET", f"{url}?{text}" if text else url)
    return httpx.Request("POST", url, content=text, headers={"content-type": FORM})


def texts_of(value: Any) -> list[str]:
    """Give a value as a query has it: a list of numbers repeated, a list of objects as JSON text."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [json.dumps(value)]
    if isinstance(value, list):
        return [str(part) for part in value]
    return [str(value).lower() if isinstance(value, bool) else str(value)]
