"""
The root of every error that Rollbook raises on purpose, and its five kinds.

Each fact is a class of its own beside what raises it, for example ``ClassFullError(ConflictError)``. A doorway maps the five kinds
once and knows none of the facts.
"""

from collections.abc import Sequence
from typing import ClassVar


class RollbookError(Exception):
    """
    Something that a caller can be told in one sentence that names the fact and says what to do.

    Attributes:
        rule: The number of the enrollment rule that says no, where it is one.
        field: The name of the value given by the caller that the sentence is about, where it is one.
    """

    rule: ClassVar[str | None] = None
    field: str | None = None


class NotFoundError(RollbookError):
    """What the caller asks about does not exist for the caller."""


class NotAllowedError(RollbookError):
    """The caller is not who they say, or may not do this."""


class ConflictError(RollbookError):
    """A rule refuses the change in the state that things are in now."""


class InvalidError(RollbookError):
    """A given value cannot be taken, whatever the state of things."""


class UnavailableError(RollbookError):
    """The database cannot answer now; the same call may succeed later."""


class SeveralRefusalsError(ConflictError):
    """
    More than one rule or value refuses the change; all are told at once.

    Attributes:
        refusals: The single errors, at least two.
    """

    def __init__(self, refusals: Sequence[RollbookError]) -> None:
        self.refusals = tuple(refusals)
        # Two values can be refused for the same fact, which is told once.
        super().__init__("; ".join(dict.fromkeys(str(refusal) for refusal in self.refusals)))


def refuse(refusals: Sequence[RollbookError | None]) -> None:
    """
    Raise what refuses the change, all of it at once, or return when nothing does.

    Raises:
        RollbookError: The only refusal there is.
        SeveralRefusalsError: There are more than one.
    """
    standing = [refusal for refusal in refusals if refusal is not None]
    if len(standing) == 1:
        raise standing[0]
    if standing:
        raise SeveralRefusalsError(standing)
