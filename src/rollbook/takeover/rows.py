"""What is taken over: records of another system as the rows that they become, and what follows from them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from rollbook.classes.schedule import Meeting, first_start, last_end
from rollbook.database.schema import folded
from rollbook.enrollments.statuses import EnrollmentStatus

MICROSECONDS: Final = 1_000_000
_WAITING: Final = frozenset({EnrollmentStatus.REQUESTED.value, EnrollmentStatus.WAITLISTED.value})
_FOLDED: Final = "_folded"


class Row(Struct, frozen=True):
    """A row of a table, by the names of its columns."""

    table: str
    values: dict[str, Any]


class TakenRecord(Struct, frozen=True):
    """
    A record of another system.

    Attributes:
        subject: What the history calls it.
        rows: The row that it is, and then those that belong to it.
    """

    subject: str
    rows: Sequence[Row]

    @property
    def main(self) -> Row:
        """The row that it is."""
        return self.rows[0]


class Refused(Struct, frozen=True):
    """A record, or a value of one, that is not taken over, and why."""

    table: str
    id: int
    reason: str


def folded_values(columns: Sequence[str], values: Mapping[str, Any]) -> dict[str, str]:
    """Give the folded texts that columns want beside the texts themselves."""
    sources = ((column, column.removesuffix(_FOLDED)) for column in columns if column.endswith(_FOLDED))
    return {column: folded(values[source]) for column, source in sources if values.get(source) is not None}


def class_times(meetings: Sequence[Row]) -> dict[str, int | None]:
    """Give when a class begins and ends, by its meetings."""
    times = [Meeting(starts_at=row.values["starts_at"], ends_at=row.values["ends_at"]) for row in meetings]
    return {"starts_at": first_start(times), "ends_at": last_end(times)}


def waiting_since(values: Mapping[str, Any], *, number: int) -> int | None:
    """
    Give the place in line of an enrollment, in epoch microseconds; None where it does not wait (W1).

    Who was created in the same second waits in the order of ``number``.
    """
    if values["status"] not in _WAITING:
        return None
    return int(values["created_at"]) * MICROSECONDS + number % MICROSECONDS


def path_of(organization_id: int, parent_path: str | None) -> str:
    """Give the path of an organization beneath another one, or of a root."""
    return f"{parent_path or '/'}{organization_id}/"
