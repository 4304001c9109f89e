"""How a thing was at a moment: what it is now, with everything undone that was recorded since."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

State = Mapping[str, Any]
"""Values by their names; a value that is a mapping itself, such as who attended which meeting, is changed piece by piece."""


class Recorded(Struct, frozen=True):
    """
    A change as the history keeps it.

    Attributes:
        at: When, in epoch seconds.
        before: The changed values as they were; None where the change made the thing.
    """

    at: int
    before: State | None


def as_of(state: State | None, changes: Iterable[Recorded], *, moment: int) -> State | None:
    """
    Give the state at the end of a second; None where there was no such thing then.

    Args:
        state: The thing as it is now; None where it is gone.
        changes: What became of it, the newest first.
        moment: Epoch seconds.
    """
    for change in changes:
        if change.at > moment:
            state = undo(state, change.before)
    return state


def undo(state: State | None, before: State | None) -> State | None:
    """Give the state before a change, of which the history kept the changed values as they were."""
    if before is None:
        return None
    known = state or {}
    return {**known, **{name: _put_back(known.get(name), value) for name, value in before.items()}}


def _put_back(now: Any, before: Any) -> Any:
    if not isinstance(before, Mapping):
        return before
    pieces = {**(now or {}), **before}
    return {name: piece for name, piece in pieces.items() if piece is not None}
