"""The companies and the classrooms of the REST API."""

from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, gather


async def test_it_creates_changes_and_lists_companies(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        body = {"name": "Northwind", "external_id": "N", "owning_user_id": cast.sam_id, "email": "office@example.com"}

        company = (await caller.post("/companies", body))["result"]
        path = f"/companies/{company['id']}"
        changed = (await caller.patch(path, {"assignable_to_users": False, "email": None}))["result"]

        assert (cast.sam_id, "office@example.com", True) == tuple(
            company[name] for name in ("owning_user_id", "email", "assignable_to_users")
        )
        assert (False, None, 2) == (changed["assignable_to_users"], changed["email"], changed["version"])
        assert changed == await caller.get(path)
        for query in (
            {"name": "thwin"},
            {"external_id": "N"},
            {"organization_id": cast.organization_id},
            {"owning_user_id": cast.sam_id},
            {"assignable_to_users": "false"},
        ):
            assert [company["id"]] == [each["id"] for each in (await caller.get("/companies", **query))["items"]], query
        assert [] == (await caller.get("/companies", name="northwind"))["items"]
        assert "$.email" == (await caller.patch(path, {"email": "office"}, status=422))["field"]
        assert "$.owning_user_id" == (await caller.patch(path, {"owning_user_id": NOBODY}, status=422))["field"]


async def test_it_creates_changes_and_lists_classrooms(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        body = {"name": "Workshop", "external_id": "W", "capacity": 16, "city": "Springfield", "administrative_notes": "Key\nat desk"}

        room = (await caller.post("/classrooms", body))["result"]
        path = f"/classrooms/{room['id']}"
        changed = (await caller.patch(path, {"capacity": None, "city": None}))["result"]

        assert (16, "Key\nat desk") == (room["capacity"], room["administrative_notes"])
        assert (None, None) == (changed["capacity"], changed["city"])
        assert changed == await caller.get(path)
        for query in (
            {"name": "WORK"},
            {"external_id": "W"},
            {"organization_id": cast.organization_id},
            {"capacity_at_least": 40},
        ):
            assert [room["id"]] == [each["id"] for each in (await caller.get("/classrooms", **query))["items"]], query
