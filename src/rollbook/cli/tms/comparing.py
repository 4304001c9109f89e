"""Comparing, field by field, what another TMS holds with what is here."""

from collections.abc import AsyncIterator, Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct, field

from rollbook.cli.tms.kinds import KINDS, Kind, lowered
from rollbook.cli.tms.source import Record
from rollbook.cli.tms.spool import Spool
from rollbook.cli.tms.walking import Tms, fetch


class Difference(Struct, frozen=True):
    """A field that is not the same on both sides; of a record that is not here, the field is empty."""

    kind: str
    id: int
    field: str
    there: Any
    here: Any


class Comparison(Struct):
    """
    What a comparison of one kind came to.

    Attributes:
        there: How many records the other system has.
        here: How many of them are here.
        unknown: Fields that are not known here, in lower case.
    """

    there: int = 0
    here: int = 0
    unknown: set[str] = field(default_factory=set)


PASSED_OVER: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"enrollments": frozenset({"version"}), "organizations": frozenset({"integrationkey", "defaultuserpassword"})}
)
"""What counts the changes of a history that does not come along; and what no system should tell of itself, and Rollbook does not."""


async def compare(
    spool: Spool, here: Tms, *, on_difference: Callable[[Difference], None], on_record: Callable[[str], None]
) -> dict[str, Comparison]:
    """Compare everything that was kept of the other system with what is here."""
    comparisons = {}
    for name, kind in KINDS.items():
        comparison = comparisons[name] = Comparison()
        async for there, ours in _pairs(spool, here, kind):
            comparison.there += 1
            record_id = int(there["id"])
            if ours is None:
                on_difference(Difference(name, record_id, "", "is there", "is not here"))
            else:
                comparison.here += 1
                comparison.unknown |= there.keys() - ours.keys()
                for difference in differences(name, record_id, there, ours):
                    on_difference(difference)
            on_record(name)
    return comparisons


def differences(kind: str, record_id: int, there: Record, here: Record) -> list[Difference]:
    """Give the fields of a record that both sides have and in which they differ; a blank text is no value, and lists have no order."""
    known = sorted((there.keys() & here.keys()) - PASSED_OVER.get(kind, frozenset()))
    return [Difference(kind, record_id, name, there[name], here[name]) for name in known if alike(there[name]) != alike(here[name])]


def alike(value: Any) -> Any:
    """Give a value so that what means the same is the same: ids as texts or numbers, lists in any order, names of fields in any case."""
    if isinstance(value, dict):
        return sorted((name.lower(), alike(member)) for name, member in value.items() if member not in (None, ""))
    if isinstance(value, list):
        return sorted((alike(member) for member in value), key=repr)
    if value is None or isinstance(value, bool):
        return "" if value is None else value
    return str(value)


async def _pairs(spool: Spool, here: Tms, kind: Kind) -> AsyncIterator[tuple[Record, Record | None]]:
    """Give every record of a kind as it is there, and as it is here."""
    left = set(spool.ids(kind.name))
    if kind.search:
        async for results, _ in here.search(kind.search, **({"sort": kind.sort} if kind.sort else {})):
            for result in map(lowered, results):
                record_id = int(result["id"])
                if record_id in left:
                    left.remove(record_id)
                    yield spool.get(kind.name, record_id), await fetch(here, kind, record_id, result)
    for record_id in sorted(left):
        yield spool.get(kind.name, record_id), None if kind.search else await fetch(here, kind, record_id, {})
