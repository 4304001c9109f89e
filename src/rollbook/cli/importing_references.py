"""Finding what a row of a file is about, and what it refers to."""

from collections.abc import Mapping, Sequence

from rollbook.access.actor import Viewer
from rollbook.api.tms.parsing import InvalidParametersError
from rollbook.cli.exchanged_nouns import EXTERNAL_ID, ID, ORGANIZATION_ID, REFERRED, Column, Noun
from rollbook.cli.importing_file import Row
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.external_ids import list_holders
from rollbook.enrollments.queries.sight import find_enrollment
from rollbook.errors import InvalidError

Given = Mapping[str, str | None]
"""The values of a row by the names of the domain; None where ``null`` is."""


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


class References:
    """Finds things of a viewer by what the rows of a noun say of them."""

    def __init__(self, noun: Noun, *, database: Database, viewer: Viewer) -> None:
        self._noun = noun
        self._database = database
        self._viewer = viewer

    def keys(self, row: Row) -> set[tuple[str, str]]:
        """Give what a row is known by, or asks for, in its own noun: of two that share some, the second one is to see what the first one did."""
        keys = set()
        for column, text in row.values.items():
            if text is None:
                continue
            if column.field in {ID, EXTERNAL_ID}:
                keys.add((column.field, text.strip()))
            elif column.by_external_id and REFERRED[column.field] == self._noun.name:
                keys.update((EXTERNAL_ID, each) for each in _separated(text))
        if self._noun.is_pair:
            pair = [f"{column.name} {text}" for column, text in row.values.items() if column.field in {"class_id", "user_id"}]
            keys.add(("pair", "\n".join(pair)))
        return keys

    async def resolve(self, row: Row) -> Given:
        """
        Give the row's values with ids in the place of external ids, and its own id where what it is about is there.

        Raises:
            InvalidError: What an external id stands for is not there, or not clear.
        """
        given = await self._with_ids(row)
        existing_id = given.get(ID) or await self._find_existing(given)
        return {field: text for field, text in given.items() if field != ID} | ({ID: existing_id} if existing_id else {})

    async def _with_ids(self, row: Row) -> dict[str, str | None]:
        given: dict[str, str | None] = {}
        problems = []
        owner = None
        # The organization comes first, since external ids are looked for in it first.
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
        several = column.parameter is not None and column.parameter.kind.several
        external_ids = _separated(text) if several else [text.strip()]
        return ",".join([str(await self._get_holder(REFERRED[column.field], each, owner=owner)) for each in external_ids if each])

    async def _get_holder(self, noun: str, external_id: str, *, owner: int | None) -> int:
        """Find who is meant by an external id; where there are several, the one of the row's organization."""
        holders = await self._database.read(list_holders, viewer=self._viewer, noun=noun, external_id=external_id)
        nearest = self._viewer.organization_id if owner is None else owner
        near = [holder for holder in holders if holder.organization_id == nearest]
        if len(holders) > 1 and len(near) == 1:
            holders = near
        if not holders:
            raise NoHolderError(external_id, noun)
        if len(holders) > 1:
            raise SeveralHoldersError(external_id, [holder.id for holder in holders])
        return holders[0].id

    async def _find_existing(self, given: Given) -> str | None:
        """
        Find what a row without an id is about: an enrollment by its class and its user, anything else by its external id.

        Any number of enrollments may share one external id (N2), so that it says nothing of which is meant.
        """
        if self._noun.is_pair:
            class_id, user_id = [self._number_of(given, field) for field in ("class_id", "user_id")]
            if class_id is None or user_id is None:
                return None
            enrollment = await self._database.read(find_enrollment, viewer=self._viewer, class_id=class_id, user_id=user_id)
            return str(enrollment.id) if enrollment else None
        external_id = (given.get(EXTERNAL_ID) or "").strip()
        if not external_id:
            return None
        holders = await self._database.read(list_holders, viewer=self._viewer, noun=self._noun.name, external_id=external_id)
        owner = self._number_of(given, ORGANIZATION_ID)
        if owner is not None:
            holders = [holder for holder in holders if holder.organization_id == owner]
        if len(holders) > 1:
            raise SeveralHoldersError(external_id, [holder.id for holder in holders])
        return str(holders[0].id) if holders else None

    def _number_of(self, given: Given, field: str) -> int | None:
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
