"""Subscriptions: who gets one, when it begins and ends, and what becomes of it."""

import json
from typing import Any

import pytest

from rollbook.database.transaction import Database
from rollbook.errors import SeveralRefusalsError
from rollbook.people.actions.user_details import UserChanges
from rollbook.people.actions.users import update_user
from rollbook.people.queries.users import UserNotFoundError
from rollbook.subscriptions.actions.profiles import ProfileChanges, update_profile
from rollbook.subscriptions.actions.subscriptions import (
    NewSubscription,
    SubscriptionChanges,
    SubscriptionInUseError,
    create_subscription,
    delete_subscription,
    update_subscription,
)
from rollbook.subscriptions.periods import SubscriptionEndsTooEarlyError, SubscriptionTargetTooEarlyError
from rollbook.subscriptions.queries.profiles import SubscriptionProfileNotFoundError
from rollbook.subscriptions.queries.subscriptions import (
    NoSubscriptionWithExternalIdError,
    SubscriptionNotFoundError,
    get_subscription,
    list_subscriptions_with_external_id,
)
from rollbook.subscriptions.redemption import SubscriberDisabledError, SubscriptionProfileDisabledError
from tests.cast import DAY, MAY, NOBODY, TESTS, add_course, gather
from tests.self_paced import assign
from tests.subscribing import add_profile, add_subscription, subscription_of


async def test_it_keeps_everything_that_is_given(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast, name="Year", duration_days=365)

    subscription_id = await add_subscription(
        database,
        profile_id=profile_id,
        user_id=cast.sam_id,
        external_id="s",
        expires_at=MAY + 30 * DAY,
        target_completion_at=MAY + 20 * DAY,
    )

    row = await subscription_of(database, subscription_id)
    assert (profile_id, "Year", cast.sam_id, "s") == (row.profile_id, row.profile_name, row.user_id, row.external_id)
    assert (MAY, MAY + 30 * DAY, MAY + 20 * DAY, None) == (row.starts_at, row.expires_at, row.target_completion_at, row.training_key_id)
    assert row.created_at == row.modified_at > 1_700_000_000


async def test_it_lasts_as_long_as_the_profile_says_where_nothing_else_is_said(database: Database) -> None:
    cast = await gather(database)
    month = await add_profile(database, cast, duration_days=30)
    for_good = await add_profile(database, cast)

    ends = [
        (await subscription_of(database, await add_subscription(database, user_id=cast.sam_id, **values))).expires_at
        for values in ({"profile_id": month}, {"profile_id": month, "expires_at": None}, {"profile_id": for_good})
    ]

    assert [MAY + 30 * DAY, None, None] == ends


async def test_another_duration_of_the_profile_changes_new_subscriptions_alone(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast, duration_days=30)
    first = await add_subscription(database, profile_id=profile_id, user_id=cast.sam_id)

    await database.write(update_profile, actor=cast.ada, profile_id=profile_id, changes=ProfileChanges(duration_days=60))
    second = await add_subscription(database, profile_id=profile_id, user_id=cast.sam_id)

    ends = [(await subscription_of(database, each)).expires_at for each in (first, second)]
    assert [MAY + 30 * DAY, MAY + 60 * DAY] == ends


async def test_all_refusals_of_a_new_one_are_told_at_once(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast, enabled=False)
    await database.write(update_user, actor=cast.ada, user_id=cast.sam_id, changes=UserChanges(disabled=True))

    with pytest.raises(SeveralRefusalsError) as refused:
        await add_subscription(database, profile_id=profile_id, user_id=cast.sam_id, expires_at=MAY - 1, target_completion_at=MAY - 1)

    assert [
        SubscriptionProfileDisabledError,
        SubscriberDisabledError,
        SubscriptionEndsTooEarlyError,
        SubscriptionTargetTooEarlyError,
    ] == [type(each) for each in refused.value.refusals]


async def test_it_may_end_in_the_moment_in_which_it_starts(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)

    await add_subscription(database, profile_id=profile_id, user_id=cast.sam_id, expires_at=MAY, target_completion_at=MAY)


async def test_a_profile_or_a_user_of_another_tree_does_not_exist(database: Database) -> None:
    cast = await gather(database)
    ours = await add_profile(database, cast)
    theirs = await add_profile(database, cast, organization_id=cast.other_organization_id)

    for profile_id, user_id in ((theirs, cast.olga_id), (NOBODY, NOBODY)):
        wanted = NewSubscription(profile_id=profile_id, user_id=user_id, starts_at=MAY)
        with pytest.raises(SeveralRefusalsError) as refused:
            await database.write(create_subscription, actor=cast.ada, subscription=wanted)
        assert [SubscriptionProfileNotFoundError, UserNotFoundError] == [type(each) for each in refused.value.refusals]
        assert ["profile_id", "user_id"] == [each.field for each in refused.value.refusals]
    subscription_id = await add_subscription(database, profile_id=ours, user_id=cast.sam_id)
    changes = SubscriptionChanges(user_id=cast.olga_id)
    with pytest.raises(UserNotFoundError):
        await database.write(update_subscription, actor=cast.ada, subscription_id=subscription_id, changes=changes)


async def test_olga_sees_nothing_of_it(database: Database) -> None:
    cast = await gather(database)
    theirs = await add_profile(database, cast, organization_id=cast.other_organization_id)
    subscription_id = await add_subscription(database, profile_id=theirs, user_id=cast.sam_id, external_id="s")

    with pytest.raises(SubscriptionNotFoundError):
        await database.read(get_subscription, viewer=cast.olga.viewer, subscription_id=subscription_id)
    with pytest.raises(NoSubscriptionWithExternalIdError):
        await database.search(list_subscriptions_with_external_id, viewer=cast.olga.viewer, external_id="s")
    changes = SubscriptionChanges(starts_at=MAY + 1)
    with pytest.raises(SubscriptionNotFoundError):
        await database.write(update_subscription, actor=cast.olga, subscription_id=subscription_id, changes=changes)
    with pytest.raises(SubscriptionNotFoundError):
        await database.write(delete_subscription, actor=cast.olga, subscription_id=subscription_id)
    assert subscription_id == (await database.read(get_subscription, viewer=cast.ada.viewer, subscription_id=subscription_id)).id


async def test_a_user_may_have_several_of_the_same_profile_with_the_same_external_id(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)
    values: dict[str, Any] = {"profile_id": profile_id, "user_id": cast.sam_id, "external_id": "s"}
    ids = [await add_subscription(database, **values) for _ in range(2)]

    rows = await database.search(list_subscriptions_with_external_id, viewer=cast.ada.viewer, external_id="s")

    assert ids == [row.id for row in rows]


async def test_it_changes_what_is_given_and_records_only_that(database: Database) -> None:
    cast = await gather(database)
    profile_id, other_id = await add_profile(database, cast, duration_days=30), await add_profile(database, cast, name="Other")
    subscription_id = await add_subscription(database, profile_id=profile_id, user_id=cast.sam_id, external_id="s")

    changes = SubscriptionChanges(
        profile_id=other_id, user_id=cast.sue_id, starts_at=MAY + DAY, external_id=None, expires_at=MAY + 30 * DAY
    )
    rehearsal = await database.rehearse(update_subscription, actor=cast.ada, subscription_id=subscription_id, changes=changes)
    await database.write(update_subscription, actor=cast.ada, subscription_id=subscription_id, changes=changes)

    row = await subscription_of(database, subscription_id)
    assert (other_id, cast.sue_id, None, MAY + DAY, MAY + 30 * DAY, 2) == (
        row.profile_id,
        row.user_id,
        row.external_id,
        row.starts_at,
        row.expires_at,
        row.version,
    )
    (change,) = rehearsal.recorded
    assert {"profile_id": profile_id, "user_id": cast.sam_id, "starts_at": MAY, "external_id": "s"} == json.loads(change.record["before"])
    assert {"profile_id": other_id, "user_id": cast.sue_id, "starts_at": MAY + DAY, "external_id": None} == json.loads(
        change.record["after"]
    )


async def test_an_update_that_changes_nothing_records_nothing_and_looks_nothing_up(database: Database) -> None:
    cast = await gather(database)
    theirs = await add_profile(database, cast, organization_id=cast.other_organization_id)
    subscription_id = await add_subscription(database, profile_id=theirs, user_id=cast.sam_id)
    await database.write(update_user, actor=cast.ada, user_id=cast.sam_id, changes=UserChanges(disabled=True))

    same = SubscriptionChanges(profile_id=theirs, user_id=cast.sam_id, starts_at=MAY)
    rehearsal = await database.rehearse(update_subscription, actor=cast.ada, subscription_id=subscription_id, changes=same)

    assert [] == rehearsal.recorded


async def test_a_change_is_refused_for_what_it_makes_of_the_times(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast, duration_days=30)
    subscription_id = await add_subscription(database, profile_id=profile_id, user_id=cast.sam_id)

    changes = SubscriptionChanges(starts_at=MAY + 31 * DAY)
    with pytest.raises(SubscriptionEndsTooEarlyError):
        await database.write(update_subscription, actor=cast.ada, subscription_id=subscription_id, changes=changes)


async def test_a_deleted_one_is_gone_and_told_by_the_history(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)
    subscription_id = await add_subscription(database, profile_id=profile_id, user_id=cast.sam_id, external_id="s")

    rehearsal = await database.rehearse(delete_subscription, actor=cast.ada, subscription_id=subscription_id)
    await database.write(delete_subscription, actor=cast.ada, subscription_id=subscription_id)

    with pytest.raises(SubscriptionNotFoundError):
        await subscription_of(database, subscription_id)
    (change,) = rehearsal.recorded
    assert {"profile_id": profile_id, "user_id": cast.sam_id, "external_id": "s", "starts_at": MAY} == json.loads(change.record["before"])


@pytest.mark.parametrize("count, told", [(1, "a course assignment is made"), (2, "2 course assignments are made")])
async def test_it_stays_while_courses_are_assigned_through_it(database: Database, count: int, told: str) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast, available_self_paced=True)
    profile_id = await add_profile(database, cast, course_ids=(course_id,))
    subscription_id = await add_subscription(database, profile_id=profile_id, user_id=cast.sam_id)
    for _ in range(count):
        await assign(database, course_id=course_id, user_id=cast.sam_id, subscription_id=subscription_id)

    with pytest.raises(SubscriptionInUseError, match=told):
        await database.write(delete_subscription, actor=TESTS, subscription_id=subscription_id)
