"""Taking rows of a file into the database: each creates or updates what it is about as the TMS command does."""

import asyncio
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from rollbook.access.actor import Actor
from rollbook.api.tms.call import Call
from rollbook.api.tms.command import Command
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.refusals import told
from rollbook.cli.exchanged_nouns import ID, Noun
from rollbook.cli.importing_file import Row
from rollbook.cli.importing_references import References
from rollbook.database.transaction import Action, Arguments, Database, Recorded, Result, Transaction
from rollbook.errors import RollbookError, UnavailableError

CREATED = "created"
UPDATED = "updated"
UNCHANGED = "unchanged"
FAILED = "failed"


class Outcome(Struct, frozen=True, kw_only=True):
    """
    What became of a row.

    Attributes:
        line: The line that the row begins at.
        result: CREATED, UPDATED, UNCHANGED or FAILED.
        id: What the row is about; None where it failed or is not there.
        text: Why it failed, or what it warns of.
        unavailable: It failed because the database did not answer: the rows behind it would as well.
    """

    line: int
    result: str
    id: int | None = None
    text: str = ""
    unavailable: bool = False


class _Plan(Struct, frozen=True):
    """What is to be done with a row."""

    line: int
    command: Command
    parameters: Parameters


class _RowDatabase:
    """The database as a command's handler sees it: it notes what was recorded, and in a dry run keeps nothing."""

    def __init__(self, database: Database, *, dry_run: bool) -> None:
        self._database = database
        self._dry_run = dry_run
        self.recorded: list[Recorded] = []

    async def write(self, action: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Any:
        if self._dry_run:
            rehearsal = await self._database.rehearse(action, *positional, **named)
            self.recorded = rehearsal.recorded
            return rehearsal.result

        async def noting(transaction: Transaction) -> tuple[Result, list[Recorded]]:
            return await action(transaction, *positional, **named), transaction.recorded

        result, self.recorded = await self._database.write(noting)
        return result


class Importer:
    """Takes rows of one noun, each by itself: what refuses one row does not touch another."""

    def __init__(self, noun: Noun, *, database: Database, actor: Actor, dry_run: bool) -> None:
        self.references = References(noun, database=database, viewer=actor.viewer)
        self._noun = noun
        self._database = database
        self._actor = actor
        self._dry_run = dry_run

    async def take(self, rows: Sequence[Row]) -> list[Outcome]:
        """Create or update what rows are about, of which none needs what another one does, and tell what became of each."""
        plans = await asyncio.gather(*(self._plan(row) for row in rows))
        # Everything has been looked up, so that whoever comes first in the file comes first to a place.
        return await asyncio.gather(*(self._carry_out(plan) for plan in plans))

    async def _plan(self, row: Row) -> _Plan | Outcome:
        if row.problem:
            return Outcome(line=row.line, result=FAILED, text=row.problem)
        command = self._noun.update
        try:
            given = await self.references.resolve(row)
            command = self._noun.update if ID in given else self._noun.create
            names = {parameter.field: parameter.name for parameter in command.parser.declared}
            parsed = command.parser.parse([(names[field], text) for field, text in given.items() if field in names], None)
        except RollbookError as error:
            return _failure(row.line, error, command)
        return _Plan(row.line, command, parsed.parameters)

    async def _carry_out(self, plan: _Plan | Outcome) -> Outcome:
        if isinstance(plan, Outcome):
            return plan
        database = _RowDatabase(self._database, dry_run=self._dry_run)
        call = Call(database=database, key_hash="", authenticate=self._find_actor)
        try:
            if plan.command is self._noun.create:
                answer = await plan.command.handler(call, plan.parameters)
                result, object_id = CREATED, None if self._dry_run else getattr(answer, answer.__struct_fields__[0])
            else:
                await self._noun.change(call, plan.parameters)
                result, object_id = UPDATED if database.recorded else UNCHANGED, getattr(plan.parameters, ID)
        except RollbookError as error:
            return _failure(plan.line, error, plan.command)
        return Outcome(line=plan.line, result=result, id=object_id, text="; ".join(call.warnings))

    async def _find_actor(self, _database: object, _key_hash: str) -> Actor:
        return self._actor


def _failure(line: int, error: RollbookError, command: Command) -> Outcome:
    return Outcome(line=line, result=FAILED, text=told(error, command), unavailable=isinstance(error, UnavailableError))
