"""What the two engines spell differently and mean alike."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Integer, Text, bindparam, select

from rollbook.database.expressions import any_of, contains, objects_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Database
from rollbook.organizations.model import organizations
from tests.database import organization_actions


class IdRow(msgspec.Struct, frozen=True):
    id: int


class AnswerRow(msgspec.Struct, frozen=True):
    answer: bool | None


class GatheredRow(msgspec.Struct, frozen=True):
    found: list[IdRow]


def one_answer(expression: ColumnElement[bool]) -> Query[AnswerRow]:
    return Query(select(expression.label("answer")), AnswerRow)


CONTAINS = one_answer(contains(bindparam("words", type_=Text()), bindparam("part", type_=Text())))
WITHIN = one_answer(within(bindparam("path", type_=Text()), bindparam("scope", type_=Text())))
AMONG = Query(select(organizations.c.id).where(any_of(organizations.c.id, "ids")).order_by(organizations.c.id), IdRow)
AMONG_OF_AN_ORGANIZATION = Query(
    select(organizations.c.id)
    .where(
        any_of(organizations.c.id, "ids"), organizations.c.path == bindparam("path", type_=Text()), any_of(organizations.c.id, "more_ids")
    )
    .limit(bindparam("limit", type_=Integer())),
    IdRow,
)
GATHERED = Query(
    select(objects_of(organizations.c.id).label("found")).where(organizations.c.path == bindparam("path", type_=Text())), GatheredRow
)


async def answer(database: Database, query: Query[AnswerRow], **values: Any) -> bool | None:
    return (await database.read(lambda transaction: transaction.one(query, **values))).answer


async def test_a_special_character_is_a_character_like_any_other(database: Database) -> None:
    for part in ["%", "_", "\\", "'", '"', "\\%", "%%", "a%b", "?", "$1", "/", "ß", "💡", " "]:
        assert await answer(database, CONTAINS, words=f"before{part}after", part=part) is True, part
        assert await answer(database, CONTAINS, words="before-and-after", part=part) is False, part


async def test_a_text_contains_its_parts(database: Database) -> None:
    for words, part in [("abc", "abc"), ("abc", "b"), ("aaa", "aa")]:
        assert await answer(database, CONTAINS, words=words, part=part) is True, part
    for words, part in [("abc", "abcd"), ("abc", "B"), ("", "a"), ("", ""), ("abc", "")]:
        assert await answer(database, CONTAINS, words=words, part=part) is False, part


async def test_an_empty_column_contains_nothing(database: Database) -> None:
    assert not await answer(database, CONTAINS, words=None, part="a")


async def test_an_organization_is_within_its_own_tree_and_those_above(database: Database) -> None:
    for path, scope in [("/1/", "/1/"), ("/1/5/", "/1/"), ("/1/5/", "/")]:
        assert await answer(database, WITHIN, path=path, scope=scope) is True, path
    for path, scope in [("/1/", "/1/5/"), ("/12/", "/1/"), ("/1/15/", "/1/5/"), ("/2/1/", "/1/")]:
        assert await answer(database, WITHIN, path=path, scope=scope) is False, path


async def test_a_list_is_bound_as_one_value(database: Database) -> None:
    ids = [await database.write(organization_actions.create, name=name) for name in ("Ada", "Bea", "Cid")]

    async def among(*wanted: int | None) -> list[int]:
        return [row.id for row in await database.read(lambda transaction: transaction.all(AMONG, ids=list(wanted)))]

    assert [ids[0], ids[2]] == await among(ids[2], 999, ids[0], ids[0])
    assert [] == await among()
    assert ids == await among(*range(2000))


async def test_lists_stand_beside_other_values(database: Database) -> None:
    first, second = [await database.write(organization_actions.create, name=name) for name in ("Ada", "Bea")]

    async def asked(ids: list[int | None], path: str, more_ids: list[int | None]) -> list[int]:
        values = {"ids": ids, "path": path, "more_ids": more_ids, "limit": 10}
        return [row.id for row in await database.read(lambda transaction: transaction.all(AMONG_OF_AN_ORGANIZATION, **values))]

    assert [first] == await asked([first, second], "/Ada/", [first])
    assert [] == await asked([first, second], "/Ada/", [second])
    assert [second] == await asked([second], "/Bea/", [second, first])


async def test_rows_are_gathered_as_structs(database: Database) -> None:
    ids = [await database.write(organization_actions.create, name=name) for name in ("Ada", "Bea")]

    async def gathered(path: str) -> list[int]:
        return [row.id for row in (await database.read(lambda transaction: transaction.one(GATHERED, path=path))).found]

    assert [ids[1]] == await gathered("/Bea/")
    assert [] == await gathered("/Cid/")
