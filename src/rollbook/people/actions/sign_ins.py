"""Keeping that users signed in: a trace, not a change, so that the history knows nothing of it."""

from sqlalchemy import BigInteger, Integer, Text, bindparam, insert

from rollbook.access.actor import Actor
from rollbook.database.query import Command
from rollbook.database.transaction import Transaction
from rollbook.errors import refuse
from rollbook.people.actions.user_checks import check_open
from rollbook.people.model import sign_ins
from rollbook.people.queries.users import get_user, lock_users

LONGEST_ADDRESS = 64
LONGEST_USER_AGENT = 512

_keep = Command(
    insert(sign_ins).values(
        user_id=bindparam("user_id", type_=Integer),
        at=bindparam("at", type_=BigInteger),
        address=bindparam("address", type_=Text),
        user_agent=bindparam("user_agent", type_=Text),
    )
)


async def record_sign_in(
    transaction: Transaction,
    *,
    actor: Actor,
    user_id: int,
    at: int | None = None,
    address: str | None = None,
    user_agent: str | None = None,
) -> None:
    """
    Keep that a user signed in: now, or at a moment in epoch seconds.

    Raises:
        UserNotFoundError: The actor has no such user.
        AccountClosedError: The user's account is closed.
    """
    # Nobody closes the account in between.
    await lock_users(transaction, user_ids=[user_id])
    user = await get_user(transaction, viewer=actor.viewer, user_id=user_id, field="user_id")
    refuse([check_open(user_id=user_id, closed_at=user.closed_at, field="user_id")])
    await transaction.run(_keep, user_id=user_id, at=transaction.now if at is None else at, address=address, user_agent=user_agent)
