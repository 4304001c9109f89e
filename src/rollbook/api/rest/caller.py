"""Who calls: the key's holder, or a user for whom the key acts."""

import re
from typing import Final

from rollbook.access.actor import Actor
from rollbook.access.errors import InvalidKeyError
from rollbook.access.keys import hash_of
from rollbook.api.rest.refused import malformed
from rollbook.database.transaction import Database
from rollbook.errors import NotAllowedError
from rollbook.organizations.limits import LARGEST_NUMBER
from rollbook.organizations.queries.keys import authenticate
from rollbook.people.queries.acting import UnknownActingUserError, get_acting_user

ACTING_USER: Final = "Rollbook-Acting-User"

_BEARER: Final = re.compile("Bearer +(?P<key>[!-~]+) *", re.IGNORECASE)
_ID: Final = re.compile("[1-9][0-9]{0,9}")


class NotForStudentsError(NotAllowedError):
    """A call for which no student can ask is made for one."""

    def __init__(self) -> None:
        super().__init__(f"this call cannot be made for a student; leave the header {ACTING_USER} out")


def key_hash_of(authorization: str | None) -> str:
    """
    Give the hash of the key in the header ``Authorization``.

    Raises:
        InvalidKeyError: There is none.
    """
    found = _BEARER.fullmatch(authorization.strip()) if authorization else None
    if found is None:
        raise InvalidKeyError
    return hash_of(found["key"])


async def find_holder(database: Database, key_hash: str) -> Actor:
    """
    Give whom a key belongs to.

    Raises:
        InvalidKeyError: It is unknown, revoked, expired, or of a disabled organization.
    """
    return await database.read(authenticate, key_hash=key_hash)


async def find_acting_user(database: Database, holder: Actor, given: str) -> Actor:
    """
    Give the user for whom a key acts.

    Raises:
        RefusedError: The header holds no id.
        UnknownActingUserError: There is no such user in the key's tree.
        DisabledActingUserError: The user is disabled.
    """
    text = given.strip()
    if not _ID.fullmatch(text):
        raise malformed("malformed_header", f"the header {ACTING_USER} holds no id; give that of a user", field=ACTING_USER)
    if int(text) > LARGEST_NUMBER:
        raise UnknownActingUserError(int(text))
    return await database.read(get_acting_user, holder=holder, user_id=int(text))
