import asyncio
from typing import Any

import msgspec
import pytest

from rollbook.changes.queries.histories import Subject as HistorySubject
from rollbook.changes.queries.histories import page_history
from rollbook.classes.actions.clone import clone_class
from rollbook.classes.actions.custom_field_values import update_class_custom_field_values
from rollbook.classes.cloning import ClonedClass
from rollbook.classes.queries.classes import ClassNotFoundError, get_class, get_class_by_external_id
from rollbook.classes.queries.custom_field_values import get_class_custom_field_value, list_custom_fields_of_class, show_class
from rollbook.courses.queries.custom_field_values import get_course_custom_field_value
from rollbook.custom_fields.actions.fields import CustomFieldChanges, update_custom_field
from rollbook.custom_fields.actions.values import CustomFieldValueTakenError, remove_values
from rollbook.custom_fields.queries.fields import CustomFieldNotFoundError
from rollbook.custom_fields.queries.holders import CustomFieldDisabledError, CustomFieldNotOfSubjectError
from rollbook.custom_fields.values import CustomFieldRequiredError, DataType, GivenValue, NoSuchChoiceError, Subject, WrongKindOfValueError
from rollbook.database.transaction import Database
from rollbook.errors import ConflictError, NotFoundError, SeveralRefusalsError
from rollbook.history.versions import VersionChangedError
from rollbook.people.actions.custom_field_values import NewValue
from rollbook.people.actions.user_details import UserChanges
from rollbook.people.actions.users import update_user
from rollbook.people.queries.custom_field_values import get_user_custom_field_value
from rollbook.people.queries.users import UserNotFoundError
from tests.cast import TESTS, Cast, add_class, add_course, add_key, add_organization, add_user, gather
from tests.custom_fields import add_field, give, shown

CROWD = 8


async def holder(database: Database, cast: Cast, subject: Subject, **values: Any) -> int:
    """Create something that can have values, and give its id."""
    if subject is Subject.CLASS:
        return await add_class(database, cast, **values)
    if subject is Subject.COURSE:
        return await add_course(database, cast, **values)
    return await add_user(database, "Una", **{"organization_id": cast.organization_id, **values})


@pytest.mark.parametrize("subject", Subject)
async def test_a_value_is_given_changed_and_cleared_and_the_history_tells_it(database: Database, subject: Subject) -> None:
    cast = await gather(database)
    subject_id = await holder(database, cast, subject)
    field_id = await add_field(database, cast, subject=subject)

    seen = []
    for text in ("x", "y", "y", None):
        await give(database, subject, subject_id, field_id, actor=cast.ada, text_value=text)
        seen.append(await shown(database, subject, subject_id, actor=cast.ada))

    assert [[("Order", "x", False)], [("Order", "y", False)], [("Order", "y", False)], []] == seen
    page = await database.search(page_history, viewer=cast.ada.viewer, subject=HistorySubject(subject.value), subject_id=subject_id)
    changes = [each for each in page.items if each.kind == f"{subject.value}.custom_field_changed"]
    assert [("y", None), ("x", "y"), (None, "x")] == [
        (each.before["custom_fields"][str(field_id)], each.after["custom_fields"][str(field_id)])
        for each in changes
        if each.before and each.after
    ]
    assert {"Ada"} == {each.actor_name for each in changes}


@pytest.mark.parametrize("subject", Subject)
async def test_a_value_changes_the_version_of_what_it_belongs_to(database: Database, subject: Subject) -> None:
    cast = await gather(database)
    subject_id = await holder(database, cast, subject)
    field_id = await add_field(database, cast, subject=subject)

    await give(database, subject, subject_id, field_id, text_value="x", if_version=1)
    with pytest.raises(VersionChangedError):
        await give(database, subject, subject_id, field_id, text_value="y", if_version=1)
    await give(database, subject, subject_id, field_id, text_value="y", if_version=2)

    assert [("Order", "y", False)] == await shown(database, subject, subject_id)


@pytest.mark.parametrize(
    "data_type,given,expected",
    [
        (DataType.DROPDOWN_LIST, {"text_value": "red"}, "red"),
        (DataType.CHECKBOX, {"boolean_value": False}, False),
        (DataType.NUMBER, {"numeric_value": -7}, -7),
        (DataType.CHECKBOX_LIST, {"separated_list_values": ("blue", "red")}, "red\tblue"),
    ],
)
async def test_values_of_every_type_are_kept(database: Database, data_type: DataType, given: dict[str, Any], expected: Any) -> None:
    cast = await gather(database)
    choices = ("red", "green", "blue") if data_type.name.endswith("LIST") else ()
    field_id = await add_field(database, cast, data_type=data_type, choices=choices)
    class_id = await add_class(database, cast)

    await give(database, Subject.CLASS, class_id, field_id, **given)

    value = await database.read(get_class_custom_field_value, viewer=cast.ada.viewer, class_id=class_id, custom_field_id=field_id)
    assert (expected, type(expected)) == (value.value.told(), type(value.value.told()))
    listed = data_type is DataType.CHECKBOX_LIST
    assert (expected if listed else None, None if listed else value.value.text_value) == (value.chosen, value.text)


@pytest.mark.parametrize("subject", Subject)
async def test_a_user_selector_takes_a_user_in_sight(database: Database, subject: Subject) -> None:
    cast = await gather(database)
    subject_id = await holder(database, cast, subject)
    field_id = await add_field(database, cast, subject=subject, data_type=DataType.USER_SELECTOR)

    with pytest.raises(UserNotFoundError) as refused:
        await give(database, subject, subject_id, field_id, actor=cast.ada, numeric_value=cast.olga_id)
    await give(database, subject, subject_id, field_id, actor=cast.ada, numeric_value=cast.ivan_id)

    assert "numeric_value" == refused.value.field
    assert [("Order", cast.ivan_id, False)] == await shown(database, subject, subject_id)


async def test_a_selected_user_who_is_out_of_sight_stays(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    child = await add_key(database, organization_id=child_id)
    field_id = await add_field(database, cast, data_type=DataType.USER_SELECTOR)
    class_id = await add_class(database, cast, organization_id=child_id)

    await give(database, Subject.CLASS, class_id, field_id, numeric_value=cast.ivan_id)
    await give(database, Subject.CLASS, class_id, field_id, actor=child, numeric_value=cast.ivan_id)
    with pytest.raises(UserNotFoundError):
        await give(database, Subject.CLASS, class_id, field_id, actor=child, numeric_value=cast.sam_id)


async def test_what_the_field_does_not_take_is_refused(database: Database) -> None:
    cast = await gather(database)
    field_id = await add_field(database, cast, data_type=DataType.DROPDOWN_LIST, choices=("red",), required=True)
    class_id = await add_class(database, cast)

    with pytest.raises(NoSuchChoiceError):
        await give(database, Subject.CLASS, class_id, field_id, text_value="pink")
    with pytest.raises(WrongKindOfValueError):
        await give(database, Subject.CLASS, class_id, field_id, numeric_value=1)
    await give(database, Subject.CLASS, class_id, field_id, text_value="red")
    with pytest.raises(CustomFieldRequiredError):
        await give(database, Subject.CLASS, class_id, field_id, text_value=None)


async def test_a_choice_that_is_taken_away_stays_where_it_was_chosen(database: Database) -> None:
    cast = await gather(database)
    field_id = await add_field(database, cast, data_type=DataType.DROPDOWN_LIST, choices=("red", "blue"))
    class_id = await add_class(database, cast)
    await give(database, Subject.CLASS, class_id, field_id, text_value="red")

    await database.write(update_custom_field, actor=cast.ada, custom_field_id=field_id, changes=CustomFieldChanges(choices=("blue",)))
    await give(database, Subject.CLASS, class_id, field_id, text_value="red")

    assert [("Order", "red", False)] == await shown(database, Subject.CLASS, class_id)


async def test_only_a_field_of_its_sort_and_of_its_organization_is_one_of_something(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    child = await add_key(database, organization_id=child_id)
    class_id = await add_class(database, cast)
    child_class_id = await add_class(database, cast, organization_id=child_id)
    of_users = await add_field(database, cast, subject=Subject.USER)
    of_courses = await add_field(database, cast, subject=Subject.COURSE)
    of_child = await add_field(database, cast, organization_id=child_id)
    of_classes = await add_field(database, cast)
    foreign = await add_field(database, cast, organization_id=cast.other_organization_id)

    for field_id in (of_users, of_courses, of_child):
        with pytest.raises(CustomFieldNotOfSubjectError):
            await give(database, Subject.CLASS, class_id, field_id, actor=cast.ada, text_value="x")
        with pytest.raises(CustomFieldNotOfSubjectError):
            await database.read(get_class_custom_field_value, viewer=cast.ada.viewer, class_id=class_id, custom_field_id=field_id)
    with pytest.raises(CustomFieldNotFoundError) as unseen:
        await give(database, Subject.CLASS, class_id, foreign, actor=cast.ada, text_value="x")
    await give(database, Subject.CLASS, child_class_id, of_child, actor=child, text_value="x")
    await give(database, Subject.CLASS, child_class_id, of_classes, actor=child, text_value="y")

    assert "custom_field_id" == unseen.value.field
    assert {"x", "y"} == {value for _, value, _ in await shown(database, Subject.CLASS, child_class_id, actor=child)}


@pytest.mark.parametrize("subject", Subject)
async def test_what_lies_outside_of_the_tree_has_no_values(database: Database, subject: Subject) -> None:
    cast = await gather(database)
    subject_id = await holder(database, cast, subject)
    field_id = await add_field(database, cast, subject=subject)
    readings: dict[Subject, Any] = {
        Subject.CLASS: get_class_custom_field_value,
        Subject.COURSE: get_course_custom_field_value,
        Subject.USER: get_user_custom_field_value,
    }

    with pytest.raises(NotFoundError) as written:
        await give(database, subject, subject_id, field_id, actor=cast.olga, text_value="x")
    with pytest.raises(NotFoundError) as listed:
        await shown(database, subject, subject_id, actor=cast.olga)
    asked: dict[str, Any] = {f"{subject.value}_id": subject_id, "custom_field_id": field_id}
    with pytest.raises(NotFoundError) as read:
        await database.read(readings[subject], viewer=cast.olga.viewer, **asked)
    value = await database.read(readings[subject], viewer=cast.ada.viewer, **asked)

    assert [None] * 3 == [error.value.field for error in (written, listed, read)]
    assert ("Order", None) == (value.name, value.value.told())


async def test_the_values_of_a_disabled_field_are_not_shown_and_stay(database: Database) -> None:
    cast = await gather(database)
    field_id = await add_field(database, cast)
    class_id = await add_class(database, cast)
    await give(database, Subject.CLASS, class_id, field_id, text_value="x")

    await database.write(update_custom_field, actor=cast.ada, custom_field_id=field_id, changes=CustomFieldChanges(enabled=False))

    assert [] == await shown(database, Subject.CLASS, class_id)
    with pytest.raises(CustomFieldDisabledError):
        await give(database, Subject.CLASS, class_id, field_id, text_value="y")
    await database.write(update_custom_field, actor=cast.ada, custom_field_id=field_id, changes=CustomFieldChanges(enabled=True))
    assert [("Order", "x", False)] == await shown(database, Subject.CLASS, class_id)


async def test_a_field_that_the_viewer_does_not_see_is_not_shown(database: Database) -> None:
    cast = await gather(database)
    first_id, second_id = [await add_organization(database, name, parent_id=cast.organization_id) for name in ("First", "Second")]
    second = await add_key(database, organization_id=second_id)
    field_id = await add_field(database, cast, organization_id=first_id, subject=Subject.USER)
    user_id = await add_user(database, "Una", organization_id=first_id)
    await give(database, Subject.USER, user_id, field_id, text_value="x")
    await database.write(update_user, actor=cast.ada, user_id=user_id, changes=UserChanges(organization_id=second_id))

    assert [] == await shown(database, Subject.USER, user_id, actor=second)
    assert [("Order", "x", False)] == await shown(database, Subject.USER, user_id, actor=cast.ada)


async def test_a_class_has_the_value_of_its_course_until_it_has_its_own(database: Database) -> None:
    cast = await gather(database)
    cascading = await add_field(database, cast, name="A", subject=Subject.COURSE, cascades=True)
    staying = await add_field(database, cast, name="B", subject=Subject.COURSE)
    other_id, course_id = await add_course(database, cast), await add_course(database, cast)
    class_id, twin_id = [await add_class(database, cast, course_id=course_id) for _ in range(2)]
    assert class_id == other_id
    await give(database, Subject.COURSE, other_id, cascading, text_value="another's")

    async def read() -> tuple[Any, bool]:
        value = await database.read(get_class_custom_field_value, viewer=cast.ada.viewer, class_id=class_id, custom_field_id=cascading)
        return value.value.told(), value.is_inherited

    seen = [(await shown(database, Subject.CLASS, class_id), await read())]
    await give(database, Subject.COURSE, course_id, cascading, text_value="course's")
    await give(database, Subject.COURSE, course_id, staying, text_value="stays")
    for text in ("own", None):
        seen.append((await shown(database, Subject.CLASS, class_id), await read()))
        await give(database, Subject.CLASS, class_id, cascading, text_value=text)
    seen.append((await shown(database, Subject.CLASS, class_id), await read()))

    own = ([("A", "own", False)], ("own", False))
    inherited = ([("A", "course's", True)], ("course's", True))
    assert [([], (None, False)), inherited, own, inherited] == seen
    assert [("A", "course's", True)] == await shown(database, Subject.CLASS, twin_id)
    assert [("A", "course's", False), ("B", "stays", False)] == await shown(database, Subject.COURSE, course_id)
    with pytest.raises(CustomFieldNotOfSubjectError):
        await give(database, Subject.CLASS, class_id, staying, text_value="x")


async def test_values_are_shown_in_the_order_of_their_fields(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, external_id="c")
    for name, position in (("b", 2), ("C", 1), ("a", 2), ("A", 1)):
        field_id = await add_field(database, cast, name=f"{name}{position}", position=position)
        await give(database, Subject.CLASS, class_id, field_id, text_value="x")

    assert ["A1", "C1", "a2", "b2"] == [name for name, _, _ in await shown(database, Subject.CLASS, class_id)]
    by_id = await database.search(show_class, get_class, viewer=cast.ada.viewer, class_id=class_id)
    assert by_id == await database.search(show_class, get_class_by_external_id, viewer=cast.ada.viewer, external_id="c")
    assert 4 == len(by_id.custom_fields)


@pytest.mark.parametrize("subject", Subject)
async def test_the_value_of_a_unique_field_is_given_once(database: Database, subject: Subject) -> None:
    cast = await gather(database)
    text_id = await add_field(database, cast, subject=subject, is_unique=True)
    number_id = await add_field(database, cast, name="Number", subject=subject, is_unique=True, data_type=DataType.NUMBER)
    values: dict[str, Any] = {"user_name": "u", "email": "u@example.com"} if subject is Subject.USER else {}
    first_id, second_id = await holder(database, cast, subject), await holder(database, cast, subject, **values)
    await give(database, subject, first_id, text_id, text_value="x")
    await give(database, subject, first_id, number_id, numeric_value=7)

    with pytest.raises(CustomFieldValueTakenError) as refused:
        await give(database, subject, second_id, text_id, text_value="x")
    with pytest.raises(CustomFieldValueTakenError):
        await give(database, subject, second_id, number_id, numeric_value=7)
    await give(database, subject, second_id, number_id, numeric_value=8)
    await give(database, subject, first_id, text_id, text_value="X")
    await give(database, subject, second_id, text_id, text_value="x")
    await give(database, subject, first_id, text_id, text_value=None)
    await give(database, subject, second_id, text_id, text_value=None)

    assert f"another {subject.value} has x in custom field {text_id} (Order) already; give another value" == str(refused.value)
    assert "text_value" == refused.value.field


async def at_once(database: Database, *writes: Any) -> list[Any]:
    # Connections that are open already let them begin in the same moment.
    await asyncio.gather(*(database.check() for _ in writes))
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, ConflictError):
            raise outcome
    return outcomes


async def test_of_many_who_want_the_same_unique_value_at_once_one_gets_it(database: Database) -> None:
    cast = await gather(database)
    field_id = await add_field(database, cast, is_unique=True)
    class_ids = [await add_class(database, cast) for _ in range(CROWD)]

    outcomes = await at_once(database, *(give(database, Subject.CLASS, each, field_id, text_value="x") for each in class_ids))

    assert CROWD - 1 == sum(isinstance(outcome, CustomFieldValueTakenError) for outcome in outcomes)
    values = [await shown(database, Subject.CLASS, class_id) for class_id in class_ids]
    assert 1 == sum(each == [("Order", "x", False)] for each in values)


async def test_a_field_that_becomes_unique_while_values_are_given_has_no_value_twice(database: Database) -> None:
    cast = await gather(database)
    field_id = await add_field(database, cast)
    class_ids = [await add_class(database, cast) for _ in range(CROWD)]
    gifts = [give(database, Subject.CLASS, each, field_id, text_value="x") for each in class_ids]
    becoming = database.write(update_custom_field, actor=cast.ada, custom_field_id=field_id, changes=CustomFieldChanges(is_unique=True))

    outcomes = await at_once(database, gifts[0], becoming, *gifts[1:])

    holders = [class_id for class_id in class_ids if await shown(database, Subject.CLASS, class_id)]
    assert isinstance(outcomes[1], ConflictError) or 1 >= len(holders)


async def test_a_cloned_class_has_the_same_values_but_those_of_unique_fields(database: Database) -> None:
    cast = await gather(database)
    plain = await add_field(database, cast, name="Plain")
    unique = await add_field(database, cast, name="Unique", is_unique=True)
    cascading = await add_field(database, cast, name="Course's", subject=Subject.COURSE, cascades=True)
    class_id = await add_class(database, cast)
    course_id = (await database.read(get_class, viewer=TESTS.viewer, class_id=class_id)).row.course_id
    await give(database, Subject.COURSE, course_id, cascading, text_value="c")
    await give(database, Subject.CLASS, class_id, plain, text_value="x")
    await give(database, Subject.CLASS, class_id, unique, text_value="y")

    rehearsal = await database.rehearse(clone_class, actor=cast.ada, class_id=class_id, wanted=ClonedClass())
    clone_id = (await database.write(clone_class, actor=cast.ada, class_id=class_id, wanted=ClonedClass())).id

    assert [("Course's", "c", True), ("Plain", "x", False)] == await shown(database, Subject.CLASS, clone_id)
    assert [("class.created", None), ("class.custom_field_changed", {})] == [
        (each.record["kind"], each.record["before"] and msgspec.json.decode(each.record["before"])) for each in rehearsal.recorded
    ]
    bare_id = await add_class(database, cast)
    bare = await database.rehearse(clone_class, actor=cast.ada, class_id=bare_id, wanted=ClonedClass())
    assert ["class.created"] == [each.record["kind"] for each in bare.recorded]


async def test_a_clone_while_a_field_becomes_unique_repeats_no_value(database: Database) -> None:
    cast = await gather(database)
    field_id = await add_field(database, cast)
    class_id = await add_class(database, cast)
    await give(database, Subject.CLASS, class_id, field_id, text_value="x")
    cloning = [database.write(clone_class, actor=cast.ada, class_id=class_id, wanted=ClonedClass()) for _ in range(2)]
    becoming = database.write(update_custom_field, actor=cast.ada, custom_field_id=field_id, changes=CustomFieldChanges(is_unique=True))

    outcomes = await at_once(database, cloning[0], becoming, cloning[1])

    copies = [each.id for each in (outcomes[0], outcomes[2]) if await shown(database, Subject.CLASS, each.id)]
    assert isinstance(outcomes[1], ConflictError) or [] == copies


async def test_the_values_of_what_goes_for_ever_can_be_removed(database: Database) -> None:
    cast = await gather(database)
    of_users = await add_field(database, cast, subject=Subject.USER)
    of_classes = await add_field(database, cast)
    while (class_id := await add_class(database, cast)) < cast.sam_id:
        pass
    await give(database, Subject.USER, class_id, of_users, text_value="x")
    await give(database, Subject.CLASS, class_id, of_classes, text_value="y")

    assert 1 == await database.write(remove_values, subject=Subject.USER, subject_id=class_id)

    assert [] == await shown(database, Subject.USER, class_id)
    assert [("Order", "y", False)] == await shown(database, Subject.CLASS, class_id)


async def test_several_values_are_given_as_one_change_or_none_of_them_is(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    free, unique, needed = [
        await add_field(database, cast, name=name, **values)
        for name, values in (("Free", {}), ("Unique", {"is_unique": True}), ("Needed", {"required": True}))
    ]
    await give(database, Subject.CLASS, other_id, unique, text_value="taken")
    await give(database, Subject.CLASS, class_id, needed, text_value="x")

    async def give_all(values: dict[int, str | None]) -> None:
        new = [NewValue(field_id, GivenValue(text_value=text)) for field_id, text in values.items()]
        await database.write(update_class_custom_field_values, actor=cast.ada, class_id=class_id, new=new)

    with pytest.raises(SeveralRefusalsError) as refused:
        await give_all({needed: None, unique: "taken", free: "y"})
    assert [CustomFieldValueTakenError, CustomFieldRequiredError] == [type(each) for each in refused.value.refusals]
    assert [("Needed", "x", False)] == await shown(database, Subject.CLASS, class_id)

    await give_all({needed: "z", unique: "own", free: None})
    assert {("Needed", "z", False), ("Unique", "own", False)} == {*await shown(database, Subject.CLASS, class_id)}
    page = await database.search(page_history, viewer=cast.ada.viewer, subject=HistorySubject.CLASS, subject_id=class_id)
    newest = page.items[0]
    assert {"custom_fields": {str(needed): "z", str(unique): "own"}} == newest.after
    assert {"custom_fields": {str(needed): "x", str(unique): None}} == newest.before


async def test_the_fields_of_a_class_are_those_of_its_organization_and_of_those_above(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Branch", parent_id=cast.organization_id)
    class_id, of_branch_id = [await add_class(database, cast, organization_id=each) for each in (cast.organization_id, branch_id)]
    await add_field(database, cast, name="Above")
    await add_field(database, cast, name="Beneath", organization_id=branch_id)
    await add_field(database, cast, name="Off", enabled=False)
    await add_field(database, cast, name="Of users", subject=Subject.USER)

    async def names(class_id: int) -> list[str]:
        _, fields = await database.search(list_custom_fields_of_class, viewer=cast.ada.viewer, class_id=class_id)
        return [field.name for field in fields]

    assert ["Above"] == await names(class_id)
    assert {"Above", "Beneath"} == {*await names(of_branch_id)}
    with pytest.raises(ClassNotFoundError):
        await database.search(list_custom_fields_of_class, viewer=cast.olga.viewer, class_id=class_id)
