"""Statements as both engines run them, and the rows that come of them."""

import enum
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    true,
    union_all,
    update,
)

from rollbook.database import open_database, postgresql_transaction, sqlite_connection
from rollbook.database.expressions import numbers_of
from rollbook.database.query import Prepared, Query, prepare
from rollbook.database.transaction import Database, Transaction
from rollbook.organizations.model import organizations
from tests.database import organization_actions

ON_SQLITE = sqlite_connection._DIALECT
ON_POSTGRESQL = postgresql_transaction._DIALECT


class Status(enum.IntEnum):
    OPEN = 1
    CLOSED = 7


class Color(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


class Everything(msgspec.Struct, frozen=True):
    flag: bool
    maybe_flag: bool | None
    status: Status
    maybe_status: Status | None
    color: Color
    maybe_color: Color | None
    number: int
    maybe_number: int | None
    words: str
    maybe_words: str | None
    numbers: list[int]
    maybe_numbers: list[int] | None


_KINDS: dict[str, Any] = {
    "flag": Boolean(),
    "status": Integer(),
    "color": Text(),
    "number": Integer(),
    "words": Text(),
    "numbers": Text(),
}


def echo(row: type[msgspec.Struct]) -> Query[Any]:
    """Make a query that answers what is bound to the names of its columns."""
    kinds = {name: _KINDS[name.removeprefix("maybe_")] for name in row.__struct_fields__}
    return Query(select(*(cast(bindparam(name, type_=kind), kind).label(name) for name, kind in kinds.items())), row)


ECHO = echo(Everything)


async def asked(database: Database, query: Query[Any], **values: Any) -> Any:
    return await database.read(lambda transaction: transaction.one(query, **values))


async def test_every_kind_of_value_comes_back_as_what_it_is(database: Database) -> None:
    given_values: dict[str, Any] = {
        "flag": True,
        "maybe_flag": False,
        "status": Status.CLOSED,
        "maybe_status": Status.OPEN,
        "color": Color.BLUE,
        "maybe_color": Color.RED,
        "number": -5,
        "maybe_number": 5,
        "words": "Ä 'quoted' % _ \\ ? $1 :name",
        "maybe_words": "",
        "numbers": "[3, 1, 2]",
        "maybe_numbers": "[]",
    }

    row = await asked(database, ECHO, **given_values)

    assert Everything(**{**given_values, "numbers": [3, 1, 2], "maybe_numbers": []}) == row
    assert [bool, bool, Status, Status, Color, Color] == [type(value) for value in msgspec.structs.astuple(row)[:6]]


async def test_every_optional_value_may_be_missing(database: Database) -> None:
    given_values: dict[str, Any] = {"flag": False, "status": Status.OPEN, "color": Color.RED, "number": 0, "words": "", "numbers": "[]"}
    missing: dict[str, Any] = {f"maybe_{name}": None for name in given_values}

    row = await asked(database, ECHO, **given_values, **missing)

    assert Everything(**{**given_values, "numbers": []}, **missing) == row


@pytest.mark.parametrize("dialect", [ON_SQLITE, ON_POSTGRESQL], ids=["sqlite", "postgresql"])
def test_a_value_that_an_enumeration_does_not_have_is_an_error(dialect: Any) -> None:
    prepared: Prepared[Any] = prepare(ECHO.statement, dialect, row=Everything, lists_as_text=True)

    with pytest.raises(KeyError):
        prepared.build((1, None, 3, None, "red", None, 0, None, "", None, "[]", None))


class Place(msgspec.Struct, frozen=True):
    number: int
    flag: bool


class Visit(msgspec.Struct, frozen=True):
    words: str
    place: Place | None
    color: Color | None


class Journey(msgspec.Struct, frozen=True):
    number: int
    visit: Visit | None
    status: Status


def journey(number: int, *visit: Any, status: int) -> Select[Any]:
    words, place_number, flag, color = visit
    return select(
        literal(number).label("number"),
        (null() if words is None else literal(words)).label("words"),
        (null() if place_number is None else literal(place_number)).label("number"),
        (null() if flag is None else true() if flag else literal(0, Integer()) == literal(1, Integer())).label("flag"),
        (null() if color is None else literal(color)).label("color"),
        literal(status).label("status"),
    )


@pytest.mark.parametrize(
    "columns, visit",
    [
        ((None, None, None, None), None),
        (("Rome", None, None, None), Visit("Rome", None, None)),
        (("Rome", 3, True, None), Visit("Rome", Place(3, flag=True), None)),
        (("Rome", 0, False, "red"), Visit("Rome", Place(0, flag=False), Color.RED)),
        ((None, 3, True, "red"), None),
    ],
    ids=["nothing", "outer", "both", "false and zero", "first column decides"],
)
def test_a_struct_inside_a_row_is_none_where_its_first_column_is(columns: tuple[Any, ...], visit: Visit | None) -> None:
    prepared: Prepared[Any] = prepare(journey(1, *columns, status=7), ON_SQLITE, row=Journey, lists_as_text=True)

    assert Journey(1, visit, Status.CLOSED) == prepared.build((1, *columns, 7))


def test_structs_of_one_name_inside_a_row_stay_apart() -> None:
    def struct(field: str) -> type[msgspec.Struct]:
        return msgspec.defstruct("Inner", [(field, int)], frozen=True)

    first, second = struct("first"), struct("second")
    outer = msgspec.defstruct("Inner", [("id", int), ("one", first | None), ("other", second | None)], frozen=True)
    statement: Any = select(literal(1).label("id"), literal(2).label("first"), literal(3).label("second"))

    built = prepare(Query(statement, outer).statement, ON_SQLITE, row=outer, lists_as_text=True).build((1, 2, 3))

    assert outer(1, first(2), second(3)) == built


@pytest.mark.parametrize(
    "statement",
    [
        select(organizations.c.id),
        select(organizations.c.id, organizations.c.name, organizations.c.path),
        select(organizations.c.name, organizations.c.id),
        select(organizations.c.id, organizations.c.name.label("title")),
        insert(organizations).returning(organizations.c.id),
        delete(organizations).returning(organizations.c.name),
        update(organizations).values(name="Ada"),
        union_all(select(organizations.c.id), select(organizations.c.id)),
    ],
    ids=["too few", "too many", "other order", "other name", "insert", "delete", "answers nothing", "union"],
)
def test_a_query_whose_columns_are_not_the_fields_of_its_row_is_refused_at_once(statement: Any) -> None:
    class IdAndName(msgspec.Struct, frozen=True):
        id: int
        name: str

    with pytest.raises(TypeError, match=r"IdAndName has the fields \('id', 'name'\), its query the columns"):
        Query(statement, IdAndName)


def test_the_columns_of_a_struct_inside_a_row_count_as_well() -> None:
    with pytest.raises(TypeError, match=r"\('number', 'words', 'number', 'flag', 'color', 'status'\)"):
        Query(insert(organizations).returning(organizations.c.id, organizations.c.name), Journey)


@pytest.mark.parametrize("dialect", [ON_SQLITE, ON_POSTGRESQL], ids=["sqlite", "postgresql"])
def test_constants_are_part_of_the_statement_and_only_names_are_bound(dialect: Any) -> None:
    statement = (
        select(organizations.c.id)
        .where(organizations.c.name == "it's", organizations.c.id.in_([1, 2]), organizations.c.path == bindparam("path", type_=Text()))
        .limit(5)
    )

    prepared: Prepared[Any] = prepare(statement, dialect, lists_as_text=True)

    assert "'it''s'" in prepared.text
    assert "IN (1, 2)" in prepared.text
    assert "LIMIT 5" in prepared.text
    assert ("/1/",) == tuple(prepared.arrange({"path": "/1/", "unused": 3}))


def test_a_name_bound_twice_takes_its_value_twice() -> None:
    path = bindparam("path", type_=Text())
    prepared: Prepared[Any] = prepare(
        select(organizations.c.id).where((organizations.c.path == path) | (organizations.c.name == path)), ON_SQLITE, lists_as_text=True
    )

    assert ("/1/", "/1/") == tuple(prepared.arrange({"path": "/1/"}))


def test_a_name_without_a_value_is_an_error() -> None:
    prepared: Prepared[Any] = prepare(ECHO.statement, ON_SQLITE, row=Everything, lists_as_text=True)

    with pytest.raises(KeyError, match="flag"):
        prepared.arrange({"number": 1})


def test_a_statement_that_was_to_answer_nothing_refuses_a_row() -> None:
    prepared: Prepared[Any] = prepare(delete(organizations), ON_SQLITE, lists_as_text=True)

    with pytest.raises(TypeError, match="not declared to answer rows"):
        prepared.build((1,))


class Words(msgspec.Struct, frozen=True):
    words: str


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
async def test_any_constant_comes_back_as_it_was_written(words: str, database_url: str) -> None:
    constant = Query(select(literal(words, Text()).label("words")), Words)
    # Each example has a loop of its own, and a database with it.
    async with open_database(database_url) as database:
        assert words == (await asked(database, constant)).words


async def test_difficult_constants_come_back_as_they_were_written(database: Database) -> None:
    for words in ["", "'", "''", "\\", "\\'", "%", "%%", "%s", "?", "$1", ":words", "$$", "--", "/* */", "\n", "💡", "__[POSTCOMPILE_x]"]:
        assert words == (await asked(database, Query(select(literal(words, Text()).label("words")), Words))).words


class Numbers(msgspec.Struct, frozen=True):
    numbers: list[int]


async def test_numbers_are_gathered_into_a_list(database: Database) -> None:
    gathering = Query(select(numbers_of(organizations.c.id).label("numbers")), Numbers)
    assert [] == (await asked(database, gathering)).numbers

    ids = {await database.write(organization_actions.create, name=name) for name in ("Ada", "Bea", "Cid")}

    assert ids == set((await asked(database, gathering)).numbers)


async def test_a_change_of_any_kind_can_answer_rows(database: Database) -> None:
    class Row(msgspec.Struct, frozen=True):
        id: int
        name: str

    columns = (organizations.c.id, organizations.c.name)
    renaming = Query(update(organizations).values(name=func.upper(organizations.c.name)).returning(*columns), Row)
    deleting = Query(delete(organizations).returning(*columns), Row)
    organization_id = await database.write(organization_actions.create, name="ada")

    async def rename_and_delete(transaction: Transaction) -> tuple[Any, Any]:
        return await transaction.all(renaming), await transaction.find(deleting)

    assert ([Row(organization_id or 0, "ADA")], Row(organization_id or 0, "ADA")) == await database.write(rename_and_delete)
    assert 0 == await database.read(organization_actions.count)
