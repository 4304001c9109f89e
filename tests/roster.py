"""What tests do with enrollments, in one line each."""

from typing import Any

from sqlalchemy import Boolean, Integer, bindparam, insert

from rollbook.access.actor import Actor
from rollbook.classes.clashes import ScheduleWarning
from rollbook.classes.details import ClassChanges
from rollbook.database.query import Command
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.class_changes import update_class
from rollbook.enrollments.actions.delete import delete
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.model import attendance
from rollbook.enrollments.queries.class_facts import list_stored_meetings
from rollbook.enrollments.queries.invariants import find_breaches
from rollbook.enrollments.queries.sight import EnrollmentInClass, see_enrollment
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.actions.preferences import set_preference
from rollbook.people.actions.user_details import UserChanges
from rollbook.people.actions.users import update_user
from tests.cast import TESTS, Cast
from tests.recorded import Entry, history_of

REQUESTED, CANCELLED, WAITLISTED, APPROVED, DENIED, AUDIT, ENROLLED = EnrollmentStatus

LONG_AGO = 1_700_000_000
"""A moment at which a class that has started and ended began, in epoch seconds."""

_ATTEND = Command(
    insert(attendance).values(
        meeting_id=bindparam("meeting_id", type_=Integer),
        enrollment_id=bindparam("enrollment_id", type_=Integer),
        attended=bindparam("attended", type_=Boolean),
    )
)


async def see(database: Database, enrollment_id: int) -> EnrollmentInClass:
    """Give an enrollment as it is stored."""
    _, row = await database.read(see_enrollment, caller=TESTS, enrollment_id=enrollment_id)
    return row


async def change(database: Database, enrollment_id: int, *, actor: Actor = TESTS, if_version: int | None = None, **values: Any) -> bool:
    """Change an enrollment and tell whether anything changed."""
    changes = EnrollmentChanges(**values)
    return await database.write(update, caller=actor, enrollment_id=enrollment_id, changes=changes, if_version=if_version)


async def drop(database: Database, enrollment_id: int, *, if_version: int | None = None) -> None:
    """Delete an enrollment."""
    await database.write(delete, caller=TESTS, enrollment_id=enrollment_id, if_version=if_version)


async def change_class(database: Database, class_id: int, **values: Any) -> list[ScheduleWarning]:
    """Change a class."""
    return await database.write(update_class, actor=TESTS, class_id=class_id, changes=ClassChanges(**values))


async def change_user(database: Database, user_id: int, **values: Any) -> None:
    """Change a user."""
    await database.write(update_user, actor=TESTS, user_id=user_id, changes=UserChanges(**values))


async def prefer(database: Database, cast: Cast, **texts: str) -> None:
    """Set preferences of the training organization."""
    for name, text in texts.items():
        await database.write(set_preference, actor=TESTS, organization_id=cast.organization_id, name=name, text=text)


async def attend(database: Database, enrollment_id: int) -> int:
    """Note that a student attended the first meeting of the class, and give the meeting's id."""
    class_id = (await see(database, enrollment_id)).class_id

    async def note(transaction: Transaction) -> int:
        first, *_ = await list_stored_meetings(transaction, class_id=class_id)
        await transaction.run(_ATTEND, meeting_id=first.id, enrollment_id=enrollment_id, attended=True)
        return first.id

    return await database.write(note)


async def last_change(database: Database, enrollment_id: int) -> Entry:
    """Give the last entry of an enrollment's history."""
    return (await history_of(database, "enrollment", enrollment_id))[-1]


async def breaches(database: Database) -> list[str]:
    """Tell where something does not hold that has to hold at every moment."""
    findings = await database.search(find_breaches, on_progress=lambda _number, _invariant: None)
    return [breach.text for finding in findings for breach in finding.breaches]
