"""Training keys of subscriptions: made, changed, found and deleted."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from rollbook.access.actor import Actor, ActorKind
from rollbook.access.training_keys import ALPHABET
from rollbook.database.transaction import Database
from rollbook.errors import SeveralRefusalsError
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from rollbook.subscriptions.actions.redeeming import redeem_training_key
from rollbook.subscriptions.actions.training_keys import (
    FewerUsesThanMadeError,
    NewTrainingKeys,
    TrainingKeyChanges,
    TrainingKeyRedeemedError,
    TrainingKeyTakenError,
    UnusableTrainingKeyError,
    create_training_keys,
    delete_training_key,
    update_training_key,
)
from rollbook.subscriptions.queries.profiles import SubscriptionProfileNotFoundError
from rollbook.subscriptions.queries.training_keys import (
    SubscriptionTrainingKeyNotFoundError,
    TrainingKeyCriteria,
    get_training_key,
    list_training_keys,
    search_training_keys,
)
from tests.cast import MAY, NOBODY, TESTS, Cast, gather
from tests.subscribing import add_keys, add_profile, at, key_of

NOW = 1_800_000_000


def _by(cast: Cast, user_id: int) -> Actor:
    """Give the actor that a user is who administers the training organization."""
    return replace(cast.ada, kind=ActorKind.USER, id=user_id, key_id=cast.ada.id)


async def test_as_many_are_made_as_are_asked_for(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)

    keys = await add_keys(database, cast, profile_id=profile_id, number=50)

    assert 50 == len({key.training_key for key in keys}) == len({key.id for key in keys})
    assert all(len(key.training_key) == 12 and set(key.training_key) <= set(ALPHABET) for key in keys)
    row = await key_of(database, keys[0].id)
    assert (cast.organization_id, profile_id, MAY, None, 1, 0) == (
        row.organization_id,
        row.profile_id,
        row.expires_at,
        row.content_expires_at,
        row.maximum_uses,
        row.uses,
    )


async def test_keys_of_ones_own_are_taken_as_they_are_and_told_by_the_history(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)

    new = NewTrainingKeys(
        organization_id=cast.organization_id,
        profile_id=profile_id,
        expires_at=MAY,
        content_expires_at=MAY + 1,
        maximum_uses=3,
        training_keys=("Spring", "spring", "Spring"),
        number=7,
    )
    rehearsal = await database.rehearse(create_training_keys, actor=cast.ada, keys=new)
    keys = await database.write(create_training_keys, actor=cast.ada, keys=new)

    assert ["Spring", "spring"] == [key.training_key for key in keys]
    row = await key_of(database, keys[0].id)
    assert ("Spring", MAY + 1, 3) == (row.training_key, row.content_expires_at, row.maximum_uses)
    assert ["Spring", "spring"] == [json.loads(each.record["after"])["training_key"] for each in rehearsal.recorded]


async def test_everything_that_is_wrong_is_told_at_once(database: Database) -> None:
    cast = await gather(database)
    theirs = await add_profile(database, cast, organization_id=cast.other_organization_id)
    await add_keys(database, cast, profile_id=theirs, organization_id=cast.other_organization_id, training_keys=("TAKEN",))

    texts = ("TAKEN", "taken", "two words", "one,two", "", "x" * 51)
    new = NewTrainingKeys(organization_id=cast.other_organization_id, profile_id=theirs, expires_at=MAY, training_keys=texts)
    with pytest.raises(SeveralRefusalsError) as refused:
        await database.write(create_training_keys, actor=cast.ada, keys=new)

    assert [
        OrganizationNotFoundError,
        SubscriptionProfileNotFoundError,
        TrainingKeyTakenError,
        *[UnusableTrainingKeyError] * 4,
    ] == [type(each) for each in refused.value.refusals]
    assert {"organization_id", "profile_id", "training_keys"} == {each.field for each in refused.value.refusals}


async def test_a_user_who_made_or_changed_it_is_told_and_an_api_key_is_nobody(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)
    new = NewTrainingKeys(organization_id=cast.organization_id, profile_id=profile_id, expires_at=MAY)
    made = []
    for actor in (cast.ada, _by(cast, cast.ivan_id)):
        (key,) = await database.write(create_training_keys, actor=actor, keys=new)
        made.append(await key_of(database, key.id))

    await database.write(update_training_key, actor=_by(cast, cast.sue_id), key_id=made[1].id, changes=TrainingKeyChanges(maximum_uses=2))

    changed = await key_of(database, made[1].id)
    assert [(None, None), (cast.ivan_id, cast.ivan_id)] == [(row.created_by_id, row.modified_by_id) for row in made]
    assert (cast.ivan_id, cast.sue_id) == (changed.created_by_id, changed.modified_by_id)


async def test_it_changes_what_is_given_and_records_only_that(database: Database) -> None:
    cast = await gather(database)
    profile_id, other_id = await add_profile(database, cast), await add_profile(database, cast)
    (key,) = await add_keys(database, cast, profile_id=profile_id, training_keys=("Spring",), content_expires_at=MAY)

    changes = TrainingKeyChanges(
        organization_id=cast.organization_id,
        profile_id=other_id,
        training_key="Summer",
        expires_at=MAY + 1,
        maximum_uses=2,
        content_expires_at=None,
    )
    rehearsal = await database.rehearse(update_training_key, actor=cast.ada, key_id=key.id, changes=changes)
    await database.write(update_training_key, actor=cast.ada, key_id=key.id, changes=changes)
    again = await database.rehearse(update_training_key, actor=cast.ada, key_id=key.id, changes=changes)

    row = await key_of(database, key.id)
    assert (other_id, "Summer", MAY + 1, 2, None, 2) == (
        row.profile_id,
        row.training_key,
        row.expires_at,
        row.maximum_uses,
        row.content_expires_at,
        row.version,
    )
    (change,) = rehearsal.recorded
    assert {"profile_id": profile_id, "training_key": "Spring", "expires_at": MAY, "maximum_uses": 1, "content_expires_at": MAY} == (
        json.loads(change.record["before"])
    )
    assert [] == again.recorded


async def test_a_change_is_refused_for_all_that_is_wrong_with_it(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)
    first, second = await add_keys(database, cast, profile_id=profile_id, training_keys=("Spring", "Summer"), maximum_uses=2)
    for user_id in (cast.sam_id, cast.sue_id):
        await database.write(redeem_training_key, actor=cast.ada, user_id=user_id, training_key="Spring")

    changes = TrainingKeyChanges(training_key="Summer", maximum_uses=1, profile_id=NOBODY)
    with pytest.raises(SeveralRefusalsError) as refused:
        await database.write(update_training_key, actor=cast.ada, key_id=first.id, changes=changes)

    assert [SubscriptionProfileNotFoundError, TrainingKeyTakenError, FewerUsesThanMadeError] == [
        type(each) for each in refused.value.refusals
    ]
    assert ["profile_id", "training_key", "maximum_uses"] == [each.field for each in refused.value.refusals]
    assert "Summer" == (await key_of(database, second.id)).training_key


async def test_it_is_deleted_as_long_as_it_became_nothing(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast)
    first, second = await add_keys(database, cast, profile_id=profile_id, number=2, maximum_uses=2)
    await database.write(redeem_training_key, actor=cast.ada, user_id=cast.sam_id, training_key=first.training_key)

    with pytest.raises(TrainingKeyRedeemedError, match="became a subscription"):
        await database.write(delete_training_key, actor=cast.ada, key_id=first.id)
    await database.write(redeem_training_key, actor=cast.ada, user_id=cast.sue_id, training_key=first.training_key)
    with pytest.raises(TrainingKeyRedeemedError, match="became 2 subscriptions"):
        await database.write(delete_training_key, actor=cast.ada, key_id=first.id)
    await database.write(delete_training_key, actor=cast.ada, key_id=second.id)

    with pytest.raises(SubscriptionTrainingKeyNotFoundError):
        await key_of(database, second.id)


async def test_olga_sees_nothing_of_it(database: Database) -> None:
    cast = await gather(database)
    profile_id = await add_profile(database, cast, organization_id=cast.other_organization_id)
    (key,) = await add_keys(database, cast, profile_id=profile_id)

    with pytest.raises(SubscriptionTrainingKeyNotFoundError):
        await database.read(get_training_key, viewer=cast.olga.viewer, key_id=key.id)
    changes = TrainingKeyChanges(maximum_uses=2)
    with pytest.raises(SubscriptionTrainingKeyNotFoundError):
        await database.write(update_training_key, actor=cast.olga, key_id=key.id, changes=changes)
    with pytest.raises(SubscriptionTrainingKeyNotFoundError):
        await database.write(delete_training_key, actor=cast.olga, key_id=key.id)


async def _three(database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Create three keys, a, b and c, and one that Ada does not see; give the ids of these and of what they name."""
    beta, alpha = await add_profile(database, cast, name="beta"), await add_profile(database, cast, name="Alpha")
    ids = {"beta": beta, "alpha": alpha, "ivan": cast.ivan_id, "sue": cast.sue_id, "ours": cast.organization_id}
    ids["theirs"] = cast.other_organization_id
    each: list[tuple[str, Actor, dict[str, Any]]] = [
        ("a", cast.ada, {"profile_id": beta, "expires_at": MAY + 2, "content_expires_at": MAY + 5, "training_keys": ("K2",)}),
        ("b", _by(cast, cast.sue_id), {"profile_id": alpha, "expires_at": MAY + 1, "training_keys": ("k1",)}),
        (
            "c",
            _by(cast, cast.ivan_id),
            {"profile_id": alpha, "expires_at": MAY + 3, "content_expires_at": MAY + 4, "training_keys": ("K3",)},
        ),
    ]
    for moment, (name, actor, values) in enumerate(each):
        at(monkeypatch, NOW + moment)
        keys = NewTrainingKeys(organization_id=cast.organization_id, **values)
        (key,) = await database.write(create_training_keys, actor=actor, keys=keys)
        ids[name] = key.id
    await add_keys(database, cast, profile_id=alpha, organization_id=cast.other_organization_id)
    at(monkeypatch, NOW + 9)
    changes = TrainingKeyChanges(maximum_uses=2)
    await database.write(update_training_key, actor=_by(cast, cast.sue_id), key_id=ids["a"], changes=changes)
    return ids


@pytest.mark.parametrize(
    "criteria, expected",
    [
        pytest.param(lambda _: TrainingKeyCriteria(), "abc", id="all"),
        pytest.param(lambda ids: TrainingKeyCriteria(organization_id=ids["ours"]), "abc", id="an organization"),
        pytest.param(lambda ids: TrainingKeyCriteria(organization_id=ids["theirs"]), "", id="another organization"),
        pytest.param(lambda ids: TrainingKeyCriteria(profile_id=ids["alpha"]), "bc", id="a profile"),
        pytest.param(lambda _: TrainingKeyCriteria(training_key="k1"), "b", id="the key"),
        pytest.param(lambda _: TrainingKeyCriteria(training_key="K1"), "", id="the key in another case"),
        pytest.param(lambda ids: TrainingKeyCriteria(created_by_id=ids["ivan"]), "c", id="who made it"),
        pytest.param(lambda _: TrainingKeyCriteria(created_after=NOW + 1), "bc", id="created from then on"),
        pytest.param(lambda _: TrainingKeyCriteria(created_before=NOW + 1), "ab", id="created until then"),
        pytest.param(lambda _: TrainingKeyCriteria(expires_after=MAY + 2), "ac", id="expiring from then on"),
        pytest.param(lambda _: TrainingKeyCriteria(expires_before=MAY + 2), "ab", id="expiring until then"),
        pytest.param(lambda ids: TrainingKeyCriteria(profile_id=ids["alpha"], expires_after=MAY + 2), "c", id="several at once"),
    ],
)
async def test_it_finds_training_keys(
    database: Database, monkeypatch: pytest.MonkeyPatch, criteria: Callable[[Mapping[str, int]], TrainingKeyCriteria], expected: str
) -> None:
    cast = await gather(database)
    ids = await _three(database, cast, monkeypatch)

    found: dict[str, Any] = {"viewer": cast.ada.viewer, "criteria": criteria(ids)}
    page = await database.search(search_training_keys, **found, sort="created", descending=False, offset=0, limit=10)
    listed = await database.search(list_training_keys, **found, after_id=0, limit=10)

    assert [ids[name] for name in expected] == [row.id for row in page.rows] == [row.id for row in listed]
    assert len(expected) == page.total


@pytest.mark.parametrize(
    "sort, ascending, descending",
    [
        ("training_key", "bac", "cab"),
        ("content_expires", "cab", "acb"),
        ("profile", "bca", "abc"),
        ("created", "abc", "cba"),
        ("created_by", "cba", "bca"),
        ("modified", "bca", "acb"),
        ("modified_by", "cab", "abc"),
        ("expires", "bac", "cab"),
    ],
)
async def test_it_sorts_training_keys_both_ways(
    database: Database, monkeypatch: pytest.MonkeyPatch, sort: str, ascending: str, descending: str
) -> None:
    cast = await gather(database)
    ids = await _three(database, cast, monkeypatch)

    found: dict[str, Any] = {"viewer": TESTS.viewer, "criteria": TrainingKeyCriteria(organization_id=cast.organization_id), "sort": sort}
    orders = [(await database.search(search_training_keys, **found, descending=each, offset=0, limit=9)).rows for each in (False, True)]

    assert [[ids[name] for name in names] for names in (ascending, descending)] == [[row.id for row in rows] for rows in orders]
