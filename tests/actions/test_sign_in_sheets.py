import pytest

from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.classes.statuses import Delivery
from rollbook.database.transaction import Database
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.attendance import MeetingNotFoundError
from rollbook.enrollments.queries.sign_in_sheets import SignInSheet, get_sign_in_sheet
from tests.cast import NOBODY, add_class, add_user, enroll, gather
from tests.presence import around_now, meeting_ids
from tests.roster import AUDIT, WAITLISTED


async def test_a_sheet_has_those_who_come_to_a_meeting_by_their_last_names(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, delivery=Delivery.MIXED, meetings=around_now((-3, -2), (1, 2), (3, 4)))
    zoe_id = await add_user(database, "Zoe", last_name="adams", organization_id=cast.organization_id)
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=AUDIT)
    zoe = await enroll(database, class_id=class_id, user_id=zoe_id)
    await enroll(database, class_id=class_id, user_id=cast.ivan_id, location=LocationType.VIRTUAL)
    await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)
    first_id, second_id, third_id = await meeting_ids(database, class_id)

    async def sheet(meeting_id: int | None = None) -> SignInSheet:
        return await database.search(get_sign_in_sheet, viewer=cast.ada.viewer, class_id=class_id, meeting_id=meeting_id)

    told = await sheet()
    assert [zoe, sam] == [row.id for row in told.students]
    assert [first_id, second_id, third_id] == [meeting.id for meeting in told.meetings]
    assert [second_id, first_id, third_id] == [
        each.meeting.id for each in (told, await sheet(first_id), await sheet(third_id)) if each.meeting
    ]
    with pytest.raises(MeetingNotFoundError):
        await sheet(NOBODY)
    with pytest.raises(ClassNotFoundError):
        await database.search(get_sign_in_sheet, viewer=cast.olga.viewer, class_id=class_id)


async def test_a_class_that_is_over_has_no_meeting_to_sign_for(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=around_now((-3, -2)))

    assert (await database.search(get_sign_in_sheet, viewer=cast.ada.viewer, class_id=class_id)).meeting is None
