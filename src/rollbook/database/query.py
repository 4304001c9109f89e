"""Statements as the nouns write them: SQLAlchemy Core as the language, compiled once for each engine, run on its raw driver."""

import enum
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

import msgspec
from sqlalchemy import Column, Delete, Dialect, Insert, Integer, Select, Table, Update, bindparam, insert, select
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.selectable import CompoundSelect

from rollbook.database.expressions import IntegerList

Row = TypeVar("Row", bound=msgspec.Struct)
Writing = Insert | Update | Delete
Statement = Select[Any] | CompoundSelect[Any] | Writing

_RECORD = "record_"
PLACE = "place"


class Query(Generic[Row]):
    """
    A statement that answers rows: a SELECT, or a change with RETURNING.

    Each row becomes a struct of the given type, whose fields are the statement's columns, in their order and by their names. A field
    that is an optional struct stands for as many columns as that one has fields, and is None where the first of them is null.

    Raises:
        TypeError: The columns are not the struct's fields.
    """

    __slots__ = ("row", "statement", "writes")

    def __init__(self, statement: Statement, row: type[Row]) -> None:
        columns = tuple(column.key for column in _answered_columns(statement))
        fields = tuple(_flattened(row))
        if columns != fields:
            raise TypeError(f"{row.__name__} has the fields {fields}, its query the columns {columns}")
        self.statement = statement
        self.row = row
        self.writes = isinstance(statement, Writing)


class Command:
    """A statement that changes rows and answers none."""

    __slots__ = ("statement",)

    def __init__(self, statement: Writing) -> None:
        self.statement = statement


class Change:
    """
    A statement that changes one row, and the row of another table that records it: both happen, or neither.

    The recording table has a column ``subject_id``, which takes the changed row's id; its other columns are bound by their names.
    ``holds_record`` is a column of the changed row that the statement sets to the record's id, by ``expressions.next_id``.
    """

    __slots__ = ("holds_record", "identity", "record", "statement")

    def __init__(self, statement: Writing, *, identity: Column[int], record: Table, holds_record: Column[Any] | None = None) -> None:
        self.statement = statement
        self.identity = identity
        self.record = record
        self.holds_record = holds_record

    @property
    def recorded_columns(self) -> tuple[Column[Any], ...]:
        """The record's columns that the caller gives a value for."""
        return tuple(column for column in self.record.columns if column.name not in {"id", "subject_id"})


class Prepared(Generic[Row]):
    """
    A statement as one engine runs it.

    Attributes:
        text: The SQL.
        arrange: Puts named values in the order that the SQL wants them.
        build: Makes a struct of a raw row.
    """

    __slots__ = ("arrange", "build", "text")

    def __init__(self, text: str, arrange: Callable[[Mapping[str, Any]], Sequence[Any]], build: Callable[[Any], Row]) -> None:
        self.text = text
        self.arrange = arrange
        self.build = build


def prepare(statement: Statement, dialect: Dialect, *, row: type[Row] | None = None, lists_as_text: bool) -> Prepared[Row]:
    """Compile a statement for one engine; ``lists_as_text`` where its lists are bound as JSON."""

    def spell_out_constants(bound: BindParameter[Any]) -> None:
        if bound.required:
            bound.required = False
        else:
            bound.literal_execute = True

    spelled = visitors.cloned_traverse(statement, {}, {"bindparam": spell_out_constants})
    compiled = spelled.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    names = list(compiled.positiontup or ())
    lists = {name for bound, name in compiled.bind_names.items() if lists_as_text and isinstance(bound.type, IntegerList)}
    return Prepared(compiled.string, _arranger(names, lists), _builder(row) if row else _no_rows)


def recording(change: Change) -> Insert:
    """Give the insert of a change's record, its subject bound as ``subject_id``."""
    return insert(change.record).values(
        subject_id=bindparam("subject_id", type_=change.record.c.subject_id.type),
        **{column.name: bindparam(column.name, type_=column.type) for column in change.recorded_columns},
    )


def change_and_record(change: Change) -> Insert:
    """
    Give one statement that changes the row and records it, or does neither where the change meets no row.

    It answers the changed row's id, and the number bound as ``PLACE``, by which one of many such statements knows its own answer.
    """
    returned = [change.identity] if change.holds_record is None else [change.identity, change.holds_record]
    changed = change.statement.returning(*returned).cte("changed")
    columns = change.recorded_columns
    values = [bindparam(_RECORD + column.name, type_=column.type).label(column.name) for column in columns]
    names = ["subject_id", *(["id"] if change.holds_record is not None else []), *(column.name for column in columns)]
    return (
        insert(change.record)
        .from_select(names, select(*(changed.c[column.name] for column in returned), *values))
        .returning(change.record.c.subject_id, bindparam(PLACE, type_=Integer).label(PLACE))
    )


def named_for_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Name the values of a record apart from those of the change that it records."""
    return {_RECORD + name: value for name, value in record.items()}


def _answered_columns(statement: Statement) -> Sequence[ColumnElement[Any]]:
    if isinstance(statement, Writing):
        return list(statement.exported_columns)
    return list(statement.selected_columns)


def _arranger(names: list[str], lists: set[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    if lists:
        encode = msgspec.json.encode
        return lambda values: tuple([encode(values[name]).decode() if name in lists else values[name] for name in names])
    if not names:
        return lambda _: ()
    if len(names) == 1:
        only = names[0]
        return lambda values: (values[only],)
    return itemgetter(*names)


def _flattened(row: type[msgspec.Struct]) -> Iterator[str]:
    for field in msgspec.structs.fields(row):
        nested = _struct_in(field.type)
        if nested:
            yield from _flattened(nested)
        else:
            yield field.name


def _struct_in(kind: Any) -> type[msgspec.Struct] | None:
    for member in get_args(kind):
        if isinstance(member, type) and issubclass(member, msgspec.Struct) and get_origin(kind) in {Union, types.UnionType}:
            return member
    return None


def _builder(row: type[Row]) -> Callable[[Any], Row]:
    """
    Generate the function that makes a struct of a raw row.

    A generated call costs a fifth of converting the row by its type.
    """
    scope: dict[str, Any] = {}
    source = f"lambda raw: {_construction(row, 0, scope)}"
    built: Callable[[Any], Row] = eval(source, scope)  # noqa: S307 - the source holds nothing but what this function wrote
    return built


def _construction(row: type[msgspec.Struct], place: int, scope: dict[str, Any]) -> str:
    """Word the making of a struct whose first column stands at ``place`` of the raw row."""
    made = f"row{len(scope)}"
    scope[made] = row
    arguments = []
    for field in msgspec.structs.fields(row):
        nested = _struct_in(field.type)
        if nested:
            arguments.append(f"(None if raw[{place}] is None else {_construction(nested, place, scope)})")
            place += len(tuple(_flattened(nested)))
        else:
            arguments.append(_conversion(field.type, f"raw[{place}]", f"field{place}", scope))
            place += 1
    return f"{made}({', '.join(arguments)})"


def _conversion(kind: Any, raw: str, name: str, scope: dict[str, Any]) -> str:
    optional = False
    if get_origin(kind) in {Union, types.UnionType}:
        (kind,) = (member for member in get_args(kind) if member is not types.NoneType)
        optional = True
    if kind is bool:
        return f"(None if {raw} is None else {raw} == 1)" if optional else f"{raw} == 1"
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        members: dict[Any, Any] = {member.value: member for member in kind}
        scope[name] = members | {None: None} if optional else members
        return f"{name}[{raw}]"
    if get_origin(kind) in {list, tuple, dict}:
        scope[name] = msgspec.json.Decoder(kind).decode
        return f"(None if {raw} is None else {name}({raw}))" if optional else f"{name}({raw})"
    return raw


def _no_rows(raw: Any) -> Any:
    raise TypeError(f"the statement was not declared to answer rows, but answered {raw}")
