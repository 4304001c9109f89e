import pytest

from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.database.transaction import Database
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.roster import get_roster
from rollbook.enrollments.queries.roster_summary import RoomSeats, get_roster_summary
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.cast import DAY, MAY, add_class, add_company, add_organization, add_room, add_user, enroll, gather, meeting
from tests.roster import AUDIT, CANCELLED, ENROLLED, LONG_AGO, REQUESTED, WAITLISTED, attend


async def test_a_roster_tells_of_everybody_in_the_class(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Contoso", organization_id=cast.organization_id)
    room_id = await add_room(database, cast, name="Hall")
    class_id = await add_class(
        database, cast, name="Welding", classroom_ids=(room_id,), meetings=(meeting(LONG_AGO), meeting(LONG_AGO + DAY)), maximum=9
    )
    zoe_id = await add_user(database, "Zoe", organization_id=cast.organization_id, company_id=company_id, last_name="adams")
    zoe = await enroll(database, class_id=class_id, user_id=zoe_id)
    asks = await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=REQUESTED)
    waits = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)
    left = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=CANCELLED)
    await attend(database, zoe)

    roster = await database.search(get_roster, viewer=cast.ada.viewer, class_id=class_id)

    told = roster.training_class
    assert ("Welding", 9, 2, LONG_AGO) == (told.name, told.maximum, told.meetings, told.starts_at)
    assert [(zoe, None), (asks, 1), (left, None), (waits, 1)] == [(entry.row.id, entry.position) for entry in roster.entries]
    row = roster.entries[0].row
    assert ("Zoe", "adams", "zoe", "zoe@example.com", company_id, "Contoso", room_id, "Hall", 1) == (
        row.first_name,
        row.last_name,
        row.user_name,
        row.email,
        row.company_id,
        row.company_name,
        row.classroom_id,
        row.classroom_name,
        row.meetings_attended,
    )
    assert (None, None, None, 0) == (
        roster.entries[1].row.company_id,
        roster.entries[1].row.company_name,
        roster.entries[1].row.classroom_name,
        roster.entries[1].row.meetings_attended,
    )


async def test_a_roster_tells_no_company_that_the_viewer_does_not_see(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Secret", organization_id=cast.organization_id)
    branch_id = await add_organization(database, "Branch", parent_id=cast.organization_id)
    student_id = await add_user(database, "Zoe", organization_id=cast.organization_id, company_id=company_id)
    class_id = await add_class(database, cast, organization_id=branch_id)
    await enroll(database, class_id=class_id, user_id=student_id)
    branch = type(cast.ada.viewer)(branch_id, f"/{cast.organization_id}/{branch_id}/")

    (seen,) = (await database.search(get_roster, viewer=cast.ada.viewer, class_id=class_id)).entries
    (unseen,) = (await database.search(get_roster, viewer=branch, class_id=class_id)).entries

    assert (company_id, "Secret") == (seen.row.company_id, seen.row.company_name)
    assert (None, None) == (unseen.row.company_id, unseen.row.company_name)


async def test_a_roster_of_another_organization_is_not_found(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)

    with pytest.raises(ClassNotFoundError):
        await database.search(get_roster, viewer=cast.olga.viewer, class_id=class_id)
    with pytest.raises(ClassNotFoundError):
        await database.search(get_roster_summary, viewer=cast.olga.viewer, class_id=class_id)


async def test_a_summary_tells_places_and_seats(database: Database) -> None:
    cast = await gather(database)
    small = await add_room(database, cast, name="Small", capacity=3)
    endless = await add_room(database, cast, name="Endless")
    neighbour_id = await add_class(database, cast, classroom_ids=(small,), meetings=(meeting(MAY),))
    await enroll(database, class_id=neighbour_id, user_id=await add_user(database, "Neighbour", organization_id=cast.organization_id))
    class_id = await add_class(database, cast, classroom_ids=(small, endless), meetings=(meeting(MAY),), minimum=1, maximum=5)
    await enroll(database, class_id=class_id, user_id=cast.sam_id, location=LocationType.CLASSROOM, classroom_id=small)
    await enroll(database, class_id=class_id, user_id=cast.sue_id, status=AUDIT)
    await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=WAITLISTED)

    summary = await database.search(get_roster_summary, viewer=cast.ada.viewer, class_id=class_id)

    assert (1, 5, 4, 1) == (summary.training_class.minimum, summary.training_class.maximum, summary.free_places, summary.waiting)
    assert {ENROLLED: 1, AUDIT: 1, WAITLISTED: 1} == {status: count for status, count in summary.by_status.items() if count}
    assert set(EnrollmentStatus) == set(summary.by_status)
    assert [RoomSeats(small, "Small", 3, 2, 1), RoomSeats(endless, "Endless", None, None, None)] == summary.rooms


async def test_a_class_without_a_maximum_has_no_number_of_free_places(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)

    summary = await database.search(get_roster_summary, viewer=cast.ada.viewer, class_id=class_id)

    assert (None, 0, []) == (summary.free_places, summary.waiting, summary.rooms)
