"""That nothing identifies the people whose accounts are closed."""

from typing import Final

from sqlalchemy import func, null, or_, select

from rollbook.accounts.erasing import erase_rows, is_remainder
from rollbook.accounts.queries.holdings import page_identifying_of_closed
from rollbook.accounts.queries.identifying import KEPT, NAMING, OF_USERS, Keeping
from rollbook.accounts.queries.traces import list_told_of_closed
from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries import invariants as enrollments_invariants
from rollbook.enrollments.queries.breaches import MOST_BREACHES, Breach, Invariant, invariant
from rollbook.people.model import users


async def _find_named(transaction: Transaction) -> list[Breach]:
    breaches: list[Breach] = []
    after_id = 0
    while len(breaches) < MOST_BREACHES and (page := await page_identifying_of_closed(transaction, after_id=after_id)):
        for user_id, values in page:
            after_id = user_id
            left = sorted(name for name, value in values.items() if not is_remainder(value, OF_USERS[name], user_id))
            if left:
                breaches.append(
                    Breach("users", user_id, f"user {user_id}: the account is closed, and {', '.join(left)} identify the person")
                )
    return breaches[:MOST_BREACHES]


async def _find_told(transaction: Transaction) -> list[Breach]:
    closed, rows = await list_told_of_closed(transaction)
    return [
        Breach("history", each.id, f"history {each.id}: it tells of a person whose account is closed")
        for each in erase_rows(rows, user_ids=closed, naming=NAMING)
    ][:MOST_BREACHES]


def _kept(kept: Keeping) -> Invariant:
    """Make the invariant that a table keeps nothing of closed accounts."""
    holding = or_(*(column.is_not(None) for column in kept.columns)) if kept.columns else kept.where
    return invariant(
        f"closed accounts: {kept.table.name}",
        f"What {kept.table.name} keep identifies nobody whose account is closed.",
        table=str(kept.table.name),
        breaches=select(users.c.id, func.count().label("first"), null().label("second"))
        .join(kept.table, kept.owner == users.c.id)
        .where(users.c.closed_at.is_not(None), kept.where, holding)
        .group_by(users.c.id),
        text=f"user {{id}}: the account is closed, and {{first}} {kept.table.name} identify the person",
    )


INVARIANTS: Final[tuple[Invariant, ...]] = (
    *enrollments_invariants.INVARIANTS,
    Invariant("closed accounts: users", None, "No value of a user whose account is closed identifies the person.", _find_named),
    *map(_kept, KEPT),
    Invariant("closed accounts: history", None, "The history identifies nobody whose account is closed.", _find_told),
)
"""Everything that holds in the whole database at every moment."""
