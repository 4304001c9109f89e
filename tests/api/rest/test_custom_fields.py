"""Custom fields and their values in the REST API."""

from typing import Any

import pytest

from rollbook.custom_fields.values import DataType, Subject
from rollbook.database.transaction import Database
from tests.api.rest.caller import Caller
from tests.cast import NOBODY, add_class, add_course, gather
from tests.custom_fields import add_field, give


async def test_it_creates_changes_lists_and_deletes_fields(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        body = {"name": "Colour", "subject": "course", "data_type": "checkbox_list", "choices": ["red", "blue", "red"], "cascades": True}

        created = await caller.post("/custom-fields", body)
        field = created["result"]
        path = f"/custom-fields/{field['id']}"
        changed = (await caller.patch(path, {"enabled": False, "choices": ["red"], "description": "Of it", "position": 4}))["result"]
        await add_field(database, cast, name="Other")

        assert ("course", "checkbox_list", ["red", "blue"], True, cast.organization_id) == tuple(
            field[name] for name in ("subject", "data_type", "choices", "cascades", "organization_id")
        )
        assert "checkbox_list" in [each["after"] for each in created["changes"] if each["field"] == "data_type"]
        assert (False, ["red"], "Of it", 4, 2) == tuple(
            changed[name] for name in ("enabled", "choices", "description", "position", "version")
        )
        assert changed == await caller.get(path)
        queries: tuple[dict[str, Any], ...] = ({"subject": "course"}, {"name": "OLO"}, {"data_type": "checkbox_list"}, {"enabled": "false"})
        for query in queries:
            assert [field["id"]] == [each["id"] for each in (await caller.get("/custom-fields", **query))["items"]], query
        assert 2 == len((await caller.get("/custom-fields", organization_id=cast.organization_id))["items"])
        assert [] == (await caller.get("/custom-fields", organization_id=cast.other_organization_id))["items"]
        assert "$.choices" == (await caller.patch(path, {"choices": []}, status=422))["field"]
        assert "$.is_unique" == (await caller.patch(path, {"is_unique": True}, status=422))["field"]
        assert (await caller.request("DELETE", path)).json()["result"] is None
        await caller.get(path, status=404)
        history = (await caller.get(f"{path}/history"))["items"]
        assert ["custom_field.deleted", "custom_field.updated", "custom_field.created"] == [each["kind"] for each in history]
        assert "checkbox_list" == history[-1]["after"]["data_type"]
        await Caller(database, cast.olga_key).get(f"{path}/history", status=404)


async def put(
    caller: Caller, path: str, body: dict[str, Any], *, status: int = 200, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    answer = await caller.request("PUT", path, json=body, headers=headers)
    assert status == answer.status_code, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize("subject", Subject)
async def test_values_are_given_and_listed(database: Database, subject: Subject) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        holders = {
            Subject.CLASS: f"/classes/{await add_class(database, cast)}",
            Subject.COURSE: f"/courses/{await add_course(database, cast)}",
            Subject.USER: f"/users/{cast.sam_id}",
        }
        path = f"{holders[subject]}/custom-fields"
        givens: list[tuple[DataType, dict[str, Any]]] = [
            (DataType.TEXTBOX, {"text_value": "x"}),
            (DataType.NUMBER, {"numeric_value": 7}),
            (DataType.CHECKBOX, {"boolean_value": False}),
            (DataType.CHECKBOX_LIST, {"separated_list_values": ["red", "blue"]}),
        ]
        nothing = dict.fromkeys(("text_value", "numeric_value", "boolean_value", "separated_list_values"))
        expected = []
        field_id = 0
        for data_type, given in givens:
            choices = ("red", "blue") if data_type is DataType.CHECKBOX_LIST else ()
            field_id = await add_field(database, cast, subject=subject, name=data_type.name, data_type=data_type, choices=choices)
            await put(caller, f"{path}/{field_id}", given)
            field = {"custom_field_id": field_id, "name": data_type.name, "data_type": data_type.name.lower(), "inherited": False}
            expected.append({**nothing, **field, **given})

        listed = await caller.get(path)

        assert sorted(expected, key=lambda each: each["name"].casefold()) == listed["items"]
        assert 5 == listed["version"]
        cleared = await put(caller, f"{path}/{field_id}", {"separated_list_values": None}, headers={"If-Match": '"5"'})
        assert (3, 6) == (len(cleared["result"]["items"]), cleared["result"]["version"])
        assert [({str(field_id): "red\tblue"}, {str(field_id): None})] == [(each["before"], each["after"]) for each in cleared["changes"]]
        stale = await put(caller, f"{path}/{field_id}", {"separated_list_values": ["red"]}, status=412, headers={"If-Match": '"5"'})
        assert cleared["result"] == stale["current"]
        assert "$.text_value" == (await put(caller, f"{path}/{field_id}", {"text_value": "red"}, status=422))["field"]
        await put(caller, f"{path}/{NOBODY}", {"text_value": "red"}, status=422)
        await Caller(database, cast.olga_key).get(path, status=404)


async def test_a_class_shows_the_values_of_its_course(database: Database) -> None:
    async with database:
        cast = await gather(database)
        caller = Caller(database, cast.ada_key)
        course_id = await add_course(database, cast)
        class_id = await add_class(database, cast, course_id=course_id)
        field_id = await add_field(database, cast, subject=Subject.COURSE, cascades=True)
        await give(database, Subject.COURSE, course_id, field_id, text_value="x")

        path = f"/classes/{class_id}/custom-fields"
        inherited = (await caller.get(path))["items"]
        own = (await put(caller, f"{path}/{field_id}", {"text_value": "y"}))["result"]["items"]

        assert [("x", True), ("y", False)] == [(each["text_value"], each["inherited"]) for each in (*inherited, *own)]
