"""Making one-time links, and coming in by them."""

from typing import Final

from msgspec import Struct
from sqlalchemy import BigInteger, Integer, Text, bindparam, delete, insert

from rollbook.access.actor import Actor
from rollbook.access.keys import hash_of
from rollbook.database.query import Command
from rollbook.database.transaction import Database, Transaction
from rollbook.errors import ConflictError, refuse
from rollbook.history.recording import entry, recorded
from rollbook.people.actions.password import set_password
from rollbook.people.actions.user_checks import check_open
from rollbook.people.actions.user_details import NewUser
from rollbook.people.actions.users import create_user
from rollbook.people.passwords import hash_password
from rollbook.people.queries.users import get_user, lock_users
from rollbook.sessions.actions.sessions import NewSession, begin_session, end_sessions_of
from rollbook.sessions.model import one_time_links
from rollbook.sessions.new_passwords import list_password_refusals
from rollbook.sessions.queries.credentials import Credentials, get_credentials_of
from rollbook.sessions.queries.links import PASSWORD, SIGN_IN, find_link, get_maker, get_owner
from rollbook.sessions.resetting import may_reset
from rollbook.sessions.secret_texts import make_secret

DAY_SECONDS: Final = 24 * 3600
SIGN_IN_SECONDS: Final = 20

_USER_ID: Final = bindparam("user_id", type_=Integer())
_ADD: Final = recorded(
    insert(one_time_links).values(
        user_id=_USER_ID,
        token_hash=bindparam("token_hash", type_=Text()),
        purpose=bindparam("purpose", type_=Text()),
        password_mark=bindparam("password_mark", type_=Text()),
        destination=bindparam("destination", type_=Text()),
        expires_at=bindparam("expires_at", type_=BigInteger()),
    ),
    identity=one_time_links.c.id,
)
_USE: Final = Command(delete(one_time_links).where(one_time_links.c.id == bindparam("link_id", type_=Integer())))
_FORGET_OLD: Final = Command(delete(one_time_links).where(one_time_links.c.expires_at <= bindparam("now", type_=BigInteger())))
_FORGET_ALL: Final = Command(delete(one_time_links).where(one_time_links.c.user_id == _USER_ID))


class CannotSignInError(ConflictError):
    """A link is made for a user who cannot sign in."""

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(f"user {user_id}, or their organization, is disabled and cannot sign in; enable them first")


class SignedInByLink(Struct, frozen=True):
    """
    A session that a link began.

    Attributes:
        destination: The path to go on to.
    """

    session: NewSession
    destination: str


async def make_password_link(transaction: Transaction, *, actor: Actor, user_id: int, seconds: int = DAY_SECONDS) -> str:
    """
    Make a link with which a user sets their password once, and give its token; it is good for so many seconds.

    Raises:
        UserNotFoundError: The actor sees no such user.
        MayNotResetError: The actor has less rights than the user.
        AccountClosedError: The user's account is closed.
        CannotSignInError: The user, or their organization, is disabled.
    """
    return await _make(transaction, actor=actor, user_id=user_id, purpose=PASSWORD, seconds=seconds)


async def invite_user(transaction: Transaction, *, actor: Actor, user: NewUser, seconds: int) -> str:
    """
    Create a user who has no password yet, and give the token of the link with which they set it.

    Raises:
        RollbookError: Whatever refuses the user, or the link.
    """
    user_id = await create_user(transaction, actor=actor, user=user)
    return await make_password_link(transaction, actor=actor, user_id=user_id, seconds=seconds)


async def make_sign_in_link(transaction: Transaction, *, actor: Actor, user_id: int, destination: str) -> str:
    """
    Make a link that signs a user in once, for ``SIGN_IN_SECONDS``, and goes on to a path of this site; give its token.

    Raises:
        UserNotFoundError: The actor sees no such user.
        MayNotResetError: The actor has less rights than the user.
        AccountClosedError: The user's account is closed.
        CannotSignInError: The user, or their organization, is disabled.
    """
    return await _make(transaction, actor=actor, user_id=user_id, purpose=SIGN_IN, seconds=SIGN_IN_SECONDS, destination=destination)


async def _make(transaction: Transaction, *, actor: Actor, user_id: int, purpose: str, seconds: int, destination: str | None = None) -> str:
    # What the user has been allowed, and the password, stay as they are until the end.
    await lock_users(transaction, user_ids=[user_id])
    user = await get_user(transaction, viewer=actor.viewer, user_id=user_id)
    maker, owner = await get_maker(transaction, actor=actor), await get_owner(transaction, user_id=user_id)
    refuse([check_open(user_id=user_id, closed_at=user.closed_at), may_reset(maker=maker, owner=owner)])
    credentials = await get_credentials_of(transaction, user_id=user_id)
    if not credentials.may_sign_in:
        raise CannotSignInError(user_id)
    await transaction.run(_FORGET_OLD, now=transaction.now)
    token = make_secret()
    expires_at = transaction.now + seconds
    record = entry(
        transaction,
        actor=actor,
        organization_id=user.organization_id,
        kind=f"{purpose}_link.made",
        after={"user_id": user_id, "expires_at": expires_at},
    )
    values = {"user_id": user_id, "token_hash": hash_of(token), "purpose": purpose, "destination": destination, "expires_at": expires_at}
    await transaction.change(_ADD, {**values, "password_mark": credentials.mark}, record)
    return token


async def sign_in_by_link(database: Database, *, token: str, address: str | None, user_agent: str | None) -> SignedInByLink:
    """
    Begin a session of the user for whom a link was made, which is used up by it.

    Raises:
        LinkNotFoundError: There is no such link.
    """
    return await database.write(_sign_in, token=token, address=address, user_agent=user_agent)


async def set_password_by_link(
    database: Database, *, token: str, password: str, again: str, address: str | None, user_agent: str | None
) -> NewSession:
    """
    Set the password of the user for whom a link was made, end their sessions and their other links, and begin a session.

    Raises:
        LinkNotFoundError: There is no such link.
        PasswordLengthError: The password is too short or too long.
        PasswordsDifferError: The repetition is another one.
    """
    await database.read(find_link, token=token)
    refuse(list_password_refusals(password, again=again))
    password_hash = await hash_password(password)
    return await database.write(_set_password, token=token, password_hash=password_hash, address=address, user_agent=user_agent)


async def replace_password(transaction: Transaction, *, user: Credentials, password_hash: str) -> Credentials:
    """Give a user the password that they chose, end their sessions and links, and give what they sign in by from then on."""
    await set_password(transaction, actor=user.actor, user_id=user.user_id, password_hash=password_hash, force_password_change=False)
    await end_sessions_of(transaction, user_id=user.user_id)
    await transaction.run(_FORGET_ALL, user_id=user.user_id)
    return await get_credentials_of(transaction, user_id=user.user_id)


async def _sign_in(transaction: Transaction, *, token: str, address: str | None, user_agent: str | None) -> SignedInByLink:
    user, destination = await _use(transaction, token=token, purpose=SIGN_IN)
    session = await begin_session(transaction, user=user, with_password=False, address=address, user_agent=user_agent)
    return SignedInByLink(session, destination or "/")


async def _set_password(
    transaction: Transaction, *, token: str, password_hash: str, address: str | None, user_agent: str | None
) -> NewSession:
    user, _ = await _use(transaction, token=token, purpose=PASSWORD)
    user = await replace_password(transaction, user=user, password_hash=password_hash)
    return await begin_session(transaction, user=user, with_password=True, address=address, user_agent=user_agent)


async def _use(transaction: Transaction, *, token: str, purpose: str) -> tuple[Credentials, str | None]:
    """Use a link up, and give its user and its destination."""
    seen = await find_link(transaction, token=token, purpose=purpose)
    await lock_users(transaction, user_ids=[seen.user_id])
    link = await find_link(transaction, token=token, purpose=purpose)
    await transaction.run(_USE, link_id=link.id)
    return await get_credentials_of(transaction, user_id=link.user_id), link.destination
