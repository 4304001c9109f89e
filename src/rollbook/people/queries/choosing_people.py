"""Finding the people whom one can choose for a class: to attend it, or to instruct it."""

from collections.abc import Iterable
from functools import cache
from typing import Final

from sqlalchemy import Integer, bindparam, exists, select

from rollbook.access.actor import Viewer
from rollbook.access.roles import ROLES, Permission
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.people.model import user_roles, users
from rollbook.people.queries.finding_people import OF_WORDS_OF_PEOPLE, PEOPLE, PERSON_ORDER, SEEN, FoundPerson, words_of_people

_INSTRUCTING: Final = tuple(role.id for role in ROLES.values() if Permission.SEE_ROSTER in role.permissions)
_INSTRUCTS: Final = exists(select(user_roles.c.user_id).where(user_roles.c.user_id == users.c.id, user_roles.c.role_id.in_(_INSTRUCTING)))


async def list_choosable_people(
    transaction: Transaction, *, viewer: Viewer, words: Iterable[str], instructing: bool = False, limit: int
) -> list[FoundPerson]:
    """
    Give the first of the viewer's people who are found by all the words, by their last names; who is disabled, or has no account any more, is not.

    *instructing* asks for those whose role is to instruct.
    """
    asked, values = words_of_people(words)
    return await transaction.page(_choosing(asked, instructing=instructing), path=viewer.path, limit=limit, **values)


@cache
def _choosing(asked: frozenset[str], *, instructing: bool) -> Query[FoundPerson]:
    found = [condition for name, condition in OF_WORDS_OF_PEOPLE.items() if name in asked]
    if instructing:
        found.append(_INSTRUCTS)
    chosen = PEOPLE.where(*SEEN, ~users.c.disabled, *found)
    return Query(chosen.order_by(PERSON_ORDER, users.c.id).limit(bindparam("limit", type_=Integer)), FoundPerson)
