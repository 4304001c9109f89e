import asyncio

import pytest

from rollbook.database.transaction import Database
from rollbook.enrollments.actions.replacing import (
    NotReplaceableError,
    ReplacementElsewhereError,
    ReplacementNotFoundError,
    ReplacementNotWaitingError,
    cancel_with_replacement,
)
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.enrollments.statuses import EnrollmentFrozenError, EnrollmentStatus, UserDisabledError
from rollbook.history.versions import VersionChangedError
from tests.cast import NOBODY, Cast, add_class, add_room, add_user, enroll, gather, meeting
from tests.roster import (
    APPROVED,
    AUDIT,
    CANCELLED,
    DENIED,
    ENROLLED,
    LONG_AGO,
    REQUESTED,
    WAITLISTED,
    breaches,
    change_user,
    last_change,
    prefer,
    see,
)


async def _full_class(database: Database, cast: Cast, *statuses: EnrollmentStatus, **values: object) -> tuple[int, list[int]]:
    """Give the enrollment of Sam, who has the only place, and those of others."""
    class_id = await add_class(database, cast, maximum=1, **values)
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    others = []
    for number, status in enumerate(statuses):
        user_id = await add_user(database, f"Nora{number}", organization_id=cast.organization_id)
        others.append(await enroll(database, class_id=class_id, user_id=user_id, status=status))
    return sam, others


async def _replace(database: Database, cast: Cast, leaving: int, coming: int, **values: object) -> None:
    await database.write(
        cancel_with_replacement,
        actor=cast.ada,
        enrollment_id=leaving,
        replacement_enrollment_id=coming,
        **values,  # type: ignore[arg-type]  # tests give what they like
    )


@pytest.mark.parametrize("promotion", ["off", "self_cancel", "always"])
async def test_the_chosen_one_gets_the_place_and_nobody_before(database: Database, promotion: str) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion=promotion)
    room_id = await add_room(database, cast, capacity=1)
    sam, (first, second) = await _full_class(database, cast, WAITLISTED, WAITLISTED, classroom_ids=(room_id,), meetings=(meeting(),))

    await _replace(database, cast, sam, second, reason="Asked by telephone")

    assert [CANCELLED, WAITLISTED, ENROLLED] == [(await see(database, each)).status for each in (sam, first, second)]
    cancelled, enrolled = (await last_change(database, sam)).after, (await last_change(database, second)).after
    assert cancelled is not None
    assert enrolled is not None
    assert ("Asked by telephone", "Asked by telephone", True) == (cancelled["reason"], enrolled["reason"], enrolled["passed_waitlist"])
    assert [] == await breaches(database)


@pytest.mark.parametrize("status", [REQUESTED, APPROVED])
async def test_whoever_waits_in_another_way_can_be_chosen_too(database: Database, status: EnrollmentStatus) -> None:
    cast = await gather(database)
    sam, (nora,) = await _full_class(database, cast, status)

    await _replace(database, cast, sam, nora)

    assert [CANCELLED, ENROLLED] == [(await see(database, each)).status for each in (sam, nora)]


@pytest.mark.parametrize("status", [AUDIT, DENIED])
async def test_whoever_does_not_wait_cannot_be_chosen(database: Database, status: EnrollmentStatus) -> None:
    cast = await gather(database)
    sam, (nora,) = await _full_class(database, cast, status)

    with pytest.raises(ReplacementNotWaitingError):
        await _replace(database, cast, sam, nora)


async def test_both_or_neither(database: Database) -> None:
    cast = await gather(database)
    sam, (nora,) = await _full_class(database, cast, WAITLISTED)
    await change_user(database, (await see(database, nora)).user_id, disabled=True)

    with pytest.raises(UserDisabledError):
        await _replace(database, cast, sam, nora)

    assert [ENROLLED, WAITLISTED] == [(await see(database, each)).status for each in (sam, nora)]


async def test_only_a_place_can_be_given(database: Database) -> None:
    cast = await gather(database)
    _, (waiting, chosen) = await _full_class(database, cast, WAITLISTED, WAITLISTED)

    with pytest.raises(NotReplaceableError):
        await _replace(database, cast, waiting, chosen)


async def test_a_place_stays_in_its_class(database: Database) -> None:
    cast = await gather(database)
    sam, _ = await _full_class(database, cast)
    elsewhere = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sue_id, status=WAITLISTED)

    with pytest.raises(ReplacementElsewhereError):
        await _replace(database, cast, sam, elsewhere)


async def test_a_frozen_one_is_not_replaced(database: Database) -> None:
    cast = await gather(database)
    sam, (nora,) = await _full_class(database, cast, WAITLISTED, meetings=(meeting(LONG_AGO),))

    with pytest.raises(EnrollmentFrozenError):
        await _replace(database, cast, sam, nora)


async def test_it_names_what_is_not_there(database: Database) -> None:
    cast = await gather(database)
    sam, (nora,) = await _full_class(database, cast, WAITLISTED)

    with pytest.raises(ReplacementNotFoundError):
        await _replace(database, cast, sam, NOBODY)
    with pytest.raises(EnrollmentNotFoundError):
        await _replace(database, cast, NOBODY, nora)
    with pytest.raises(EnrollmentNotFoundError):
        await database.write(cancel_with_replacement, actor=cast.olga, enrollment_id=sam, replacement_enrollment_id=nora)
    with pytest.raises(VersionChangedError):
        await _replace(database, cast, sam, nora, if_version=7)


async def test_two_replacements_at_once_give_one_place_to_one(database: Database) -> None:
    cast = await gather(database)
    sam, chosen = await _full_class(database, cast, WAITLISTED, WAITLISTED)

    outcomes = await asyncio.gather(*(_replace(database, cast, sam, each) for each in chosen), return_exceptions=True)

    assert [None, NotReplaceableError] == sorted((each and type(each) for each in outcomes), key=str, reverse=True)
    assert 1 == [(await see(database, each)).status for each in (sam, *chosen)].count(ENROLLED)
    assert [] == await breaches(database)
