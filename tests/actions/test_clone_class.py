import pytest

from rollbook.classes.actions.clone import clone_class
from rollbook.classes.actions.create import CreatedClass
from rollbook.classes.cloning import ClonedClass, NothingToShiftError
from rollbook.classes.queries.classes import ClassNotFoundError, TrainingClass, get_class
from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.class_facts import list_roster
from rollbook.organizations.time_zones import find_time_zone
from tests.cast import DAY, HOUR, MAY, TESTS, Cast, add_class, add_room, enroll, gather, meeting


async def _clone(database: Database, cast: Cast, class_id: int, **values: object) -> CreatedClass:
    return await database.write(clone_class, actor=cast.ada, class_id=class_id, wanted=ClonedClass(**values))  # type: ignore[arg-type]  # tests give what they like


async def _get(database: Database, class_id: int) -> TrainingClass:
    return await database.read(get_class, viewer=TESTS.viewer, class_id=class_id)


async def test_it_says_what_the_other_class_says_at_other_times(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    class_id = await add_class(
        database,
        cast,
        name="Welding in spring",
        external_id="W1",
        note="Bring gloves",
        status=ClassStatus.GUARANTEED_TO_RUN,
        time_zone=find_time_zone("Europe/Berlin"),
        maximum=12,
        is_public=True,
        instructor_ids=(cast.ivan_id,),
        classroom_ids=(room_id,),
        meetings=(meeting(), meeting(MAY + DAY)),
    )
    await enroll(database, class_id=class_id, user_id=cast.sam_id)

    created = await _clone(database, cast, class_id, starts_at=MAY + 7 * DAY)

    source, cloned = (await _get(database, class_id)).details(), (await _get(database, created.id)).details()
    assert ("W1", "Bring gloves") == (source.external_id, source.note)
    assert (None, None, ClassStatus.SCHEDULED) == (cloned.external_id, cloned.note, cloned.status)
    assert (source.name, 12, True, (cast.ivan_id,), (room_id,)) == (
        cloned.name,
        cloned.maximum,
        cloned.is_public,
        cloned.instructor_ids,
        cloned.classroom_ids,
    )
    assert ("Europe/Berlin", "Europe/Berlin") == (cloned.time_zone, cloned.time_zone_iana)
    assert (meeting(MAY + 7 * DAY), meeting(MAY + 8 * DAY)) == cloned.meetings
    assert [] == created.warnings
    assert [] == await database.write(list_roster, class_id=created.id)


async def test_it_warns_where_a_room_and_an_instructor_are_wanted_twice(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    class_id = await add_class(database, cast, instructor_ids=(cast.ivan_id,), classroom_ids=(room_id,), meetings=(meeting(),))

    created = await _clone(database, cast, class_id, starts_at=MAY + HOUR)

    assert ["C3", "C3"] == [warning.rule for warning in created.warnings]


async def test_what_is_given_wins_and_no_maximum_stays_none(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=None, meetings=(meeting(),))

    created = await _clone(database, cast, class_id, meetings=(meeting(MAY + DAY),), name="Again", instructor_ids=(cast.ivan_id,))

    cloned = (await _get(database, created.id)).details()
    assert ("Again", None, cast.ivan_id) == (cloned.name, cloned.maximum, cloned.primary_instructor_id)
    assert (meeting(MAY + DAY),) == cloned.meetings


async def test_a_class_without_meetings_has_no_first_start_to_move(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)

    with pytest.raises(NothingToShiftError):
        await _clone(database, cast, class_id, starts_at=MAY)


async def test_no_class_of_others_can_be_cloned(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)

    with pytest.raises(ClassNotFoundError):
        await database.write(clone_class, actor=cast.olga, class_id=class_id, wanted=ClonedClass())
