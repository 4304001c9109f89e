"""What stands where something identified a person, once the person is erased."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

ERASED: Final = "(erased)"
"""What the history says instead of whatever identified a person."""

_OWNER: Final = "user_id"


class Naming(Struct, frozen=True):
    """
    What the names of values tell.

    Attributes:
        identifying: Names of a user's values that identify, whatever their type.
        harmless: Names of texts that identify nobody. Any other text identifies: what is not known is not trusted.
        patterns: What stands in place of the values that a user cannot be without, ``{id}`` being the user's id.
    """

    identifying: frozenset[str]
    harmless: frozenset[str]
    patterns: tuple[str, ...]


class RecordedRow(Struct, frozen=True):
    """A row of the history, as far as it can tell of a person."""

    id: int
    subject: str
    subject_id: int
    actor_kind: str
    actor_id: int | None
    actor_name: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Replacement(Struct, frozen=True):
    """What a row of the history says once the person is erased."""

    id: int
    actor_name: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def remainder(pattern: str, number: str) -> str:
    """Give what stands in place of a value; ``number`` is the user's id, with something behind it where another user has that value."""
    return pattern.replace("{id}", number)


def numbers_of(user_id: int) -> Iterable[str]:
    """Give what a user can be numbered by, the best first."""
    yield str(user_id)
    attempt = 1
    while True:
        attempt += 1
        yield f"{user_id}-{attempt}"


def is_remainder(value: object, pattern: str | None, user_id: int) -> bool:
    """Tell whether a value is what stands in place of one that identified; ``pattern`` is None where nothing does."""
    if value is None or pattern is None:
        return value is None
    allowed = re.escape(pattern).replace(re.escape("{id}"), rf"{user_id}(-[0-9]+)?")
    return isinstance(value, str) and re.fullmatch(allowed, value) is not None


def erase_rows(rows: Sequence[RecordedRow], *, user_ids: Collection[int], naming: Naming) -> list[Replacement]:
    """
    Give what the history says instead, of the rows that have to change.

    The rows are all those that tell of the person, by ascending id: a thing may have been somebody else's before or since, whose texts stay.

    Args:
        rows: Rows of the history.
        user_ids: The person's id, and those of the users who were merged into this one.
        naming: What the names of values tell.
    """
    erase = _Erasing(user_ids, naming)
    owners = {key: _first_owner(values) for key, values in _by_thing(rows).items()}
    replaced = []
    for row in rows:
        key = (row.subject, row.subject_id)
        owner = (row.before or {}).get(_OWNER, owners[key])
        owners[key] = next_owner = (row.after or {}).get(_OWNER, owner)
        is_user = row.subject == "user"
        replacement = Replacement(
            row.id,
            ERASED if row.actor_kind == "user" and row.actor_id in user_ids else row.actor_name,
            erase(row.before, of_user=is_user) if _is_of(user_ids, row, owner) else row.before,
            erase(row.after, of_user=is_user) if _is_of(user_ids, row, next_owner) else row.after,
        )
        if (replacement.actor_name, replacement.before, replacement.after) != (row.actor_name, row.before, row.after):
            replaced.append(replacement)
    return replaced


def _by_thing(rows: Sequence[RecordedRow]) -> dict[tuple[str, int], list[Mapping[str, Any]]]:
    things: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for row in rows:
        things.setdefault((row.subject, row.subject_id), []).extend(values for values in (row.before, row.after) if values is not None)
    return things


def _first_owner(told: Iterable[Mapping[str, Any]]) -> int | None:
    """Give whose a thing was at first, by the first word on it."""
    return next((values[_OWNER] for values in told if _OWNER in values), None)


def _is_of(user_ids: Collection[int], row: RecordedRow, owner: int | None) -> bool:
    return (row.subject_id if row.subject == "user" else owner) in user_ids


class _Erasing:
    """Replaces what identifies in what the history keeps of a change."""

    def __init__(self, user_ids: Collection[int], naming: Naming) -> None:
        self._user_ids = user_ids
        self._naming = naming

    def __call__(self, values: Mapping[str, Any] | None, *, of_user: bool) -> dict[str, Any] | None:
        return None if values is None else {name: self._erase(name, value, of_user=of_user) for name, value in values.items()}

    def _erase(self, name: str, value: Any, *, of_user: bool, whole: bool = False) -> Any:
        if isinstance(value, dict):
            return {each: self._erase(each, inner, of_user=of_user, whole=whole) for each, inner in value.items()}
        # A custom field, whose value stands under the field's id, may hold a number as well.
        whole = whole or (of_user and (name in self._naming.identifying or name.isdecimal()))
        if isinstance(value, list):
            return [self._erase(name, each, of_user=of_user, whole=whole) for each in value]
        if value is None or not (whole or isinstance(value, str)):
            return value
        if name in self._naming.harmless or any(
            is_remainder(value, pattern, user_id) for pattern in self._naming.patterns for user_id in self._user_ids
        ):
            return value
        return ERASED
