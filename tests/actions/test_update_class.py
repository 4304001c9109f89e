import pytest

from rollbook.classes.actions.check import ClassExternalIdTakenError, CourseArchivedError
from rollbook.classes.details import ClassChanges
from rollbook.classes.queries.classes import ClassNotFoundError, get_class
from rollbook.classes.schedule import TooManyMeetingsError
from rollbook.classes.statuses import Delivery
from rollbook.courses.actions.course_details import CourseChanges
from rollbook.courses.actions.courses import update_course
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.queries.sight import get_enrollment
from rollbook.enrollments.seats import MaximumBelowEnrolledError
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import SeveralRefusalsError
from tests.cast import MAY, TESTS, Cast, add_class, add_course, add_organization, add_room, enroll, gather, meeting


async def test_it_changes_what_is_given_and_keeps_the_rest(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, name="Evening", maximum=8, minimum=2, instructor_ids=(cast.ivan_id,))
    changes = ClassChanges(name="Night", maximum=None, instructor_ids=(cast.sue_id, cast.ivan_id), is_public=True)

    assert [] == await database.write(update_class, actor=cast.ada, class_id=class_id, changes=changes)

    found = await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id)
    assert ("Night", None, 2, True) == (found.row.name, found.row.maximum, found.row.minimum, found.row.is_public)
    assert ((cast.sue_id, cast.ivan_id), cast.ivan_id) == (found.instructor_ids, found.row.primary_instructor_id)


async def test_it_records_only_what_changes(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, name="Evening", maximum=8)

    changes = ClassChanges(name="Evening", maximum=9)
    rehearsal = await database.rehearse(update_class, actor=cast.ada, class_id=class_id, changes=changes)

    (recorded,) = rehearsal.recorded
    assert ("class.updated", '{"maximum":8}', '{"maximum":9}') == tuple(recorded.record[name] for name in ("kind", "before", "after"))


async def test_an_update_that_changes_nothing_records_nothing(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, name="Evening", meetings=(meeting(),), instructor_ids=(cast.ivan_id,))
    before = await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id)

    changes = ClassChanges(name="Evening", meetings=(meeting(),), primary_instructor_id=cast.ivan_id, course_id=before.row.course_id)
    rehearsal = await database.rehearse(update_class, actor=cast.ada, class_id=class_id, changes=changes)

    assert [] == rehearsal.recorded


async def test_what_is_stored_already_is_neither_looked_up_nor_checked(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast)
    room_id = await add_room(database, cast, organization_id=cast.other_organization_id)
    class_id = await add_class(database, cast, course_id=course_id, instructor_ids=(cast.olga_id,), classroom_ids=(room_id,))
    await database.write(update_course, actor=cast.ada, course_id=course_id, changes=CourseChanges(archived=True))

    changes = ClassChanges(course_id=course_id, name="Night", instructor_ids=(cast.ivan_id, cast.olga_id), primary_classroom_id=room_id)
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=changes)

    found = await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id)
    assert ("Night", (cast.ivan_id, cast.olga_id)) == (found.row.name, found.instructor_ids)


async def test_another_course_must_be_one_that_can_be_taught(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    archived = await add_course(database, cast, archived=True)
    current = await add_course(database, cast, name="Soldering")

    with pytest.raises(CourseArchivedError):
        await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(course_id=archived))
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(course_id=current))

    assert "Soldering" == (await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id)).row.course_name


async def test_it_refuses_an_external_id_that_another_class_has(database: Database) -> None:
    cast = await gather(database)
    await add_class(database, cast, external_id="evening")
    class_id = await add_class(database, cast, external_id="night")

    with pytest.raises(ClassExternalIdTakenError):
        await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(external_id="evening"))
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(external_id=None))
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(external_id="night"))


async def test_the_maximum_never_goes_under_the_number_of_enrolled_students(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=5)
    await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await enroll(database, class_id=class_id, user_id=cast.sue_id, status=EnrollmentStatus.AUDIT)

    with pytest.raises(MaximumBelowEnrolledError) as refused:
        await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(maximum=0))
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(maximum=1))

    assert (1, 0) == (refused.value.enrolled, refused.value.maximum)
    assert 1 == (await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id)).row.maximum


async def test_it_warns_of_a_minimum_above_the_maximum(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=5)

    warnings = await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(minimum=6))

    assert ["C3"] == [warning.rule for warning in warnings]
    assert [] == await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(name="Night"))


async def test_it_tells_all_that_refuses_at_once(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=5)
    await enroll(database, class_id=class_id, user_id=cast.sam_id)
    changes = ClassChanges(
        course_id=2_000_000_000,
        company_id=2_000_000_000,
        maximum=0,
        meetings=tuple(meeting(MAY + day * 86_400, hours=1) for day in range(1001)),
    )

    with pytest.raises(SeveralRefusalsError) as refused:
        await database.write(update_class, actor=cast.ada, class_id=class_id, changes=changes)

    told = [type(refusal).__name__ for refusal in refused.value.refusals]
    assert ["CourseNotFoundError", "CompanyNotFoundError", TooManyMeetingsError.__name__, "MaximumBelowEnrolledError"] == told


async def test_another_organization_takes_the_enrollments_along(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
    class_id = await add_class(database, cast)
    await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await enroll(database, class_id=class_id, user_id=cast.sue_id, status=EnrollmentStatus.CANCELLED)

    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(organization_id=branch_id))

    sam = await _enrollment(database, cast, class_id=class_id, user_id=cast.sam_id)
    sue = await _enrollment(database, cast, class_id=class_id, user_id=cast.sue_id)
    assert [(branch_id, 2), (branch_id, 2)] == [(each[0], each[1]) for each in (sam, sue)]


async def test_another_delivery_than_physical_keeps_its_place_online(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    url = "https://meet.example.com/welding"

    changes = ClassChanges(delivery=Delivery.MIXED, custom_virtual_classroom_url=url)
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=changes)
    assert url == (await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id)).row.custom_virtual_classroom_url
    await database.write(update_class, actor=cast.ada, class_id=class_id, changes=ClassChanges(delivery=Delivery.PHYSICAL))

    assert (await database.read(get_class, viewer=cast.ada.viewer, class_id=class_id)).row.custom_virtual_classroom_url is None


async def test_olga_can_change_nothing_of_it(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)

    with pytest.raises(ClassNotFoundError) as refused:
        await database.write(update_class, actor=cast.olga, class_id=class_id, changes=ClassChanges(name="Night"))

    assert refused.value.field is None


async def _enrollment(database: Database, cast: Cast, *, class_id: int, user_id: int) -> tuple[int, int]:
    row = await database.read(get_enrollment, viewer=TESTS.viewer, class_id=class_id, user_id=user_id)
    return row.organization_id, row.version
