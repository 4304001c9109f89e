"""Who acts, and what they can see."""

import enum

import msgspec


class ActorKind(enum.StrEnum):
    """What kind of caller changes something."""

    KEY = "key"
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


class Actor(msgspec.Struct, frozen=True):
    """
    Who changes something, as the history names them.

    Attributes:
        kind: A key, or the system itself.
        id: The key's id; None for the system.
        name: The key's name, or the name of the command that acts.
        viewer: What the actor sees, which bounds what it can change.
    """

    kind: ActorKind
    id: int | None
    name: str
    viewer: Viewer


EVERYTHING = Viewer(None, "/")


def system(name: str) -> Actor:
    """Give the actor of a command that runs on the server itself, which sees every organization."""
    return Actor(ActorKind.SYSTEM, None, name, EVERYTHING)
