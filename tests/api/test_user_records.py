"""The commands about what users did."""

from typing import Any

import pytest

from rollbook.database import open_database
from rollbook.database.transaction import Database, Transaction
from rollbook.people.actions.activity import Act, note_activity
from rollbook.people.actions.sign_ins import record_sign_in
from rollbook.people.model import user_activity
from tests.api.front_of_door import FrontOfDoor
from tests.cast import TESTS, Cast, add_organization, add_user, gather
from tests.rows import add_row

NOON = 1_700_000_000


async def _people(database: Database, cast: Cast) -> tuple[int, int, int]:
    """Create three users who differ in the order of every name, the last one in an organization beneath."""
    branch_id = await add_organization(database, "Aachen", parent_id=cast.organization_id)
    return (
        await add_user(database, "Cy", organization_id=cast.organization_id, last_name="aster", email="b@example.com", external_id="c1"),
        await add_user(database, "ann", organization_id=cast.organization_id, last_name="Cole", user_name="Zed"),
        await add_user(database, "Bea", organization_id=branch_id, last_name="Baker", user_name="mia"),
    )


async def _signed_in(database: Database, cast: Cast) -> tuple[FrontOfDoor, tuple[int, int, int]]:
    people = await _people(database, cast)
    for user_id, at in zip(people, (NOON + 1, NOON, NOON + 2), strict=True):
        await database.write(record_sign_in, actor=TESTS, user_id=user_id, at=at)
    await database.write(record_sign_in, actor=TESTS, user_id=cast.olga_id, at=NOON)
    return FrontOfDoor(database, cast.ada_key), people


async def _requested(database: Database, cast: Cast) -> tuple[FrontOfDoor, tuple[int, int, int]]:
    people = await _people(database, cast)
    acts = [Act(user_id=user_id, at=at, method="GET", path="/") for user_id, at in zip(people, (NOON + 1, NOON, NOON + 2), strict=True)]
    await database.write(note_activity, acts=[*acts, Act(user_id=cast.olga_id, at=NOON, method="GET", path="/")])
    return FrontOfDoor(database, cast.ada_key), people


def _places(answer: dict[str, Any], people: tuple[int, int, int]) -> list[int]:
    return [people.index(result["UserId"]) for result in answer["Results"]]


async def test_a_sign_in_that_was_told_is_found(database: Database) -> None:
    async with database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        await door.ask("RecordSignIn", userId=cast.sam_id, at=NOON, address="192.0.2.7", userAgent="Firefox")
        await door.ask("RecordSignIn", userId=cast.sam_id)

        recent, told = (await door.ask("SearchSignInHistory", userId=cast.sam_id))["Results"]
        expected = {
            "UserId": cast.sam_id,
            "ExternalId": None,
            "FirstName": "Sam",
            "LastName": "Example",
            "UserName": "sam",
            "Email": "sam@example.com",
            "OrganizationId": cast.organization_id,
            "SignIn": NOON,
            "Address": "192.0.2.7",
            "UserAgent": "Firefox",
        }
        assert (expected, list(expected)) == (told, list(told))
        assert (None, None) == (recent["Address"], recent["UserAgent"])
        assert recent["SignIn"] > NOON


async def test_a_dry_run_keeps_no_sign_in(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        answer = await door.ask("RecordSignIn", userId=cast.sam_id, dryRun="true")

        assert [] == answer["changes"]
        assert 0 == (await door.ask("SearchSignInHistory"))["TotalCount"]


async def test_a_closed_account_signs_in_no_more(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        await door.ask("CloseUserAccountById", id=cast.sam_id)

        refused = await door.refused("RecordSignIn", userId=cast.sam_id)
        await database.write(note_activity, acts=[Act(user_id=cast.sam_id, at=NOON, method="GET", path="/")])

        assert f"userId: the account of user {cast.sam_id} is closed; create a new user" == refused
        assert 0 == (await door.ask("SearchUserActivity"))["TotalCount"]


@pytest.mark.parametrize(
    "sort, order",
    [
        (None, [2, 0, 1]),
        ("SignIn", [1, 0, 2]),
        ("signin desc", [2, 0, 1]),
        ("LastName", [0, 2, 1]),
        ("LastName DESC", [1, 2, 0]),
        ("FirstName", [1, 2, 0]),
        ("FirstName DESC", [0, 2, 1]),
        ("UserName", [0, 2, 1]),
        ("UserName DESC", [1, 2, 0]),
        ("Email", [1, 0, 2]),
        ("Email DESC", [2, 0, 1]),
    ],
)
async def test_sign_ins_come_in_every_documented_order(sort: str | None, order: list[int], database: Database) -> None:
    async with database:
        door, people = await _signed_in(database, await gather(database))

        found = await door.ask("SearchSignInHistory", **({} if sort is None else {"sort": sort}))

        assert order == _places(found, people)


@pytest.mark.parametrize(
    "filters, order",
    [
        ({"userExternalId": "c1"}, [0]),
        ({"userExternalId": "c2"}, []),
        ({"after": NOON + 1}, [2, 0]),
        ({"before": str(NOON + 1)}, [0, 1]),
        ({"after": NOON + 1, "before": NOON + 1}, [0]),
        ({"pageSize": 2}, [2, 0]),
        ({"pageSize": 2, "pageIndex": 1}, [1]),
        ({"pageSize": 2, "pageIndex": 2}, []),
    ],
)
async def test_sign_ins_are_filtered(filters: dict[str, Any], order: list[int], database: Database) -> None:
    async with database:
        door, people = await _signed_in(database, await gather(database))

        assert order == _places(await door.ask("SearchSignInHistory", **filters), people)


async def test_sign_ins_of_one_user_are_found(database: Database) -> None:
    async with database:
        cast = await gather(database)
        door, people = await _signed_in(database, cast)

        assert [1] == _places(await door.ask("SearchSignInHistory", userId=people[1]), people)
        assert 0 == (await door.ask("SearchSignInHistory", userId=cast.olga_id))["TotalCount"]


@pytest.mark.parametrize(
    "sort, order",
    [
        (None, [2, 0, 1]),
        ("RequestTime", [1, 0, 2]),
        ("RequestTime DESC", [2, 0, 1]),
        ("LastName", [0, 2, 1]),
        ("LastName DESC", [1, 2, 0]),
        ("UserName", [0, 2, 1]),
        ("UserName DESC", [1, 2, 0]),
        ("Organization", [2, 0, 1]),
        ("Organization DESC", [0, 1, 2]),
    ],
)
async def test_requests_come_in_every_documented_order(sort: str | None, order: list[int], database: Database) -> None:
    async with database:
        door, people = await _requested(database, await gather(database))

        found = await door.ask("SearchUserActivity", **({} if sort is None else {"sort": sort}))

        assert order == _places(found, people)


@pytest.mark.parametrize(
    "filters, order",
    [
        ({"userExternalId": "c1"}, [0]),
        ({"activityAfter": str(NOON + 1)}, [2, 0]),
        ({"activityBefore": NOON + 1}, [0, 1]),
        ({"activityAfter": NOON + 1, "activityBefore": NOON + 1}, [0]),
        ({"pageSize": 2, "pageIndex": 1}, [1]),
    ],
)
async def test_requests_are_filtered(filters: dict[str, Any], order: list[int], database: Database) -> None:
    async with database:
        door, people = await _requested(database, await gather(database))

        assert order == _places(await door.ask("SearchUserActivity", **filters), people)


async def test_requests_of_one_user_are_found(database: Database) -> None:
    async with database:
        cast = await gather(database)
        door, people = await _requested(database, cast)

        assert [1] == _places(await door.ask("SearchUserActivity", userId=people[1]), people)
        assert 0 == (await door.ask("SearchUserActivity", userId=cast.olga_id))["TotalCount"]


async def test_a_request_is_shown_with_who_acted_as_far_as_that_one_is_seen(database: Database) -> None:
    async with database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        await database.write(
            note_activity,
            acts=[Act(user_id=cast.sam_id, at=NOON, method="GET", path="/a", referrer="https://b", user_agent="Firefox")],
        )
        for number, impersonating_id in enumerate((cast.sue_id, cast.olga_id)):
            await database.write(_let_act, user_id=cast.sam_id, impersonating_id=impersonating_id, at=NOON - 1 - number)

        shown, by_sue, by_olga = (await door.ask("SearchUserActivity", userId=cast.sam_id))["Results"]

        expected = {
            "UserId": cast.sam_id,
            "ExternalId": None,
            "FirstName": "Sam",
            "LastName": "Example",
            "UserName": "sam",
            "OrganizationId": cast.organization_id,
            "ImpersonatingUserId": None,
            "ImpersonatingUserFirstName": None,
            "ImpersonatingUserLastName": None,
            "RequestTime": NOON,
            "RequestMethod": "GET",
            "Referrer": "https://b",
            "Url": "/a",
            "UserAgent": "Firefox",
        }
        assert (expected, list(expected)) == (shown, list(shown))
        told = [[each[f"ImpersonatingUser{name}"] for name in ("Id", "FirstName", "LastName")] for each in (by_sue, by_olga)]
        assert [[cast.sue_id, "Sue", "Example"], [None, None, None]] == told


async def _let_act(transaction: Transaction, *, user_id: int, impersonating_id: int, at: int) -> None:
    await add_row(transaction, user_activity, user_id=user_id, impersonating_user_id=impersonating_id, at=at, method="GET", path="/")
