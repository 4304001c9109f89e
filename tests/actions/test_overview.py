import pytest

from rollbook import clock
from rollbook.access.actor import Viewer
from rollbook.classes.statuses import ClassStatus
from rollbook.database.transaction import Database
from rollbook.enrollments.queries import overview as overviews
from rollbook.enrollments.queries.overview import Listed, Overview, get_overview
from rollbook.enrollments.queries.recent_changes import list_recent_changes
from tests.cast import DAY, HOUR, add_class, add_organization, add_room, add_user, enroll, gather, meeting
from tests.presence import around_now, midday_zone
from tests.roster import CANCELLED, REQUESTED, WAITLISTED, change, change_class, change_user, drop, prefer


async def look(database: Database, viewer: Viewer) -> Overview:
    """Give the overview of a viewer."""
    return await database.search(get_overview, viewer=viewer)


def ids(listed: Listed) -> list[int]:
    """Give the ids of listed classes."""
    return [brief.row.id for brief in listed.classes]


async def test_what_meets_today_and_this_week_is_told_by_the_days_of_the_zone(database: Database) -> None:
    cast = await gather(database)
    zone = midday_zone()
    today, both, late, soon, off, _, _ = [
        await add_class(database, cast, time_zone=zone, meetings=around_now(*hours))
        for hours in (
            ((-3, -2), (2, 3)),
            ((-2, 2), (7 * 24, 7 * 24 + 1)),
            ((7 * 24 + 3, 7 * 24 + 4),),
            ((24, 25), (48, 49)),
            ((1, 2),),
            ((8 * 24, 8 * 24 + 1),),
            ((-24, -23),),
        )
    ]
    await change_class(database, off, status=ClassStatus.DENIED)

    told = await look(database, cast.ada.viewer)

    assert [today, both] == ids(told.today)
    assert [2, 1] == [len(brief.meetings) for brief in told.today.classes]
    assert [soon, both, late] == ids(told.this_week)
    assert [2, 1, 1] == [len(brief.meetings) for brief in told.this_week.classes]
    nothing = await look(database, cast.olga.viewer)
    assert ([], [], [], []) == tuple(ids(each) for each in (nothing.today, nothing.this_week, nothing.below_minimum, nothing.full))


async def test_classes_that_need_attention_are_told(database: Database) -> None:
    cast = await gather(database)
    now = clock.now()
    in_a_day, in_a_month = meeting(now + DAY), meeting(now + 30 * DAY)
    few, enough, later, full, fuller, past, off = [
        await add_class(database, cast, meetings=(met,), **values)
        for met, values in (
            (in_a_day, {"minimum": 2}),
            (in_a_day, {"minimum": 1}),
            (in_a_month, {"minimum": 2}),
            (in_a_month, {"maximum": 1}),
            (meeting(now + 31 * DAY), {"maximum": 1}),
            (meeting(now - DAY), {"minimum": 5, "maximum": 1}),
            (in_a_day, {"minimum": 5, "maximum": 1}),
        )
    ]
    await prefer(database, cast, student_conflicts="allow", waitlist_promotion="off")
    for class_id in (few, enough, later, full, fuller, past, off):
        await enroll(database, class_id=class_id, user_id=cast.sam_id)
        if class_id != fuller:
            await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)
    await change_class(database, off, status=ClassStatus.CANCELLED)

    told = await look(database, cast.ada.viewer)

    assert [few] == ids(told.below_minimum)
    assert (2, 1) == (told.below_minimum.classes[0].row.minimum, told.below_minimum.classes[0].row.enrolled)
    assert [full] == ids(told.full)
    assert 1 == told.full.classes[0].row.waitlisted
    assert not told.full.has_more


async def test_requests_that_nobody_answered_are_told_the_oldest_first(database: Database) -> None:
    cast = await gather(database)
    now = clock.now()
    open_id, without_meetings, over = [
        await add_class(database, cast, name=name, meetings=meetings)
        for name, meetings in (("Open", (meeting(now + DAY),)), ("No time", ()), ("Over", (meeting(now - DAY, hours=1),)))
    ]
    sue = await enroll(database, class_id=without_meetings, user_id=cast.sue_id, status=REQUESTED)
    sam = await enroll(database, class_id=open_id, user_id=cast.sam_id, status=REQUESTED)
    await enroll(database, class_id=over, user_id=cast.sam_id, status=REQUESTED)
    await enroll(database, class_id=open_id, user_id=cast.sue_id, status=WAITLISTED)

    told = await look(database, cast.ada.viewer)

    assert [(sue, "Sue", "No time"), (sam, "Sam", "Open")] == [(each.id, each.first_name, each.class_name) for each in told.requests]
    assert 2 == told.waiting_requests
    assert 0 == (await look(database, cast.olga.viewer)).waiting_requests
    await change(database, sue, status=CANCELLED)
    assert [sam] == [each.id for each in (await look(database, cast.ada.viewer)).requests]


async def test_a_list_of_more_classes_than_are_shown_says_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await gather(database)
    monkeypatch.setattr(overviews, "MOST_SHOWN", 1)
    first, _ = [await add_class(database, cast, minimum=1, meetings=(meeting(clock.now() + days * DAY),)) for days in (2, 3)]

    told = await look(database, cast.ada.viewer)

    assert ([first], True) == (ids(told.this_week), told.this_week.has_more)
    assert ([first], True) == (ids(told.below_minimum), told.below_minimum.has_more)


async def test_recent_changes_name_what_was_changed_as_far_as_it_is_seen(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Branch", parent_id=cast.organization_id)
    class_id = await add_class(database, cast, name="Welding", meetings=(meeting(clock.now() + HOUR),))
    kept = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    gone = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)
    await drop(database, gone)
    await change(database, kept, grade=5, retake=True)
    await change_class(database, class_id, name="Brazing")
    await change_user(database, cast.sam_id, first_name="Samuel")
    room_id = await add_room(database, cast)
    await add_user(database, "Otto", organization_id=cast.other_organization_id)

    told = await database.search(list_recent_changes, viewer=cast.ada.viewer, limit=6)

    assert [
        ("classroom.created", room_id),
        ("user.updated", cast.sam_id),
        ("class.updated", class_id),
        ("enrollment.updated", kept),
        ("enrollment.deleted", gone),
        ("enrollment.waitlisted", gone),
    ] == [(each.kind, each.subject_id) for each in told]
    room, user, changed_class, updated, deleted, _ = told
    assert (None, None) == (room.named, deleted.named)
    assert user.named
    assert ("Samuel", None) == (user.named.first_name, user.named.class_id)
    assert changed_class.named
    assert (class_id, "Brazing") == (changed_class.named.class_id, changed_class.named.class_name)
    assert updated.named
    assert ("Samuel", "Example", class_id, "Brazing") == (
        updated.named.first_name,
        updated.named.last_name,
        updated.named.class_id,
        updated.named.class_name,
    )
    assert {"grade", "retake"} == set(updated.fields)
    assert () == deleted.fields
    assert "tests" == updated.actor_name
    newest, *_ = await database.search(list_recent_changes, viewer=Viewer(branch_id, f"/{cast.organization_id}/{branch_id}/"))
    assert ("organization.created", branch_id) == (newest.kind, newest.subject_id)


async def test_what_moved_out_of_the_tree_is_not_named_any_more(database: Database) -> None:
    cast = await gather(database)
    otto_id = await add_user(database, "Otto", organization_id=cast.organization_id)
    await change_user(database, otto_id, organization_id=cast.other_organization_id)

    told = await database.search(list_recent_changes, viewer=cast.ada.viewer)

    assert [None] == [each.named for each in told if each.subject_id == otto_id and each.subject == "user"][:1]
