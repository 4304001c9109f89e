"""Who may open somebody else's account, by a link with which its password is set, or with which one is signed in."""

from collections.abc import Collection
from typing import Final

from msgspec import Struct

from rollbook.access.roles import ROLES, Permission
from rollbook.errors import NotAllowedError

ALL_PERMISSIONS: Final = frozenset(Permission)
FOR_ONESELF: Final = frozenset({Permission.SEE_OWN_ENROLLMENTS, Permission.REQUEST_ENROLLMENT, Permission.ENROLL_ONESELF})
"""What everybody may do for themselves alone: whoever edits people can do no more by it."""

OF_INSTRUCTORS: Final = frozenset({Permission.SEE_ROSTER, Permission.RECORD_COMPLETION})
"""What instructors may do in their classes: less than whoever edits the enrollments of the same organization."""


class MayNotResetError(NotAllowedError):
    """Whoever opened the account would get more rights by it than they have."""

    def __init__(self, user_id: int, remedy: str) -> None:
        self.user_id = user_id
        super().__init__(f"you may not make a link for user {user_id}: {remedy}")


class Maker(Struct, frozen=True):
    """
    Who makes a link.

    Attributes:
        permissions: What they may do; everything, for a key and for a command.
        path: The tree in which they act.
    """

    permissions: frozenset[Permission]
    path: str


class Owner(Struct, frozen=True):
    """
    Whose account a link opens.

    Attributes:
        managed_paths: Of the organizations that they manage, wherever these are.
    """

    user_id: int
    permissions: frozenset[Permission]
    managed_paths: Collection[str]


def may_reset(*, maker: Maker, owner: Owner) -> MayNotResetError | None:
    """Refuse a link with which its maker could do more than without it, and say who can make it."""
    covered = FOR_ONESELF | OF_INSTRUCTORS if Permission.EDIT_ENROLLMENTS in maker.permissions else FOR_ONESELF
    needed = owner.permissions - covered | {Permission.EDIT_PEOPLE}
    if not needed <= maker.permissions:
        able = [role.name for role in ROLES.values() if needed <= role.permissions]
        return MayNotResetError(owner.user_id, f"their account may do what yours may not; ask somebody with the role {' or '.join(able)}")
    if not all(path.startswith(maker.path) for path in owner.managed_paths):
        remedy = "they manage organizations outside of the tree in which you work; ask whoever manages an organization above all of these"
        return MayNotResetError(owner.user_id, remedy)
    return None
