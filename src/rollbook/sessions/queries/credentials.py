"""Reading by what somebody can sign in."""

from typing import Final

from msgspec import Struct
from sqlalchemy import Integer, Select, Text, bindparam, case, literal_column, or_, select

from rollbook.access.actor import Actor, ActorKind, Viewer
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.organizations.limits import LONGEST_EMAIL
from rollbook.organizations.model import organizations
from rollbook.people.model import users
from rollbook.people.queries.users import UserNotFoundError
from rollbook.sessions.secret_texts import password_mark


class Credentials(Struct, frozen=True):
    """
    A user as one who may sign in.

    Attributes:
        may_sign_in: Neither the user nor their organization is disabled, nor their account closed.
    """

    user_id: int
    user_name: str
    organization_id: int
    path: str
    password_hash: str | None
    may_sign_in: bool

    @property
    def mark(self) -> str:
        """The mark of the password that the user has now."""
        return password_mark(self.password_hash)

    @property
    def actor(self) -> Actor:
        """The user, who acts in their own organization."""
        return Actor(ActorKind.USER, self.user_id, self.user_name, Viewer(self.organization_id, self.path))


_NAME: Final = bindparam("name", type_=Text())


def _credentials() -> Select[tuple[object, ...]]:
    open_to_them = (~users.c.disabled) & users.c.closed_at.is_(None) & organizations.c.enabled
    return select(
        users.c.id.label("user_id"),
        users.c.user_name,
        users.c.organization_id,
        organizations.c.path,
        users.c.password_hash,
        open_to_them.label("may_sign_in"),
    ).join(organizations, organizations.c.id == users.c.organization_id)


_find_by_name = Query(
    _credentials()
    .where(or_(users.c.email_folded == _NAME, users.c.user_name_folded == _NAME))
    # The user name of one can be the e-mail address of another, to whom it belongs.
    .order_by(case((users.c.email_folded == _NAME, literal_column("0", Integer())), else_=literal_column("1", Integer()))),
    Credentials,
)
_find_by_id = Query(_credentials().where(users.c.id == bindparam("user_id", type_=Integer())), Credentials)


async def find_credentials(transaction: Transaction, *, name: str) -> Credentials | None:
    """Give the user of the whole server who has an e-mail address or a user name, in any case; None where nobody has."""
    # What no name can be is not looked for; an engine would refuse some of it.
    if not name.isprintable() or len(name) > LONGEST_EMAIL:
        return None
    return await transaction.find(_find_by_name, name=folded(name))


async def get_credentials_of(transaction: Transaction, *, user_id: int) -> Credentials:
    """
    Give a user of the whole server as one who may sign in.

    Raises:
        UserNotFoundError: There is no such user, any more.
    """
    user = await transaction.find(_find_by_id, user_id=user_id)
    if user is None:
        raise UserNotFoundError(user_id)
    return user
