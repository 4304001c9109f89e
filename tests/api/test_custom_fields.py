"""The commands about custom fields and their values."""

import json
from typing import Any

import pytest

from rollbook.custom_fields.values import DataType, Subject
from rollbook.database import open_database
from rollbook.database.transaction import Database
from tests.api.front_of_door import FrontOfDoor
from tests.cast import NOBODY, Cast, add_class, add_course, add_organization, gather
from tests.custom_fields import add_field, give

NO_VALUES: dict[str, Any] = dict.fromkeys(("TextValue", "IntegerValue", "BooleanValue", "SeparatedListValues"))


async def test_a_custom_field_that_was_created_can_be_got(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
        shown: dict[str, Any] = {
            "Name": "Colour",
            "DataTypeId": 10,
            "SubjectTypeId": 10,
            "OrganizationId": child_id,
            "Description": "Of\nthe cover",
            "Choices": ["red, bright", "blue"],
            "Required": True,
            "Unique": True,
            "Enabled": False,
            "Cascades": True,
            "Position": 7,
        }

        created = await door.ask("CreateCustomField", **shown)

        field = (await door.ask(f"GetCustomField/{created['CustomFieldId']}"))["CustomField"]
        assert {"Id": created["CustomFieldId"], **shown} == field


async def test_the_defaults_are_a_field_of_the_key_s_organization(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)

        created = await door.ask("CreateCustomField", Name="Order", SubjectTypeId="class", DataTypeId="Textbox")

        field = (await door.ask("GetCustomField", id=created["CustomFieldId"]))["CustomField"]
        assert {
            "Id": created["CustomFieldId"],
            "Name": "Order",
            "DataTypeId": 0,
            "SubjectTypeId": 0,
            "OrganizationId": cast.organization_id,
            "Description": None,
            "Choices": [],
            "Required": False,
            "Unique": False,
            "Enabled": True,
            "Cascades": False,
            "Position": 0,
        } == field
        missing = await door.refused("CreateCustomField")
        assert ["Name", "SubjectTypeId", "DataTypeId"] == [problem.partition(":")[0] for problem in missing.split("; ") if ":" in problem]
        told = await door.refused("CreateCustomField", Name="N", SubjectTypeId=0, DataTypeId=20, Unique=True, Cascades=True, Choices="x")
        assert ["Choices", "Unique", "Cascades"] == [problem.partition(":")[0] for problem in told.split("; ") if ":" in problem]


async def test_a_field_is_updated_and_deleted(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        field_id = await add_field(database, cast, description="Old", position=3)
        class_id = await add_class(database, cast)

        tried = await door.ask("UpdateCustomField", Id=field_id, Unique="true", dryRun="true")
        await door.ask("UpdateCustomField", query=f"Id={field_id}&Name=Renamed&Description=null&Position=")
        field = (await door.ask("GetCustomField", id=field_id))["CustomField"]
        await give(database, Subject.CLASS, class_id, field_id, text_value="x")
        refused = await door.refused("DeleteCustomField", id=field_id)
        await door.ask("UpdateClassCustomFieldValue", customFieldId=field_id, classId=class_id, textValue="null")
        await door.ask("DeleteCustomField", id=field_id)

        assert [{"object": "CustomField", "id": field_id, "field": "Unique", "before": False, "after": True}] == tried["changes"]
        assert ("Renamed", None, 3, False) == (field["Name"], field["Description"], field["Position"], field["Unique"])
        assert "has 1 values" in refused
        assert 20 == (await door.call("GetCustomField", id=field_id))["Status"]


@pytest.mark.parametrize(
    "asked,expected",
    [
        ({}, ["Size", "Colour", "Grade"]),
        ({"sort": "Position DESC"}, ["Grade", "Colour", "Size"]),
        ({"sort": "Name"}, ["Colour", "Grade", "Size"]),
        ({"subjectTypeId": "User"}, ["Grade"]),
        ({"name": "OLO"}, ["Colour"]),
        ({"dataTypeId": 30}, ["Size"]),
        ({"enabled": "false"}, ["Size"]),
        ({"organizationId": "child"}, ["Colour"]),
        ({"pageSize": 2, "pageIndex": 1}, ["Grade"]),
    ],
)
async def test_fields_are_searched(sqlite_url: str, asked: dict[str, Any], expected: list[str]) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
        await add_field(database, cast, name="Grade", subject=Subject.USER, position=3)
        await add_field(database, cast, name="Colour", organization_id=child_id, position=2)
        await add_field(database, cast, name="Size", data_type=DataType.NUMBER, enabled=False, position=1)

        answer = await door.ask("SearchCustomFields", **{name: child_id if value == "child" else value for name, value in asked.items()})

        assert expected == [field["Name"] for field in answer["Results"]]
        assert (3, 2) == (answer["TotalCount"], answer["TotalPages"]) if "pageSize" in asked else answer["TotalCount"] == len(expected)


async def test_the_fields_of_a_sort_of_things_are_listed(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        await add_field(database, cast, name="Class's")
        await add_field(database, cast, name="Course's", subject=Subject.COURSE)
        await add_field(database, cast, name="Both's", subject=Subject.COURSE, cascades=True)
        await add_field(database, cast, name="User's", subject=Subject.USER)

        listed = {
            name: [field["Name"] for field in (await door.ask(f"Get{name}CustomFields"))["Results"]] for name in ("Class", "Course", "User")
        }

        assert {"Class": ["Both's", "Class's"], "Course": ["Both's", "Course's"], "User": ["User's"]} == listed


async def holders(database: Database, cast: Cast) -> dict[Subject, tuple[str, int]]:
    return {
        Subject.CLASS: ("Class", await add_class(database, cast)),
        Subject.COURSE: ("Course", await add_course(database, cast)),
        Subject.USER: ("User", cast.sam_id),
    }


@pytest.mark.parametrize("subject", Subject)
@pytest.mark.parametrize(
    "data_type,given,answered",
    [
        (DataType.TEXTBOX, {"textValue": "x\ny"}, {"TextValue": "x\ny"}),
        (DataType.DROPDOWN_LIST, {"textValue": "red"}, {"TextValue": "red"}),
        (DataType.CHECKBOX, {"booleanValue": "false"}, {"BooleanValue": False}),
        (DataType.NUMBER, {"numericValue": "-7"}, {"IntegerValue": -7}),
        (DataType.CHECKBOX_LIST, {"separatedListValues": "blue\tred"}, {"SeparatedListValues": "red\tblue"}),
    ],
)
async def test_a_value_that_is_given_is_answered_and_shown(
    sqlite_url: str, subject: Subject, data_type: DataType, given: dict[str, Any], answered: dict[str, Any]
) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        name, holder_id = (await holders(database, cast))[subject]
        choices = ("red", "blue") if data_type.name.endswith("LIST") else ()
        field_id = await add_field(database, cast, subject=subject, data_type=data_type, choices=choices)
        asked = {"customFieldId": field_id, f"{subject.value}Id": holder_id}

        answer = await door.ask(f"Update{name}CustomFieldValue", **asked, **given)
        unchanged = await door.ask(f"Update{name}CustomFieldValue", **asked)

        expected = {"Id": field_id, "Name": "Order", "DataTypeId": data_type.value, **NO_VALUES, "Inherited": False, **answered}
        assert expected == answer["CustomFieldValue"] == unchanged["CustomFieldValue"]
        got = await door.ask(f"Get{name}", id=holder_id)
        shown = (
            got["Results"][0]["CustomFields"]
            if subject is Subject.CLASS
            else got[name].get("CustomFields", got[name].get("CustomFieldValues"))
        )
        assert [expected] == shown
        if subject is Subject.CLASS:
            assert expected == (await door.ask("GetClassCustomFieldValue", **asked))["CustomFieldValue"]


async def test_every_command_that_shows_something_shows_its_values(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        course_id = await add_course(database, cast, external_id="c")
        class_id = await add_class(database, cast, course_id=course_id, external_id="c", training_key="KEY", enable_training_key=True)
        of_course = await add_field(database, cast, subject=Subject.COURSE, cascades=True, name="Of course")
        of_user = await add_field(database, cast, subject=Subject.USER)
        await door.ask("UpdateUser", Id=cast.sam_id, ExternalId="c")
        await give(database, Subject.COURSE, course_id, of_course, text_value="x")
        await give(database, Subject.USER, cast.sam_id, of_user, text_value="y")

        calls = [("GetClassByExternalId", "c"), ("GetClass", class_id), ("GetClassByClassTrainingKey", "KEY"), ("SearchClasses", None)]
        classes = [(await door.ask(name, **({} if asked is None else {"id": asked})))["Results"] for name, asked in calls]
        courses = [(await door.ask("GetCourseByExternalId", id="c"))["Course"], *(await door.ask("SearchCourses"))["Results"]]
        users = [
            (await door.ask("GetUserByExternalId", id="c"))["User"],
            (await door.ask("GetUserByEmail", email="sam@example.com"))["User"],
        ]

        assert [[("Of course", "x", True)]] * 4 == [
            [(value["Name"], value["TextValue"], value["Inherited"]) for value in each["CustomFields"]] for (each,) in classes
        ]
        assert [["x"]] * 2 == [[value["TextValue"] for value in course["CustomFields"]] for course in courses]
        assert [["y"]] * 2 == [[value["TextValue"] for value in user["CustomFieldValues"]] for user in users]


async def test_a_refusal_names_the_parameter_as_documented(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        class_id = await add_class(database, cast)
        colour = await add_field(database, cast, name="Colour", data_type=DataType.CHECKBOX_LIST, choices=("red",))
        user = await add_field(database, cast, name="User", data_type=DataType.USER_SELECTOR, required=True)
        await give(database, Subject.CLASS, class_id, user, numeric_value=cast.ivan_id)

        async def refused(field_id: int, **given: Any) -> str:
            return await door.refused("UpdateClassCustomFieldValue", classId=class_id, customFieldId=field_id, **given)

        assert "separatedListValues: pink is not a choice of custom field 1 (Colour); give one of red" == await refused(
            colour, separatedListValues="pink"
        )
        assert (await refused(colour, textValue="red")).startswith("textValue: custom field 1 (Colour) takes a list of its choices")
        assert (await refused(user, numericValue=cast.olga_id)).startswith("numericValue: there is no user")
        assert (await refused(user, numericValue="null")).startswith("numericValue: custom field 2 (User) is required")
        assert (await refused(NOBODY, numericValue=1)).startswith("customFieldId: there is no custom field")


async def test_a_dry_run_tells_the_values_and_keeps_none(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        for subject, (name, holder_id) in (await holders(database, cast)).items():
            field_id = await add_field(database, cast, subject=subject)

            answer = await door.ask(
                f"Update{name}CustomFieldValue", customFieldId=field_id, **{f"{subject.value}Id": holder_id}, textValue="x", dryRun="true"
            )

            field = "CustomFieldValues" if subject is Subject.USER else "CustomFields"
            told = {"object": name, "id": holder_id, "field": field}
            assert [{**told, "before": f'{{"{field_id}":null}}', "after": f'{{"{field_id}":"x"}}'}] == answer["changes"]
            assert answer["CustomFieldValue"] is None
            await door.ask("DeleteCustomField", id=field_id)


async def test_classes_are_searched_by_custom_fields(sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        text = await add_field(database, cast, name="Text")
        number = await add_field(database, cast, name="Number", data_type=DataType.NUMBER)
        truth = await add_field(database, cast, name="Truth", data_type=DataType.CHECKBOX)
        first_id, second_id = [await add_class(database, cast) for _ in range(2)]
        await give(database, Subject.CLASS, first_id, text, text_value="x y")
        await give(database, Subject.CLASS, first_id, number, numeric_value=7)
        await give(database, Subject.CLASS, second_id, number, numeric_value=7)
        await give(database, Subject.CLASS, second_id, truth, boolean_value=True)

        async def found(*criteria: dict[str, Any]) -> list[int]:
            answer = await door.ask("SearchClasses", customFieldSearchFilter=json.dumps(criteria))
            posted = await door.request("POST", "SearchClasses", json={"customFieldSearchFilter": list(criteria)})
            assert answer["Results"] == posted.json()["Results"]
            return [each["Id"] for each in answer["Results"]]

        assert [first_id] == await found({"CustomFieldId": text, "Value": "X Y"})
        assert [first_id, second_id] == await found({"customfieldid": number, "VALUE": 7})
        assert [second_id] == await found({"CustomFieldId": number, "Value": "7"}, {"CustomFieldId": truth, "Value": True})
        assert [] == await found({"CustomFieldId": truth, "Value": False})
        assert [first_id, second_id] == await found()


@pytest.mark.parametrize(
    "given,problem",
    [
        ("[", "is not JSON: expecting value at character 2"),
        ("{}", "is not a list of values of custom fields"),
        ("[1]", "value 1 does not have exactly a CustomFieldId and a Value"),
        ('[{"CustomFieldId":1}]', "value 1 does not have exactly"),
        ('[{"CustomFieldId":0,"Value":"x"}]', "value 1: 0 is not an id"),
        ('[{"CustomFieldId":1,"Value":null}]', "the CustomFieldId of value 1 is no id, or its Value no text"),
        ('[{"CustomFieldId":true,"Value":"x"}]', "the CustomFieldId of value 1 is no id, or its Value no text"),
        ('[{"CustomFieldId":1,"Value":" "}]', "value 1 is blank"),
        ('[{"CustomFieldId":1,"Value":"\\u0000"}]', "value 1: holds a control character"),
        (json.dumps([{"CustomFieldId": 1, "Value": "x"}] * 11), "holds 11 values; give at most 10"),
        ('[{"CustomFieldId":999999,"Value":"x"}]', "there is no custom field 999999"),
    ],
)
async def test_a_filter_that_cannot_be_read_is_refused_by_its_name(sqlite_url: str, given: str, problem: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)

        text = await FrontOfDoor(database, cast.ada_key).refused("SearchClasses", CustomFieldSearchFilter=given)

        assert text.startswith(f"CustomFieldSearchFilter: {problem}")
