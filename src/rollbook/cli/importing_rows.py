"""Taking a row of a file into the database: find what it is about, then create or update that as the TMS command does."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from rollbook.access.actor import Actor
from rollbook.api.tms.call import Call
from rollbook.api.tms.command import Command
from rollbook.api.tms.parsing import InvalidParametersError
from rollbook.api.tms.refusals import told
from rollbook.cli.exchanged_nouns import EXTERNAL_ID, ID, ORGANIZATION_ID, REFERRED, Column, Noun
from rollbook.cli.importing_file import Row
from rollbook.database.transaction import Action, Arguments, Database, Recorded, Result, Transaction
from rollbook.enrollments.queries.external_ids import list_holders
from rollbook.enrollments.queries.sight import find_enrollment
from rollbook.errors import InvalidError, RollbookError, UnavailableError

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


class SeveralHoldersError(InvalidError):
    """An external id stands for several things, and which of them is meant is not clear."""

    def __init__(self, external_id: str, ids: Sequence[int]) -> None:
        self.ids = tuple(ids)
        super().__init__(f"several have the external id {external_id} ({', '.join(map(str, ids))}); give the id of one of them")


class NoHolderError(InvalidError):
    """An external id stands for nothing."""

    def __init__(self, external_id: str, noun: str) -> None:
        self.external_id = external_id
        super().__init__(f"none of the {noun} has the external id {external_id}; import that one first")


class _RowDatabase:
    """The database as a command's handler sees it: it notes what was recorded, and in a dry run keeps nothing."""

    def __init__(self, database: Database, *, dry_run: bool) -> None:
        self._database = database
        self._dry_run = dry_run
        self.recorded: list[Recorded] = []

    async def read(self, reading: Action[Arguments, Result], /, *positional: Arguments.args, **named: Arguments.kwargs) -> Result:
        return await self._database.read(reading, *positional, **named)

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
        self._noun = noun
        self._database = database
        self._actor = actor
        self._dry_run = dry_run

    async def take(self, row: Row) -> Outcome:
        """Create or update what a row is about and tell what became of it."""
        command = self._noun.update
        try:
            if row.problem:
                raise InvalidParametersError([row.problem])
            given = await self._with_ids(row)
            existing_id = given.get(ID) or await self._find_existing(given)
            command = self._noun.update if existing_id else self._noun.create
            return await self._perform(row, command, given | ({ID: existing_id} if existing_id else {}))
        except RollbookError as error:
            return Outcome(line=row.line, result=FAILED, text=told(error, command), unavailable=isinstance(error, UnavailableError))

    def keys(self, row: Row) -> set[tuple[str, str]]:
        """Give what a row is known by, or asks for, among the rows of its file: two that share some have to be taken one after the other."""
        keys = set()
        for column, text in row.values.items():
            if text is None:
                continue
            if column.field in {ID, EXTERNAL_ID}:
                keys.add((column.field, text.strip()))
            elif column.by_external_id and REFERRED[column.field] == self._noun.name:
                keys.update((EXTERNAL_ID, each) for each in _separated(text))
        if self._noun.name == "enrollments":
            keys.add(
                ("", "\n".join(f"{column.name} {text}" for column, text in row.values.items() if column.field in {"class_id", "user_id"}))
            )
        return keys

    async def _perform(self, row: Row, command: Command, given: dict[str, str | None]) -> Outcome:
        names = {parameter.field: parameter.name for parameter in command.parser.declared}
        parsed = command.parser.parse([(names[field], text) for field, text in given.items() if field in names], None)
        database = _RowDatabase(self._database, dry_run=self._dry_run)
        call = Call(database=database, key_hash="", authenticate=self._find_actor)
        if command is self._noun.create:
            answer = await command.handler(call, parsed.parameters)
            created_id = None if self._dry_run else getattr(answer, answer.__struct_fields__[0])
            return Outcome(line=row.line, result=CREATED, id=created_id, text="; ".join(call.warnings))
        await self._noun.change(call, parsed.parameters)
        result = UPDATED if database.recorded else UNCHANGED
        return Outcome(line=row.line, result=result, id=getattr(parsed.parameters, ID), text="; ".join(call.warnings))

    async def _find_actor(self, _database: object, _key_hash: str) -> Actor:
        return self._actor

    async def _with_ids(self, row: Row) -> dict[str, str | None]:
        """Give the row's values by their fields, ids in the place of external ids that refer to something."""
        given: dict[str, str | None] = {}
        problems = []
        owner = None
        # The organization comes first, since external ids of another noun are looked for there first.
        for column in sorted(row.values, key=lambda column: column.field != ORGANIZATION_ID):
            text = row.values[column]
            try:
                value = await self._ids_of(column, text, owner=owner) if column.by_external_id and text else text
            except InvalidError as error:
                problems.append(f"{column.name}: {error}")
                continue
            if given.setdefault(column.field, value) != value:
                problems.append(f"{column.name}: does not stand for the same as the column of ids; give one of the two")
            if column.field == ORGANIZATION_ID:
                owner = self._number(column, value)
        if problems:
            raise InvalidParametersError(problems)
        return given

    async def _ids_of(self, column: Column, text: str, *, owner: int | None) -> str:
        noun = REFERRED[column.field]
        several = column.parameter is not None and column.parameter.kind.several
        external_ids = _separated(text) if several else [text.strip()]
        return ",".join([str(await self._get_holder(noun, external_id, owner=owner)) for external_id in external_ids])

    async def _get_holder(self, noun: str, external_id: str, *, owner: int | None) -> int:
        """Find who is meant by an external id; where there are several, the one of the row's organization."""
        holders = await self._database.read(list_holders, viewer=self._actor.viewer, noun=noun, external_id=external_id)
        nearest = self._actor.viewer.organization_id if owner is None else owner
        near = [holder for holder in holders if holder.organization_id == nearest]
        if len(holders) > 1 and len(near) == 1:
            holders = near
        if not holders:
            raise NoHolderError(external_id, noun)
        if len(holders) > 1:
            raise SeveralHoldersError(external_id, [holder.id for holder in holders])
        return holders[0].id

    async def _find_existing(self, given: dict[str, str | None]) -> str | None:
        """
        Find what a row without an id is about: an enrollment by its class and its user, anything else by its external id.

        Any number of enrollments may share one external id (N2), so that it says nothing of which is meant.
        """
        viewer = self._actor.viewer
        if self._noun.name == "enrollments":
            class_id, user_id = [self._number_of(given, field) for field in ("class_id", "user_id")]
            if class_id is None or user_id is None:
                return None
            enrollment = await self._database.read(find_enrollment, viewer=viewer, class_id=class_id, user_id=user_id)
            return str(enrollment.id) if enrollment else None
        external_id = (given.get(EXTERNAL_ID) or "").strip()
        if not external_id:
            return None
        holders = await self._database.read(list_holders, viewer=viewer, noun=self._noun.name, external_id=external_id)
        owner = self._number_of(given, ORGANIZATION_ID)
        if owner is not None:
            holders = [holder for holder in holders if holder.organization_id == owner]
        if len(holders) > 1:
            raise SeveralHoldersError(external_id, [holder.id for holder in holders])
        return str(holders[0].id) if holders else None

    def _number_of(self, given: dict[str, str | None], field: str) -> int | None:
        column = next(column for column in self._noun.columns if column.field == field)
        return self._number(column, given.get(field))

    def _number(self, column: Column, text: str | None) -> int | None:
        """Give the id that a text stands for; None where it is none, which the command's parser tells."""
        try:
            number = column.parameter.read(text.strip()) if column.parameter and text else None
        except InvalidError:
            return None
        return number if isinstance(number, int) else None


def _separated(text: str) -> list[str]:
    """Give the external ids of a value: one a line, or on a single line separated by commas."""
    parts = text.split("\n" if "\n" in text else ",")
    return [part.strip() for part in parts if part.strip()]
