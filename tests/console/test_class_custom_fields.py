"""The custom fields of a class in a browser without scripts."""

from typing import Any

import pytest

from rollbook.custom_fields.values import DataType, Subject
from rollbook.database import open_database
from rollbook.database.transaction import Database
from tests.cast import add_organization
from tests.console.filled_form import FilledForm
from tests.console.front_of_console import text_of
from tests.console.markup import faults_of
from tests.console.training_place import Place, opened
from tests.custom_fields import add_field, give, shown

HOSTILE = "<script>alert('x')</script>"


@pytest.fixture
def database(sqlite_url: str) -> Database:
    return open_database(sqlite_url)


async def test_each_field_takes_what_it_is_for_and_all_are_saved_as_one_change(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class()
    address = f"/classes/{class_id}/custom-fields"
    kinds: dict[str, dict[str, Any]] = {
        "Order": {"data_type": DataType.TEXTBOX},
        "Meal": {"data_type": DataType.DROPDOWN_LIST, "choices": ("Lunch", "Dinner")},
        "Paid": {"data_type": DataType.CHECKBOX},
        "Chairs": {"data_type": DataType.NUMBER},
        "Host": {"data_type": DataType.USER_SELECTOR},
        "Tools": {"data_type": DataType.CHECKBOX_LIST, "choices": ("Rope", "Hook", "Helmet")},
    }
    ids = {
        name: await add_field(database, place.cast, name=name, position=position, **kind)
        for position, (name, kind) in enumerate(kinds.items())
    }

    page = await place.carl.open(address)
    form = FilledForm(page, address)
    assert [] == faults_of(page.text)
    entered: list[tuple[str, object]] = [
        (f"field_{ids['Order']}", HOSTILE),
        (f"field_{ids['Meal']}", "Dinner"),
        (f"field_{ids['Paid']}", "no"),
        (f"field_{ids['Chairs']}", "-3"),
        (f"field_{ids['Host']}", place.ruth_id),
        *((f"field_{ids['Tools']}", each) for each in ("Hook", "Rope")),
    ]
    answer = await place.carl.send(address, form.having(*entered))

    assert f"/classes/{class_id}" == answer.headers["location"]
    values = [("Order", HOSTILE), ("Meal", "Dinner"), ("Paid", False), ("Chairs", -3), ("Host", place.ruth_id), ("Tools", "Rope\tHook")]
    assert [(name, value, False) for name, value in values] == await shown(database, Subject.CLASS, class_id)
    assert 2 == (await place.see(class_id)).row.version
    seen = await place.carl.open(f"/classes/{class_id}")
    assert HOSTILE not in seen.text
    assert HOSTILE in text_of(seen)
    assert "Paid no Chairs -3 Host Ruth Example" in text_of(seen)

    again = await opened(place, address)
    await place.carl.send(address, again.having())
    assert 2 == (await place.see(class_id)).row.version
    await place.carl.send(address, again.having(*((name, "") for name, _ in entered)))
    assert [] == await shown(database, Subject.CLASS, class_id)


async def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(database: Database) -> None:
    place = await Place(database).open()
    class_id, other_id = [await place.add_class() for _ in range(2)]
    address = f"/classes/{class_id}/custom-fields"
    chairs = await add_field(database, place.cast, name="Chairs", data_type=DataType.NUMBER)
    order = await add_field(database, place.cast, name="Order", is_unique=True)
    needed = await add_field(database, place.cast, name="Needed", required=True)
    await give(database, Subject.CLASS, other_id, order, text_value="A-1")
    await give(database, Subject.CLASS, class_id, needed, text_value="here")
    form = await opened(place, address)

    unreadable = await place.carl.send(address, form.having((f"field_{chairs}", "many")))
    assert (422, "many") == (unreadable.status_code, FilledForm(unreadable, address).value(f"field_{chairs}"))
    assert "must be a whole number" in text_of(unreadable)
    refused = await place.carl.send(address, form.having((f"field_{order}", "A-1"), (f"field_{chairs}", "4"), (f"field_{needed}", "")))

    assert 409 == refused.status_code
    assert "another class has A-1" in text_of(refused).replace("Another", "another")
    assert "(Needed) is required" in text_of(refused)
    assert "A-1" == FilledForm(refused, address).value(f"field_{order}")
    assert [] == faults_of(refused.text)
    assert [("Needed", "here", False)] == await shown(database, Subject.CLASS, class_id)


@pytest.mark.parametrize("selected", ["99999999999999999999", "2147483648", "0", "Ruth", "77"])
async def test_nobody_is_selected_who_is_not_there(database: Database, selected: str) -> None:
    place = await Place(database).open()
    class_id = await place.add_class()
    address = f"/classes/{class_id}/custom-fields"
    host = await add_field(database, place.cast, name="Host", data_type=DataType.USER_SELECTOR)
    form = await opened(place, address)

    refused = await place.carl.send(address, form.having((f"field_{host}", selected)))

    assert 422 == refused.status_code
    assert "Nothing has been saved yet" in text_of(refused)
    assert [] == faults_of(refused.text)
    assert [] == await shown(database, Subject.CLASS, class_id)


async def test_what_others_changed_meanwhile_is_looked_at_first_and_stays(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class()
    address = f"/classes/{class_id}/custom-fields"
    order, meal, tools = [await add_field(database, place.cast, name=name) for name in ("Order", "Meal", "Tools")]
    await give(database, Subject.CLASS, class_id, meal, text_value="Lunch")
    form = await opened(place, address)
    await give(database, Subject.CLASS, class_id, order, text_value="theirs")
    await give(database, Subject.CLASS, class_id, meal, text_value="Dinner")

    refused = await place.carl.send(address, form.having((f"field_{order}", "mine"), (f"field_{tools}", "Rope")))
    assert 409 == refused.status_code
    assert "Somebody changed this class" in text_of(refused)
    assert "Somebody has changed this meanwhile, to: theirs" in text_of(refused)
    assert [] == faults_of(refused.text)
    again = FilledForm(refused, address)
    assert ("mine", "Dinner") == (again.value(f"field_{order}"), again.value(f"field_{meal}"))
    answer = await place.carl.send(address, again.having())

    assert 303 == answer.status_code
    values = {("Order", "mine", False), ("Meal", "Dinner", False), ("Tools", "Rope", False)}
    assert values == {*await shown(database, Subject.CLASS, class_id)}


async def test_a_field_that_came_meanwhile_is_not_taken_for_cleared(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class()
    address = f"/classes/{class_id}/custom-fields"
    order = await add_field(database, place.cast, name="Order")
    form = await opened(place, address)
    late = await add_field(database, place.cast, name="Late")
    await give(database, Subject.CLASS, class_id, late, text_value="kept")
    version = (await place.see(class_id)).row.version

    await place.carl.send(address, form.having((f"field_{order}", "mine"), ("version", version)))

    assert {("Order", "mine", False), ("Late", "kept", False)} == {*await shown(database, Subject.CLASS, class_id)}


async def test_the_courses_value_is_told_while_the_class_has_none(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class()
    field_id = await add_field(database, place.cast, name="Level", subject=Subject.COURSE, cascades=True)
    await give(database, Subject.COURSE, place.course_id, field_id, text_value="Beginners")

    page = await place.carl.open(f"/classes/{class_id}/custom-fields")

    assert "The course's, while this is blank: Beginners ." in text_of(page)
    assert "" == FilledForm(page, f"/classes/{class_id}/custom-fields").value(f"field_{field_id}")


async def test_fields_of_a_branch_are_none_of_the_classes_above(database: Database) -> None:
    place = await Place(database).open()
    class_id = await place.add_class()
    branch_id = await add_organization(database, "Branch", parent_id=place.cast.organization_id)
    await add_field(database, place.cast, name="Of the branch", organization_id=branch_id)

    told = text_of(await place.carl.open(f"/classes/{class_id}/custom-fields"))

    assert "Of the branch" not in told
    assert "Classes have no custom fields here" in told
