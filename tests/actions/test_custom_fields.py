from typing import Any

import pytest

from rollbook.custom_fields.actions.fields import (
    CustomFieldChanges,
    CustomFieldHasValuesError,
    CustomFieldNameTakenError,
    NewCustomField,
    ValuesRepeatedError,
    create_custom_field,
    delete_custom_field,
    update_custom_field,
)
from rollbook.custom_fields.queries.fields import (
    CustomFieldCriteria,
    CustomFieldNotFoundError,
    get_custom_field,
    list_custom_fields,
    list_custom_fields_for,
    search_custom_fields,
)
from rollbook.custom_fields.values import ChoicesMissingError, DataType, Subject
from rollbook.database.transaction import Database
from rollbook.errors import SeveralRefusalsError
from rollbook.history.versions import VersionChangedError
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from tests.cast import NOBODY, TESTS, Cast, add_class, add_course, add_key, add_organization, gather
from tests.custom_fields import add_field, give, shown


async def change(database: Database, field_id: int, *, cast: Cast, **changes: object) -> None:
    await database.write(update_custom_field, actor=cast.ada, custom_field_id=field_id, changes=CustomFieldChanges(**changes))  # type: ignore[arg-type]  # tests give what they like


async def test_a_field_keeps_everything_that_is_given(database: Database) -> None:
    cast = await gather(database)
    new = NewCustomField(
        organization_id=cast.organization_id,
        subject=Subject.COURSE,
        name="Colour",
        data_type=DataType.DROPDOWN_LIST,
        description="Of the cover",
        choices=("red", "green"),
        required=True,
        is_unique=True,
        enabled=False,
        cascades=True,
        position=7,
    )

    field_id = await database.write(create_custom_field, actor=cast.ada, new=new)

    row = await database.read(get_custom_field, viewer=cast.ada.viewer, custom_field_id=field_id)
    assert (Subject.COURSE, "Colour", DataType.DROPDOWN_LIST, "Of the cover", ["red", "green"]) == (
        row.subject,
        row.name,
        row.data_type,
        row.description,
        row.choices,
    )
    assert (True, True, False, True, 7, 1) == (row.required, row.is_unique, row.enabled, row.cascades, row.position, row.version)
    assert row.created_at == row.modified_at > 1_700_000_000


async def test_a_change_records_what_it_changes_and_nothing_else(database: Database) -> None:
    cast = await gather(database)
    field_id = await add_field(database, cast, name="Colour", data_type=DataType.DROPDOWN_LIST, choices=("red",))

    changes = CustomFieldChanges(name="COLOUR", choices=("red", "blue"), required=False)
    rehearsal = await database.rehearse(update_custom_field, actor=cast.ada, custom_field_id=field_id, changes=changes)
    await database.write(update_custom_field, actor=cast.ada, custom_field_id=field_id, changes=changes)
    again = await database.rehearse(update_custom_field, actor=cast.ada, custom_field_id=field_id, changes=changes)

    assert [("custom_field.updated", '{"name":"Colour","choices":["red"]}', '{"name":"COLOUR","choices":["red","blue"]}')] == [
        (each.record["kind"], each.record["before"], each.record["after"]) for each in rehearsal.recorded
    ]
    assert [] == again.recorded
    row = await database.read(get_custom_field, viewer=cast.ada.viewer, custom_field_id=field_id)
    assert ("COLOUR", ["red", "blue"], 2) == (row.name, row.choices, row.version)


async def test_a_name_is_given_once_for_the_same_things_of_an_organization(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    field_id = await add_field(database, cast, name="Colour")
    await add_field(database, cast, name="colour", subject=Subject.USER)
    await add_field(database, cast, name="colour", organization_id=child_id)
    other_id = await add_field(database, cast, name="Size")

    with pytest.raises(CustomFieldNameTakenError) as taken:
        await add_field(database, cast, name="COLOUR")
    with pytest.raises(CustomFieldNameTakenError):
        await change(database, other_id, cast=cast, name="COLOUR")

    assert field_id == taken.value.custom_field_id


async def test_everything_that_is_wrong_is_told_at_once(database: Database) -> None:
    cast = await gather(database)
    field_id = await add_field(database, cast, name="Colour", data_type=DataType.DROPDOWN_LIST, choices=("red",))
    await add_field(database, cast, name="Size")

    with pytest.raises(SeveralRefusalsError) as created:
        await add_field(database, cast, name="Colour", data_type=DataType.DROPDOWN_LIST)
    with pytest.raises(SeveralRefusalsError) as changed:
        await change(database, field_id, cast=cast, name="Size", choices=())

    for refused in (created, changed):
        assert [ChoicesMissingError, CustomFieldNameTakenError] == [type(refusal) for refusal in refused.value.refusals]


async def test_a_field_that_has_values_cannot_be_deleted(database: Database) -> None:
    cast = await gather(database)
    field_id = await add_field(database, cast)
    class_id = await add_class(database, cast)
    await give(database, Subject.CLASS, class_id, field_id, text_value="x")

    with pytest.raises(CustomFieldHasValuesError) as refused:
        await database.write(delete_custom_field, actor=cast.ada, custom_field_id=field_id)
    await give(database, Subject.CLASS, class_id, field_id, text_value=None)
    with pytest.raises(VersionChangedError):
        await database.write(delete_custom_field, actor=cast.ada, custom_field_id=field_id, if_version=2)
    await database.write(delete_custom_field, actor=cast.ada, custom_field_id=field_id, if_version=1)

    assert 1 == refused.value.count
    with pytest.raises(CustomFieldNotFoundError):
        await database.read(get_custom_field, viewer=TESTS.viewer, custom_field_id=field_id)


async def test_a_field_becomes_unique_where_its_values_are(database: Database) -> None:
    cast = await gather(database)
    givens: list[tuple[DataType, dict[str, Any]]] = [(DataType.TEXTBOX, {"text_value": "x"}), (DataType.NUMBER, {"numeric_value": 7})]
    for data_type, given in givens:
        field_id = await add_field(database, cast, name=data_type.name, data_type=data_type)
        first_id, second_id = await add_class(database, cast), await add_class(database, cast)
        await give(database, Subject.CLASS, first_id, field_id, **given)
        await give(database, Subject.CLASS, second_id, field_id, **given)

        with pytest.raises(ValuesRepeatedError) as refused:
            await change(database, field_id, cast=cast, is_unique=True)
        nothing: dict[str, Any] = dict.fromkeys(given)
        await give(database, Subject.CLASS, second_id, field_id, **nothing)
        await change(database, field_id, cast=cast, is_unique=True)

        assert first_id == refused.value.subject_id


async def test_a_field_cascades_as_long_as_classes_have_values_of_their_own(database: Database) -> None:
    cast = await gather(database)
    field_id = await add_field(database, cast, subject=Subject.COURSE, cascades=True)
    course_id = await add_course(database, cast)
    class_id = await add_class(database, cast, course_id=course_id)
    await give(database, Subject.COURSE, course_id, field_id, text_value="course's")
    await give(database, Subject.CLASS, class_id, field_id, text_value="own")

    with pytest.raises(CustomFieldHasValuesError) as refused:
        await change(database, field_id, cast=cast, cascades=False)
    await give(database, Subject.CLASS, class_id, field_id, text_value=None)
    await change(database, field_id, cast=cast, cascades=False)

    assert "cascades" == refused.value.field
    assert [] == await shown(database, Subject.CLASS, class_id)
    assert [("Order", "course's", False)] == await shown(database, Subject.COURSE, course_id)


async def test_fields_of_other_trees_do_not_exist(database: Database) -> None:
    cast = await gather(database)
    field_id = await add_field(database, cast)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    child = await add_key(database, organization_id=child_id)

    for actor, asked in ((cast.olga, field_id), (child, field_id), (cast.ada, NOBODY)):
        with pytest.raises(CustomFieldNotFoundError):
            await database.read(get_custom_field, viewer=actor.viewer, custom_field_id=asked)
        with pytest.raises(CustomFieldNotFoundError):
            await database.write(update_custom_field, actor=actor, custom_field_id=asked, changes=CustomFieldChanges(name="Mine"))
        with pytest.raises(CustomFieldNotFoundError):
            await database.write(delete_custom_field, actor=actor, custom_field_id=asked)
    new = NewCustomField(organization_id=cast.organization_id, subject=Subject.USER, name="Mine", data_type=DataType.NUMBER)
    with pytest.raises(OrganizationNotFoundError):
        await database.write(create_custom_field, actor=cast.olga, new=new)


async def test_an_organization_has_its_own_fields_and_those_of_all_above(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    sibling_id = await add_organization(database, "Sibling", parent_id=cast.organization_id)
    child = await add_key(database, organization_id=child_id)
    fields: dict[str, dict[str, Any]] = {
        "Above": {"position": 2},
        "Own": {"organization_id": child_id, "position": 1},
        "Sibling's": {"organization_id": sibling_id},
        "Disabled": {"enabled": False},
        "A user's": {"subject": Subject.USER},
        "A course's": {"subject": Subject.COURSE},
        "Cascading": {"subject": Subject.COURSE, "cascades": True, "position": 2},
    }
    for name, values in fields.items():
        await add_field(database, cast, name=name, **values)

    async def names(subject: Subject) -> list[str]:
        return [row.name for row in await database.read(list_custom_fields_for, viewer=child.viewer, subject=subject)]

    assert ["Own", "Above", "Cascading"] == await names(Subject.CLASS)
    assert ["A course's", "Cascading"] == await names(Subject.COURSE)
    assert ["A user's"] == await names(Subject.USER)
    seen = await database.read(list_custom_fields_for, viewer=cast.ada.viewer, subject=Subject.CLASS)
    assert ["Sibling's", "Own", "Above", "Cascading"] == [row.name for row in seen]
    assert [] == await database.read(list_custom_fields_for, viewer=cast.olga.viewer, subject=Subject.CLASS)


async def three_fields(database: Database, cast: Cast) -> int:
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    await add_field(database, cast, name="Éclat", position=2)
    await add_field(database, cast, name="Size", position=3, data_type=DataType.NUMBER, subject=Subject.USER)
    await add_field(database, cast, name="Colour", position=1, enabled=False, organization_id=child_id)
    return child_id


@pytest.mark.parametrize(
    "criteria,expected",
    [
        pytest.param(CustomFieldCriteria(), ["Colour", "Éclat", "Size"], id="all"),
        pytest.param(CustomFieldCriteria(subject=Subject.USER), ["Size"], id="of users"),
        pytest.param(CustomFieldCriteria(name="ÉCL"), ["Éclat"], id="a part of the name, in any case"),
        pytest.param(CustomFieldCriteria(data_type=DataType.NUMBER), ["Size"], id="numbers"),
        pytest.param(CustomFieldCriteria(enabled=False), ["Colour"], id="disabled"),
    ],
)
async def test_it_finds_fields(database: Database, criteria: CustomFieldCriteria, expected: list[str]) -> None:
    cast = await gather(database)
    await three_fields(database, cast)

    page = await database.search(
        search_custom_fields, viewer=cast.ada.viewer, criteria=criteria, sort="position", descending=False, offset=0, limit=9
    )
    listed = await database.search(list_custom_fields, viewer=cast.ada.viewer, criteria=criteria, after_id=0, limit=9)

    assert (len(expected), expected) == (page.total, [row.name for row in page.rows])
    assert set(expected) == {row.name for row in listed}


async def test_it_finds_fields_of_one_organization_and_sorts_them(database: Database) -> None:
    cast = await gather(database)
    child_id = await three_fields(database, cast)

    async def found(sort: str, *, descending: bool = False, **criteria: int) -> list[str]:
        page = await database.search(
            search_custom_fields,
            viewer=cast.ada.viewer,
            criteria=CustomFieldCriteria(**criteria),  # type: ignore[arg-type]  # one of them
            sort=sort,
            descending=descending,
            offset=0,
            limit=9,
        )
        return [row.name for row in page.rows]

    assert ["Colour"] == await found("name", organization_id=child_id)
    assert ["Size", "Éclat", "Colour"] == await found("position", descending=True)
    assert ["Colour", "Size", "Éclat"] == await found("name")
    assert ["Éclat", "Size", "Colour"] == await found("name", descending=True)
    listed = await database.search(list_custom_fields, viewer=cast.ada.viewer, criteria=CustomFieldCriteria(), after_id=0, limit=2)
    assert ["Éclat", "Size"] == [row.name for row in listed]
    past = await database.search(
        search_custom_fields,
        viewer=cast.ada.viewer,
        criteria=CustomFieldCriteria(),
        sort="name",
        descending=False,
        offset=3,
        limit=9,
    )
    assert (3, []) == (past.total, past.rows)
