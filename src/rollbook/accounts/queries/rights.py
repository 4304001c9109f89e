"""What users may do, whoever asks."""

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import select

from rollbook.database.expressions import any_of
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.people.model import managed_organizations, user_roles


class Rights(Struct, frozen=True):
    """The roles of a user, and the organizations that the user manages."""

    role_ids: frozenset[int]
    organization_ids: frozenset[int]


class _Right(Struct, frozen=True):
    user_id: int
    id: int


_roles = Query(select(user_roles.c.user_id, user_roles.c.role_id.label("id")).where(any_of(user_roles.c.user_id, "user_ids")), _Right)
_managed = Query(
    select(managed_organizations.c.user_id, managed_organizations.c.organization_id.label("id")).where(
        any_of(managed_organizations.c.user_id, "user_ids")
    ),
    _Right,
)


async def list_rights(transaction: Transaction, *, user_ids: Collection[int]) -> dict[int, Rights]:
    """Give all rights of users who have been found, by their ids, those too that the one who asks does not see."""
    roles, managed = [await transaction.all(query, user_ids=list(user_ids)) for query in (_roles, _managed)]
    return {
        user_id: Rights(
            frozenset(row.id for row in roles if row.user_id == user_id), frozenset(row.id for row in managed if row.user_id == user_id)
        )
        for user_id in user_ids
    }
