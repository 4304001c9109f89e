"""One call of an endpoint, as its handler sees it."""

from rollbook.access.actor import Actor
from rollbook.api.rest.conditions import Versions
from rollbook.database.transaction import Database


class Call:
    """
    What a handler knows of a call beside its parameters.

    Attributes:
        database: Where actions and queries run.
        actor: Who calls.
        dry_run: Do everything and keep nothing.
        if_match: The versions that a change is asked for; None where any will do.
    """

    __slots__ = ("actor", "database", "dry_run", "if_match")

    def __init__(self, *, database: Database, actor: Actor, dry_run: bool = False, if_match: Versions | None = None) -> None:
        self.database = database
        self.actor = actor
        self.dry_run = dry_run
        self.if_match = if_match

    @property
    def for_student(self) -> bool:
        """Whether the call is made for a student, who sees no notes."""
        return self.actor.student is not None
