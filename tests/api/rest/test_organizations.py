"""The organizations and their preferences in the REST API."""

from typing import get_args, get_type_hints

from rollbook.api.rest.resources.preferences import EffectivePreferences, OwnPreferences, UpdatePreferences
from rollbook.database.transaction import Database
from rollbook.organizations.preferences import PREFERENCES
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, gather


async def test_it_creates_changes_and_lists_organizations(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        body = {"name": "Contoso West", "external_id": "W", "time_zone": "America/New_York", "culture": "en-us"}

        west = (await caller.post("/organizations", body))["result"]
        path = f"/organizations/{west['id']}"
        changed = await caller.patch(path, {"time_zone": "UTC", "enabled": False, "description": "Closed."})
        root = await caller.get(f"/organizations/{cast.organization_id}")

        assert (cast.organization_id, "America/New_York", "en-US") == (west["parent_id"], west["time_zone"], west["culture"])
        assert ("Etc/UTC", False) == (changed["result"]["time_zone"], changed["result"]["enabled"])
        assert (None, [west["id"]]) == (root["parent_id"], root["child_ids"])
        for query in ({"name": "WEST"}, {"external_id": "W"}, {"parent_id": cast.organization_id}, {"enabled": "false"}):
            assert [west["id"]] == [each["id"] for each in (await caller.get("/organizations", **query))["items"]]


async def test_it_refuses_time_zones_cultures_and_parents_that_are_none(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        own = f"/organizations/{cast.organization_id}"

        windows = await caller.post("/organizations", {"name": "W", "time_zone": "Eastern Standard Time"}, status=422)
        language = await caller.post("/organizations", {"name": "W", "culture": "english"}, status=422)
        nowhere = await caller.patch(own, {"default_role_id": 5}, status=422)
        moved = await caller.patch(own, {"parent_id": NOBODY}, status=403)
        unseen = await caller.get(f"/organizations/{cast.other_organization_id}", status=404)

        assert ("unknown_time_zone", "$.time_zone") == (windows["code"], windows["field"])
        assert "$.culture" == language["field"]
        assert "$.default_role_id" == nowhere["field"]
        assert "own_organization_moved" == moved["code"]
        assert "organization_not_found" == unseen["code"]


async def test_it_tells_and_sets_preferences(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        child = (await caller.post("/organizations", {"name": "West"}))["result"]["id"]
        path = f"/organizations/{cast.organization_id}/preferences"

        before = await caller.get(path)
        outcome = await caller.patch(
            path,
            {
                "default_maximum": 12,
                "student_conflicts": "allow",
                "late_cancel_warning": "Too late",
                "promote_requested": False,
                "class_training_keys": True,
            },
        )
        inherited = await caller.get(f"/organizations/{child}/preferences")
        await caller.patch(f"/organizations/{child}/preferences", {"default_maximum": "none"})
        own = await caller.get(f"/organizations/{child}/preferences")
        unset = await caller.patch(path, {"default_maximum": None, "student_conflicts": "allow"})

        assert {None} == set(before["own"].values())
        assert (
            before["version"] + 1
            == outcome["result"]["version"]
            == (await caller.get(f"/organizations/{cast.organization_id}"))["version"] - 1
        )
        assert (12, "allow", False, True) == tuple(
            outcome["result"]["own"][name] for name in ("default_maximum", "student_conflicts", "promote_requested", "class_training_keys")
        )
        assert (None, 12) == (inherited["own"]["default_maximum"], inherited["effective"]["default_maximum"])
        assert ("none", None) == (own["own"]["default_maximum"], own["effective"]["default_maximum"])
        assert [("default_maximum", "12", None)] == [(each["field"], each["before"], each["after"]) for each in unset["changes"]]


async def test_preferences_have_the_version_of_their_organization(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        path = f"/organizations/{cast.organization_id}/preferences"

        told = await caller.request("GET", path)
        changed = await caller.request("PATCH", path, json={"late_cancel_days": 3}, headers={"If-Match": told.headers["etag"]})
        same = await caller.patch(path, {"late_cancel_days": 3})
        stale = await caller.patch(path, {"late_cancel_days": 4}, headers={"If-Match": told.headers["etag"]}, status=412)
        rehearsed = await caller.patch(path, {"late_cancel_days": 4}, dry_run="true")

        assert ('"1"', '"2"') == (told.headers["etag"], changed.headers["etag"])
        assert (2, []) == (same["result"]["version"], same["changes"])
        assert 3 == stale["current"]["own"]["late_cancel_days"]
        assert 4 == rehearsed["result"]["effective"]["late_cancel_days"]
        assert 3 == (await caller.get(path))["own"]["late_cancel_days"]


def test_it_knows_every_preference() -> None:
    for kind in (OwnPreferences, EffectivePreferences, UpdatePreferences):
        assert list(PREFERENCES) == list(kind.__struct_fields__)
    hints = get_type_hints(UpdatePreferences)

    assert {*get_args(hints["student_conflicts"])}
