"""
Many enrollments, each for itself: what one is refused keeps none of the others.

This is no action: an action runs inside of one transaction, and this opens many. It is the one thing that stands between a doorway, which decides
nothing, and the actions. Rows are carried out in the order given, so that the first ones get the last places and the first turns in the waitlist. Neighbouring
rows share a transaction as far as they leave each other alone, as calls that come at the same moment do; a row that is refused leaves no
trace in it. Where such a transaction cannot be had, each of its rows has one to itself. No row is lost: what cannot be done now is told
of its row.
"""

import asyncio
from collections.abc import Sequence

import msgspec

from rollbook.access.actor import Actor
from rollbook.database.transaction import CrowdedError, Database, Recorded, Transaction
from rollbook.enrollments.actions.many import Row, RowOutcome, carry_out, check_number, refused
from rollbook.errors import UnavailableError

ROWS_TOGETHER = 50
"""
How many rows share a transaction at most.

Few enough that others who want the same class, or the embedded engine, hardly wait; with more, little is gained.
"""

TRIES = 3
PAUSE_SECONDS = 0.1
TROUBLES_BORNE = 2
"""After how many troubles in a row the rest is told of the last one, instead of waiting in vain for the database thousands of times."""


class Done(msgspec.Struct, frozen=True):
    """What became of many rows, and everything that was recorded on the way."""

    outcomes: list[RowOutcome]
    recorded: list[Recorded]


async def carry_out_each(database: Database, *, actor: Actor, rows: Sequence[Row], together: str | None = None) -> Done:
    """
    Carry rows out, each whole or not at all, and tell what became of each; ``together`` is what the history keeps of each, to undo them together.

    Raises:
        TooManyRowsError: There are more than one call takes.
    """
    check_number(len(rows))
    done = Done([], [])
    troubles = 0
    while len(done.outcomes) < len(rows):
        start = len(done.outcomes)
        neighbours = rows[start : start + ROWS_TOGETHER]
        try:
            await _carry_out(database, done, actor=actor, rows=neighbours, together=together)
            troubles = 0
        except CrowdedError:
            for row in neighbours:
                await _carry_out_alone(database, done, actor=actor, row=row, together=together)
        except UnavailableError as trouble:
            troubles += 1
            told = neighbours if troubles < TROUBLES_BORNE else rows[start:]
            done.outcomes.extend(refused(row, index=index, refusal=trouble) for index, row in enumerate(told, start=start))
    return done


async def _carry_out(database: Database, done: Done, *, actor: Actor, rows: Sequence[Row], together: str | None) -> None:
    """Carry out rows in one transaction."""

    async def act(transaction: Transaction) -> tuple[list[RowOutcome], list[Recorded]]:
        outcomes = await carry_out(transaction, actor=actor, rows=rows, first_index=len(done.outcomes), together=together)
        return outcomes, transaction.recorded

    outcomes, recorded = await database.write(act)
    done.outcomes.extend(outcomes)
    done.recorded.extend(recorded)


async def _carry_out_alone(database: Database, done: Done, *, actor: Actor, row: Row, together: str | None) -> None:
    """Carry out one row, again while others are in its way, but not for ever."""
    tries = 0
    while True:
        tries += 1
        try:
            await _carry_out(database, done, actor=actor, rows=[row], together=together)
        except UnavailableError as trouble:
            if tries == TRIES or not isinstance(trouble, CrowdedError):
                done.outcomes.append(refused(row, index=len(done.outcomes), refusal=trouble))
                return
            await asyncio.sleep(tries * PAUSE_SECONDS)
        else:
            return
