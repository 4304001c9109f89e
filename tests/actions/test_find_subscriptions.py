"""Finding subscriptions by what they have in common, in any order."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from rollbook.database.transaction import Database
from rollbook.subscriptions.actions.subscriptions import SubscriptionChanges, update_subscription
from rollbook.subscriptions.queries.subscriptions import SubscriptionCriteria, list_subscriptions, search_subscriptions
from tests.cast import DAY, MAY, TESTS, Cast, add_user, gather
from tests.subscribing import add_profile, add_subscription, at

NOW = 1_800_000_000
Ids = Mapping[str, int]


async def _three(database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Create three subscriptions, a, b and c, and one that Ada does not see; give the ids of these and of what they name."""
    early = await add_user(database, "Early", organization_id=cast.organization_id, external_id="x2")
    late = await add_user(database, "Late", organization_id=cast.organization_id, external_id="X1")
    beta, alpha = await add_profile(database, cast, name="beta", duration_days=10), await add_profile(database, cast, name="Alpha")
    ids = {"early": early, "late": late, "beta": beta, "alpha": alpha}
    each: dict[str, dict[str, Any]] = {
        "a": {"profile_id": beta, "user_id": late, "starts_at": MAY + DAY, "external_id": "s", "target_completion_at": MAY + 3 * DAY},
        "b": {"profile_id": alpha, "user_id": early, "starts_at": MAY + 2 * DAY, "expires_at": MAY + 3 * DAY},
        "c": {"profile_id": alpha, "user_id": cast.sam_id, "starts_at": MAY, "target_completion_at": MAY + 2 * DAY},
    }
    for moment, (name, values) in enumerate(each.items()):
        at(monkeypatch, NOW + moment)
        ids[name] = await add_subscription(database, **values)
    await add_subscription(database, profile_id=alpha, user_id=cast.olga_id)
    at(monkeypatch, NOW + 9)
    changes = SubscriptionChanges(external_id="t")
    await database.write(update_subscription, actor=TESTS, subscription_id=ids["b"], changes=changes)
    return ids


@pytest.mark.parametrize(
    "criteria, expected",
    [
        pytest.param(lambda _: SubscriptionCriteria(), "abc", id="all"),
        pytest.param(lambda _: SubscriptionCriteria(external_id="s"), "a", id="an external id"),
        pytest.param(lambda ids: SubscriptionCriteria(profile_id=ids["alpha"]), "bc", id="a profile"),
        pytest.param(lambda ids: SubscriptionCriteria(user_id=ids["early"]), "b", id="a user"),
        pytest.param(lambda _: SubscriptionCriteria(user_external_id="X1"), "a", id="a user's external id"),
        pytest.param(lambda _: SubscriptionCriteria(user_external_id="x1"), "", id="a user's external id in another case"),
        pytest.param(lambda _: SubscriptionCriteria(training_key_id=1), "", id="a training key"),
        pytest.param(lambda _: SubscriptionCriteria(created_after=NOW + 1), "bc", id="created from then on"),
        pytest.param(lambda _: SubscriptionCriteria(created_before=NOW + 1), "ab", id="created until then"),
        pytest.param(lambda ids: SubscriptionCriteria(profile_id=ids["alpha"], created_before=NOW + 1), "b", id="several at once"),
    ],
)
async def test_it_finds_subscriptions(
    database: Database, monkeypatch: pytest.MonkeyPatch, criteria: Callable[[Ids], SubscriptionCriteria], expected: str
) -> None:
    cast = await gather(database)
    ids = await _three(database, cast, monkeypatch)

    found: dict[str, Any] = {"viewer": cast.ada.viewer, "criteria": criteria(ids)}
    page = await database.search(search_subscriptions, **found, sort="created", descending=False, offset=0, limit=10)
    listed = await database.search(list_subscriptions, **found, after_id=0, limit=10)

    assert [ids[name] for name in expected] == [row.id for row in page.rows] == [row.id for row in listed]
    assert len(expected) == page.total


@pytest.mark.parametrize(
    "sort, ascending, descending",
    [
        ("user_id", "cba", "abc"),
        ("user_external_id", "abc", "bac"),
        ("profile", "bca", "abc"),
        ("starts", "cab", "bac"),
        ("expires", "bac", "abc"),
        ("target_completion", "cab", "acb"),
        ("created", "abc", "cba"),
        ("modified", "acb", "bca"),
    ],
)
async def test_it_sorts_subscriptions_both_ways(
    database: Database, monkeypatch: pytest.MonkeyPatch, sort: str, ascending: str, descending: str
) -> None:
    cast = await gather(database)
    ids = await _three(database, cast, monkeypatch)

    found: dict[str, Any] = {"viewer": cast.ada.viewer, "criteria": SubscriptionCriteria(), "sort": sort, "offset": 0, "limit": 10}
    orders = [(await database.search(search_subscriptions, **found, descending=each)).rows for each in (False, True)]

    assert [[ids[name] for name in names] for names in (ascending, descending)] == [[row.id for row in rows] for rows in orders]


async def test_pages_neither_overlap_nor_skip(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await gather(database)
    ids = await _three(database, cast, monkeypatch)

    found: dict[str, Any] = {"viewer": cast.ada.viewer, "criteria": SubscriptionCriteria(), "sort": "profile", "descending": False}
    pages = [await database.search(search_subscriptions, **found, offset=offset, limit=1) for offset in range(4)]
    listed = await database.search(list_subscriptions, viewer=cast.ada.viewer, criteria=SubscriptionCriteria(), after_id=ids["a"], limit=1)

    assert [[ids["b"]], [ids["c"]], [ids["a"]], []] == [[row.id for row in page.rows] for page in pages]
    assert {3} == {page.total for page in pages}
    assert [ids["b"]] == [row.id for row in listed]
