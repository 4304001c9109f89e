"""Signing in with a name and a password."""

from typing import Final

from rollbook.database.transaction import Database, Transaction
from rollbook.errors import NotAllowedError
from rollbook.people.passwords import is_password
from rollbook.people.queries.users import lock_users
from rollbook.sessions.actions.attempts import Attempt, begin_attempt, take_back_attempt
from rollbook.sessions.actions.sessions import NewSession, begin_session
from rollbook.sessions.queries.credentials import Credentials, find_credentials

# Of a password that was thrown away.
NOBODYS_HASH: Final = "$argon2id$v=19$m=32768,t=3,p=1$5lHvIIKJPI+SV8UQKoBTBQ$TCYP54lkhyVdZUq1u5FT2TTstFPghdaAXrxAyR1735E"
"""What is compared to where there is nothing to compare, so that the time it takes tells nobody whose name it was."""


class WrongSignInError(NotAllowedError):
    """The name is nobody's, the password is not that one's, or they may not sign in; which of these is never told."""

    def __init__(self) -> None:
        super().__init__("the name or the password is wrong, or this account cannot sign in; try again, or ask an administrator")


async def sign_in(database: Database, *, name: str, password: str, address: str | None, user_agent: str | None) -> NewSession:
    """
    Begin a session of the user with that e-mail address or user name, in any case, and that password.

    Raises:
        WrongSignInError: There is no such user, the password is another one, or the user may not sign in.
        TooManySignInsError: Too many have failed, for the name or from the address.
    """
    name = name.strip()
    user = await database.read(find_credentials, name=name)
    attempt = await database.write(begin_attempt, name=name, user_id=user.user_id if user else None, address=address)
    is_right = await is_password(password, (user and user.password_hash) or NOBODYS_HASH)
    if not is_right or user is None or user.password_hash is None or not user.may_sign_in:
        raise WrongSignInError
    return await database.write(_finish, name=name, user=user, attempt=attempt, address=address, user_agent=user_agent)


async def _finish(
    transaction: Transaction, *, name: str, user: Credentials, attempt: Attempt, address: str | None, user_agent: str | None
) -> NewSession:
    await lock_users(transaction, user_ids=[user.user_id])
    # Meanwhile the password may have become another one, or the account been closed.
    if await find_credentials(transaction, name=name) != user:
        raise WrongSignInError
    await take_back_attempt(transaction, attempt=attempt)
    return await begin_session(transaction, user=user, with_password=True, address=address, user_agent=user_agent)
