from rollbook import clock
from rollbook.access.actor import Viewer
from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.database.transaction import Database
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.desk import DeskClass, list_desk, named
from tests.cast import HOUR, add_class, add_organization, add_room, add_user, enroll, gather
from tests.presence import around_now, check_in, mark, meeting_ids, midday_zone, undo
from tests.roster import AUDIT, WAITLISTED, change_class, prefer


async def desk(database: Database, viewer: Viewer, class_id: int | None = None) -> list[DeskClass]:
    """Give the desk of a viewer."""
    return await database.search(list_desk, viewer=viewer, class_id=class_id)


async def test_the_desk_has_the_classes_in_rooms_that_meet_today(database: Database) -> None:
    cast = await gather(database)
    zone = midday_zone()
    await prefer(database, cast, student_conflicts="allow")
    now, later, over, off, _, _, _ = [
        await add_class(database, cast, time_zone=zone, meetings=around_now(*hours), delivery=delivery)
        for hours, delivery in (
            (((-3, -2), (-1, 1), (2, 3)), Delivery.PHYSICAL),
            (((-3, -2), (2, 3)), Delivery.MIXED),
            (((-4, -3), (-3, -2), (24, 25)), Delivery.PHYSICAL),
            (((-1, 1),), Delivery.PHYSICAL),
            (((-1, 1),), Delivery.VIRTUAL),
            (((-24, -23), (24, 25)), Delivery.PHYSICAL),
            (((24, 25),), Delivery.PHYSICAL),
        )
    ]
    await change_class(database, off, status=ClassStatus.CANCELLED)
    meetings = {class_id: await meeting_ids(database, class_id) for class_id in (now, later, over)}

    found = await desk(database, cast.ada.viewer)

    assert [(over, meetings[over][1], False), (now, meetings[now][1], True), (later, meetings[later][1], True)] == [
        (each.brief.row.id, each.meeting.id, each.is_open) for each in found
    ]
    assert [later] == [each.brief.row.id for each in await desk(database, cast.ada.viewer, class_id=later)]
    assert [] == await desk(database, cast.ada.viewer, class_id=off)
    assert [] == await desk(database, cast.olga.viewer)
    branch_id = await add_organization(database, "Branch", parent_id=cast.organization_id)
    assert [] == await desk(database, Viewer(branch_id, f"/{cast.organization_id}/{branch_id}/"))


async def test_a_meeting_that_runs_over_midnight_is_there_on_both_days(database: Database) -> None:
    cast = await gather(database)
    zone = midday_zone()
    midnight = clock.now() // HOUR * HOUR - 12 * HOUR
    overnight, until_midnight = [
        await add_class(database, cast, time_zone=zone, meetings=(Meeting(starts_at=midnight - HOUR, ends_at=ends_at),))
        for ends_at in (midnight + HOUR, midnight)
    ]

    found = await desk(database, cast.ada.viewer)

    assert [(overnight, False)] == [(each.brief.row.id, each.is_open) for each in found]
    assert until_midnight not in {each.brief.row.id for each in found}


async def test_the_desk_tells_who_is_here_at_the_meeting(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, name="Hall")
    await prefer(database, cast, freeze_enrolled_at_start="off")
    meetings = around_now((-3, -2), (-1, 1))
    class_id = await add_class(
        database, cast, name="Welding", time_zone=midday_zone(), delivery=Delivery.MIXED, classroom_ids=(room_id,), meetings=meetings
    )
    zoe_id, amy_id, ned_id = [
        await add_user(database, first, last_name=last, organization_id=cast.organization_id)
        for first, last in (("Zoe", "adams"), ("Amy", "Adams"), ("Ned", "Young"))
    ]
    zoe, amy = [
        await enroll(database, class_id=class_id, user_id=user_id, location=LocationType.CLASSROOM, status=status)
        for user_id, status in ((zoe_id, AUDIT), (amy_id, AUDIT))
    ]
    online = await enroll(database, class_id=class_id, user_id=ned_id, location=LocationType.VIRTUAL)
    unplaced = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)
    first_id, second_id = await meeting_ids(database, class_id)
    await mark(database, amy, first_id, attended=True)

    (found,) = await desk(database, cast.ada.viewer)
    assert [(amy, True), (zoe, True), (unplaced, False), (online, False)] == [(each.row.id, each.is_expected) for each in found.students]
    assert (0, 2) == (found.here, found.expected)
    assert ["Hall", None] == [found.students[index].row.classroom_name for index in (0, 3)]
    assert ["Hall"] == found.brief.room_names

    at = (await check_in(database, zoe)).attendance.checked_in_at  # type: ignore[union-attr]  # else the test fails
    await mark(database, online, second_id, attended=True)
    await mark(database, unplaced, second_id, attended=False)
    (found,) = await desk(database, cast.ada.viewer)
    told = {each.row.id: (each.is_here, each.is_checked_in, each.row.checked_in_at) for each in found.students}
    assert {amy: (False, False, None), zoe: (True, True, at), online: (True, False, None), unplaced: (False, False, None)} == told
    assert (2, 3) == (found.here, found.expected)

    await undo(database, zoe, meeting_id=second_id)
    (found,) = await desk(database, cast.ada.viewer)
    assert (1, 3) == (found.here, found.expected)


async def test_a_student_is_found_by_any_part_of_the_name_in_any_case(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, student_conflicts="allow")
    first, second = [await add_class(database, cast, time_zone=midday_zone(), meetings=around_now((hour, hour + 2))) for hour in (-1, 0)]
    zoe_id = await add_user(
        database, "Zoë", last_name="Groß", user_name="zoe", email="zoe@example.com", organization_id=cast.organization_id
    )
    for class_id in (first, second):
        await enroll(database, class_id=class_id, user_id=zoe_id)
    await enroll(database, class_id=first, user_id=cast.sam_id)

    found = await desk(database, cast.ada.viewer)

    assert [first, second] == [each.brief.row.id for each in named(found, name="GROSS zo")]
    assert [[cast.sam_id]] == [[student.row.user_id for student in each.students] for each in named(found, name="sam")]
    assert [2, 1] == [len(each.students) for each in named(found, name=" ")]
    assert [] == named(found, name="zoe")
