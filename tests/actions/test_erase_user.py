"""Erasing a person removes everything that identifies them, and nothing else."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import update as sql_update

from rollbook.accounts.actions.closing import close_account
from rollbook.accounts.actions.erasing import erase_user
from rollbook.accounts.erasing import ERASED
from rollbook.accounts.queries.identifying import KEPT
from rollbook.accounts.queries.invariants import INVARIANTS
from rollbook.accounts.queries.traces import find_traces
from rollbook.database import open_database
from rollbook.database.query import Command
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.queries.invariants import find_breaches
from rollbook.enrollments.queries.sight import get_enrollment_by_id
from rollbook.history.versions import VersionChangedError
from rollbook.people.model import users
from rollbook.people.queries.users import UserNotFoundError, get_user
from tests.cast import NOBODY, add_class, add_user, enroll, gather
from tests.database_contents import found_in
from tests.marked import mark_person
from tests.recorded import history_of


@pytest.mark.parametrize("looked_up", ["before", "along"])
@pytest.mark.parametrize("action", [close_account, erase_user])
async def test_nothing_that_identifies_the_person_is_left(action: Callable[..., Awaitable[int]], looked_up: str, database_url: str) -> None:
    async with open_database(database_url) as database:
        cast = await gather(database)
        person = await mark_person(database, cast, "sara")
        other = await mark_person(database, cast, "otto")
        assert len(person.marks) == len(await found_in(database_url, person.marks))
        found = await database.search(find_traces, viewer=cast.ada.viewer, user_id=person.user_id) if looked_up == "before" else None

        affected = await database.write(action, actor=cast.ada, user_id=person.user_id, found=found)

        assert affected > 15
        await database.forget()
        assert [] == await found_in(database_url, person.marks)
        assert len(other.marks) == len(await found_in(database_url, other.marks))
        assert 0 == await database.write(action, actor=cast.ada, user_id=person.user_id)


async def test_the_user_stays_as_one_whom_anybody_could_be(database: Database) -> None:
    async with database:
        cast = await gather(database)
        person = await mark_person(database, cast, "sara")

        await database.write(erase_user, actor=cast.ada, user_id=person.user_id)

        user = await database.read(get_user, viewer=cast.ada.viewer, user_id=person.user_id)
        number = f"closed-{person.user_id}"
        assert (number, f"{number}@closed.invalid", "Closed", "Account") == (user.user_name, user.email, user.first_name, user.last_name)
        assert user.disabled
        assert user.closed_at is not None
        assert ([], [], None, None, None) == (
            user.role_ids,
            user.managed_organization_ids,
            user.company_id,
            user.manager_id,
            user.external_id,
        )
        erased = (await history_of(database, "user", person.user_id))[-1]
        assert ("user.erased", "Ada") == (erased.kind, erased.actor_name)
        before, after = erased.before or {}, erased.after or {}
        assert (ERASED, number, [1], []) == (before["email"], after["user_name"], before["role_ids"], after["role_ids"])
        assert {"password_hash", "email_folded"}.isdisjoint(after)


async def test_enrollments_stay_as_the_record_of_somebody(database: Database) -> None:
    async with database:
        cast = await gather(database)
        person = await mark_person(database, cast, "sara")
        (enrollment_id,) = person.enrollment_ids
        before = await database.read(get_enrollment_by_id, viewer=cast.ada.viewer, enrollment_id=enrollment_id)

        await database.write(erase_user, actor=cast.ada, user_id=person.user_id)

        after = await database.read(get_enrollment_by_id, viewer=cast.ada.viewer, enrollment_id=enrollment_id)
        changed = {"external_id": None, "note": None, "version": before.version + 1, "modified_at": after.modified_at}
        assert replace(before, **changed) == after
        told = await history_of(database, "enrollment", enrollment_id)
        created = told[0].after or {}
        assert (ERASED, 60) == (created["note"], created["status"])
        assert ("enrollment.erased", {"external_id": None, "note": None}) == (told[-1].kind, told[-1].after)
        assert {"tests", ERASED, "Ada"} == {entry.actor_name for entry in told}
        assert [] == await database.search(find_breaches, on_progress=lambda _number, _invariant: None)


async def test_what_identified_the_person_is_free_for_others(database: Database) -> None:
    async with database:
        cast = await gather(database)
        own: dict[str, Any] = {"organization_id": cast.organization_id, "external_id": "s1"}
        user_id = await add_user(database, "Sara", **own)

        await database.write(erase_user, actor=cast.ada, user_id=user_id)

        again = await database.read(get_user, viewer=cast.ada.viewer, user_id=await add_user(database, "Sara", **own))
        assert ("sara", "sara@example.com", "s1") == (again.user_name, again.email, again.external_id)


async def test_an_erased_user_who_was_enabled_by_hand_is_disabled_again(database: Database) -> None:
    async with database:
        cast = await gather(database)
        await database.write(erase_user, actor=cast.ada, user_id=cast.sam_id)
        closed = await database.read(get_user, viewer=cast.ada.viewer, user_id=cast.sam_id)
        await database.write(_enable, user_id=cast.sam_id)

        assert 1 == await database.write(erase_user, actor=cast.ada, user_id=cast.sam_id)

        user = await database.read(get_user, viewer=cast.ada.viewer, user_id=cast.sam_id)
        assert (True, closed.closed_at, closed.user_name) == (user.disabled, user.closed_at, user.user_name)


async def _enable(transaction: Transaction, *, user_id: int) -> None:
    await transaction.run(Command(sql_update(users).where(users.c.id == user_id).values(disabled=False)))


async def test_somebody_elses_name_is_not_taken(database: Database) -> None:
    async with database:
        cast = await gather(database)
        wanted = f"closed-{cast.sam_id}"
        await add_user(database, "Clown", organization_id=cast.organization_id, user_name=wanted.upper())
        await add_user(database, "Joker", organization_id=cast.organization_id, email=f"{wanted}-2@closed.invalid")

        await database.write(erase_user, actor=cast.ada, user_id=cast.sam_id)

        user = await database.read(get_user, viewer=cast.ada.viewer, user_id=cast.sam_id)
        assert (f"{wanted}-3", f"{wanted}-3@closed.invalid") == (user.user_name, user.email)
        assert 0 == await database.write(erase_user, actor=cast.ada, user_id=cast.sam_id)


async def test_what_was_said_of_others_who_had_the_same_enrollment_stays(database: Database) -> None:
    async with database:
        cast = await gather(database)
        class_id = await add_class(database, cast)
        enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, note="Sam's")
        for changes in ({"user_id": cast.sue_id}, {"note": "Sue's"}, {"user_id": cast.ivan_id}, {"note": "Ivan's"}):
            await database.write(update, caller=cast.ada, enrollment_id=enrollment_id, changes=EnrollmentChanges(**changes))

        await database.write(erase_user, actor=cast.ada, user_id=cast.sue_id)

        told = [
            [(entry.before or {}).get("note"), (entry.after or {}).get("note")]
            for entry in await history_of(database, "enrollment", enrollment_id)
        ]
        assert [[None, "Sam's"], ["Sam's", None], [None, ERASED], [ERASED, None], [None, "Ivan's"]] == told


async def test_what_is_added_after_the_looking_up_is_erased_too(database: Database) -> None:
    async with database:
        cast = await gather(database)
        person = await mark_person(database, cast, "sara")
        found = await database.search(find_traces, viewer=cast.ada.viewer, user_id=person.user_id)
        late = await enroll(database, class_id=await add_class(database, cast), user_id=person.user_id, note="late")
        for enrollment_id in (late, *person.enrollment_ids):
            await database.write(update, caller=cast.ada, enrollment_id=enrollment_id, changes=EnrollmentChanges(note="later"))

        await database.write(erase_user, actor=cast.ada, user_id=person.user_id, found=found)

        for enrollment_id in (late, *person.enrollment_ids):
            told = [(entry.before or {}, entry.after or {}) for entry in await history_of(database, "enrollment", enrollment_id)]
            assert {"late", "later"}.isdisjoint(state.get("note") for states in told for state in states)


async def test_a_rehearsal_keeps_everything_and_tells_what_would_become_of_the_user(database: Database) -> None:
    async with database:
        cast = await gather(database)

        rehearsal = await database.rehearse(erase_user, actor=cast.ada, user_id=cast.sam_id)

        assert 2 <= rehearsal.result
        assert ["user.erased"] == [change.record["kind"] for change in rehearsal.recorded]
        assert "sam" == (await database.read(get_user, viewer=cast.ada.viewer, user_id=cast.sam_id)).user_name


@pytest.mark.parametrize("action", [close_account, erase_user])
async def test_who_is_not_in_the_tree_is_not_there(action: Callable[..., Awaitable[int]], database: Database) -> None:
    async with database:
        cast = await gather(database)

        for user_id in (cast.olga_id, NOBODY):
            with pytest.raises(UserNotFoundError):
                await database.write(action, actor=cast.ada, user_id=user_id)
            with pytest.raises(UserNotFoundError):
                await database.search(find_traces, viewer=cast.ada.viewer, user_id=user_id)


@pytest.mark.parametrize("action", [close_account, erase_user])
async def test_who_has_changed_meanwhile_stays(action: Callable[..., Awaitable[int]], database: Database) -> None:
    async with database:
        cast = await gather(database)

        with pytest.raises(VersionChangedError):
            await database.write(action, actor=cast.ada, user_id=cast.sam_id, if_version=7)

        assert 2 <= await database.write(action, actor=cast.ada, user_id=cast.sam_id, if_version=1)


async def test_verify_finds_nothing_of_who_is_erased_and_everything_of_who_is_not(database: Database) -> None:
    async with database:
        cast = await gather(database)
        erased, closed = [await mark_person(database, cast, name) for name in ("sara", "otto")]
        await database.write(erase_user, actor=cast.ada, user_id=erased.user_id)
        assert [] == await database.search(find_breaches, on_progress=lambda _number, _invariant: None, invariants=INVARIANTS)

        await database.write(_close_without_erasing, user_id=closed.user_id)

        findings = await database.search(find_breaches, on_progress=lambda _number, _invariant: None, invariants=INVARIANTS)
        tables = {breach.table for finding in findings for breach in finding.breaches}
        assert {"users", "history", *(kept.table.name for kept in KEPT)} == tables
        assert {closed.user_id} == {breach.id for finding in findings for breach in finding.breaches if breach.table != "history"}


async def _close_without_erasing(transaction: Transaction, *, user_id: int) -> None:
    await transaction.run(Command(sql_update(users).where(users.c.id == user_id).values(closed_at=1)))
