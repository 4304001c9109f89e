import asyncio
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollbook.access.actor import Actor
from rollbook.database import open_database
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.checking_in import check_student_in
from rollbook.enrollments.actions.create import NewEnrollment, create
from rollbook.enrollments.actions.line import promote_waiting
from rollbook.enrollments.actions.many import list_alterations
from rollbook.enrollments.actions.marking import EnrollmentsNotInClassError
from rollbook.enrollments.actions.replacing import cancel_with_replacement
from rollbook.enrollments.actions.row_by_row import carry_out_each
from rollbook.enrollments.actions.undoing import UndoRefusedError, undo_changes
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.actions.writing import state_of
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.enrollments.seats import ClassFullError
from rollbook.enrollments.self_service import AdministratorNeededError
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentFrozenError, EnrollmentStatus
from rollbook.enrollments.undoing import ChangedEnrollmentNotFoundError, ChangedSinceError, NotUndoableError, NotYourChangeError
from rollbook.errors import RollbookError
from tests.cast import NOBODY, acting, add_class, add_room, add_user, enroll, gather, meeting
from tests.database.postgresql_neighbour import neighbour, waiting_for_a_lock
from tests.presence import around_now, midday_zone
from tests.roster import APPROVED, AUDIT, CANCELLED, DENIED, ENROLLED, LONG_AGO, WAITLISTED, breaches, change, last_change, prefer, see
from tests.undoing import last_of, offered, undo, user
from tests.waiting import add_students, line_of, promote, put


async def by(database: Database, actor: Actor, enrollment_id: int, **values: object) -> None:
    await database.write(update, caller=actor, enrollment_id=enrollment_id, changes=EnrollmentChanges(**values))  # type: ignore[arg-type]  # tests give what they like


async def together(database: Database, actor: Actor, class_id: int, enrollment_ids: list[int], **values: object) -> list[str]:
    """Change several enrollments with one click, and give what refuses some."""
    changes = EnrollmentChanges(**values)  # type: ignore[arg-type]  # tests give what they like
    rows = await database.snapshot(list_alterations, viewer=actor.viewer, class_id=class_id, enrollment_ids=enrollment_ids, changes=changes)
    done = await carry_out_each(database, actor=actor, rows=rows, together="a click")
    return [type(each.refusal).__name__ for each in done.outcomes if each.refusal]


async def test_a_status_comes_back_with_the_completion_the_room_and_the_late_cancel(database: Database) -> None:
    cast = await gather(database)
    first, second = [await add_room(database, cast, name=name) for name in ("North", "South")]
    class_id = await add_class(database, cast, classroom_ids=(first, second), meetings=(meeting(LONG_AGO),))
    await prefer(database, cast, freeze_enrolled_at_start="off")
    enrollment_id = await enroll(
        database, class_id=class_id, user_id=cast.sam_id, classroom_id=second, completion=CompletionStatus.COMPLETE, grade=7
    )
    was = state_of(await see(database, enrollment_id))
    ada = user(cast, cast.ivan_id)

    await by(database, ada, enrollment_id, status=CANCELLED)
    assert (await see(database, enrollment_id)).late_cancel
    await undo(database, ada, enrollment_id)

    assert was == state_of(await see(database, enrollment_id))
    assert {"undoes"} <= ((await last_change(database, enrollment_id)).after or {}).keys()
    assert [] == await breaches(database)


async def test_an_undoing_can_be_undone(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)
    ada = user(cast, cast.ivan_id)
    await by(database, ada, enrollment_id, grade=5)

    await undo(database, ada, enrollment_id)
    assert None is (await see(database, enrollment_id)).grade
    await undo(database, ada, enrollment_id)
    assert 5 == (await see(database, enrollment_id)).grade


async def test_who_waited_gets_the_turn_back(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1)
    students = await add_students(database, cast, 3)
    line = await put(database, class_id, *students)
    ada = user(cast, cast.ivan_id)

    await by(database, ada, line[0], status=CANCELLED)
    await undo(database, ada, line[0])
    assert line == await line_of(database, class_id)

    assert ([line[0]], []) == await promote(database, class_id, places=1, actor=ada)
    await undo(database, ada, line[0])
    assert line == await line_of(database, class_id)


async def test_an_addition_is_deleted(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    ada = user(cast, cast.ivan_id)
    added = await database.write(create, actor=ada, wanted=NewEnrollment(class_id=class_id, user_id=cast.sam_id, status=ENROLLED))

    await undo(database, ada, added)

    with pytest.raises(EnrollmentNotFoundError):
        await see(database, added)
    with pytest.raises(ChangedEnrollmentNotFoundError):
        await database.write(undo_changes, actor=ada, changes={added: 1})
    assert [] == await breaches(database)


async def test_an_addition_to_a_class_that_has_started_stands(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    ada = user(cast, cast.ivan_id)
    added = await database.write(create, actor=ada, wanted=NewEnrollment(class_id=class_id, user_id=cast.sam_id, status=ENROLLED))

    with pytest.raises(EnrollmentFrozenError):
        await undo(database, ada, added)


async def test_opening_again_by_adding_is_undone_to_what_was_there(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, note="Comes by train", grade=3)
    await change(database, enrollment_id, status=CANCELLED, late_cancel=True)
    was = state_of(await see(database, enrollment_id))
    ada = user(cast, cast.ivan_id)
    await database.write(create, actor=ada, wanted=NewEnrollment(class_id=class_id, user_id=cast.sam_id, status=ENROLLED))

    await undo(database, ada, enrollment_id)

    assert was == state_of(await see(database, enrollment_id))


async def test_what_happened_since_is_in_the_way(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=around_now((-1, 1)), time_zone=midday_zone())
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    ada, ivan = user(cast, cast.ivan_id), user(cast, cast.sue_id, "Sue")
    await by(database, ada, enrollment_id, grade=5)
    mine = await last_of(database, ada, enrollment_id)

    await by(database, ivan, enrollment_id, hours_spent=5)
    with pytest.raises(ChangedSinceError):
        await database.write(undo_changes, actor=ada, changes=mine)
    with pytest.raises(NotYourChangeError):
        await undo(database, ada, enrollment_id)

    await by(database, ada, enrollment_id, grade=6)
    mine = await last_of(database, ada, enrollment_id)
    await database.write(check_student_in, actor=ada, enrollment_id=enrollment_id)
    with pytest.raises(ChangedSinceError):
        await database.write(undo_changes, actor=ada, changes=mine)
    with pytest.raises(NotUndoableError):
        await undo(database, ada, enrollment_id)
    assert 6 == (await see(database, enrollment_id)).grade


async def test_a_rule_may_keep_what_was_from_coming_back(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    ada = user(cast, cast.ivan_id)
    await by(database, ada, enrollment_id, status=CANCELLED)
    await enroll(database, class_id=class_id, user_id=cast.sue_id)

    with pytest.raises(ClassFullError):
        await undo(database, ada, enrollment_id)


async def test_what_others_have_is_not_there(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)
    ada = user(cast, cast.ivan_id)
    await by(database, ada, enrollment_id, grade=5)
    mine = await last_of(database, ada, enrollment_id)

    with pytest.raises(ChangedEnrollmentNotFoundError):
        await database.write(undo_changes, actor=cast.olga, changes=mine)
    with pytest.raises(ChangedEnrollmentNotFoundError):
        await database.write(undo_changes, actor=ada, changes={NOBODY: 1})
    with pytest.raises(AdministratorNeededError):
        await database.write(undo_changes, actor=acting(cast, cast.sam_id), changes=mine)


async def test_several_that_were_changed_together_are_undone_together_or_not_at_all(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    ids = await put(database, class_id, *await add_students(database, cast, 3), status=ENROLLED)
    alone = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    ada = user(cast, cast.ivan_id)
    await by(database, ada, alone, grade=1)
    assert [alone] == await offered(database, ada, class_id)

    assert [] == await together(database, ada, class_id, ids, completion=CompletionStatus.COMPLETE)
    assert ids == await offered(database, ada, class_id)
    assert [] == await offered(database, user(cast, cast.sue_id), class_id)
    mine = await last_of(database, ada, *ids)
    await change(database, ids[1], grade=2)

    with pytest.raises(UndoRefusedError, match=r"1 of 3 changes cannot be undone.*Student1 Example: enrollment"):
        await database.write(undo_changes, actor=ada, changes=mine)
    assert 3 * [CompletionStatus.COMPLETE] == [(await see(database, each)).completion for each in ids]

    rest = await offered(database, ada, class_id)
    assert [ids[0], ids[2]] == rest
    assert 2 == await undo(database, ada, *rest)
    assert [0, 20, 0] == [(await see(database, each)).completion for each in ids]
    assert rest == await offered(database, ada, class_id)


async def test_many_refusals_are_told_briefly(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    ids = await put(database, class_id, *await add_students(database, cast, 7), status=ENROLLED)

    with pytest.raises(UndoRefusedError, match=r"7 of 7 .*; and 2 more$"):
        await undo(database, user(cast, cast.ivan_id), *ids)


async def test_a_refusal_of_a_rule_leaves_the_others_as_they_were(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=2)
    ids = await put(database, class_id, *await add_students(database, cast, 2), status=ENROLLED)
    ada = user(cast, cast.ivan_id)
    await together(database, ada, class_id, ids, status=CANCELLED)
    await enroll(database, class_id=class_id, user_id=cast.sam_id)

    with pytest.raises(UndoRefusedError, match=r"1 of 2 changes.*is full"):
        await undo(database, ada, *ids)

    assert [CANCELLED, CANCELLED] == [(await see(database, each)).status for each in ids]


@pytest.mark.parametrize("promotion", ["off", "always"])
async def test_a_place_that_was_given_to_another_goes_back_and_to_nobody_who_waits(database: Database, promotion: str) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion=promotion)
    class_id = await add_class(database, cast, maximum=1)
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    first, chosen = await put(database, class_id, *await add_students(database, cast, 2))
    ada = user(cast, cast.ivan_id)
    await database.write(cancel_with_replacement, actor=ada, enrollment_id=sam, replacement_enrollment_id=chosen, together="a replacement")
    assert sorted([sam, chosen]) == await offered(database, ada, class_id)

    await undo(database, ada, sam, chosen)

    assert [ENROLLED, WAITLISTED, WAITLISTED] == [(await see(database, each)).status for each in (sam, first, chosen)]
    assert [first, chosen] == await line_of(database, class_id)
    assert [] == await breaches(database)


async def test_who_was_let_in_by_a_change_stays_when_it_is_undone(database: Database) -> None:
    cast = await gather(database)
    await prefer(database, cast, waitlist_promotion="always")
    class_id = await add_class(database, cast, maximum=2)
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await enroll(database, class_id=class_id, user_id=cast.sue_id)
    (first,) = await put(database, class_id, *await add_students(database, cast, 1))
    ada = user(cast, cast.ivan_id)
    await by(database, ada, sam, status=CANCELLED)
    assert ENROLLED is (await see(database, first)).status

    with pytest.raises(ClassFullError):
        await undo(database, ada, sam)
    assert ENROLLED is (await see(database, first)).status


async def test_who_was_let_in_together_goes_back_to_the_line_together(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=2)
    line = await put(database, class_id, *await add_students(database, cast, 3))
    ada = user(cast, cast.ivan_id)
    await database.write(promote_waiting, actor=ada, class_id=class_id, together="a click")
    assert line[:2] == await offered(database, ada, class_id)

    assert 2 == await undo(database, ada, *line[:2])

    assert line == await line_of(database, class_id)


async def test_several_are_changed_and_each_refusal_is_told(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1)
    ids = await put(database, class_id, *await add_students(database, cast, 3))
    elsewhere = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sue_id)
    ada = user(cast, cast.ivan_id)

    assert ["ClassFullError", "ClassFullError"] == await together(database, ada, class_id, ids, status=ENROLLED)
    assert [ENROLLED, WAITLISTED, WAITLISTED] == [(await see(database, each)).status for each in ids]
    assert [] == await together(database, ada, class_id, ids, hours_spent=8)
    with pytest.raises(EnrollmentsNotInClassError):
        await together(database, ada, class_id, [*ids, elsewhere], status=CANCELLED)


async def test_several_are_seated_together(database: Database) -> None:
    cast = await gather(database)
    small, large = [await add_room(database, cast, name=name, capacity=capacity) for name, capacity in (("Small", 1), ("Large", 9))]
    class_id = await add_class(database, cast, classroom_ids=(small, large), meetings=(meeting(),))
    ids = await put(database, class_id, *await add_students(database, cast, 2), status=ENROLLED)
    ada = user(cast, cast.ivan_id)

    assert ["RoomFullError"] == await together(database, ada, class_id, ids, classroom_id=small)
    assert [] == await together(database, ada, class_id, ids, location=LocationType.CLASSROOM, classroom_id=large)
    await undo(database, ada, *ids)
    assert [small, None] == [(await see(database, each)).classroom_id for each in ids]
    assert [] == await breaches(database)


async def test_undoing_and_another_change_never_both_win(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    ada, sue = user(cast, cast.ivan_id), user(cast, cast.sue_id, "Sue")
    for status in (CANCELLED, AUDIT, DENIED):
        user_id = await add_user(database, f"Nora{status}", organization_id=cast.organization_id)
        enrollment_id = await enroll(database, class_id=class_id, user_id=user_id)
        await by(database, ada, enrollment_id, status=status)
        mine = await last_of(database, ada, enrollment_id)

        undone, _ = await asyncio.gather(
            database.write(undo_changes, actor=ada, changes=mine),
            by(database, sue, enrollment_id, status=APPROVED),
            return_exceptions=True,
        )

        # Whoever comes second finds what the first left: the other change always stands at the end, and undoing only before it.
        assert APPROVED is (await see(database, enrollment_id)).status
        assert isinstance(undone, list | ChangedSinceError)
    assert [] == await breaches(database)


async def test_who_moves_away_while_a_change_is_undone_has_changed_since(postgresql_url: str) -> None:
    async with open_database(postgresql_url) as database, neighbour(postgresql_url) as watcher:
        cast = await gather(database)
        here, there = [await add_class(database, cast) for _ in range(2)]
        enrollment_id = await enroll(database, class_id=here, user_id=cast.sam_id)
        ada = user(cast, cast.ivan_id)
        await by(database, ada, enrollment_id, grade=5)
        mine = await last_of(database, ada, enrollment_id)
        done, go = asyncio.Event(), asyncio.Event()

        async def move(transaction: Transaction) -> None:
            await update(transaction, caller=ada, enrollment_id=enrollment_id, changes=EnrollmentChanges(class_id=there))
            done.set()
            await go.wait()

        moves = asyncio.create_task(database.write(move))
        await done.wait()
        undoes = asyncio.create_task(database.write(undo_changes, actor=ada, changes=mine))
        await waiting_for_a_lock(watcher)
        go.set()
        await moves

        with pytest.raises(ChangedSinceError):
            await undoes


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(EnrollmentStatus),
        "completion": st.sampled_from(CompletionStatus),
        "location": st.sampled_from([None, LocationType.TO_BE_DETERMINED, LocationType.CLASSROOM]),
        "grade": st.sampled_from([None, 1, 2]),
        "hours_spent": st.sampled_from([None, 1]),
        "retake": st.booleans(),
        "late_cancel": st.booleans(),
        "note": st.sampled_from([None, "A note"]),
    },
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(first=st.sampled_from(EnrollmentStatus), wishes=st.lists(CHANGES, min_size=1, max_size=6))
async def test_undoing_gives_back_what_was(
    migrated_file: Path, tmp_path: Path, *, first: EnrollmentStatus, wishes: list[dict[str, object]]
) -> None:
    path = shutil.copy(migrated_file, tmp_path / "undone.db")
    async with open_database(f"sqlite:///{path}") as database:
        cast = await gather(database)
        rooms = [await add_room(database, cast, name=name) for name in ("North", "South")]
        class_id = await add_class(database, cast, classroom_ids=(rooms[0],), meetings=(meeting(),))
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=first)
        ada = user(cast, cast.ivan_id)
        for wish in wishes:
            was = state_of(await see(database, enrollment_id))
            try:
                await by(database, ada, enrollment_id, **wish)
            except RollbookError:
                continue
            became = state_of(await see(database, enrollment_id))
            if was != became:
                await undo(database, ada, enrollment_id)
                assert was == state_of(await see(database, enrollment_id))
                await undo(database, ada, enrollment_id)
                assert became == state_of(await see(database, enrollment_id))
        assert [] == await breaches(database)
