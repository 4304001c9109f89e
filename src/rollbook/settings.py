"""Settings of a server or a command, from the environment: each ``ROLLBOOK_<NAME>``."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from rollbook.errors import InvalidError

PREFIX = "ROLLBOOK_"


class SettingError(InvalidError):
    """A setting has a value that it cannot have."""

    def __init__(self, name: str, given: str, wanted: str) -> None:
        self.name = name
        super().__init__(f"{PREFIX}{name.upper()} is {given!r}, but must be {wanted}")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """
    Everything that can be set from outside.

    Attributes:
        database_url: ``sqlite:///path/to/rollbook.db`` or ``postgresql://user:password@host:port/name``.
        database_connections: How many connections each worker may hold to PostgreSQL, 1 to 1,000.
        rate_limit: Requests a second that a key may send to one worker, 1 to 1,000,000; None for no limit.
        log_level: The least important level that is logged: debug, info, warning or error.
    """

    database_url: str = "sqlite:///data/rollbook.db"
    database_connections: int = 16
    rate_limit: int | None = None
    log_level: str = "info"

    @property
    def data_folder(self) -> Path:
        """The folder that holds the embedded database and what belongs to it."""
        scheme, _, path = self.database_url.partition("///")
        return Path(path).parent if scheme == "sqlite:" else Path("data")


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """
    Read the settings; what is not set has its default.

    Raises:
        SettingError: A setting has a value that it cannot have.
    """
    given = {name: environment[PREFIX + name.upper()].strip() for name in Settings.__struct_fields__ if environment.get(PREFIX + name.upper(), "").strip()}
    level = given.get("log_level", "info").lower()
    if level not in {"debug", "info", "warning", "error"}:
        raise SettingError("log_level", level, "debug, info, warning or error")
    return Settings(
        database_url=given.get("database_url", "sqlite:///data/rollbook.db"),
        database_connections=_whole_number(given, "database_connections", 1_000) or 16,
        rate_limit=_whole_number(given, "rate_limit", 1_000_000),
        log_level=level,
    )


def _whole_number(given: Mapping[str, str], name: str, largest: int) -> int | None:
    if name not in given:
        return None
    text = given[name]
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= largest):
        raise SettingError(name, text, f"a whole number from 1 to {largest:,}")
    return int(text)
