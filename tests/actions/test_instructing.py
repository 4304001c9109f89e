import pytest

from rollbook.access.actor import Viewer
from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.instructing import get_instructed_viewer, list_instructed_classes
from tests.cast import DAY, HOUR, MAY, NOBODY, add_class, add_course, add_organization, add_room, add_user, enroll, gather, meeting
from tests.roster import AUDIT, ENROLLED, REQUESTED, WAITLISTED


async def test_an_instructor_sees_the_tree_of_the_organization_of_their_class_and_no_other_class(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Branch", parent_id=cast.organization_id)
    own_id = await add_class(database, cast, organization_id=branch_id, instructor_ids=(cast.ivan_id,))
    other_id = await add_class(database, cast, organization_id=branch_id)

    viewer = await database.read(get_instructed_viewer, user_id=cast.ivan_id, class_id=own_id)

    assert Viewer(branch_id, f"/{cast.organization_id}/{branch_id}/") == viewer
    for user_id, class_id in ((cast.ivan_id, other_id), (cast.sam_id, own_id), (cast.ivan_id, NOBODY)):
        with pytest.raises(ClassNotFoundError):
            await database.read(get_instructed_viewer, user_id=user_id, class_id=class_id)


async def test_an_instructor_is_told_what_they_teach_between_two_moments(database: Database) -> None:
    cast = await gather(database)
    room_ids = [await add_room(database, cast, name=name) for name in ("Workshop", "Annex")]
    course_id = await add_course(database, cast, name="Welding")
    monday, tuesday, friday = meeting(MAY), meeting(MAY + DAY), meeting(MAY + 4 * DAY)
    values = {"course_id": course_id, "instructor_ids": (cast.ivan_id,)}
    long_id = await add_class(
        database, cast, name="Long", maximum=9, minimum=2, meetings=(monday, tuesday, friday), classroom_ids=room_ids, **values
    )
    early_id = await add_class(database, cast, name="Early", meetings=(meeting(MAY - HOUR, hours=1), meeting(MAY + 2 * HOUR)), **values)
    statuses = (ENROLLED, ENROLLED, AUDIT, WAITLISTED, WAITLISTED, WAITLISTED, REQUESTED)
    for number, status in enumerate(statuses):
        user_id = await add_user(database, f"Student{number}", organization_id=cast.organization_id)
        await enroll(database, class_id=long_id, user_id=user_id, status=status)
    # Those of others, those that meet at another time, and one that meets only around that time.
    await add_class(database, cast, meetings=(monday,))
    await add_class(database, cast, meetings=(friday,), **values)
    await add_class(database, cast, meetings=(), **values)
    await add_class(database, cast, meetings=(meeting(MAY - 2 * DAY), friday), **values)

    found = await database.read(list_instructed_classes, user_id=cast.ivan_id, starts_before=tuesday.ends_at, ends_after=MAY)

    assert [long_id, early_id] == [brief.row.id for brief in found]
    long, early = found
    assert [monday.starts_at, tuesday.starts_at] == [held.starts_at for held in long.meetings]
    assert [MAY + 2 * HOUR] == [held.starts_at for held in early.meetings]
    assert (["Workshop", "Annex"], []) == (long.room_names, early.room_names)
    row = long.row
    assert ("Long", "Welding", "Contoso Training", "Ivan") == (row.name, row.course_name, row.organization_name, row.instructor_first_name)
    assert (2, 9, 2, 3, 1) == (row.minimum, row.maximum, row.enrolled, row.waitlisted, row.requested)
    assert [] == await database.read(list_instructed_classes, user_id=cast.sam_id, starts_before=tuesday.ends_at, ends_after=MAY)
