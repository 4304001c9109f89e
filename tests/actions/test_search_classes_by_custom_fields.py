import pytest

from rollbook.classes.queries.custom_field_criteria import ClassFieldNotFoundError, CustomFieldCriterion, ValueNotOfFieldError
from rollbook.classes.queries.search import ClassCriteria, search_classes
from rollbook.custom_fields.queries.fields import CustomFieldNotFoundError
from rollbook.custom_fields.values import DataType, Subject
from rollbook.database.transaction import Database
from tests.cast import Cast, add_class, add_course, gather
from tests.custom_fields import add_field, give


async def found(database: Database, cast: Cast, *criteria: tuple[int, str], **others: str) -> list[str]:
    page = await database.search(
        search_classes,
        viewer=cast.ada.viewer,
        criteria=ClassCriteria(custom_fields=tuple(CustomFieldCriterion(*each) for each in criteria), **others),  # type: ignore[arg-type]  # texts
        sort="name",
        descending=False,
        offset=0,
        limit=9,
    )
    assert page.total == len(page.classes)
    return [each.row.name for each in page.classes]


async def test_classes_are_found_by_values_of_every_type(database: Database) -> None:
    cast = await gather(database)
    text = await add_field(database, cast, name="Text")
    number = await add_field(database, cast, name="Number", data_type=DataType.NUMBER)
    user = await add_field(database, cast, name="User", data_type=DataType.USER_SELECTOR)
    truth = await add_field(database, cast, name="Truth", data_type=DataType.CHECKBOX)
    chosen = await add_field(database, cast, name="Chosen", data_type=DataType.CHECKBOX_LIST, choices=("red", "Green", "reddish"))
    for name, truth_value, choices in (("A", True, ("red", "Green")), ("B", False, ("Green", "reddish"))):
        class_id = await add_class(database, cast, name=name)
        await give(database, Subject.CLASS, class_id, text, text_value=f"Order {name}")
        await give(database, Subject.CLASS, class_id, number, numeric_value=-1 if name == "A" else 1)
        await give(database, Subject.CLASS, class_id, user, numeric_value=cast.ivan_id if name == "A" else cast.sam_id)
        await give(database, Subject.CLASS, class_id, truth, boolean_value=truth_value)
        await give(database, Subject.CLASS, class_id, chosen, separated_list_values=choices)
    await add_class(database, cast, name="C")

    assert ["A"] == await found(database, cast, (text, "ORDER a"))
    assert [] == await found(database, cast, (text, "Order"))
    assert ["A"] == await found(database, cast, (number, "-1"))
    assert ["B"] == await found(database, cast, (user, str(cast.sam_id)))
    assert (["A"], ["B"]) == (await found(database, cast, (truth, "True")), await found(database, cast, (truth, "false")))
    assert (["A"], ["B"]) == (await found(database, cast, (chosen, "RED")), await found(database, cast, (chosen, "reddish")))
    assert ["A", "B"] == await found(database, cast, (chosen, "green"))
    assert ["B"] == await found(database, cast, (chosen, "green"), (number, "1"))
    assert ["A"] == await found(database, cast, (chosen, "green"), (chosen, "red"), name="a")
    assert [] == await found(database, cast, (chosen, "green"), name="c")
    assert ["A", "B", "C"] == await found(database, cast)


async def test_classes_are_found_by_the_values_of_their_courses(database: Database) -> None:
    cast = await gather(database)
    field_id = await add_field(database, cast, subject=Subject.COURSE, cascades=True)
    course_id = await add_course(database, cast)
    await add_class(database, cast, name="A", course_id=course_id)
    own_id = await add_class(database, cast, name="B", course_id=course_id)
    await add_class(database, cast, name="C")
    await give(database, Subject.COURSE, course_id, field_id, text_value="x")
    await give(database, Subject.CLASS, own_id, field_id, text_value="y")

    assert (["A"], ["B"]) == (await found(database, cast, (field_id, "x")), await found(database, cast, (field_id, "y")))


async def test_what_is_found_shows_its_values(database: Database) -> None:
    cast = await gather(database)
    field_id = await add_field(database, cast)
    class_id = await add_class(database, cast)
    await give(database, Subject.CLASS, class_id, field_id, text_value="x")
    await add_class(database, cast)

    page = await database.search(
        search_classes, viewer=cast.ada.viewer, criteria=ClassCriteria(), sort="name", descending=False, offset=0, limit=9
    )

    assert [["x"], []] == [[value.text for value in each.custom_fields] for each in page.classes]


async def test_what_no_class_can_have_is_refused(database: Database) -> None:
    cast = await gather(database)
    number = await add_field(database, cast, name="Number", data_type=DataType.NUMBER)
    truth = await add_field(database, cast, name="Truth", data_type=DataType.CHECKBOX)
    of_users = await add_field(database, cast, subject=Subject.USER)
    disabled = await add_field(database, cast, enabled=False)
    foreign = await add_field(database, cast, organization_id=cast.other_organization_id)

    for criterion in (
        (number, "x"),
        (number, "1.0"),
        (number, "-"),
        (number, "2147483648"),
        (number, "\N{ARABIC-INDIC DIGIT ONE}"),
        (truth, "yes"),
    ):
        with pytest.raises(ValueNotOfFieldError) as refused:
            await found(database, cast, criterion)
        assert "custom_fields" == refused.value.field
    for field_id in (of_users, disabled):
        with pytest.raises(ClassFieldNotFoundError):
            await found(database, cast, (field_id, "x"))
    with pytest.raises(CustomFieldNotFoundError) as unseen:
        await found(database, cast, (foreign, "x"))
    assert "custom_fields" == unseen.value.field
    assert [] == await found(database, cast, (number, "-2147483648"))
