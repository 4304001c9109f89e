"""SQL expressions that the two engines spell differently, or that both need spelled alike."""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Dialect, Integer, Text, bindparam, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class IntegerList(TypeDecorator[list[int]]):
    """A bound list of whole numbers: an array on PostgreSQL, the text of a JSON array on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Give the type that the engine itself knows."""
        return dialect.type_descriptor(ARRAY(Integer()) if dialect.name == "postgresql" else Text())


class _AnyOf(FunctionElement[Any]):
    # A truth value by its type would be compared to 1 on SQLite, which then finds no row by an index.
    type = Integer()
    inherit_cache = True
    name = "any_of"


def any_of(column: ColumnElement[int], values: str) -> ColumnElement[bool]:
    """Tell whether a column's value is in the list of whole numbers bound by the name ``values``."""
    return _AnyOf(column, bindparam(values, type_=IntegerList()))


@compiles(_AnyOf, "sqlite")
def _any_of_on_sqlite(element: _AnyOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **options)} IN (SELECT value FROM json_each({compiler.process(values, **options)}))"


@compiles(_AnyOf, "postgresql")
def _any_of_on_postgresql(element: _AnyOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **options)} = ANY ({compiler.process(values, **options)})"


class _NumbersOf(FunctionElement[str]):
    type = Text()
    inherit_cache = True
    name = "numbers_of"


def numbers_of(column: ColumnElement[int]) -> ColumnElement[str]:
    """Gather a column's numbers, in no order, as the text of a JSON array; a row's field of type ``list[int]`` takes it."""
    return _NumbersOf(column)


@compiles(_NumbersOf, "sqlite")
def _numbers_of_on_sqlite(element: _NumbersOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **options)})"


@compiles(_NumbersOf, "postgresql")
def _numbers_of_on_postgresql(element: _NumbersOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"coalesce(json_agg({compiler.process(element.clauses, **options)})::text, '[]')"


class _ObjectsOf(FunctionElement[str]):
    type = Text()
    inherit_cache = True
    name = "objects_of"


def objects_of(*columns: ColumnElement[Any]) -> ColumnElement[str]:
    """Gather rows, in no order, as the text of a JSON array of objects named by their columns; a row's field of type ``list[Struct]`` takes it."""
    return _ObjectsOf(*columns)


@compiles(_ObjectsOf, "sqlite")
def _objects_of_on_sqlite(element: _ObjectsOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array(json_object({_named(element, compiler, **options)}))"


@compiles(_ObjectsOf, "postgresql")
def _objects_of_on_postgresql(element: _ObjectsOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"coalesce(json_agg(json_build_object({_named(element, compiler, **options)}))::text, '[]')"


def _named(element: _ObjectsOf, compiler: SQLCompiler, **options: Any) -> str:
    return ", ".join(f"'{column.key}', {compiler.process(column, **options)}" for column in element.clauses)


class _AsciiLower(FunctionElement[str]):
    type = Text()
    inherit_cache = True
    name = "ascii_lower"


def ascii_lower(words: ColumnElement[str]) -> ColumnElement[str]:
    """Put the letters A to Z of a text into lower case, and order it by its characters: all that both engines do alike to a stored text."""
    return _AsciiLower(words)


@compiles(_AsciiLower, "sqlite")
def _ascii_lower_on_sqlite(element: _AsciiLower, compiler: SQLCompiler, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(_AsciiLower, "postgresql")
def _ascii_lower_on_postgresql(element: _AsciiLower, compiler: SQLCompiler, **options: Any) -> str:
    return f'lower(({compiler.process(element.clauses, **options)}) COLLATE "C")'


class _NumberIn(FunctionElement[int]):
    type = Integer()
    inherit_cache = True
    name = "number_in"


def number_in(document: ColumnElement[str], name: str) -> ColumnElement[int]:
    """Give the whole number that a text of a JSON object has by a name; null where it has none."""
    return _NumberIn(document, literal_column(f"'{name}'"))


@compiles(_NumberIn, "sqlite")
def _number_in_on_sqlite(element: _NumberIn, compiler: SQLCompiler, **options: Any) -> str:
    document, name = [compiler.process(clause, **options) for clause in element.clauses]
    return f"json_extract({document}, '$.' || {name})"


@compiles(_NumberIn, "postgresql")
def _number_in_on_postgresql(element: _NumberIn, compiler: SQLCompiler, **options: Any) -> str:
    document, name = [compiler.process(clause, **options) for clause in element.clauses]
    return f"(CAST({document} AS json) ->> {name})::integer"


class _Unindexed(FunctionElement[Any]):
    inherit_cache = True
    name = "unindexed"


def unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Give a column that is compared without its index: SQLite keeps no statistics, and would take the index of whatever is compared."""
    element = _Unindexed(column)
    element.type = column.type
    return element


@compiles(_Unindexed, "sqlite")
def _unindexed_on_sqlite(element: _Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


@compiles(_Unindexed, "postgresql")
def _unindexed_on_postgresql(element: _Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


class _NextId(FunctionElement[int]):
    type = BigInteger()
    inherit_cache = True
    name = "next_id"


def next_id(table: str) -> ColumnElement[int]:
    """Give the id that the next row of a table gets whose rows are never deleted; on PostgreSQL it is taken from then on."""
    return _NextId(literal_column(table))


@compiles(_NextId, "sqlite")
def _next_id_on_sqlite(element: _NextId, compiler: SQLCompiler, **options: Any) -> str:
    # Without AUTOINCREMENT a new row gets the number after the largest one; only one connection writes.
    return f"(SELECT coalesce(max(id), 0) + 1 FROM {compiler.process(element.clauses, **options)})"


@compiles(_NextId, "postgresql")
def _next_id_on_postgresql(element: _NextId, compiler: SQLCompiler, **options: Any) -> str:
    return f"nextval('{compiler.process(element.clauses, **options)}_id_seq')"


class _IdsContinued(FunctionElement[int]):
    type = BigInteger()
    inherit_cache = True
    name = "ids_continued"


def ids_continued(table: str) -> ColumnElement[int]:
    """Give the largest id of a table, null where it is empty; on PostgreSQL the next row gets one above it from then on, as on SQLite anyway."""
    return _IdsContinued(literal_column(table))


@compiles(_IdsContinued, "sqlite")
def _ids_continued_on_sqlite(element: _IdsContinued, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT max(id) FROM {compiler.process(element.clauses, **options)})"


@compiles(_IdsContinued, "postgresql")
def _ids_continued_on_postgresql(element: _IdsContinued, compiler: SQLCompiler, **options: Any) -> str:
    table = compiler.process(element.clauses, **options)
    return f"(SELECT setval('{table}_id_seq', max(id)) FROM {table} HAVING max(id) IS NOT NULL)"


def within(path: ColumnElement[str], scope: ColumnElement[str]) -> ColumnElement[bool]:
    """Tell whether an organization's path lies in the tree whose root has the path ``scope``, that root included."""
    return func.substr(path, literal_column("1"), func.length(scope)) == scope


def contains(folded: ColumnElement[str], part: ColumnElement[str]) -> ColumnElement[bool]:
    """Tell whether a folded text has ``part`` in it, whatever characters ``part`` is made of."""
    return func.replace(folded, part, literal_column("''")) != folded
