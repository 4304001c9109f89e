"""Searching classes, people and enrollments at once, by what somebody typed into one box."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Integer, Select, Text, bindparam, case, func, literal_column, or_, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.database.expressions import any_of, unindexed, within
from rollbook.database.query import Query
from rollbook.database.schema import LARGEST_INTEGER
from rollbook.database.transaction import Transaction
from rollbook.database.words import conditions_of_words, words_in
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.class_finding import ClassQuestion, FoundClass, asked_classes, list_found_classes, read_class_question
from rollbook.enrollments.queries.entrance import IdRow
from rollbook.enrollments.queries.listed_enrollments import ListedEnrollment, read_listed_enrollments
from rollbook.organizations.model import organizations
from rollbook.people.model import users
from rollbook.people.queries.finding_people import OF_WORDS_OF_PEOPLE, PERSON_TEXT, FoundPerson, find_people, find_person, words_of_people

MOST_OF_EACH: Final = 10
"""How many classes, people and enrollments are told."""

_FEW: Final = 200


class Findings(msgspec.Struct, frozen=True):
    """
    What was found of each kind.

    Attributes:
        classes: The one with the number as its id, then those that have not ended, then those that have; of each the nearest start first.
        people: The one with the number as their id, then the others by their names.
        enrollments: Those with the number as their id or the text as their external id, then those whose student and class have all
            the words between them, and the student one at least; the latest start first.
    """

    classes: Sequence[FoundClass]
    people: Sequence[FoundPerson]
    enrollments: Sequence[ListedEnrollment]


_text = bindparam("text", type_=Text)
_now = bindparam("now", type_=BigInteger)
_seen = select(organizations.c.id).where(within(organizations.c.path, bindparam("path", type_=Text)))
_class_with_id = Query(
    select(classes.c.id).where(classes.c.id == bindparam("number", type_=Integer), classes.c.organization_id.in_(_seen)), IdRow
)
_enrollments_with = Query(
    select(enrollments.c.id)
    .where(
        or_(enrollments.c.id == bindparam("number", type_=Integer), enrollments.c.external_id == _text),
        unindexed(enrollments.c.organization_id).in_(_seen),
    )
    .order_by(enrollments.c.id)
    .limit(bindparam("most", type_=Integer)),
    IdRow,
)
_OF_CLASSES: Final = conditions_of_words("person_word", classes.c.name_folded, folds_a_to_z=True)
_OF_BOTH: Final = conditions_of_words("person_word", PERSON_TEXT + " " + classes.c.name_folded, folds_a_to_z=True)


async def search_everything(transaction: Transaction, *, viewer: Viewer, typed: str) -> Findings:
    """Give the viewer's classes, people and enrollments that somebody may mean by what they typed."""
    words = words_in(typed)
    if not words:
        return Findings((), (), ())
    text = typed.strip()
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_INTEGER))
    number = int(text) if digits and int(text) <= LARGEST_INTEGER else 0
    return Findings(
        await _classes(transaction, viewer, words, number),
        await _people(transaction, viewer, words, number),
        await _enrollments(transaction, viewer, words, text=text, number=number),
    )


async def _classes(transaction: Transaction, viewer: Viewer, words: tuple[str, ...], number: int) -> Sequence[FoundClass]:
    numbered = await transaction.all(_class_with_id, path=viewer.path, number=number)
    asked, values = read_class_question(ClassQuestion(words=words))
    named = await transaction.page(_classes_named(asked), path=viewer.path, now=transaction.now, most=MOST_OF_EACH, **values)
    return await list_found_classes(transaction, ids=_first(row.id for row in (*numbered, *named)))


async def _people(transaction: Transaction, viewer: Viewer, words: tuple[str, ...], number: int) -> Sequence[FoundPerson]:
    numbered = await find_person(transaction, viewer=viewer, user_id=number)
    found = await find_people(transaction, viewer=viewer, words=words, limit=MOST_OF_EACH)
    people = {person.id: person for person in (*([numbered] if numbered else []), *found.people)}
    return tuple(people.values())[:MOST_OF_EACH]


async def _enrollments(
    transaction: Transaction, viewer: Viewer, words: tuple[str, ...], *, text: str, number: int
) -> Sequence[ListedEnrollment]:
    ids = [row.id for row in await transaction.all(_enrollments_with, path=viewer.path, number=number, text=text, most=MOST_OF_EACH)]
    asked, values = words_of_people(words)
    # The few students, or else classes, that have any of the words lead to what has all of them.
    few = await transaction.page(_students_with_any(asked), few=_FEW, **values)
    by_classes = len(few) == _FEW
    if by_classes:
        found_classes = await transaction.page(_classes_with_any(asked), path=viewer.path, few=_FEW, **values)
        by_classes, few = bool(found_classes), found_classes or few
    query = _with_all(asked, by_classes=by_classes)
    found = await transaction.page(query, path=viewer.path, ids=[row.id for row in few], most=MOST_OF_EACH, **values)
    return await read_listed_enrollments(transaction, viewer=viewer, ids=_first([*ids, *(row.id for row in found)]))


def _first(ids: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(ids))[:MOST_OF_EACH]


@cache
def _classes_named(asked: frozenset[str]) -> Query[IdRow]:
    has_ended = case((classes.c.ends_at <= _now, literal_column("1", Integer)), else_=literal_column("0", Integer))
    keys = (has_ended, func.abs(classes.c.starts_at - _now).asc().nulls_last(), classes.c.id)
    return Query(asked_classes(asked).order_by(*keys).limit(bindparam("most", type_=Integer)), IdRow)


@cache
def _students_with_any(asked: frozenset[str]) -> Query[IdRow]:
    any_word = or_(*(OF_WORDS_OF_PEOPLE[name] for name in asked))
    return Query(select(users.c.id).where(any_word).limit(bindparam("few", type_=Integer)), IdRow)


@cache
def _classes_with_any(asked: frozenset[str]) -> Query[IdRow]:
    any_word = or_(*(_OF_CLASSES[name] for name in asked))
    statement = select(classes.c.id).where(any_word, classes.c.organization_id.in_(_seen))
    return Query(statement.order_by(classes.c.starts_at.desc().nulls_last()).limit(bindparam("few", type_=Integer)), IdRow)


@cache
def _with_all(asked: frozenset[str], *, by_classes: bool) -> Query[IdRow]:
    led_by = enrollments.c.class_id if by_classes else enrollments.c.user_id
    statement: Select[Any] = (
        select(enrollments.c.id)
        .join(classes, classes.c.id == enrollments.c.class_id)
        .join(users, users.c.id == enrollments.c.user_id)
        .where(
            any_of(led_by, "ids"),
            or_(*(OF_WORDS_OF_PEOPLE[name] for name in asked)),
            *(_OF_BOTH[name] for name in asked),
            unindexed(enrollments.c.organization_id).in_(_seen),
        )
    )
    ordered = statement.order_by(unindexed(classes.c.starts_at).desc().nulls_last(), enrollments.c.id)
    return Query(ordered.limit(bindparam("most", type_=Integer)), IdRow)
