"""Beginning and ending sessions."""

from typing import Final

from msgspec import Struct
from sqlalchemy import BigInteger, Boolean, Integer, Text, bindparam, delete, insert, or_, update

from rollbook.access.keys import hash_of
from rollbook.database.query import Command
from rollbook.database.transaction import Transaction
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from rollbook.people.actions.sign_ins import LONGEST_ADDRESS, LONGEST_USER_AGENT, record_sign_in
from rollbook.sessions.model import sessions
from rollbook.sessions.queries.credentials import Credentials
from rollbook.sessions.queries.sessions import IDLE_SECONDS, LONGEST_SECONDS, list_managed_in_session
from rollbook.sessions.secret_texts import make_secret

_SESSION_ID: Final = bindparam("session_id", type_=Integer())
_USER_ID: Final = bindparam("user_id", type_=Integer())
_NOW: Final = bindparam("now", type_=BigInteger())

_BEGIN: Final = Command(
    insert(sessions).values(
        user_id=_USER_ID,
        secret_hash=bindparam("secret_hash", type_=Text()),
        password_mark=bindparam("password_mark", type_=Text()),
        with_password=bindparam("with_password", type_=Boolean()),
        chosen_organization_id=bindparam("chosen_organization_id", type_=Integer()),
        started_at=_NOW,
        seen_at=_NOW,
    )
)
_END_OLD: Final = Command(
    delete(sessions).where(
        or_(
            sessions.c.seen_at <= bindparam("idle_since", type_=BigInteger()),
            (sessions.c.user_id == _USER_ID) & (sessions.c.started_at <= bindparam("too_old", type_=BigInteger())),
        )
    )
)
_TOUCH: Final = Command(update(sessions).where(sessions.c.id == _SESSION_ID, sessions.c.seen_at < _NOW).values(seen_at=_NOW))
_CHOOSE: Final = Command(
    update(sessions).where(sessions.c.id == _SESSION_ID).values(chosen_organization_id=bindparam("chosen_organization_id", type_=Integer()))
)
_END: Final = Command(delete(sessions).where(sessions.c.id == _SESSION_ID))
_END_ALL: Final = Command(delete(sessions).where(sessions.c.user_id == _USER_ID))


class NewSession(Struct, frozen=True):
    """
    A session at the one moment its secret is known.

    Attributes:
        seconds: For how long the secret may be good at most.
    """

    secret: str
    seconds: int = LONGEST_SECONDS


async def begin_session(
    transaction: Transaction,
    *,
    user: Credentials,
    with_password: bool,
    address: str | None,
    user_agent: str | None,
    chosen_organization_id: int | None = None,
) -> NewSession:
    """Begin a session of a user who has shown who they are, and keep that they signed in; what has ended of sessions is removed."""
    now = transaction.now
    # What comes from outside may hold what an engine does not take.
    address, user_agent = (text and text.replace("\0", "") for text in (address, user_agent))
    await record_sign_in(
        transaction,
        actor=user.actor,
        user_id=user.user_id,
        address=address and address[:LONGEST_ADDRESS],
        user_agent=user_agent and user_agent[:LONGEST_USER_AGENT],
    )
    await transaction.run(_END_OLD, user_id=user.user_id, idle_since=now - IDLE_SECONDS, too_old=now - LONGEST_SECONDS)
    return await open_session(transaction, user=user, with_password=with_password, chosen_organization_id=chosen_organization_id)


async def open_session(
    transaction: Transaction, *, user: Credentials, with_password: bool, chosen_organization_id: int | None = None
) -> NewSession:
    """Begin a session of a user who is signed in already."""
    secret = make_secret()
    await transaction.run(
        _BEGIN,
        user_id=user.user_id,
        secret_hash=hash_of(secret),
        password_mark=user.mark,
        with_password=with_password,
        chosen_organization_id=chosen_organization_id,
        now=transaction.now,
    )
    return NewSession(secret)


async def touch_session(transaction: Transaction, *, session_id: int) -> None:
    """Keep that a session is used now."""
    await transaction.run(_TOUCH, session_id=session_id, now=transaction.now)


async def choose_organization(transaction: Transaction, *, session_id: int, organization_id: int) -> None:
    """
    Work in another one of the organizations that the user of a session manages.

    Raises:
        OrganizationNotFoundError: It is none of the topmost ones that the user manages.
    """
    managed = await list_managed_in_session(transaction, session_id=session_id)
    if organization_id not in {each.id for each in managed}:
        raise OrganizationNotFoundError(organization_id, field="organization_id")
    await transaction.run(_CHOOSE, session_id=session_id, chosen_organization_id=organization_id)


async def end_session(transaction: Transaction, *, session_id: int) -> None:
    """End a session; one that has ended already stays so."""
    await transaction.run(_END, session_id=session_id)


async def end_sessions_of(transaction: Transaction, *, user_id: int) -> None:
    """End every session of a user."""
    await transaction.run(_END_ALL, user_id=user_id)
