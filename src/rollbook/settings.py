"""Settings of a server or a command, from the environment: each ``ROLLBOOK_<NAME>``."""

import os
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_network
from pathlib import Path

import msgspec

from rollbook.errors import InvalidError

PREFIX = "ROLLBOOK_"
_SITE = re.compile(r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
LEVELS = ("debug", "info", "warning", "error")


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
        database_connections: How many connections each worker may hold to PostgreSQL, 1 to 1,000, and one more.
        host: The name or address that the server listens at.
        port: The port that the server listens at, 1 to 65,535.
        public_url: Where people and other systems reach the server, such as ``https://training.example.com``; no slash at its end.
        trusted_proxies: The addresses or networks of the proxies before the server, separated by commas, whose word is taken on where a request comes
            from; None for no proxy.
        workers: How many processes answer requests, 1 to 64; more than one needs PostgreSQL.
        rate_limit: Calls a minute that a key may make to one worker, 1 to 1,000,000; None for no limit.
        log_level: The least important level that is logged: debug, info, warning or error.
    """

    database_url: str = "sqlite:///data/rollbook.db"
    database_connections: int = 16
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: str | None = None
    workers: int = 1
    rate_limit: int | None = None
    log_level: str = "info"

    @property
    def database_file(self) -> Path | None:
        """The file of an embedded database; None for a database server."""
        scheme, _, path = self.database_url.partition("///")
        return Path(path) if scheme == "sqlite:" and path else None

    @property
    def data_folder(self) -> Path:
        """The folder that holds the embedded database and what belongs to it."""
        return self.database_file.parent if self.database_file else Path("data")


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """
    Read the settings; what is not set, or blank, has its default.

    Raises:
        SettingError: A setting has a value that it cannot have.
    """
    names = {name: PREFIX + name.upper() for name in Settings.__struct_fields__}
    given = {name: text for name, variable in names.items() if (text := environment.get(variable, "").strip())}
    defaults = Settings()
    level = given.get("log_level", defaults.log_level).lower()
    if level not in LEVELS:
        raise SettingError("log_level", level, "debug, info, warning or error")
    host = given.get("host", defaults.host)
    port = _whole_number(given, "port", 65_535) or defaults.port
    return Settings(
        database_url=given.get("database_url", defaults.database_url),
        database_connections=_whole_number(given, "database_connections", 1_000) or defaults.database_connections,
        host=host,
        port=port,
        public_url=_site(given["public_url"]) if "public_url" in given else site_of(host, port),
        trusted_proxies=_addresses(given["trusted_proxies"]) if "trusted_proxies" in given else None,
        workers=_whole_number(given, "workers", 64) or defaults.workers,
        rate_limit=_whole_number(given, "rate_limit", 1_000_000),
        log_level=level,
    )


def site_of(host: str, port: int) -> str:
    """Give the address of a site that has no other than where the server listens."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def program_version() -> str:
    """Give the version of this program; ``0`` where its sources are run without being installed."""
    try:
        return version("rollbook")
    except PackageNotFoundError:
        return "0"


def _site(text: str) -> str:
    """
    Read the address of a site: no more than a scheme, a host and a port.

    Raises:
        SettingError: It is none.
    """
    site = text.rstrip("/")
    if not _SITE.fullmatch(site):
        raise SettingError("public_url", text, "an address such as https://training.example.com, without a path")
    return site


def _addresses(text: str) -> str:
    """Read the addresses, or networks, of proxies, separated by commas."""
    try:
        for address in text.split(","):
            ip_network(address.strip())
    except ValueError as error:
        raise SettingError("trusted_proxies", text, "addresses or networks such as 127.0.0.1,10.0.0.0/8") from error
    return text


def _whole_number(given: Mapping[str, str], name: str, largest: int) -> int | None:
    if name not in given:
        return None
    text = given[name]
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(largest)) and 1 <= int(text) <= largest):
        raise SettingError(name, text, f"a whole number from 1 to {largest:,}")
    return int(text)
