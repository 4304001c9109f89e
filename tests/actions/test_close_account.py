"""Closing an account cancels what is active and not frozen, as an administrator would."""

from typing import Any

import pytest
from msgspec.structs import replace

from rollbook.accounts.actions import closing
from rollbook.accounts.actions.closing import close_account
from rollbook.accounts.actions.erasing import erase_user
from rollbook.accounts.queries.holdings import ActiveEnrollment, list_active
from rollbook.database.transaction import CrowdedError, Database, Transaction
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.cast import DAY, MAY, Cast, add_class, add_room, enroll, gather, meeting
from tests.recorded import history_of
from tests.roster import AUDIT, CANCELLED, DENIED, ENROLLED, LONG_AGO, WAITLISTED, prefer, see

REQUESTED = EnrollmentStatus.REQUESTED


async def _enroll_everywhere(database: Database, cast: Cast) -> dict[EnrollmentStatus | str, int]:
    """Give Sam an enrollment of each kind, by its status, and one that is frozen."""
    ids: dict[EnrollmentStatus | str, int] = {}
    for day, status in enumerate((REQUESTED, WAITLISTED, AUDIT, ENROLLED, DENIED)):
        class_id = await add_class(database, cast, meetings=(meeting(MAY + day * DAY),))
        ids[status] = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=status)
    started_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    return ids | {"frozen": await enroll(database, class_id=started_id, user_id=cast.sam_id)}


async def test_it_cancels_what_is_active_and_not_frozen(database: Database) -> None:
    async with database:
        cast = await gather(database)
        ids = await _enroll_everywhere(database, cast)

        await database.write(close_account, actor=cast.ada, user_id=cast.sam_id)

        now = {key: (await see(database, enrollment_id)).status for key, enrollment_id in ids.items()}
        cancelled = {REQUESTED: CANCELLED, WAITLISTED: CANCELLED, AUDIT: CANCELLED, ENROLLED: CANCELLED}
        assert cancelled | {DENIED: DENIED} | {"frozen": ENROLLED} == now
        assert "user.closed" == (await history_of(database, "user", cast.sam_id))[-1].kind


async def test_deleting_the_data_alone_cancels_nothing_and_closing_afterwards_does(database: Database) -> None:
    async with database:
        cast = await gather(database)
        ids = await _enroll_everywhere(database, cast)

        await database.write(erase_user, actor=cast.ada, user_id=cast.sam_id)

        assert ENROLLED is (await see(database, ids[ENROLLED])).status
        assert 4 == await database.write(close_account, actor=cast.ada, user_id=cast.sam_id)
        assert CANCELLED is (await see(database, ids[ENROLLED])).status


async def test_a_place_that_comes_free_goes_to_who_waits_as_the_preference_says(database: Database) -> None:
    async with database:
        cast = await gather(database)
        room_id = await add_room(database, cast, capacity=1)
        class_ids = [
            await add_class(database, cast, maximum=1, classroom_ids=(room_id,), meetings=(meeting(MAY + day * DAY),)) for day in range(2)
        ]
        waiting = {}
        for class_id in class_ids:
            await enroll(database, class_id=class_id, user_id=cast.sam_id)
            waiting[class_id] = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)

        await prefer(database, cast, waitlist_promotion="always")
        await database.write(close_account, actor=cast.ada, user_id=cast.sam_id)

        assert [ENROLLED, ENROLLED] == [(await see(database, enrollment_id)).status for enrollment_id in waiting.values()]


async def test_nobody_is_let_in_where_an_administrators_cancellation_lets_nobody_in(database: Database) -> None:
    async with database:
        cast = await gather(database)
        class_id = await add_class(database, cast, maximum=1)
        await enroll(database, class_id=class_id, user_id=cast.sam_id)
        waiting = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)

        await database.write(close_account, actor=cast.ada, user_id=cast.sam_id)

        assert WAITLISTED is (await see(database, waiting)).status


async def test_it_starts_again_where_a_class_comes_to_it_before_the_locks(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async with database:
        cast = await gather(database)
        enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)
        calls = []

        async def list_other_ones(transaction: Transaction, **asked: Any) -> list[ActiveEnrollment]:
            calls.append(asked)
            return [replace(each, class_id=each.class_id + len(calls) % 2) for each in await list_active(transaction, **asked)]

        monkeypatch.setattr(closing, "list_active", list_other_ones)

        with pytest.raises(CrowdedError):
            await database.write(close_account, actor=cast.ada, user_id=cast.sam_id)

        assert ENROLLED is (await see(database, enrollment_id)).status


async def test_classes_of_other_trees_are_left_too_and_nothing_is_told_of_them(database: Database) -> None:
    async with database:
        cast = await gather(database)
        own = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)
        foreign_class_id = await add_class(database, cast, organization_id=cast.other_organization_id)
        foreign = await enroll(database, class_id=foreign_class_id, user_id=cast.sam_id)

        rehearsal = await database.rehearse(close_account, actor=cast.ada, user_id=cast.sam_id)
        await database.write(close_account, actor=cast.ada, user_id=cast.sam_id)

        assert {("enrollment", own), ("user", cast.sam_id)} == {(each.record["subject"], each.subject_id) for each in rehearsal.recorded}
        assert [CANCELLED, CANCELLED] == [(await see(database, each)).status for each in (own, foreign)]
