"""Who acts, and what they can see."""

import enum

import msgspec

from rollbook.access.roles import Permission
from rollbook.access.scopes import Scope


class ActorKind(enum.StrEnum):
    """What kind of caller changes something."""

    KEY = "key"
    USER = "user"
    SYSTEM = "system"


class Viewer(msgspec.Struct, frozen=True):
    """
    A tree of organizations: whatever lies outside of it does not exist for its viewer.

    Attributes:
        organization_id: The root of the tree; None for every organization there is.
        path: The root's path, such as ``/1/5/``; ``/`` for every organization there is.
    """

    organization_id: int | None
    path: str


class ActingStudent(msgspec.Struct, frozen=True):
    """
    A user for whom a key acts: with the rights that both have, and under the rules of students.

    Attributes:
        path: The path of the user's organization.
        permissions: What the user's roles allow.
    """

    user_id: int
    company_id: int | None
    path: str
    permissions: frozenset[Permission]


class Actor(msgspec.Struct, frozen=True):
    """
    Who changes something, as the history names them.

    Attributes:
        kind: A key, a user through a key, or the system itself.
        id: The key's id, or the user's; None for the system.
        name: The key's name, the user's, or the name of the command that acts.
        viewer: What the actor sees, which bounds what it can change.
        scope: How far the key reaches.
        key_id: The key through which a user acts; None for other actors.
        student: The user for whom a key acts; None for whoever administers.
    """

    kind: ActorKind
    id: int | None
    name: str
    viewer: Viewer
    scope: Scope = Scope.ADMIN
    key_id: int | None = None
    student: ActingStudent | None = None

    @property
    def as_student(self) -> ActingStudent:
        """The student, where it is certain that the actor is one."""
        assert self.student is not None  # noqa: S101 - tells the type
        return self.student


EVERYTHING = Viewer(None, "/")


def system(name: str) -> Actor:
    """Give the actor of a command that runs on the server itself, which sees every organization."""
    return Actor(ActorKind.SYSTEM, None, name, EVERYTHING)
