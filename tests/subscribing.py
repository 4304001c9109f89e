"""Subscription profiles, subscriptions and training keys of the training organization, made by the noun's own actions."""

from typing import Any

import pytest

from rollbook.database.transaction import Database
from rollbook.subscriptions.actions.profiles import NewProfile, create_profile
from rollbook.subscriptions.actions.subscriptions import NewSubscription, create_subscription
from rollbook.subscriptions.actions.training_keys import NewKey, NewTrainingKeys, create_training_keys
from rollbook.subscriptions.queries.subscriptions import SubscriptionRow, get_subscription
from rollbook.subscriptions.queries.training_keys import TrainingKeyRow, get_training_key
from tests.cast import MAY, TESTS, Cast


def at(monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
    """Let it be that moment, in epoch seconds, from here on."""
    monkeypatch.setattr("rollbook.clock.now", lambda: moment)


async def add_profile(database: Database, cast: Cast, **values: Any) -> int:
    """Create a subscription profile."""
    profile = NewProfile(**{"organization_id": cast.organization_id, "name": "All you can weld", **values})
    return await database.write(create_profile, actor=TESTS, profile=profile)


async def add_subscription(database: Database, *, profile_id: int, user_id: int, **values: Any) -> int:
    """Give a user a subscription."""
    subscription = NewSubscription(**{"profile_id": profile_id, "user_id": user_id, "starts_at": MAY, **values})
    return await database.write(create_subscription, actor=TESTS, subscription=subscription)


async def add_keys(database: Database, cast: Cast, *, profile_id: int, **values: Any) -> list[NewKey]:
    """Create training keys."""
    keys = NewTrainingKeys(**{"organization_id": cast.organization_id, "profile_id": profile_id, "expires_at": MAY, **values})
    return await database.write(create_training_keys, actor=TESTS, keys=keys)


async def subscription_of(database: Database, subscription_id: int) -> SubscriptionRow:
    """Give a subscription as it is now."""
    return await database.read(get_subscription, viewer=TESTS.viewer, subscription_id=subscription_id)


async def key_of(database: Database, key_id: int) -> TrainingKeyRow:
    """Give a training key as it is now."""
    return await database.read(get_training_key, viewer=TESTS.viewer, key_id=key_id)
