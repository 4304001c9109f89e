"""One call of a command, as its handler sees it."""

from collections.abc import Awaitable, Callable
from typing import Any

from rollbook.access.scopes import Scope, check_scope
from rollbook.api.tms.envelope import Change

Authenticate = Callable[[Any, str], Awaitable[Any]]
"""
Finds whose key it is: from the database and the hash of the key to the actor, whose ``name`` is the key's for the log.

Raises InvalidKeyError.
"""


class Call:
    """
    What a handler knows of a call beside its parameters.

    Attributes:
        database: Where actions and queries run.
        key_hash: The SHA-256 of the API key that came with the call, in hexadecimal digits.
        needed: The scope that the key must have for the command.
        public_url: Where people reach the server, without a slash at its end.
        dry_run: Do everything and keep nothing.
        warnings: Texts to answer in ``warnings``; append to it.
        changes: What a dry run would have changed, answered in ``changes``; append to it.
        actor_name: What the log calls the caller, once it is known.
    """

    __slots__ = ("_actor", "_authenticate", "actor_name", "changes", "database", "dry_run", "key_hash", "needed", "public_url", "warnings")

    def __init__(
        self, *, database: Any, key_hash: str, authenticate: Authenticate, needed: Scope = Scope.READ, public_url: str = ""
    ) -> None:
        self.database = database
        self.key_hash = key_hash
        self.needed = needed
        self.public_url = public_url
        self.dry_run = False
        self.warnings: list[str] = []
        self.changes: list[Change] = []
        self.actor_name: str | None = None
        self._authenticate = authenticate
        self._actor: Any = None

    async def actor(self) -> Any:
        """
        Give whom the key belongs to; the database is asked once in a call.

        A handler whose own statement looks the key up does not need it, and tells the name to log_as() instead.

        Raises:
            InvalidKeyError: The key is unknown, revoked, expired, or of a disabled organization.
            ScopeError: Its scope does not reach as far as the command.
        """
        if self._actor is None:
            self._actor = await self._authenticate(self.database, self.key_hash)
            self.actor_name = self._actor.name
            check_scope(self._actor.scope, needed=self.needed)
        return self._actor

    def log_as(self, actor_name: str) -> None:
        """Tell the log who calls, where the handler found out by itself."""
        self.actor_name = actor_name
