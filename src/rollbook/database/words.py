"""Texts that are looked for by words: each of them somewhere, in any order."""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import ColumnElement, Text, bindparam, or_

from rollbook.database.expressions import contains
from rollbook.database.schema import ascii_folded, folded

MOST_WORDS: Final = 5
"""How many words of what somebody typed are looked for; the others are not."""


def words_in(typed: str) -> tuple[str, ...]:
    """Give the different words of what somebody typed, as many as are looked for."""
    return tuple(dict.fromkeys(typed.split()))[:MOST_WORDS]


def conditions_of_words(name: str, text: ColumnElement[str], *, folds_a_to_z: bool = False) -> dict[str, ColumnElement[bool]]:
    """
    Give the conditions that a text has words, by the names that ``bound_words`` gives.

    ``folds_a_to_z`` says of a text that ``ascii_lower`` made it, in which other letters stand as they were written.
    """
    conditions: dict[str, ColumnElement[bool]] = {}
    for number in range(1, MOST_WORDS + 1):
        word, capital = bindparam(f"{name}_{number}", type_=Text), bindparam(f"{name}_{number}_capital", type_=Text)
        conditions[f"{name}_{number}"] = contains(text, word)
        if folds_a_to_z:
            conditions[f"{name}_{number}_capital"] = or_(contains(text, word), contains(text, capital))
    return conditions


def bound_words(name: str, words: Iterable[str], *, folds_a_to_z: bool = False) -> tuple[frozenset[str], Mapping[str, str]]:
    """Give the names of the conditions that a text has these words, and the values that they bind."""
    asked: set[str] = set()
    values: dict[str, str] = {}
    for number, word in enumerate(words, start=1):
        values[f"{name}_{number}"] = folded(word)
        capital = ascii_folded(word.title())
        if folds_a_to_z and capital != folded(word):
            values[f"{name}_{number}_capital"] = capital
            asked.add(f"{name}_{number}_capital")
        else:
            asked.add(f"{name}_{number}")
    return frozenset(asked), values
