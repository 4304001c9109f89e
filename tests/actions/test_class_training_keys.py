"""The training keys of classes: given, made, kept, taken away, and no two the same."""

import asyncio
import re

import pytest

from rollbook.access.training_keys import ALPHABET
from rollbook.classes.actions import training_key as giving
from rollbook.classes.actions.clone import clone_class
from rollbook.classes.actions.training_key import ClassTrainingKeyTakenError
from rollbook.classes.cloning import ClonedClass
from rollbook.classes.queries.classes import get_class
from rollbook.classes.queries.training_keys import UnknownClassTrainingKeyError, get_class_by_training_key
from rollbook.database.transaction import CrowdedError, Database
from tests.cast import TESTS, Cast, add_class, add_course, add_key, add_organization, gather
from tests.recorded import history_of
from tests.roster import change_class, prefer


async def key_of(database: Database, class_id: int) -> tuple[bool, str | None]:
    row = (await database.read(get_class, viewer=TESTS.viewer, class_id=class_id)).row
    return row.enable_training_key, row.training_key


async def found_by(database: Database, cast: Cast, training_key: str) -> int:
    return (await database.read(get_class_by_training_key, viewer=cast.ada.viewer, training_key=training_key)).row.id


async def test_a_class_has_no_key_unless_somebody_wants_one(database: Database) -> None:
    cast = await gather(database)

    assert (False, None) == await key_of(database, await add_class(database, cast))


async def test_a_key_is_made_where_none_is_given(database: Database) -> None:
    cast = await gather(database)
    first_id, second_id = [await add_class(database, cast, enable_training_key=True) for _ in range(2)]

    first, second = [await key_of(database, class_id) for class_id in (first_id, second_id)]

    for enabled, made in (first, second):
        assert enabled
        assert made is not None
        assert re.fullmatch(f"[{ALPHABET}]{{12}}", made)
    assert first != second
    assert set() == set(ALPHABET) & set("IO01abcdefghijklmnopqrstuvwxyz")
    (entry,) = await history_of(database, "class", first_id)
    assert entry.after is not None
    assert first == (entry.after["enable_training_key"], entry.after["training_key"])


async def test_capitals_of_a_key_count(database: Database) -> None:
    cast = await gather(database)
    upper_id = await add_class(database, cast, enable_training_key=True, training_key="WELDING")
    lower_id = await add_class(database, cast, enable_training_key=True, training_key="welding")

    assert [upper_id, lower_id] == [await found_by(database, cast, training_key) for training_key in ("WELDING", "welding")]
    with pytest.raises(UnknownClassTrainingKeyError):
        await found_by(database, cast, "Welding")


async def test_no_two_classes_of_the_server_have_the_same_key(database: Database) -> None:
    cast = await gather(database)
    theirs_id = await add_organization(database, "Theirs", parent_id=cast.other_organization_id)
    course_id = await add_course(database, cast, organization_id=theirs_id)
    await add_class(database, cast, organization_id=theirs_id, course_id=course_id, training_key="TAKEN")
    class_id = await add_class(database, cast, training_key="OURS")

    with pytest.raises(ClassTrainingKeyTakenError) as refused:
        await add_class(database, cast, training_key="TAKEN")
    with pytest.raises(ClassTrainingKeyTakenError):
        await change_class(database, class_id, training_key="TAKEN")
    await change_class(database, class_id, training_key="OURS", name="Anew")

    assert "training_key" == refused.value.field
    assert "TAKEN is the training key of another class already; give another one, or let one be made" == str(refused.value)
    assert (False, "OURS") == await key_of(database, class_id)


async def test_of_two_that_take_a_key_at_once_one_gets_it(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast)
    for number in range(5):
        results = await asyncio.gather(
            *(add_class(database, cast, course_id=course_id, training_key=f"RACE{number}") for _ in range(4)), return_exceptions=True
        )

        assert 1 == sum(isinstance(result, int) for result in results)
        assert all(isinstance(result, int | ClassTrainingKeyTakenError) for result in results)


async def test_a_key_that_opens_nothing_is_kept_until_it_is_taken_away(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, enable_training_key=True, training_key="WELD")

    await change_class(database, class_id, enable_training_key=False)
    kept = await key_of(database, class_id)
    with pytest.raises(UnknownClassTrainingKeyError):
        await found_by(database, cast, "WELD")
    await change_class(database, class_id, enable_training_key=True)
    again = await found_by(database, cast, "WELD")
    await change_class(database, class_id, training_key=None)
    enabled, anew = await key_of(database, class_id)
    await change_class(database, class_id, enable_training_key=False, training_key=None)

    assert (False, "WELD") == kept
    assert class_id == again
    assert enabled
    assert anew not in {None, "WELD"}
    assert (False, None) == await key_of(database, class_id)


async def test_new_classes_get_a_key_where_the_organization_wants_it(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, class_training_keys="on")

    enabled, made = await key_of(database, await add_class(database, cast))

    assert enabled
    assert made is not None
    assert (False, None) == await key_of(database, await add_class(database, cast, enable_training_key=False))


async def test_a_clone_has_a_key_of_its_own_or_none(database: Database) -> None:
    cast = await gather(database)
    open_id = await add_class(database, cast, enable_training_key=True, training_key="WELD")
    closed_id = await add_class(database, cast, training_key="KEPT")
    await prefer(database, cast, class_training_keys="on")

    clones = [
        (await database.write(clone_class, actor=TESTS, class_id=class_id, wanted=ClonedClass())).id for class_id in (open_id, closed_id)
    ]

    enabled, own = await key_of(database, clones[0])
    assert enabled
    assert own not in {None, "WELD"}
    assert (False, None) == await key_of(database, clones[1])


async def test_a_class_of_another_tree_is_not_found_by_its_key(database: Database) -> None:
    cast = await gather(database)
    await add_class(database, cast, enable_training_key=True, training_key="WELD")
    child = await add_key(database, organization_id=await add_organization(database, "Child", parent_id=cast.organization_id))

    for actor in (cast.olga, child):
        with pytest.raises(UnknownClassTrainingKeyError):
            await database.read(get_class_by_training_key, viewer=actor.viewer, training_key="WELD")


async def test_a_key_that_is_made_anew_and_anew_in_vain_is_given_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await gather(database)
    await add_class(database, cast, training_key="SAME")
    monkeypatch.setattr(giving, "make_training_key", lambda: "SAME")

    with pytest.raises(CrowdedError):
        await add_class(database, cast, enable_training_key=True)
