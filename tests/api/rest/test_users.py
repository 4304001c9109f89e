"""The users of the REST API."""

from rollbook.access.actor import EVERYTHING
from rollbook.database.transaction import Database
from rollbook.people.queries.users import get_user
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, add_company, add_organization, gather

MIA = {"user_name": "mia", "email": "Mia@example.com", "first_name": "Mia", "last_name": "Chen"}


async def test_it_creates_a_user_and_never_tells_the_password(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        child_id = await add_organization(database, "West", parent_id=cast.organization_id)
        body = {**MIA, "password": " s3cret ", "role_ids": [2, 0, 2], "managed_organization_ids": [child_id, child_id], "note": "VIP"}

        answer = await caller.request(
            "POST", "/users", json={**body, "country_code": "us", "time_zone": "Europe/Paris", "manager_id": cast.sam_id}
        )
        user = answer.json()["result"]

        assert "s3cret" not in answer.text
        assert "argon2" not in answer.text
        assert ([0, 2], [child_id], "VIP") == (user["role_ids"], user["managed_organization_ids"], user["note"])
        assert ("US", "Europe/Paris", cast.sam_id) == (user["country_code"], user["time_zone"], user["manager_id"])
        assert user == await caller.get(f"/users/{user['id']}")
        assert "mia" == (await database.read(get_user, viewer=EVERYTHING, user_id=user["id"])).user_name


async def test_it_changes_and_clears(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        path = f"/users/{cast.sam_id}"
        await caller.patch(path, {"title": "Dr.", "time_zone": "Europe/Paris", "note": "a\nb"})

        cleared = (await caller.patch(path, {"title": None, "time_zone": None}))["result"]

        assert (None, None, "a\nb") == (cleared["title"], cleared["time_zone"], cleared["note"])
        assert "$.manager_id" == (await caller.patch(path, {"manager_id": cast.sam_id}, status=409))["field"]


async def test_it_lists_users_by_what_they_have_in_common(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        company_id = await add_company(database, "Northwind", organization_id=cast.organization_id)
        values = {"company_id": company_id, "manager_id": cast.ivan_id, "disabled": True, "role_ids": [2], "external_id": "M"}
        mia = (await caller.post("/users", {**MIA, **values}))["result"]["id"]

        for query in (
            {"user_name": "MI"},
            {"email": "mia@EXAMPLE.com"},
            {"external_id": "M"},
            {"company_id": company_id},
            {"manager_id": cast.ivan_id},
            {"disabled": "true"},
            {"role_id": 2},
        ):
            assert [mia] == [user["id"] for user in (await caller.get("/users", **query))["items"]], query
        everybody = await caller.get("/users", organization_id=cast.organization_id, limit=3)
        assert (3, f"n.{cast.sue_id}") == (len(everybody["items"]), everybody["next"])


async def test_several_refusals_come_at_once(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)

        problem = await caller.post("/users", {**MIA, "user_name": "SAM", "company_id": NOBODY, "manager_id": NOBODY}, status=422)

        assert "several_refusals" == problem["code"]
        assert {("user_value_taken", "$.user_name"), ("company_not_found", "$.company_id"), ("user_not_found", "$.manager_id")} == {
            (error["code"], error["field"]) for error in problem["errors"]
        }
        assert all(error["remedy"] for error in problem["errors"])
