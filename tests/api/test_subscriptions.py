"""The commands about subscriptions, their profiles and their training keys."""

from typing import Any

import pytest

from rollbook.database import open_database
from rollbook.database.transaction import Database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import DAY, MAY, Cast, add_course, add_user, gather
from tests.subscribing import add_keys, add_profile, add_subscription, at, subscription_of

NOW = 1_800_000_000
BOTH = pytest.mark.parametrize("noun", ["ClubMembership", "Subscription"])


@BOTH
async def test_a_subscription_goes_its_way_under_both_names(sqlite_url: str, noun: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        profile_id = await add_profile(database, cast, duration_days=10)

        created = await door.ask(f"Create{noun}", externalId="S", clubId=profile_id, userId=cast.sam_id, starts=MAY)
        subscription_id = created["ClubMembershipId"]
        shown = await door.ask(f"Get{noun}", id=subscription_id)
        by_external_id = await door.ask(f"Get{noun}ByExternalId/S")
        changes: dict[str, Any] = {"clubId": profile_id, "userId": cast.sue_id, "starts": MAY + DAY, "targetCompletion": MAY + 2 * DAY}
        updated = await door.call(f"Update{noun}/{subscription_id}", **changes)
        forever = await door.call(f"Update{noun}", query=f"id={subscription_id}&clubId={profile_id}&userId=2&starts={MAY}&expires=null")
        found = await door.ask(f"Search{noun}s")
        deleted = await door.ask(f"Delete{noun}", id=subscription_id)

        one = {"Id": subscription_id, "ExternalId": "S", "ClubId": profile_id, "UserId": cast.sam_id, "Starts": MAY}
        assert [{**one, "Expires": MAY + 10 * DAY, "TargetCompletion": None}] == shown["Results"] == by_external_id["Results"]
        assert ({"status": 0, "error": None}, {"status": 0, "error": None}) == (updated, forever)
        (result,) = found["Results"]
        assert (subscription_id, None, MAY + 2 * DAY) == tuple(result[name] for name in ("Id", "Expires", "TargetCompletion"))
        assert ("All you can weld", None, None) == tuple(result[name] for name in ("Subscription", "ExternalUserId", "TrainingKeyId"))
        assert (1, 1) == (found["TotalCount"], found["TotalPages"])
        assert {"Status": 0, "Error": None} == deleted
        assert 20 == (await door.call(f"Get{noun}", id=subscription_id))["Status"]


async def test_refusals_name_the_parameter_as_documented(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        profile_id = await add_profile(database, cast, enabled=False)
        await add_keys(database, cast, profile_id=profile_id, training_keys=("Spring",))

        wrong = {"clubId": profile_id, "userId": 999, "starts": MAY, "expires": 1, "targetCompletion": 1}
        subscription = await door.refused("CreateSubscription", **wrong)
        keys = await door.refused(
            "CreateSubscriptionTrainingKeys", subscriptionProfileId=999, expirationDate=MAY, trainingKeys="Spring,two words"
        )
        many = await door.refused("CreateSubscriptionTrainingKeys", subscriptionProfileId=profile_id, expirationDate=MAY, numberOfKeys=1001)
        redeemed = await door.refused("RedeemSubscriptionTrainingKey", userId=cast.sam_id, trainingKey="spring")

        for text, names in (
            (subscription, ["clubId", "userId", "expires", "targetCompletion"]),
            (keys, ["subscriptionProfileId", "trainingKeys", "trainingKeys"]),
            (many, ["numberOfKeys"]),
            (redeemed, ["trainingKey"]),
        ):
            assert names == [problem.partition(":")[0] for problem in text.split("; ") if ": " in problem], text


async def test_training_keys_are_made_changed_redeemed_and_deleted(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        profile_id = await add_profile(database, cast, name="Year")
        same = {"subscriptionProfileId": profile_id, "expirationDate": MAY}

        rehearsed = await door.ask("CreateSubscriptionTrainingKeys", **same, numberOfKeys=2, dryRun="true")
        made = (await door.ask("CreateSubscriptionTrainingKeys", **same, numberOfKeys=2))["CreateSubscriptionsResults"]
        own = (await door.ask("CreateSubscriptionTrainingKeys", **same, trainingKeys="K1, K2", numberOfKeys=9))[
            "CreateSubscriptionsResults"
        ]
        changes = {**same, "trainingKey": "K3", "maxKeyUses": 5, "contentExpirationDate": MAY + DAY}
        await door.ask("UpdateSubscriptionTrainingKey", Id=own[1]["Id"], **changes)
        redeemed = await door.ask("RedeemSubscriptionTrainingKey", userId=cast.sam_id, trainingKey="K3")
        await door.ask("DeleteSubscriptionTrainingKey", id=own[0]["Id"])
        kept = await door.refused("DeleteSubscriptionTrainingKey", id=own[1]["Id"])
        found = await door.ask("SearchSubscriptionTrainingKeys", trainingKey="K3")

        assert [] == rehearsed["CreateSubscriptionsResults"]
        assert {("SubscriptionTrainingKey", "ExpirationDate"), ("SubscriptionTrainingKey", "SubscriptionProfileId")} <= {
            (change["object"], change["field"]) for change in rehearsed["changes"]
        }
        assert [{"Id", "trainingKey"}] * 2 == [set(key) for key in made]
        assert ["K1", "K2"] == [key["trainingKey"] for key in own]
        assert own[1]["Id"] == (await subscription_of(database, redeemed["ClubMembershipId"])).training_key_id
        assert "became a subscription" in kept
        (key,) = found["Results"]
        assert {
            "TrainingKey": "K3",
            "SubscriptionProfileName": "Year",
            "MaxKeyUses": 5,
            "Uses": 1,
            "CreatedById": None,
        }.items() <= key.items()
        assert (MAY, MAY + DAY) == (key["ExpirationDate"], key["ContentExpirationDate"])


async def test_a_profile_goes_its_way(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        courses = [await add_course(database, cast) for _ in range(2)]

        values = {"ExternalId": "P", "Name": "Year", "Description": "All", "DurationDays": 365, "Enabled": False}
        created = await door.ask("CreateSubscriptionProfile", **values, CourseIds=",".join(map(str, courses)))
        profile_id = created["SubscriptionProfileId"]
        shown = (await door.ask("GetSubscriptionProfile", id=profile_id))["SubscriptionProfile"]
        rehearsed = await door.ask("UpdateSubscriptionProfile", query=f"id={profile_id}&CourseIds=null&Name=New&dryRun=1")
        await door.ask("UpdateSubscriptionProfile", id=profile_id, DurationDays=1)

        assert {"Id": profile_id, "OrganizationId": cast.organization_id, **values, "CourseIds": courses}.items() <= shown.items()
        assert {("Club", "CourseIds"), ("Club", "Name")} == {(change["object"], change["field"]) for change in rehearsed["changes"]}
        assert 1 == (await door.ask("GetSubscriptionProfile", id=profile_id))["SubscriptionProfile"]["DurationDays"]
        assert "DurationDays" in await door.refused("UpdateSubscriptionProfile", id=profile_id, DurationDays=0)
        await door.ask("DeleteSubscriptionProfile", id=profile_id)
        assert 20 == (await door.call("GetSubscriptionProfile", id=profile_id))["Status"]


async def _furnish(database: Database, monkeypatch: pytest.MonkeyPatch) -> tuple[Cast, FrontOfDoor, dict[str, int]]:
    """Create two profiles, two subscriptions and two keys, of which the first come before the second by some things and behind by others."""
    cast = await gather(database)
    course_id = await add_course(database, cast)
    at(monkeypatch, NOW)
    second_user = await add_user(database, "Zoe", organization_id=cast.organization_id, external_id="x1")
    first_user = await add_user(database, "Yan", organization_id=cast.organization_id, external_id="x2")
    b = await add_profile(database, cast, name="B", course_ids=(course_id,))
    first = await add_subscription(
        database, profile_id=b, user_id=first_user, starts_at=MAY, target_completion_at=MAY + 9, expires_at=MAY + 8
    )
    key_1 = (await add_keys(database, cast, profile_id=b, training_keys=("K2",), content_expires_at=MAY + 2))[0]
    at(monkeypatch, NOW + 1)
    a = await add_profile(database, cast, name="A")
    second = await add_subscription(
        database, profile_id=a, user_id=second_user, starts_at=MAY + 1, target_completion_at=MAY + 8, expires_at=MAY + 9
    )
    key_2 = (await add_keys(database, cast, profile_id=a, training_keys=("K1",), expires_at=MAY + 1, content_expires_at=MAY + 1))[0]
    ids = {"course": course_id, "yan": first_user, "a": a, "b": b, "first": first, "second": second, "k1": key_1.id, "k2": key_2.id}
    return cast, FrontOfDoor(database, cast.ada_key), ids


async def test_every_filter_of_the_searches_counts(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_database(sqlite_url) as database:
        cast, door, ids = await _furnish(database, monkeypatch)
        late, early = {"createdAfter": NOW + 1}, {"createdBefore": NOW}
        first, second = [ids["first"]], [ids["second"]]
        of_subscriptions: list[tuple[dict[str, Any], list[int]]] = [
            (late, second),
            (early, first),
            ({"userId": ids["yan"]}, first),
            ({"userExternalId": "x1"}, second),
            ({"subscriptionId": ids["a"]}, second),
        ]
        cases: dict[str, list[tuple[dict[str, Any], list[int]]]] = {
            "SearchClubMemberships": of_subscriptions,
            "SearchSubscriptions": of_subscriptions,
            "SearchClubs": [
                (late, [ids["a"]]),
                (early, [ids["b"]]),
                ({"name": "b"}, [ids["b"]]),
                ({"courseId": ids["course"]}, [ids["b"]]),
            ],
            "SearchSubscriptionTrainingKeys": [
                (late, [ids["k2"]]),
                (early, [ids["k1"]]),
                ({"organizationId": cast.other_organization_id}, []),
                ({"trainingKey": "K1"}, [ids["k2"]]),
                ({"createdById": ids["yan"]}, []),
                ({"expiresBefore": MAY}, [ids["k1"]]),
                ({"expiresAfter": MAY + 1}, [ids["k2"]]),
            ],
        }

        for command, queries in cases.items():
            for query, expected in queries:
                found = await door.ask(command, **query)
                assert (expected, len(expected)) == ([each["Id"] for each in found["Results"]], found["TotalCount"]), (command, query)


async def test_every_sort_key_of_the_searches_counts(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_database(sqlite_url) as database:
        _, door, ids = await _furnish(database, monkeypatch)
        subscriptions = {"UserId": "21", "ExternalUserId": "21", "Subscription": "21", "Starts": "12", "Expires": "12"}
        subscriptions |= {"TargetCompletion": "21", "Created": "12", "LastModified": "12", "": "12"}
        keys = {"TrainingKey": "21", "ContentExpiry": "21", "SubscriptionProfileName": "21", "Created": "12", "CreatedById": "12"}
        keys |= {"LastModified": "12", "LastModifiedById": "12", "ExpirationDate": "12", "": "21"}
        cases = {
            "SearchClubMemberships": (subscriptions, {"1": ids["first"], "2": ids["second"]}),
            "SearchSubscriptions": (subscriptions, {"1": ids["first"], "2": ids["second"]}),
            "SearchClubs": ({"Name": "21", "Created": "12", "LastModified": "12", "": "21"}, {"1": ids["b"], "2": ids["a"]}),
            "SearchSubscriptionTrainingKeys": (keys, {"1": ids["k1"], "2": ids["k2"]}),
        }
        # Where API keys made both, nothing tells them apart but their ids.
        alike = {"CreatedById", "LastModifiedById"}

        for command, (sorts, named) in cases.items():
            for sort, order in sorts.items():
                up = [each["Id"] for each in (await door.ask(command, sort=sort))["Results"]]
                assert [named[each] for each in order] == up, (command, sort)
                if sort:
                    down = [each["Id"] for each in (await door.ask(command, sort=f"{sort} DESC"))["Results"]]
                    assert (up if sort in alike else up[::-1]) == down, (command, sort)
