"""Finding people by what somebody remembers of them."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, Integer, Select, Text, bindparam, func, literal_column, select

from rollbook.access.actor import Viewer
from rollbook.database.expressions import ascii_lower, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.database.words import bound_words, conditions_of_words
from rollbook.organizations.model import organizations
from rollbook.people.model import companies, users

MOST_COUNTED: Final = 1_000
"""How many people are counted; where there are more, that is all that is told."""


class FoundPerson(msgspec.Struct, frozen=True):
    """
    A person in a list.

    Attributes:
        company_name: None also where the viewer does not see the company.
    """

    id: int
    first_name: str
    last_name: str
    email: str
    user_name: str
    external_id: str | None
    organization_name: str
    company_name: str | None
    disabled: bool


class FoundPeople(msgspec.Struct, frozen=True):
    """
    A page of people.

    Attributes:
        count: How many there are on all pages, ``MOST_COUNTED`` at most.
        is_more: There are more than that.
    """

    people: list[FoundPerson]
    count: int
    is_more: bool


class _CountRow(msgspec.Struct, frozen=True):
    count: int


_SPACE: Final = literal_column("' '", Text)
PERSON_TEXT: Final[ColumnElement[str]] = (
    ascii_lower(users.c.first_name + _SPACE + users.c.last_name)
    + _SPACE
    + users.c.email_folded
    + _SPACE
    + users.c.user_name_folded
    + _SPACE
    + ascii_lower(func.coalesce(users.c.external_id, literal_column("''", Text)))
)
"""What a person is looked for by."""

OF_WORDS_OF_PEOPLE: Final = conditions_of_words("person_word", PERSON_TEXT, folds_a_to_z=True)
"""That a person is found by some words."""

PERSON_ORDER: Final = ascii_lower(users.c.last_name + _SPACE + users.c.first_name)
"""The names by which people are sorted."""

_PATH = bindparam("path", type_=Text)
_owners = organizations.alias("owners")
_seen_companies = (
    select(companies.c.id, companies.c.name)
    .join(_owners, _owners.c.id == companies.c.organization_id)
    .where(within(_owners.c.path, _PATH))
    .subquery("seen_companies")
)
PEOPLE: Final = (
    select(
        users.c.id,
        users.c.first_name,
        users.c.last_name,
        users.c.email,
        users.c.user_name,
        users.c.external_id,
        organizations.c.name.label("organization_name"),
        _seen_companies.c.name.label("company_name"),
        users.c.disabled,
    )
    .select_from(users)
    .join(organizations, organizations.c.id == users.c.organization_id)
    .outerjoin(_seen_companies, _seen_companies.c.id == users.c.company_id)
)
"""Everybody; its columns are the fields of FoundPerson."""

SEEN: Final = (within(organizations.c.path, _PATH), users.c.closed_at.is_(None))
"""That a person is in the tree of organizations bound as ``path`` and has an account that is open."""

_one = Query(PEOPLE.where(users.c.id == bindparam("user_id", type_=Integer), *SEEN), FoundPerson)


def words_of_people(words: Iterable[str]) -> tuple[frozenset[str], Mapping[str, str]]:
    """Give the names of those of ``OF_WORDS_OF_PEOPLE`` that ask for words, and the values that they bind."""
    return bound_words("person_word", words, folds_a_to_z=True)


async def find_people(
    transaction: Transaction, *, viewer: Viewer, words: Iterable[str], descending: bool = False, offset: int = 0, limit: int = 50
) -> FoundPeople:
    """Give a page of the viewer's people who are found by all the words, by their last names; those whose account is closed are not."""
    asked, values = words_of_people(words)
    counting, paging = _finding(asked, descending=descending)
    counted = (await transaction.one(counting, path=viewer.path, most=MOST_COUNTED + 1, **values)).count
    if counted <= offset:
        return FoundPeople([], min(counted, MOST_COUNTED), counted > MOST_COUNTED)
    people = await transaction.page(paging, path=viewer.path, offset=offset, limit=limit, **values)
    return FoundPeople(people, min(counted, MOST_COUNTED), counted > MOST_COUNTED)


async def find_person(transaction: Transaction, *, viewer: Viewer, user_id: int) -> FoundPerson | None:
    """Give a person by the id, or None where the viewer has no such one whose account is open."""
    return await transaction.find(_one, path=viewer.path, user_id=user_id)


@cache
def _finding(asked: frozenset[str], *, descending: bool) -> tuple[Query[_CountRow], Query[FoundPerson]]:
    found = [condition for name, condition in OF_WORDS_OF_PEOPLE.items() if name in asked]
    few = (
        select(users.c.id)
        .join(organizations, organizations.c.id == users.c.organization_id)
        .where(*SEEN, *found)
        .limit(bindparam("most", type_=Integer))
        .subquery()
    )
    keys = (PERSON_ORDER.desc(), users.c.id.desc()) if descending else (PERSON_ORDER, users.c.id)
    page: Select[tuple[object, ...]] = (
        PEOPLE.where(*SEEN, *found).order_by(*keys).limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer))
    )
    return Query(select(func.count().label("count")).select_from(few), _CountRow), Query(page, FoundPerson)
