"""
Rosters of the past.

Everything that a test does happens in the same second or two; so what was recorded is set back, step by step, to seconds of its own.
"""

import random
from typing import Any

import pytest
from sqlalchemy import BigInteger, bindparam, update

from rollbook.changes.queries.past_rosters import PastRoster, get_past_roster
from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.database.query import Command
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.marking import mark_student
from rollbook.enrollments.queries.class_facts import list_stored_meetings
from rollbook.enrollments.queries.roster import get_roster
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.errors import ConflictError
from rollbook.history.model import history
from tests.cast import (
    DAY,
    MAY,
    TESTS,
    Cast,
    add_class,
    add_company,
    add_course,
    add_organization,
    add_room,
    add_user,
    enroll,
    gather,
    meeting,
)
from tests.roster import AUDIT, CANCELLED, ENROLLED, LONG_AGO, REQUESTED, WAITLISTED, change, change_class, drop, see

_SET_BACK = Command(update(history).where(history.c.at > 1_000_000).values(at=bindparam("at", type_=BigInteger)))


async def set_back(database: Database, second: int) -> None:
    """Let what was recorded since the last time have happened in that second."""

    async def act(transaction: Transaction) -> None:
        await transaction.run(_SET_BACK, at=second)

    await database.write(act)


async def roster_at(database: Database, cast: Cast, class_id: int, moment: int) -> PastRoster:
    """Give the roster of a class as it was."""
    return await database.search(get_past_roster, viewer=cast.ada.viewer, class_id=class_id, moment=moment)


async def present(database: Database, cast: Cast, class_id: int) -> dict[int, Any]:
    """Give what a roster of the past must give later for now."""
    roster = await database.search(get_roster, viewer=cast.ada.viewer, class_id=class_id)
    return {
        entry.row.id: (
            entry.row.user_id,
            entry.row.status,
            entry.row.completion,
            entry.row.classroom_id,
            entry.row.classroom_name,
            entry.row.grade,
            entry.row.waiting_since,
            entry.position,
            entry.row.meetings_attended,
            entry.row.email,
        )
        for entry in roster.entries
    }


def told(roster: PastRoster) -> dict[int, Any]:
    """Give the same of a roster of the past."""
    return {
        entry.id: (
            entry.state.user_id,
            entry.state.status,
            entry.state.completion,
            entry.state.classroom_id,
            entry.classroom_name,
            entry.state.grade,
            entry.state.waiting_since,
            entry.position,
            entry.meetings_attended,
            entry.student.email,
        )
        for entry in roster.entries
    }


async def mark(database: Database, enrollment_id: int, *, attended: bool | None, place: int = 0) -> None:
    """Mark whether a student attended a meeting of the class."""
    class_id = (await see(database, enrollment_id)).class_id
    met = await database.read(list_stored_meetings, class_id=class_id)
    await database.write(mark_student, actor=TESTS, enrollment_id=enrollment_id, meeting_id=met[place].id, attended=attended)


async def test_a_roster_of_the_past_has_who_was_there(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Contoso", organization_id=cast.organization_id)
    zoe_id = await add_user(database, "Zoe", organization_id=cast.organization_id, company_id=company_id, last_name="Adams")
    class_id, other_id = [await add_class(database, cast, meetings=(meeting(MAY + day * DAY),)) for day in range(2)]
    await set_back(database, 1)
    stays = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=WAITLISTED)
    moves = await enroll(database, class_id=class_id, user_id=cast.sue_id)
    goes = await enroll(database, class_id=class_id, user_id=zoe_id, status=REQUESTED, grade=7)
    await set_back(database, 2)
    await change(database, stays, status=ENROLLED, grade=3)
    await change(database, moves, class_id=other_id)
    await drop(database, goes)
    comes = await enroll(database, class_id=class_id, user_id=cast.ivan_id)
    await set_back(database, 3)

    before, then, now, later = [await roster_at(database, cast, class_id, moment) for moment in (1, 2, 3, 9)]

    assert [] == before.entries
    assert [(goes, REQUESTED, 1, 7), (stays, WAITLISTED, 1, None), (moves, ENROLLED, None, None)] == [
        (entry.id, entry.state.status, entry.position, entry.state.grade) for entry in then.entries
    ]
    assert ("Zoe", company_id, "Contoso") == (
        then.entries[0].student.first_name,
        then.entries[0].student.company_id,
        then.entries[0].student.company_name,
    )
    assert [(comes, ENROLLED), (stays, ENROLLED)] == [(entry.id, entry.state.status) for entry in now.entries]
    assert told(now) == told(later) == await present(database, cast, class_id)


async def test_attendance_of_the_past_is_told_too(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [
        await add_class(database, cast, meetings=(meeting(LONG_AGO + day * DAY), meeting(MAY + day * DAY))) for day in range(2)
    ]
    await set_back(database, 1)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=AUDIT)
    await mark(database, enrollment_id, attended=True)
    await mark(database, enrollment_id, attended=False, place=1)
    await set_back(database, 2)
    await mark(database, enrollment_id, attended=True, place=1)
    await change(database, enrollment_id, class_id=other_id)
    await set_back(database, 3)

    assert [1] == [entry.meetings_attended for entry in (await roster_at(database, cast, class_id, 2)).entries]
    assert [] == (await roster_at(database, cast, class_id, 3)).entries
    assert [0] == [entry.meetings_attended for entry in (await roster_at(database, cast, other_id, 3)).entries]


async def test_the_past_of_a_class_comes_along_to_another_organization(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Branch", parent_id=cast.organization_id)
    branch = type(cast.ada.viewer)(branch_id, f"/{cast.organization_id}/{branch_id}/")
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await set_back(database, 1)
    await change(database, enrollment_id, status=CANCELLED)
    await set_back(database, 2)
    await change_class(database, class_id, organization_id=branch_id)
    await set_back(database, 3)

    roster = await database.search(get_past_roster, viewer=branch, class_id=class_id, moment=1)

    assert [(enrollment_id, ENROLLED)] == [(entry.id, entry.state.status) for entry in roster.entries]
    with pytest.raises(ClassNotFoundError):
        await database.search(get_past_roster, viewer=cast.olga.viewer, class_id=class_id, moment=1)


@pytest.mark.parametrize("seed", range(3))
async def test_each_second_of_a_mixed_past_is_as_it_was(database: Database, seed: int) -> None:
    cast = await gather(database)
    chance = random.Random(seed)
    course_id = await add_course(database, cast)
    room_id = await add_room(database, cast)
    class_ids = [
        await add_class(
            database,
            cast,
            course_id=course_id,
            classroom_ids=(room_id,),
            meetings=(meeting(MAY + day * DAY), meeting(MAY + (2 + day) * DAY)),
        )
        for day in range(2)
    ]
    user_ids = [cast.ivan_id, cast.sam_id, cast.sue_id]
    await set_back(database, 1)
    was = {}
    for second in range(2, 26):
        for _ in range(chance.randint(1, 2)):
            await do_something(database, chance, class_ids, user_ids)
        await set_back(database, second)
        was[second] = [await present(database, cast, class_id) for class_id in class_ids]

    for second, expected in was.items():
        assert expected == [told(await roster_at(database, cast, class_id, second)) for class_id in class_ids], second


async def do_something(database: Database, chance: random.Random, class_ids: list[int], user_ids: list[int]) -> None:
    """Do one thing to an enrollment, if the rules let it."""
    class_id, user_id = chance.choice(class_ids), chance.choice(user_ids)
    status = chance.choice([ENROLLED, AUDIT, WAITLISTED, REQUESTED, CANCELLED])
    enrollment_id = chance.randint(1, 8)
    try:
        match chance.randrange(8):
            case 0 | 1:
                await enroll(database, class_id=class_id, user_id=user_id, status=status)
            case 2:
                await change(database, enrollment_id, status=status, grade=chance.randrange(5))
            case 3:
                await change(database, enrollment_id, class_id=class_id)
            case 4:
                await change(database, enrollment_id, user_id=user_id, completion=CompletionStatus.UNKNOWN)
            case 5 | 6:
                await mark(database, enrollment_id, attended=chance.choice([True, False, None]), place=chance.randrange(2))
            case _:
                await drop(database, enrollment_id)
    except (ConflictError, EnrollmentNotFoundError):
        return
