"""Telling what belongs to an organization, or to a company, that would be deleted."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from rollbook.database.references import References

_WORDS: Final[Mapping[tuple[str, str], tuple[str, str]]] = MappingProxyType(
    {
        ("class_organizations", "organization_id"): ("class that is offered to it", "classes that are offered to it"),
        ("companies", "organization_id"): ("company", "companies"),
        ("classes", "organization_id"): ("class", "classes"),
        ("classes", "company_id"): ("class", "classes"),
        ("managed_organizations", "organization_id"): ("user who manages it", "users who manage it"),
        ("organizations", "parent_id"): ("organization beneath it", "organizations beneath it"),
    }
)


class Belonging(Struct, frozen=True):
    """
    Something that keeps an organization or a company from being deleted.

    Attributes:
        what: What it is, in the number that it is there.
    """

    count: int
    what: str

    def __str__(self) -> str:
        return f"{self.count} {self.what}"


def told(references: Sequence[References]) -> tuple[Belonging, ...]:
    """Give what refers to something, as far as there is any, in words; what has none of its own is called as its table."""
    return tuple(Belonging(each.count, _word(each)) for each in references if each.count)


def listed(belongings: Sequence[Belonging]) -> str:
    """List belongings in a sentence."""
    *others, last = map(str, belongings)
    return f"{', '.join(others)} and {last}" if others else last


def _word(references: References) -> str:
    plural = references.table.replace("_", " ")
    words = _WORDS.get((references.table, references.column), (plural.removesuffix("s"), plural))
    return words[references.count != 1]
