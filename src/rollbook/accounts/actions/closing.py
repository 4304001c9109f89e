"""Closing an account: the person leaves, and so leaves the classes to come."""

from msgspec.structs import replace

from rollbook.access.actor import EVERYTHING, Actor
from rollbook.accounts.actions.erasing import erase_user
from rollbook.accounts.queries.holdings import ActiveEnrollment, list_active
from rollbook.accounts.queries.traces import Traces
from rollbook.database.transaction import StartAgainError, Transaction
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.holding import Wanted, hold
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.statuses import EnrollmentFrozenError, EnrollmentStatus
from rollbook.history.versions import check_version
from rollbook.people.queries.users import get_user

USER_CLOSED = "user.closed"


async def close_account(
    transaction: Transaction, *, actor: Actor, user_id: int, found: Traces | None = None, if_version: int | None = None
) -> int:
    """
    Cancel a user's active enrollments, except those that are frozen (S2), erase the person, and give how many rows were changed or deleted.

    Each is cancelled as an administrator would do it, in classes of other trees as well: places come free, and may go to who waits (W2).
    What becomes of enrollments that the actor does not see is not told.

    Raises:
        UserNotFoundError: The actor sees no such user.
        VersionChangedError: The user is not at the version asked for.
    """
    user = await get_user(transaction, viewer=actor.viewer, user_id=user_id)
    check_version(noun="user", subject_id=user_id, version=user.version, wanted=if_version)
    cancelled = await _cancel(transaction, actor=actor, user_id=user_id)
    erased = await erase_user(transaction, actor=actor, user_id=user_id, found=found, if_version=if_version, kind=USER_CLOSED)
    return cancelled + erased


async def _cancel(transaction: Transaction, *, actor: Actor, user_id: int) -> int:
    active = await list_active(transaction, viewer=actor.viewer, user_id=user_id)
    if not active:
        return 0
    class_ids = frozenset(each.class_id for each in active)
    wanted = Wanted(class_ids=class_ids, left_class_ids=class_ids, classroom_ids=frozenset(), user_ids=frozenset({user_id}), attend=True)
    holding = await hold(transaction, wanted)
    active = await list_active(transaction, viewer=actor.viewer, user_id=user_id)
    if not class_ids.issuperset(each.class_id for each in active):
        raise StartAgainError
    return sum([await _cancel_one(holding, actor=actor, enrollment=each) for each in active])


async def _cancel_one(transaction: Transaction, *, actor: Actor, enrollment: ActiveEnrollment) -> bool:
    told = len(transaction.recorded)
    caller = actor if enrollment.is_visible else replace(actor, viewer=EVERYTHING)
    try:
        return await update(
            transaction, caller=caller, enrollment_id=enrollment.id, changes=EnrollmentChanges(status=EnrollmentStatus.CANCELLED)
        )
    except EnrollmentFrozenError:
        return False
    finally:
        if not enrollment.is_visible:
            del transaction.recorded[told:]
