"""Finding the user for whom a key acts."""

from typing import Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import Integer, Text, bindparam, select

from rollbook.access.actor import ActingStudent, Actor, ActorKind
from rollbook.access.roles import ROLES, Permission
from rollbook.database.expressions import numbers_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.errors import NotAllowedError
from rollbook.organizations.model import organizations
from rollbook.people.model import user_roles, users

_NO_PERMISSIONS: Final = frozenset[Permission]()


class UnknownActingUserError(NotAllowedError):
    """A key would act for a user who is not in its tree."""

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(f"there is no user {user_id} to act for; give the id of one in the tree of the key's organization")


class DisabledActingUserError(NotAllowedError):
    """A key would act for a user who is disabled."""

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(f"user {user_id} is disabled, so that nobody can act for them; enable the user first")


class ActingUserNoStudentError(NotAllowedError):
    """A key would act for a user none of whose roles is that of a student."""

    rule = "A1"

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(f"none of the roles of user {user_id} is that of a student; give the user the role Student, or leave the user out")


class _ActingUserRow(msgspec.Struct, frozen=True):
    id: int
    user_name: str
    company_id: int | None
    disabled: bool
    path: str
    role_ids: list[int]


_get_acting_user = Query(
    select(
        users.c.id,
        users.c.user_name,
        users.c.company_id,
        users.c.disabled,
        organizations.c.path,
        select(numbers_of(user_roles.c.role_id)).where(user_roles.c.user_id == users.c.id).scalar_subquery().label("role_ids"),
    )
    .join(organizations, organizations.c.id == users.c.organization_id)
    .where(users.c.id == bindparam("user_id", type_=Integer()), within(organizations.c.path, bindparam("path", type_=Text()))),
    _ActingUserRow,
)


async def get_acting_user(transaction: Transaction, *, holder: Actor, user_id: int) -> Actor:
    """
    Give the actor that a user is through a key: with the key's sight and scope, and with the rights of the user's roles.

    Raises:
        UnknownActingUserError: The holder of the key has no such user.
        DisabledActingUserError: The user is disabled.
        ActingUserNoStudentError: None of the user's roles is that of a student (A1).
    """
    user = await transaction.find(_get_acting_user, user_id=user_id, path=holder.viewer.path)
    if user is None:
        raise UnknownActingUserError(user_id)
    if user.disabled:
        raise DisabledActingUserError(user_id)
    permissions = _NO_PERMISSIONS.union(*(ROLES[role_id].permissions for role_id in user.role_ids))
    if Permission.SEE_OWN_ENROLLMENTS not in permissions:
        raise ActingUserNoStudentError(user_id)
    student = ActingStudent(user_id=user.id, company_id=user.company_id, path=user.path, permissions=permissions)
    return replace(holder, kind=ActorKind.USER, id=user.id, name=user.user_name, key_id=holder.id, student=student)
