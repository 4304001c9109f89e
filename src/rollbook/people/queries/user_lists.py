"""Listing users by what they have in common."""

from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Boolean, ColumnElement, Integer, Text, bindparam, exists

from rollbook.access.actor import Viewer
from rollbook.database.expressions import contains
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.people.model import user_roles, users
from rollbook.people.queries.users import VISIBLE, UserRow, users_in_scope


class UserCriteria(Struct, frozen=True, kw_only=True):
    """
    What the users of a list have in common; None is not asked.

    Attributes:
        user_name: A part of the user name, in any case.
        email: The whole e-mail address, in any case.
        role_id: One of the user's roles.
    """

    user_name: str | None = None
    email: str | None = None
    external_id: str | None = None
    organization_id: int | None = None
    company_id: int | None = None
    manager_id: int | None = None
    role_id: int | None = None
    disabled: bool | None = None


_FOLDED: Final = {"user_name", "email"}
_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "user_name": contains(users.c.user_name_folded, bindparam("user_name", type_=Text)),
    "email": users.c.email_folded == bindparam("email", type_=Text),
    "external_id": users.c.external_id == bindparam("external_id", type_=Text),
    "organization_id": users.c.organization_id == bindparam("organization_id", type_=Integer),
    "company_id": (users.c.company_id == bindparam("company_id", type_=Integer)) & VISIBLE["company_id"].is_not(None),
    "manager_id": (users.c.manager_id == bindparam("manager_id", type_=Integer)) & VISIBLE["manager_id"].is_not(None),
    "role_id": exists().where(user_roles.c.user_id == users.c.id, user_roles.c.role_id == bindparam("role_id", type_=Integer)),
    "disabled": users.c.disabled == bindparam("disabled", type_=Boolean),
}


async def list_users(transaction: Transaction, *, viewer: Viewer, criteria: UserCriteria, after_id: int, limit: int) -> list[UserRow]:
    """Give the users with an id above ``after_id`` that meet the criteria, ascending, at most ``limit`` of them."""
    given = {name: value for name, value in asdict(criteria).items() if value is not None}
    values = {name: folded(value) if name in _FOLDED else value for name, value in given.items()}
    return await transaction.page(_listing(frozenset(values)), path=viewer.path, after_id=after_id, limit=limit, **values)


@lru_cache(maxsize=256)
def _listing(asked: frozenset[str]) -> Query[UserRow]:
    conditions = (condition for name, condition in _CONDITIONS.items() if name in asked)
    return Query(
        users_in_scope()
        .where(users.c.id > bindparam("after_id", type_=Integer), *conditions)
        .order_by(users.c.id)
        .limit(bindparam("limit", type_=Integer)),
        UserRow,
    )
