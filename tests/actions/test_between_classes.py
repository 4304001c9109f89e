import asyncio

import pytest

from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.between_classes import (
    ACTIVE,
    InactiveTransferError,
    TransferToItselfError,
    add_students_of,
    list_additions,
    list_transfers,
    transfer,
)
from rollbook.enrollments.actions.many import RowsRefusedError
from rollbook.enrollments.actions.row_by_row import carry_out_each
from rollbook.enrollments.queries.class_facts import list_roster
from rollbook.enrollments.reopening import EnrollmentExistsError
from rollbook.enrollments.seats import ClassFullError
from rollbook.enrollments.statuses import EnrollmentFrozenError, EnrollmentStatus
from rollbook.history.versions import VersionChangedError
from tests.cast import NOBODY, Cast, add_class, add_user, enroll, gather, meeting
from tests.roster import APPROVED, AUDIT, CANCELLED, ENROLLED, LONG_AGO, WAITLISTED, breaches, change, prefer, see


async def _statuses(database: Database, class_id: int) -> list[EnrollmentStatus]:
    return [row.status for row in await database.write(list_roster, class_id=class_id)]


async def _fill(database: Database, cast: Cast, class_id: int, *statuses: EnrollmentStatus) -> list[int]:
    enrollment_ids = []
    for number, status in enumerate(statuses):
        user_id = await add_user(database, f"Student{class_id}x{number}", organization_id=cast.organization_id)
        enrollment_ids.append(await enroll(database, class_id=class_id, user_id=user_id, status=status))
    return enrollment_ids


@pytest.mark.parametrize("atomic", [True, False])
async def test_the_enrolled_students_of_another_class_are_added(database: Database, *, atomic: bool) -> None:
    cast = await gather(database)
    source_id, class_id = await add_class(database, cast), await add_class(database, cast)
    await _fill(database, cast, source_id, ENROLLED, WAITLISTED, AUDIT, ENROLLED, CANCELLED)

    outcomes = await database.write(add_students_of, actor=cast.ada, class_id=class_id, from_class_id=source_id, atomic=atomic)

    assert [ENROLLED, ENROLLED] == [outcome.status for outcome in outcomes]
    assert [ENROLLED, ENROLLED] == await _statuses(database, class_id)
    assert 5 == len(await _statuses(database, source_id))


async def test_additions_can_have_another_status_and_each_its_own_result(database: Database) -> None:
    cast = await gather(database)
    source_id, class_id = await add_class(database, cast), await add_class(database, cast)
    await enroll(database, class_id=source_id, user_id=cast.sam_id)
    await enroll(database, class_id=source_id, user_id=cast.sue_id)
    await enroll(database, class_id=class_id, user_id=cast.sam_id)

    rows = await database.read(list_additions, viewer=cast.ada.viewer, class_id=class_id, from_class_id=source_id, status=WAITLISTED)
    sam, sue = (await carry_out_each(database, actor=cast.ada, rows=rows)).outcomes

    assert isinstance(sam.refusal, EnrollmentExistsError)
    assert WAITLISTED is sue.status


async def test_additions_are_all_or_none(database: Database) -> None:
    cast = await gather(database)
    source_id, class_id = await add_class(database, cast), await add_class(database, cast, maximum=1)
    await _fill(database, cast, source_id, ENROLLED, ENROLLED)

    with pytest.raises(RowsRefusedError):
        await database.write(add_students_of, actor=cast.ada, class_id=class_id, from_class_id=source_id)

    assert [] == await _statuses(database, class_id)


async def test_both_classes_must_be_there(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)

    with pytest.raises(ClassNotFoundError) as missing:
        await database.read(list_additions, viewer=cast.ada.viewer, class_id=class_id, from_class_id=NOBODY)
    assert "from_class_id" == missing.value.field
    with pytest.raises(ClassNotFoundError) as missing:
        await database.read(list_transfers, viewer=cast.ada.viewer, class_id=class_id, to_class_id=NOBODY)
    assert "to_class_id" == missing.value.field
    with pytest.raises(ClassNotFoundError) as missing:
        await database.read(list_transfers, viewer=cast.olga.viewer, class_id=class_id, to_class_id=NOBODY)
    assert missing.value.field is None


@pytest.mark.parametrize("atomic", [True, False])
@pytest.mark.parametrize("promotion", ["off", "always"])
async def test_everyone_is_moved_as_they_are(database: Database, promotion: str, *, atomic: bool) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion=promotion)
    source_id = await add_class(database, cast, maximum=2, meetings=(meeting(),))
    class_id = await add_class(database, cast, maximum=2)
    moved = await _fill(database, cast, source_id, ENROLLED, ENROLLED, AUDIT, WAITLISTED, APPROVED, WAITLISTED)
    stays = await _fill(database, cast, await add_class(database, cast), ENROLLED)

    outcomes = await database.write(transfer, actor=cast.ada, class_id=source_id, to_class_id=class_id, atomic=atomic)

    assert [None] * 6 == [outcome.refusal for outcome in outcomes]
    assert [moved[3], moved[5], moved[0], moved[1], moved[2], moved[4]] == [outcome.enrollment_id for outcome in outcomes]
    assert [ENROLLED, ENROLLED, AUDIT, WAITLISTED, APPROVED, WAITLISTED] == await _statuses(database, class_id)
    assert [] == await _statuses(database, source_id)
    assert class_id not in {(await see(database, each)).class_id for each in stays}
    assert [] == await breaches(database)


async def test_only_some_statuses_are_moved(database: Database) -> None:
    cast = await gather(database)
    source_id, class_id = await add_class(database, cast), await add_class(database, cast)
    await _fill(database, cast, source_id, ENROLLED, WAITLISTED, CANCELLED)

    await database.write(transfer, actor=cast.ada, class_id=source_id, to_class_id=class_id, statuses=[WAITLISTED])

    assert [ENROLLED, CANCELLED] == await _statuses(database, source_id)
    assert [WAITLISTED] == await _statuses(database, class_id)


async def test_each_one_who_cannot_be_moved_is_told(database: Database) -> None:
    cast = await gather(database)
    source_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    class_id = await add_class(database, cast, maximum=0)
    await _fill(database, cast, source_id, ENROLLED, AUDIT)

    rows = await database.read(list_transfers, viewer=cast.ada.viewer, class_id=source_id, to_class_id=class_id, statuses=ACTIVE)
    enrolled, audit = (await carry_out_each(database, actor=cast.ada, rows=rows)).outcomes

    assert {EnrollmentFrozenError, ClassFullError} == {type(each) for each in getattr(enrolled.refusal, "refusals", ())}
    assert AUDIT is audit.status
    with pytest.raises(RowsRefusedError, match="1 of 1"):
        await database.write(transfer, actor=cast.ada, class_id=source_id, to_class_id=class_id)


async def test_nobody_is_moved_who_was_changed_meanwhile(database: Database) -> None:
    cast = await gather(database)
    source_id, class_id, third_id = [await add_class(database, cast) for _ in range(3)]
    (enrollment_id,) = await _fill(database, cast, source_id, ENROLLED)
    rows = await database.read(list_transfers, viewer=cast.ada.viewer, class_id=source_id, to_class_id=class_id)
    await change(database, enrollment_id, class_id=third_id)

    (outcome,) = (await carry_out_each(database, actor=cast.ada, rows=rows)).outcomes

    assert isinstance(outcome.refusal, VersionChangedError)
    assert third_id == (await see(database, enrollment_id)).class_id


async def test_what_is_no_transfer_is_refused(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = await add_class(database, cast), await add_class(database, cast)

    with pytest.raises(TransferToItselfError):
        await database.read(list_transfers, viewer=cast.ada.viewer, class_id=class_id, to_class_id=class_id)
    with pytest.raises(InactiveTransferError, match="Cancelled enrollments"):
        await database.read(list_transfers, viewer=cast.ada.viewer, class_id=class_id, to_class_id=other_id, statuses=[ENROLLED, CANCELLED])


async def test_two_classes_that_change_their_students_at_once_lose_nobody(database: Database) -> None:
    cast = await gather(database)
    one_id, other_id = await add_class(database, cast), await add_class(database, cast)
    await _fill(database, cast, one_id, ENROLLED, ENROLLED, WAITLISTED)
    await _fill(database, cast, other_id, ENROLLED, WAITLISTED)

    await asyncio.gather(
        database.write(transfer, actor=cast.ada, class_id=one_id, to_class_id=other_id),
        database.write(transfer, actor=cast.ada, class_id=other_id, to_class_id=one_id),
    )

    assert 5 == len(await _statuses(database, one_id)) + len(await _statuses(database, other_id))
    assert [] == await breaches(database)
