"""Changing one's own password."""

from rollbook.database.transaction import Database, Transaction
from rollbook.errors import InvalidError, refuse
from rollbook.people.passwords import hash_password, is_password
from rollbook.people.queries.users import lock_users
from rollbook.sessions.actions.attempts import Attempt, begin_attempt, take_back_attempt
from rollbook.sessions.actions.links import replace_password
from rollbook.sessions.actions.sessions import NewSession, open_session
from rollbook.sessions.new_passwords import list_password_refusals
from rollbook.sessions.queries.credentials import Credentials, get_credentials_of
from rollbook.sessions.queries.sessions import SignedIn


class WrongPresentPasswordError(InvalidError):
    """Whoever would change their password does not give the one that they have."""

    field = "present"

    def __init__(self) -> None:
        super().__init__("that is not your present password; type it again, or ask an administrator for a link to set a new one")


async def change_password(database: Database, *, user: SignedIn, present: str, password: str, again: str) -> NewSession:
    """
    Change the password of whoever is signed in, end all their sessions and links, and begin another session in place of this one.

    Raises:
        PasswordLengthError: The password is too short or too long.
        PasswordsDifferError: The repetition is another one.
        WrongPresentPasswordError: The present password is another one.
        TooManySignInsError: Too many have failed for the user.
    """
    refuse(list_password_refusals(password, again=again))
    found = await database.read(get_credentials_of, user_id=user.user_id)
    # Whoever finds a session open is not to find out its password.
    attempt = await database.write(begin_attempt, name=f"user {user.user_id}", user_id=user.user_id, address=None)
    if found.password_hash is None or not await is_password(present, found.password_hash):
        raise WrongPresentPasswordError
    password_hash = await hash_password(password)
    return await database.write(_change, user=user, found=found, attempt=attempt, password_hash=password_hash)


async def _change(transaction: Transaction, *, user: SignedIn, found: Credentials, attempt: Attempt, password_hash: str) -> NewSession:
    await lock_users(transaction, user_ids=[user.user_id])
    if await get_credentials_of(transaction, user_id=user.user_id) != found:
        raise WrongPresentPasswordError
    await take_back_attempt(transaction, attempt=attempt)
    changed = await replace_password(transaction, user=found, password_hash=password_hash)
    chosen = user.organization.id if user.organization else None
    return await open_session(transaction, user=changed, with_password=True, chosen_organization_id=chosen)
