"""Taking over records of another system in one transaction: all of them are there, or none."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Column, Integer, UniqueConstraint, bindparam, insert, update

from rollbook.access.actor import Actor
from rollbook.database.query import Command
from rollbook.database.schema import metadata
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError
from rollbook.history.model import history
from rollbook.history.recording import entry
from rollbook.takeover.queries import continue_ids, list_filled_tables
from rollbook.takeover.rows import Refused, Row, TakenRecord, class_times, folded_values, path_of, waiting_since

OWNERS: Final[Mapping[str, tuple[str, str]]] = {
    "activity_launches": ("user_id", "users"),
    "assignments": ("user_id", "users"),
    "course_feedback": ("user_id", "users"),
    "course_tags": ("group_id", "course_tag_groups"),
    "enrollments": ("class_id", "classes"),
    "subscriptions": ("user_id", "users"),
}
"""Whose organization a record without one of its own belongs to."""

LOOSE: Final[Mapping[tuple[str, str], str]] = {("companies", "owning_user_id"): "users"}
"""References that no foreign key holds."""


class DatabaseNotEmptyError(ConflictError):
    """A database that is to take over another system's records holds something already."""

    def __init__(self, tables: list[str]) -> None:
        self.tables = tuple(tables)
        super().__init__(f"the database is not empty ({', '.join(tables)}); name a new one in ROLLBOOK_DATABASE_URL")


async def require_empty(transaction: Transaction) -> None:
    """
    Return when a database holds nothing.

    Raises:
        DatabaseNotEmptyError: It holds something.
    """
    filled = await list_filled_tables(transaction)
    if filled:
        raise DatabaseNotEmptyError(filled)


async def take_over(
    transaction: Transaction, *, actor: Actor, records: Callable[[], Iterable[TakenRecord]], on_record: Callable[[TakenRecord], None]
) -> list[Refused]:
    """
    Write records under the ids that they have, each with its history, and give what was refused.

    Records come after those that they refer to, as far as they can; what comes later is referred to afterwards. One whose ids, external ids or
    names are there already is refused, as is one that refers to a record that is not there; an optional reference is left out instead.

    Raises:
        DatabaseNotEmptyError: The database holds something already.
    """
    await require_empty(transaction)
    taking = _Taking(transaction, actor)
    for record in records():
        await taking.take(record)
        on_record(record)
    await taking.finish()
    return taking.refused


class _Taking:
    """Records on their way into the database."""

    def __init__(self, transaction: Transaction, actor: Actor) -> None:
        self.refused: list[Refused] = []
        self._transaction = transaction
        self._actor = actor
        # What is there, by its table and its id, each with the organization that it belongs to.
        self._taken: dict[str, dict[int, int]] = {}
        self._paths: dict[int, str] = {}
        self._keys: set[tuple[object, ...]] = set()
        self._late: list[tuple[Column[Any], str, int, int]] = []

    async def take(self, record: TakenRecord) -> None:
        """Write a record, or refuse it with everything that belongs to it."""
        main = self._completed(record)
        hindrance = self._hindrance(main)
        if hindrance:
            self.refused.append(Refused(main.table, main.values["id"], hindrance))
            return
        organization_id = self._organization_of(main)
        await self._insert(main, organization_id)
        await self._remember(record.subject, main, organization_id)
        for row in record.rows[1:]:
            row.values.update(folded_values(metadata.tables[row.table].columns.keys(), row.values))
            hindrance = self._hindrance(row)
            if hindrance:
                self.refused.append(Refused(main.table, main.values["id"], f"{row.table}: {hindrance}"))
            else:
                await self._insert(row, organization_id)

    async def finish(self) -> None:
        """Refer to what came later than what refers to it, and let new ids begin above those that were given."""
        for column, target, row_id, target_id in self._late:
            if target_id in self._taken.get(target, ()):
                await self._transaction.run(_reference(column), row_id=row_id, target_id=target_id)
            else:
                reason = f"{column.name} is left out: there is no {target_id} among what was taken over"
                self.refused.append(Refused(str(column.table.name), row_id, reason))
        for name in metadata.tables:
            if "id" in metadata.tables[name].c:
                await continue_ids(self._transaction, table=name)

    def _completed(self, record: TakenRecord) -> Row:
        """Give the row of a record with what follows from it."""
        name, values = record.main.table, record.main.values
        columns = metadata.tables[name].columns.keys()
        times: dict[str, Any] = {time: self._transaction.now for time in ("created_at", "modified_at") if time in columns}
        values = {**times, **values, **folded_values(columns, values)}
        if name == "organizations":
            # The first of them may have one above it that the other system does not show.
            values["parent_id"] = values["parent_id"] if values.get("parent_id") in self._paths else None
            values["path"] = self._paths[values["id"]] = path_of(values["id"], self._paths.get(values["parent_id"]))
        elif name == "classes":
            values |= class_times([row for row in record.rows if row.table == "meetings"])
        elif name == "enrollments":
            values["organization_id"] = self._taken.get("classes", {}).get(values["class_id"])
            values["waiting_since"] = waiting_since(values, number=values["id"])
            # It counts the changes that the history knows, and that begins here.
            values["version"] = 1
        return Row(name, values)

    def _hindrance(self, row: Row) -> str | None:
        """Tell why a row cannot stand, or take its keys; a reference that it can do without is taken out of its values."""
        table, values = metadata.tables[row.table], row.values
        for column, target in _references(row.table):
            referred = values.get(column.name)
            if referred is None or referred in self._taken.get(target, ()):
                continue
            if not column.nullable:
                return f"there is no {column.name} {referred} among what was taken over"
            self._late.append((column, target, values["id"], referred))
            values[column.name] = None
        for column in table.columns:
            if not column.nullable and column.server_default is None and column.name != "id" and values.get(column.name) is None:
                return f"{column.name} is missing"
        keys = {}
        for names in _unique(row.table):
            held = tuple(values.get(name) for name in names)
            if None not in held:
                keys[row.table, *held, *names] = names
        for key, names in keys.items():
            if key in self._keys:
                return f"another one has the same {' and '.join(name.removesuffix('_folded') for name in names)}"
        self._keys.update(keys)
        return None

    def _organization_of(self, row: Row) -> int:
        if row.table == "organizations":
            return int(row.values["id"])
        if row.table in OWNERS:
            reference, owners = OWNERS[row.table]
            return self._taken[owners][row.values[reference]]
        return int(row.values["organization_id"])

    async def _insert(self, row: Row, organization_id: int) -> None:
        given = {name: value for name, value in row.values.items() if value is not None}
        await self._transaction.run(_inserting(row.table, frozenset(given)), **given)
        if "id" in given:
            self._taken.setdefault(row.table, {})[given["id"]] = organization_id

    async def _remember(self, subject: str, row: Row, organization_id: int) -> None:
        after = {name: value for name, value in row.values.items() if value is not None and not name.endswith("_folded")}
        record = entry(self._transaction, actor=self._actor, organization_id=organization_id, kind=f"{subject}.created", after=after)
        await self._transaction.run(_RECORDING, subject_id=row.values["id"], **record)


_RECORDING = Command(
    insert(history).values({column.name: bindparam(column.name, type_=column.type) for column in history.columns if column.name != "id"})
)


@lru_cache(maxsize=1024)
def _inserting(table: str, names: frozenset[str]) -> Command:
    columns = metadata.tables[table].c
    return Command(insert(metadata.tables[table]).values({name: bindparam(name, type_=columns[name].type) for name in sorted(names)}))


@lru_cache
def _reference(column: Column[Any]) -> Command:
    table = column.table
    statement = update(table).where(table.c.id == bindparam("row_id", type_=Integer()))
    return Command(statement.values({column.name: bindparam("target_id", type_=column.type)}))


@lru_cache
def _references(table: str) -> list[tuple[Column[Any], str]]:
    """Give the columns that refer to rows, each with the table of those."""
    held = sorted(metadata.tables[table].foreign_keys, key=lambda key: str(key.parent.name))
    loose = [(metadata.tables[table].c[column], target) for (name, column), target in LOOSE.items() if name == table]
    return [*((key.parent, str(key.column.table.name)) for key in held), *loose]


@lru_cache
def _unique(table: str) -> list[tuple[str, ...]]:
    """Give the columns of which no two rows of a table have the same values, by their names."""
    described = metadata.tables[table]
    constraints = [tuple(constraint.columns.keys()) for constraint in described.constraints if isinstance(constraint, UniqueConstraint)]
    indexes = [tuple(index.columns.keys()) for index in described.indexes if index.unique]
    return [*constraints, *indexes, tuple(described.primary_key.columns.keys())]
