"""
What enrollments can be looked for by, and by which way to come to them.

Left alone, SQLite, which keeps no statistics, goes through all enrollments of an organization to find those of one class, or sorts a million
of them to give the first hundred; and PostgreSQL, which cannot know how many names have some part, goes through them in their order until
it has a hundred. So what a condition leaves is looked up first, no further than to where it is many.
"""

from collections.abc import Mapping
from enum import Enum, auto
from functools import cache
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, ColumnElement, Integer, Text, bindparam, exists, func, select

from rollbook.classes.model import classes
from rollbook.database.expressions import any_of, ascii_lower, contains, unindexed, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.database.words import conditions_of_words
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.entrance import CountRow, IdRow
from rollbook.enrollments.statuses import CompletionStatus
from rollbook.organizations.model import organizations
from rollbook.people.model import users
from rollbook.people.queries.finding_people import OF_WORDS_OF_PEOPLE


class Way(Enum):
    """By what to come to the enrollments, all else being looked at one by one."""

    NAMED = auto()
    CLASSES = auto()
    USERS = auto()
    CREATION = auto()
    ORGANIZATIONS = auto()
    ORDER = auto()


_GONE_BY_IDS: Final = {Way.CLASSES, Way.USERS}

OF_WORDS_OF_CLASSES: Final = conditions_of_words("class_word", classes.c.name_folded)
"""That a class's name has some words."""

NEGATED: Final = {"waiting", "has_taken_course"}
"""Questions of which yes and no are two conditions; the other one is called ``not_`` and its name."""

NEED_CLASSES: Final = {"has_taken_course", "not_has_taken_course"}
"""Conditions that are asked of an enrollment together with its class."""

_viewed = select(organizations.c.id).where(within(organizations.c.path, bindparam("path", type_=Text)))
_asked_organization = organizations.alias("asked_organization")
_in_asked_organization = select(organizations.c.id).where(
    within(organizations.c.path, bindparam("path", type_=Text)),
    _asked_organization.c.id == bindparam("organization_id", type_=Integer),
    within(organizations.c.path, _asked_organization.c.path),
)
_other, _other_class = enrollments.alias("other"), classes.alias("other_class")
_taken = exists().where(
    _other.c.user_id == enrollments.c.user_id,
    _other.c.class_id != enrollments.c.class_id,
    _other.c.completion == CompletionStatus.COMPLETE.value,
    unindexed(_other.c.organization_id).in_(_viewed),
    _other_class.c.id == _other.c.class_id,
    unindexed(_other_class.c.course_id) == classes.c.course_id,
)

_OF_CLASSES: Final[dict[str, ColumnElement[bool]]] = {
    "class_name": contains(classes.c.name_folded, bindparam("class_name", type_=Text)),
    "starts_after": classes.c.starts_at >= bindparam("starts_after", type_=BigInteger),
    "starts_before": classes.c.starts_at <= bindparam("starts_before", type_=BigInteger),
    "ends_after": classes.c.ends_at >= bindparam("ends_after", type_=BigInteger),
    "ends_before": classes.c.ends_at <= bindparam("ends_before", type_=BigInteger),
    **OF_WORDS_OF_CLASSES,
}
_OF_USERS: Final[dict[str, ColumnElement[bool]]] = {
    "company_id": users.c.company_id == bindparam("company_id", type_=Integer),
    "student_name": contains(ascii_lower(users.c.first_name + " " + users.c.last_name), bindparam("student_name", type_=Text)),
    **OF_WORDS_OF_PEOPLE,
}
_NAMED: Final[dict[str, ColumnElement[bool]]] = {
    "class_id": enrollments.c.class_id == bindparam("class_id", type_=Integer),
    "user_id": enrollments.c.user_id == bindparam("user_id", type_=Integer),
}
_FEW: Final[dict[Way, tuple[set[str] | None, int]]] = {
    Way.CLASSES: (set(_OF_CLASSES), 200),
    Way.USERS: (set(_OF_USERS), 500),
    Way.CREATION: ({"created_after", "created_before"}, 20_000),
    Way.ORGANIZATIONS: (None, 20_000),
}
"""By which conditions each way may be taken, all of them for None, and how many classes, users or enrollments are no longer few."""

_OTHERS: Final[dict[str, ColumnElement[bool]]] = {
    "statuses": any_of(enrollments.c.status, "statuses"),
    "completions": any_of(enrollments.c.completion, "completions"),
    "late_cancel": enrollments.c.late_cancel == bindparam("late_cancel", type_=Boolean),
    "waiting": enrollments.c.waiting_since.is_not(None),
    "not_waiting": enrollments.c.waiting_since.is_(None),
    "has_taken_course": _taken,
    "not_has_taken_course": ~_taken,
}


OF_CLASSES_AND_STATUSES: Final = frozenset(_OF_CLASSES) | {"organization_id", "statuses"}
"""Conditions that the indexes of classes and of enrollments answer without a look at an enrollment."""


def _of_creation(created_at: ColumnElement[int]) -> dict[str, ColumnElement[bool]]:
    return {
        "created_after": created_at >= bindparam("created_after", type_=BigInteger),
        "created_before": created_at <= bindparam("created_before", type_=BigInteger),
    }


def asks_of_classes(asked: frozenset[str]) -> bool:
    """Tell whether any of those conditions is one of the classes."""
    return not asked.isdisjoint(_OF_CLASSES)


def conditions_of_users(asked: frozenset[str]) -> list[ColumnElement[bool]]:
    """Give those of the conditions of those names that are asked of students alone."""
    return _named(_OF_USERS, asked)


def conditions(asked: frozenset[str], way: Way, *, sort: str) -> list[ColumnElement[bool]]:
    """
    Give the conditions of those names, and the scope's, so that the way's own are looked up in an index and the others are not.

    In the order of the classes' starts, classes are asked before their enrollments, which the statement joins to them.
    """
    given = _of_organizations(
        asked, enrollments.c.organization_id if way is Way.ORGANIZATIONS else unindexed(enrollments.c.organization_id)
    )
    of_classes = _named(_OF_CLASSES, asked)
    if of_classes and sort != "class_start":
        among = unindexed(enrollments.c.class_id).in_(select(classes.c.id).where(*of_classes))
        of_classes = [any_of(enrollments.c.class_id, "found_ids") if way is Way.CLASSES else among]
    of_users = _named(_OF_USERS, asked)
    if of_users:
        among = unindexed(enrollments.c.user_id).in_(select(users.c.id).where(*of_users))
        of_users = [any_of(enrollments.c.user_id, "found_ids") if way is Way.USERS else among]
    created_at = enrollments.c.created_at if way is Way.CREATION or sort == "created" else unindexed(enrollments.c.created_at)
    # What an enrollment itself says comes first: most of those that are looked at need to be looked up nowhere else.
    return [
        *_named(_NAMED, asked),
        *_named(_OTHERS, asked),
        *_named(_of_creation(created_at), asked),
        *of_users,
        *of_classes,
        *given,
    ]


def _of_organizations(asked: frozenset[str], organization_id: ColumnElement[int]) -> list[ColumnElement[bool]]:
    return [organization_id.in_(_in_asked_organization if "organization_id" in asked else _viewed)]


async def choose_way(transaction: Transaction, asked: frozenset[str], values: Mapping[str, Any]) -> tuple[Way, list[int]]:
    """
    Decide by which way to come to the enrollments that meet the conditions of those names: by the first that leaves few of them.

    It is given with the ids of the classes or users that it goes by, which the statement takes as ``found_ids``.
    """
    if not asked.isdisjoint(_NAMED):
        return Way.NAMED, []
    for way, (names, few) in _FEW.items():
        if names is not None and asked.isdisjoint(names):
            continue
        if way in _GONE_BY_IDS:
            rows = await transaction.page(_look_up(way, asked), few=few, **values)
            if len(rows) < few:
                return way, [row.id for row in rows]
        elif (await transaction.one(_count(way, asked), few=few, **values)).count < few:
            return way, []
    return Way.ORDER, []


@cache
def _look_up(way: Way, asked: frozenset[str]) -> Query[IdRow]:
    if way is Way.CLASSES:
        found = select(classes.c.id).where(*_named(_OF_CLASSES, asked))
    else:
        found = select(users.c.id).where(*_named(_OF_USERS, asked))
    return Query(found.limit(bindparam("few", type_=Integer)), IdRow)


@cache
def _count(way: Way, asked: frozenset[str]) -> Query[CountRow]:
    if way is Way.CREATION:
        conditions = _named(_of_creation(enrollments.c.created_at), asked)
    else:
        conditions = _of_organizations(asked, enrollments.c.organization_id)
    counted = select(enrollments.c.id).where(*conditions).limit(bindparam("few", type_=Integer)).subquery()
    return Query(select(func.count().label("count")).select_from(counted), CountRow)


def _named(named: Mapping[str, ColumnElement[bool]], asked: frozenset[str]) -> list[ColumnElement[bool]]:
    return [condition for name, condition in named.items() if name in asked]
