"""Entering a class by its training key."""

import asyncio
from typing import Any

import pytest

from rollbook import clock
from rollbook.access.actor import Actor
from rollbook.classes.details import ClassChanges
from rollbook.classes.queries.training_keys import UnknownClassTrainingKeyError
from rollbook.classes.statuses import ClassStatus
from rollbook.database import open_database
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.actions.entering import StudentNotFoundError
from rollbook.enrollments.actions.redeeming import redeem_class_training_key
from rollbook.enrollments.reopening import EnrollmentExistsError
from rollbook.enrollments.self_service import AdministratorNeededError, ApprovalNeededError, ClassEndedError, NotOneselfError
from rollbook.enrollments.statuses import ClassOffError, EnrollmentStatus, OutsideCompanyError, UserDisabledError
from rollbook.errors import RollbookError, SeveralRefusalsError
from tests.cast import HOUR, NOBODY, TESTS, Cast, acting, add_class, add_company, add_user, enroll, gather, meeting
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
    see,
)
from tests.waiting import add_students, put, statuses_of

KEY = "WELD"


async def add_keyed(database: Database, cast: Cast, **values: Any) -> int:
    return await add_class(database, cast, **{"enable_training_key": True, "training_key": KEY, **values})


async def redeem(database: Database, actor: Actor, user_id: int, training_key: str = KEY) -> int:
    return await database.write(redeem_class_training_key, actor=actor, user_id=user_id, training_key=training_key)


async def refused(database: Database, actor: Actor, user_id: int, training_key: str = KEY) -> RollbookError:
    with pytest.raises(RollbookError) as caught:
        await redeem(database, actor, user_id, training_key)
    return caught.value


async def test_the_key_lets_in_where_neither_class_nor_role_would(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_keyed(database, cast, allow_self_enrollment=False, is_public=False)

    enrollment_id = await redeem(database, cast.ada, cast.sam_id)

    row = await see(database, enrollment_id)
    assert (class_id, cast.sam_id, ENROLLED) == (row.class_id, row.user_id, row.status)
    entry = await last_change(database, enrollment_id)
    assert ("enrollment.enrolled", "Ada") == (entry.kind, entry.actor_name)


async def test_a_student_redeems_a_key_for_oneself_alone(database: Database) -> None:
    cast = await gather(database)
    await add_keyed(database, cast)
    sam = acting(cast, cast.sam_id, permissions=frozenset())

    other = await refused(database, sam, cast.sue_id)
    enrollment_id = await redeem(database, sam, cast.sam_id)

    assert isinstance(other, NotOneselfError)
    assert "student" == (await last_change(database, enrollment_id)).actor_name


@pytest.mark.parametrize("before", [REQUESTED, APPROVED, CANCELLED])
async def test_an_enrollment_that_stands_is_taken_up_under_its_id(database: Database, before: EnrollmentStatus) -> None:
    cast = await gather(database)
    class_id = await add_keyed(database, cast)
    standing_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=before)

    assert standing_id == await redeem(database, cast.ada, cast.sam_id)

    assert ENROLLED is (await see(database, standing_id)).status


@pytest.mark.parametrize(
    "before, kind", [(ENROLLED, EnrollmentExistsError), (AUDIT, EnrollmentExistsError), (DENIED, AdministratorNeededError)]
)
async def test_who_is_in_or_was_denied_is_told_so(database: Database, before: EnrollmentStatus, kind: type[RollbookError]) -> None:
    cast = await gather(database)
    class_id = await add_keyed(database, cast)
    standing_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=before)

    assert isinstance(await refused(database, cast.ada, cast.sam_id), kind)
    assert before is (await see(database, standing_id)).status


async def test_where_somebody_approves_the_key_lets_in_who_is_approved(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_keyed(database, cast, requires_approval=True)
    await enroll(database, class_id=class_id, user_id=cast.sue_id, status=APPROVED)

    assert isinstance(await refused(database, cast.ada, cast.sam_id), ApprovalNeededError)
    await redeem(database, cast.ada, cast.sue_id)

    assert [ENROLLED] == await statuses_of(database, class_id)


async def test_who_finds_the_class_full_waits_and_goes_on_waiting(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_keyed(database, cast, maximum=1)
    await enroll(database, class_id=class_id, user_id=cast.sue_id)

    first = await redeem(database, cast.ada, cast.sam_id)
    waiting_since = (await see(database, first)).waiting_since
    again = await redeem(database, cast.ada, cast.sam_id)

    assert first == again
    row = await see(database, first)
    assert (WAITLISTED, waiting_since, 1) == (row.status, row.waiting_since, row.version)


async def test_nobody_passes_those_who_wait_but_the_first_of_them_gets_in(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_keyed(database, cast)
    first, second, third = await add_students(database, cast, 3)
    waiting = await put(database, class_id, first, second)

    late = await redeem(database, cast.ada, third)
    behind = await redeem(database, cast.ada, second)
    ahead = await redeem(database, cast.ada, first)

    assert (waiting[1], waiting[0]) == (behind, ahead)
    assert [ENROLLED, WAITLISTED, WAITLISTED] == [(await see(database, each)).status for each in (ahead, behind, late)]


async def test_the_key_opens_until_the_class_ends(database: Database) -> None:
    cast = await gather(database)
    now = clock.now()
    await add_keyed(database, cast, meetings=(meeting(now - HOUR, hours=2),))
    over_id = await add_keyed(database, cast, training_key="OVER", meetings=(meeting(LONG_AGO),))
    await add_keyed(database, cast, training_key="NEVER")

    assert ENROLLED is (await see(database, await redeem(database, cast.ada, cast.sam_id))).status
    over = await refused(database, cast.ada, cast.sam_id, "OVER")
    assert ENROLLED is (await see(database, await redeem(database, cast.ada, cast.sam_id, "NEVER"))).status

    assert isinstance(over, ClassEndedError)
    assert ("A6", over_id) == (over.rule, over.class_id)


async def test_every_other_rule_holds(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id)
    await add_keyed(database, cast, training_key="OFF", status=ClassStatus.CANCELLED)
    await add_keyed(database, cast, training_key="ACME", company_id=company_id)
    await add_keyed(database, cast, training_key="OVER", meetings=(meeting(LONG_AGO),), requires_approval=True)
    disabled_id = await add_user(database, "Dora", organization_id=cast.organization_id)
    await change_user(database, disabled_id, disabled=True)
    await add_keyed(database, cast)

    refusals = [await refused(database, cast.ada, cast.sam_id, key) for key in ("OFF", "ACME", "OVER")]
    disabled = await refused(database, cast.ada, disabled_id)

    assert [ClassOffError, OutsideCompanyError, SeveralRefusalsError, UserDisabledError] == [type(each) for each in (*refusals, disabled)]
    assert [] == await breaches(database)


async def test_what_is_not_there_or_of_another_tree_is_told_by_its_name(database: Database) -> None:
    cast = await gather(database)
    await add_keyed(database, cast)
    await add_keyed(database, cast, training_key="KEPT", enable_training_key=False)

    unknown = [
        await refused(database, cast.ada, cast.sam_id, "NONE"),
        await refused(database, cast.ada, cast.sam_id, "KEPT"),
        await refused(database, cast.olga, cast.olga_id),
    ]
    users = [await refused(database, cast.ada, user_id) for user_id in (NOBODY, cast.olga_id)]

    assert {UnknownClassTrainingKeyError} == {type(each) for each in unknown}
    assert {StudentNotFoundError} == {type(each) for each in users}
    assert [{"training_key"}, {"user_id"}] == [{each.field for each in unknown}, {each.field for each in users}]
    assert KEY not in str(unknown[2])


async def test_the_last_place_is_given_once(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_keyed(database, cast, maximum=1)
    students = await add_students(database, cast, 6)

    await asyncio.gather(*(redeem(database, cast.ada, student) for student in students))

    statuses = await statuses_of(database, class_id)
    assert (1, 5) == (statuses.count(ENROLLED), statuses.count(WAITLISTED))


async def test_a_key_that_is_taken_away_while_it_is_redeemed_opens_nothing(postgresql_url: str) -> None:
    async with open_database(postgresql_url) as database:
        cast = await gather(database)
        class_id = await add_keyed(database, cast)
        changed = asyncio.Event()

        async def change_key(transaction: Transaction) -> None:
            await update_class(transaction, actor=TESTS, class_id=class_id, changes=ClassChanges(training_key="NEW"))
            changed.set()
            await asyncio.sleep(0.3)

        changing = asyncio.create_task(database.write(change_key))
        await changed.wait()
        late = await refused(database, cast.ada, cast.sam_id)
        await changing

        assert isinstance(late, UnknownClassTrainingKeyError)
        assert ENROLLED is (await see(database, await redeem(database, cast.ada, cast.sam_id, "NEW"))).status
