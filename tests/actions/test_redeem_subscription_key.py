"""Redeeming a training key for a subscription, however many do so at once."""

import asyncio
import json
from typing import Any

import pytest

from rollbook.database import open_database
from rollbook.database.transaction import Database, Transaction
from rollbook.errors import RollbookError, SeveralRefusalsError
from rollbook.people.actions.user_details import UserChanges
from rollbook.people.actions.users import update_user
from rollbook.people.queries.users import UserNotFoundError
from rollbook.subscriptions.actions.profiles import ProfileChanges, update_profile
from rollbook.subscriptions.actions.redeeming import redeem_training_key
from rollbook.subscriptions.actions.subscriptions import delete_subscription
from rollbook.subscriptions.actions.training_keys import TrainingKeyChanges, update_training_key
from rollbook.subscriptions.queries.subscriptions import SubscriptionCriteria, list_subscriptions
from rollbook.subscriptions.queries.training_keys import UnknownTrainingKeyError
from rollbook.subscriptions.redemption import (
    AlreadySubscribedError,
    RedeemingForAnotherError,
    SubscriberDisabledError,
    SubscriptionProfileDisabledError,
    TrainingKeyContentOverError,
    TrainingKeyExpiredError,
    TrainingKeyUsedUpError,
)
from tests.cast import DAY, MAY, NOBODY, TESTS, Cast, acting, add_key, add_organization, add_user, gather
from tests.subscribing import add_keys, add_profile, add_subscription, at, key_of, subscription_of

NOW = 1_800_000_000


async def redeem(database: Database, cast: Cast, user_id: int, training_key: str) -> int:
    return await database.write(redeem_training_key, actor=cast.ada, user_id=user_id, training_key=training_key)


async def test_a_key_becomes_a_subscription_from_now_on(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast, duration_days=30)
    (key,) = await add_keys(database, cast, profile_id=profile_id)
    at(monkeypatch, NOW)

    rehearsal = await database.rehearse(redeem_training_key, actor=cast.ada, user_id=cast.sam_id, training_key=key.training_key)
    row = await subscription_of(database, await redeem(database, cast, cast.sam_id, key.training_key))

    assert (profile_id, cast.sam_id, key.id, NOW, NOW + 30 * DAY) == (
        row.profile_id,
        row.user_id,
        row.training_key_id,
        row.starts_at,
        row.expires_at,
    )
    assert 1 == (await key_of(database, key.id)).uses
    told = {each.record["kind"]: json.loads(each.record["after"]) for each in rehearsal.recorded}
    assert {"uses": 1} == told["subscription_training_key.redeemed"]
    assert key.id == told["subscription.created"]["training_key_id"]
    found = SubscriptionCriteria(training_key_id=key.id)
    assert [row] == await database.search(list_subscriptions, viewer=cast.ada.viewer, criteria=found, after_id=0, limit=9)


@pytest.mark.parametrize("days", [None, 30])
async def test_what_a_key_says_of_the_content_overrides_the_profile(database: Database, days: int | None) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast, duration_days=days)
    (key,) = await add_keys(database, cast, profile_id=profile_id, content_expires_at=MAY + 5)

    row = await subscription_of(database, await redeem(database, cast, cast.sam_id, key.training_key))

    assert MAY + 5 == row.expires_at


async def test_it_is_for_the_organization_of_the_key_and_those_beneath(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
    pierre_id = await add_user(database, "Pierre", organization_id=branch_id)
    profile_id = await add_profile(database, cast)
    ours, beneath, theirs = [
        (await add_keys(database, cast, profile_id=profile_id, organization_id=each))[0].training_key
        for each in (cast.organization_id, branch_id, cast.other_organization_id)
    ]
    branch = await add_key(database, organization_id=branch_id)

    for user_id, training_key in ((cast.sam_id, beneath), (cast.sam_id, theirs), (cast.sam_id, ours.lower()), (cast.sam_id, "no")):
        with pytest.raises(UnknownTrainingKeyError):
            await redeem(database, cast, user_id, training_key)
    for user_id in (cast.olga_id, NOBODY):
        with pytest.raises(UserNotFoundError):
            await redeem(database, cast, user_id, ours)
    # The branch's own API key sees neither the training key nor its profile, but the student holds the key.
    await database.write(redeem_training_key, actor=branch, user_id=pierre_id, training_key=ours)


@pytest.mark.parametrize(
    "values, profile, refusal",
    [
        pytest.param({"expires_at": NOW}, {}, TrainingKeyExpiredError, id="expired"),
        pytest.param({"content_expires_at": NOW}, {}, TrainingKeyContentOverError, id="over"),
        pytest.param({}, {"enabled": False}, SubscriptionProfileDisabledError, id="disabled"),
        pytest.param({"expires_at": NOW + 1, "content_expires_at": NOW + 1}, {}, None, id="in time"),
    ],
)
async def test_a_key_is_refused_for_a_reason(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    values: dict[str, Any],
    profile: dict[str, Any],
    refusal: type[RollbookError] | None,
) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast, **profile)
    (key,) = await add_keys(database, cast, profile_id=profile_id, **values)
    at(monkeypatch, NOW)

    if refusal is None:
        await redeem(database, cast, cast.sam_id, key.training_key)
    else:
        with pytest.raises(refusal):
            await redeem(database, cast, cast.sam_id, key.training_key)
    assert (refusal is None) == (await key_of(database, key.id)).uses


async def test_all_reasons_are_told_at_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)
    (key,) = await add_keys(database, cast, profile_id=profile_id, content_expires_at=MAY)
    subscription_id = await redeem(database, cast, cast.sam_id, key.training_key)
    await database.write(update_user, actor=TESTS, user_id=cast.sam_id, changes=UserChanges(disabled=True))
    await database.write(update_profile, actor=TESTS, profile_id=profile_id, changes=ProfileChanges(enabled=False))

    with pytest.raises(SeveralRefusalsError) as refused:
        await redeem(database, cast, cast.sam_id, key.training_key)
    at(monkeypatch, MAY)
    with pytest.raises(SeveralRefusalsError) as refused_later:
        await redeem(database, cast, cast.sam_id, key.training_key)

    standing = [TrainingKeyUsedUpError, SubscriptionProfileDisabledError, SubscriberDisabledError]
    assert [*standing, AlreadySubscribedError] == [type(each) for each in refused.value.refusals]
    assert f"subscription {subscription_id}" in str(refused.value)
    assert [TrainingKeyExpiredError, TrainingKeyContentOverError, *standing] == [type(each) for each in refused_later.value.refusals]


async def test_a_key_is_not_spent_on_what_the_user_has_or_will_have(database: Database) -> None:
    cast = await gather(database)
    profile_id, other_id = await add_profile(database, cast, duration_days=30), await add_profile(database, cast)
    (key,) = await add_keys(database, cast, profile_id=profile_id)
    past = await add_subscription(database, profile_id=profile_id, user_id=cast.sam_id, starts_at=1, expires_at=NOW - 1000 * DAY)
    await add_subscription(database, profile_id=other_id, user_id=cast.sam_id)
    await add_subscription(database, profile_id=profile_id, user_id=cast.sue_id)

    with pytest.raises(AlreadySubscribedError):
        await redeem(database, cast, cast.sue_id, key.training_key)
    assert past != await redeem(database, cast, cast.sam_id, key.training_key)


async def test_a_student_redeems_for_oneself_alone(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)
    (key,) = await add_keys(database, cast, profile_id=profile_id)
    sam = acting(cast, cast.sam_id)

    with pytest.raises(RedeemingForAnotherError):
        await database.write(redeem_training_key, actor=sam, user_id=cast.sue_id, training_key=key.training_key)
    await database.write(redeem_training_key, actor=sam, user_id=cast.sam_id, training_key=key.training_key)


async def test_a_deleted_subscription_gives_the_key_its_use_back(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)
    (key,) = await add_keys(database, cast, profile_id=profile_id)
    subscription_id = await redeem(database, cast, cast.sam_id, key.training_key)

    rehearsal = await database.rehearse(delete_subscription, actor=cast.ada, subscription_id=subscription_id)
    await database.write(delete_subscription, actor=cast.ada, subscription_id=subscription_id)

    assert 0 == (await key_of(database, key.id)).uses
    assert ["subscription_training_key.released", "subscription.deleted"] == [each.record["kind"] for each in rehearsal.recorded]
    await redeem(database, cast, cast.sue_id, key.training_key)


@pytest.mark.parametrize("uses", [1, 3])
async def test_a_key_never_becomes_more_subscriptions_than_it_may(database: Database, uses: int) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)
    (key,) = await add_keys(database, cast, profile_id=profile_id, maximum_uses=uses)
    users = [await add_user(database, f"Student{each}", organization_id=cast.organization_id) for each in range(8)]
    await asyncio.gather(*(database.check() for _ in users))

    outcomes = await asyncio.gather(*(redeem(database, cast, each, key.training_key) for each in users), return_exceptions=True)

    assert uses == len({outcome for outcome in outcomes if isinstance(outcome, int)})
    assert {TrainingKeyUsedUpError} == {type(outcome) for outcome in outcomes if not isinstance(outcome, int)}
    assert uses == (await key_of(database, key.id)).uses
    found = SubscriptionCriteria(training_key_id=key.id)
    assert uses == len(await database.search(list_subscriptions, viewer=cast.ada.viewer, criteria=found, after_id=0, limit=99))


async def test_a_key_that_is_changed_while_it_is_redeemed_opens_nothing(postgresql_url: str) -> None:
    async with open_database(postgresql_url) as database:
        cast = await gather(database)
        profile_id = await add_profile(database, cast)
        (key,) = await add_keys(database, cast, profile_id=profile_id, training_keys=("Spring",))
        changed = asyncio.Event()

        async def change_key(transaction: Transaction) -> None:
            await update_training_key(transaction, actor=TESTS, key_id=key.id, changes=TrainingKeyChanges(training_key="Summer"))
            changed.set()
            await asyncio.sleep(0.3)

        changing = asyncio.create_task(database.write(change_key))
        await changed.wait()
        with pytest.raises(UnknownTrainingKeyError):
            await redeem(database, cast, cast.sam_id, "Spring")
        await changing

        assert key.id == (await subscription_of(database, await redeem(database, cast, cast.sam_id, "Summer"))).training_key_id


async def test_two_keys_at_once_become_one_subscription_of_a_user(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)
    keys = await add_keys(database, cast, profile_id=profile_id, number=4)
    await asyncio.gather(*(database.check() for _ in keys))

    outcomes = await asyncio.gather(*(redeem(database, cast, cast.sam_id, key.training_key) for key in keys), return_exceptions=True)

    assert [AlreadySubscribedError] * 3 == [type(outcome) for outcome in outcomes if not isinstance(outcome, int)]
    assert 1 == sum([(await key_of(database, key.id)).uses for key in keys])


async def test_the_same_text_given_by_many_at_once_becomes_one_key(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)
    await asyncio.gather(*(database.check() for _ in range(6)))

    made = [add_keys(database, cast, profile_id=profile_id, training_keys=("Spring",)) for _ in range(6)]
    outcomes = await asyncio.gather(*made, return_exceptions=True)

    assert 1 == sum(not isinstance(outcome, BaseException) for outcome in outcomes)
