"""What a key may do: one of four scopes, each of which includes those before it."""

import enum
from typing import Final

from rollbook.errors import NotAllowedError


class Scope(enum.StrEnum):
    """
    How far a key reaches.

    ``read`` sees; ``enroll`` changes enrollments, attendance, assignments and subscriptions as well; ``manage`` changes classes, courses,
    classrooms, users and companies, and closes accounts, as well; ``admin`` changes organizations and their preferences as well.
    """

    READ = "read"
    ENROLL = "enroll"
    MANAGE = "manage"
    ADMIN = "admin"

    def includes(self, other: "Scope") -> bool:
        """Tell whether whoever has this scope may do what the other one allows."""
        return other in _INCLUDED[self]


_SCOPES: Final = tuple(Scope)
_INCLUDED: Final = {scope: frozenset(_SCOPES[: place + 1]) for place, scope in enumerate(_SCOPES)}


class ScopeError(NotAllowedError):
    """
    The key's scope does not reach so far.

    Attributes:
        scope: The key's.
        needed: The least one that allows the call.
    """

    def __init__(self, *, scope: Scope, needed: Scope) -> None:
        self.scope = scope
        self.needed = needed
        super().__init__(f"the key has the scope {scope}, and this call needs {needed}; use a key that has it")


def check_scope(scope: Scope, *, needed: Scope) -> None:
    """
    Return when a scope reaches far enough.

    Raises:
        ScopeError: It does not.
    """
    if not scope.includes(needed):
        raise ScopeError(scope=scope, needed=needed)
