from typing import Any

import pytest

from rollbook.access.actor import Viewer
from rollbook.database.transaction import Database
from rollbook.database.words import MOST_WORDS, words_in
from rollbook.people.queries import finding_people
from rollbook.people.queries.finding_people import FoundPeople, find_people, find_person
from tests.cast import add_company, add_user, gather


async def find(database: Database, viewer: Viewer, typed: str = "", **how: Any) -> FoundPeople:
    return await database.search(find_people, viewer=viewer, words=words_in(typed), **how)


async def test_people_are_found_by_any_words_of_theirs(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Contoso", organization_id=cast.organization_id)
    foreign_id = await add_company(database, "Foreign", organization_id=cast.other_organization_id)
    zoe_id = await add_user(
        database,
        "Zoë",
        organization_id=cast.organization_id,
        user_name="zed",
        email="Z@Example.COM",
        last_name="Öztürk",
        external_id="HR-7",
    )
    anne_id = await add_user(
        database, "Anne Marie", organization_id=cast.organization_id, user_name="amx", email="am@x.org", company_id=company_id
    )
    await add_user(database, "Bert", organization_id=cast.organization_id, company_id=foreign_id, disabled=True)

    for expected, typed in (
        ({"Zoë"}, "öztürk zoë"),
        ({"Zoë"}, "ÖZTÜRK"),
        ({"Zoë"}, "ZED"),
        ({"Zoë"}, "hr-7"),
        ({"Zoë"}, "z@example.com"),
        ({"Anne Marie"}, "marie exam anne"),
        ({"Ivan", "Sam", "Sue", "Anne Marie", "Bert"}, "example"),
        (set(), "zoë sam"),
        (set(), "olga"),
        (set(), "%"),
    ):
        found = await find(database, cast.ada.viewer, typed)
        # Everybody's address ends like this.
        assert expected == {person.first_name for person in found.people if typed != "example" or person.id != zoe_id}, typed

    (anne,) = (await find(database, cast.ada.viewer, "anne")).people
    (bert,) = (await find(database, cast.ada.viewer, "bert")).people
    assert (anne_id, "Contoso", "Contoso Training", False) == (anne.id, anne.company_name, anne.organization_name, anne.disabled)
    assert (None, True) == (bert.company_name, bert.disabled)
    assert anne == await database.read(find_person, viewer=cast.ada.viewer, user_id=anne_id)
    assert None is await database.read(find_person, viewer=cast.olga.viewer, user_id=anne_id)


async def test_people_come_by_their_last_names_page_by_page(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await gather(database)
    for name, last in (("Al", "young"), ("Al", "Adams"), ("Bo", "adams")):
        await add_user(database, f"{name}{last}", organization_id=cast.organization_id, first_name=name, last_name=last)

    whole = await find(database, cast.ada.viewer)
    names = [(person.last_name, person.first_name) for person in whole.people]
    backwards = await find(database, cast.ada.viewer, descending=True)

    assert [("Adams", "Al"), ("adams", "Bo"), ("Example", "Ivan"), ("Example", "Sam"), ("Example", "Sue"), ("young", "Al")] == names
    assert names[::-1] == [(person.last_name, person.first_name) for person in backwards.people]
    assert (6, False) == (whole.count, whole.is_more)
    assert whole.people[2:4] == (await find(database, cast.ada.viewer, offset=2, limit=2)).people
    assert [] == (await find(database, cast.ada.viewer, offset=6)).people
    monkeypatch.setattr(finding_people, "MOST_COUNTED", 5)
    many = await find(database, cast.ada.viewer)
    assert (5, True, 6) == (many.count, many.is_more, len(many.people))


def test_only_so_many_different_words_are_looked_for() -> None:
    assert ("a", "b") == words_in("  a b\ta ")
    assert () == words_in(" ")
    assert MOST_WORDS == len(words_in("1 2 3 4 5 6 7 8"))
