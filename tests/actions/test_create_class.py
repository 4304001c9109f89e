import pytest

from rollbook.classes.actions.check import ClassExternalIdTakenError, CourseArchivedError, CourseNotInstructorLedError
from rollbook.classes.actions.create import NewClass, create_class
from rollbook.classes.queries.classes import ClassNotFoundError, get_class, get_class_by_external_id
from rollbook.classes.schedule import MeetingsOverlapError
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.classrooms.queries import ClassroomNotFoundError
from rollbook.courses.queries.courses import CourseNotFoundError
from rollbook.database.transaction import Database
from rollbook.errors import SeveralRefusalsError
from rollbook.organizations.actions.preferences import set_preference
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from rollbook.people.queries.users import UserNotFoundError
from tests.cast import DAY, HOUR, MAY, TESTS, add_class, add_course, add_room, gather, meeting


async def test_it_takes_its_defaults_from_the_course_and_the_organization(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast, name="Welding for Beginners")

    created = await database.write(create_class, actor=cast.ada, new=NewClass(organization_id=cast.organization_id, course_id=course_id))

    found = await database.read(get_class, viewer=cast.ada.viewer, class_id=created.id)
    assert ("Welding for Beginners", "UTC", None) == (found.row.name, found.row.time_zone, found.row.maximum)
    assert (ClassStatus.SCHEDULED, Delivery.PHYSICAL, True) == (found.row.status, found.row.delivery, found.row.enabled)
    assert ((), (), None, None) == (found.meetings, found.instructor_ids, found.row.starts_at, found.row.ends_at)
    assert [] == created.warnings


async def test_it_takes_the_maximum_from_the_preference(database: Database) -> None:
    cast = await gather(database)
    await database.write(set_preference, actor=TESTS, organization_id=cast.organization_id, name="default_maximum", text="12")

    by_default = await add_class(database, cast)
    unlimited = await add_class(database, cast, maximum=None)

    found = [await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id) for class_id in (by_default, unlimited)]
    assert [12, None] == [each.row.maximum for each in found]


async def test_it_keeps_everything_that_is_given(database: Database) -> None:
    cast = await gather(database)
    rooms = [await add_room(database, cast, name=name, city="Paris") for name in ("Forge", "Smithy")]

    class_id = await add_class(
        database,
        cast,
        name="Évening Class",
        instructor_ids=(cast.sue_id, cast.ivan_id),
        primary_instructor_id=cast.ivan_id,
        classroom_ids=(rooms[1], rooms[0]),
        meetings=(meeting(MAY + DAY), meeting(MAY)),
        available_to_organization_ids=(cast.other_organization_id, cast.organization_id),
        external_id="evening",
        minimum=2,
        maximum=20,
    )

    found = await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id)
    assert (cast.sue_id, cast.ivan_id) == found.instructor_ids
    assert ("Ivan", "Example") == (found.row.instructor_first_name, found.row.instructor_last_name)
    assert (rooms[1], rooms[0]) == found.classroom_ids
    assert (rooms[1], "Paris") == (found.row.primary_classroom_id, found.row.classroom_city)
    assert (meeting(MAY), meeting(MAY + DAY)) == found.meetings
    assert (MAY, MAY + DAY + 8 * HOUR) == (found.row.starts_at, found.row.ends_at)
    assert (cast.organization_id, cast.other_organization_id) == found.available_to_organization_ids


async def test_it_records_the_creation(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast)
    new = NewClass(organization_id=cast.organization_id, course_id=course_id, meetings=(meeting(),))

    rehearsal = await database.rehearse(create_class, actor=cast.ada, new=new)

    (recorded,) = rehearsal.recorded
    assert ("class.created", "Ada", None) == (recorded.record["kind"], recorded.record["actor_name"], recorded.record["before"])
    assert f'"meetings":[{{"starts_at":{MAY},"ends_at":{MAY + 8 * HOUR}}}]' in recorded.record["after"]


async def test_it_refuses_a_course_that_cannot_be_taught(database: Database) -> None:
    cast = await gather(database)
    archived = await add_course(database, cast, archived=True)
    self_paced = await add_course(database, cast, available_instructor_led=False, available_self_paced=True)

    with pytest.raises(CourseArchivedError):
        await add_class(database, cast, course_id=archived)
    with pytest.raises(CourseNotInstructorLedError):
        await add_class(database, cast, course_id=self_paced)


async def test_it_refuses_what_belongs_to_others(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast)
    theirs = await add_course(database, cast, organization_id=cast.other_organization_id)
    their_room = await add_room(database, cast, organization_id=cast.other_organization_id)

    async def create(**values: object) -> None:
        new = NewClass(**{"organization_id": cast.organization_id, "course_id": course_id, **values})  # type: ignore[arg-type] # what a test gives
        await database.write(create_class, actor=cast.ada, new=new)

    with pytest.raises(CourseNotFoundError) as no_course:
        await create(course_id=theirs)
    assert "course_id" == no_course.value.field
    with pytest.raises(OrganizationNotFoundError):
        await create(organization_id=cast.other_organization_id)
    with pytest.raises(SeveralRefusalsError) as refused:
        await create(
            primary_instructor_id=cast.olga_id, classroom_ids=(their_room,), available_to_organization_ids=(cast.other_organization_id,)
        )
    assert ["primary_instructor_id", "classroom_ids", "available_to_organization_ids"] == [each.field for each in refused.value.refusals]
    with pytest.raises(ClassroomNotFoundError) as no_room:
        await create(primary_classroom_id=their_room)
    assert "primary_classroom_id" == no_room.value.field
    with pytest.raises(UserNotFoundError) as no_instructor:
        await create(instructor_ids=(cast.olga_id,))
    assert "instructor_ids" == no_instructor.value.field


async def test_it_refuses_meetings_that_overlap(database: Database) -> None:
    cast = await gather(database)

    with pytest.raises(MeetingsOverlapError):
        await add_class(database, cast, meetings=(meeting(MAY), meeting(MAY + HOUR)))


async def test_an_external_id_is_unique_within_its_organization(database: Database) -> None:
    cast = await gather(database)
    first = await add_class(database, cast, external_id="evening")
    course_id = await add_course(database, cast, organization_id=cast.other_organization_id)
    theirs = await add_class(database, cast, external_id="evening", organization_id=cast.other_organization_id, course_id=course_id)

    with pytest.raises(ClassExternalIdTakenError) as refused:
        await add_class(database, cast, external_id="evening")

    assert first == refused.value.class_id
    assert theirs == (await database.read(get_class_by_external_id, viewer=cast.olga.viewer, external_id="evening")).row.id


async def test_it_warns_of_rooms_and_instructors_in_two_places(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    other_id = await add_class(database, cast, classroom_ids=(room_id,), instructor_ids=(cast.ivan_id,), meetings=(meeting(MAY),))
    new = NewClass(
        organization_id=cast.organization_id,
        course_id=await add_course(database, cast),
        classroom_ids=(room_id,),
        instructor_ids=(cast.ivan_id, cast.sue_id),
        meetings=(meeting(MAY + HOUR),),
        minimum=10,
        maximum=5,
    )

    created = await database.write(create_class, actor=cast.ada, new=new)

    assert ["C3", "C3", "C3"] == [warning.rule for warning in created.warnings]
    assert "the minimum of 10 students is above the maximum of 5" == created.warnings[0].text
    assert f"class {other_id} has classroom {room_id} too" in created.warnings[1].text
    assert f"class {other_id} has instructor {cast.ivan_id} too" in created.warnings[2].text


async def test_it_warns_of_nothing_that_is_off_or_over_by_then(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(MAY),), status=ClassStatus.CANCELLED)
    await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(MAY - 8 * HOUR),))
    new = NewClass(
        organization_id=cast.organization_id, course_id=await add_course(database, cast), classroom_ids=(room_id,), meetings=(meeting(MAY),)
    )

    assert [] == (await database.write(create_class, actor=cast.ada, new=new)).warnings


async def test_olga_sees_nothing_of_it(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, external_id="evening")

    with pytest.raises(ClassNotFoundError):
        await database.read(get_class, viewer=cast.olga.viewer, class_id=class_id)
    with pytest.raises(ClassNotFoundError):
        await database.read(get_class_by_external_id, viewer=cast.olga.viewer, external_id="evening")
