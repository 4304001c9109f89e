"""Everything that holds in the whole database at every moment, each with the statement that finds where it does not."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries import (
    invariants_of_assignments,
    invariants_of_custom_fields,
    invariants_of_identities,
    invariants_of_places,
    invariants_of_schedules,
    invariants_of_subscriptions,
)
from rollbook.enrollments.queries.breaches import Breach, Invariant

INVARIANTS: tuple[Invariant, ...] = (
    *invariants_of_places.INVARIANTS,
    *invariants_of_schedules.INVARIANTS,
    *invariants_of_assignments.INVARIANTS,
    *invariants_of_subscriptions.INVARIANTS,
    *invariants_of_identities.INVARIANTS,
    *invariants_of_custom_fields.INVARIANTS,
)


class Finding(Struct, frozen=True):
    """An invariant that does not hold, and where."""

    invariant: Invariant
    breaches: list[Breach]


async def find_breaches(
    transaction: Transaction, *, on_progress: Callable[[int, Invariant], None], invariants: Sequence[Invariant] = INVARIANTS
) -> list[Finding]:
    """
    Check invariants and give those that do not hold, in all organizations.

    ``on_progress`` is told how many are checked before each of them.
    """
    findings = []
    for number, each in enumerate(invariants):
        on_progress(number, each)
        breaches = await each.find(transaction)
        if breaches:
            findings.append(Finding(each, breaches))
    return findings
