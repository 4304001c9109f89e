"""A desk at which a test runs commands, hands in files and looks into the database."""

import asyncio
import csv
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest

from rollbook.cli import run
from rollbook.database import file_of, open_database
from rollbook.database.transaction import Database

Result = TypeVar("Result")


class Told(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Desk:
    """Runs commands in this process, on one database."""

    def __init__(self, folder: Path, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.url = url
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def run(self, *arguments: str) -> Told:
        self._monkeypatch.setenv("ROLLBOOK_DATABASE_URL", self.url)
        status = run(arguments)
        return Told(status, *self._capsys.readouterr())

    def hand_in(self, noun: str, *lines: str, options: tuple[str, ...] = ()) -> Told:
        """Import a file of those lines."""
        return self.run("import", noun, self.write("file.csv", "\n".join(lines) + "\n"), *options)

    def write(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def exported(self, noun: str, *options: str) -> list[dict[str, str]]:
        """Export to a file and give its rows by the names of their columns."""
        path = self.folder / f"{noun}.csv"
        told = self.run("export", noun, str(path), *options)
        assert (0, "") == (told.status, told.out), told
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def do(self, work: Callable[[Database], Awaitable[Result]]) -> Result:
        """Do some work with the open database."""

        async def open_and_work() -> Result:
            async with open_database(self.url, connections=2) as database:
                return await work(database)

        return asyncio.run(open_and_work())

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask an SQLite database."""
        with closing(sqlite3.connect(file_of(self.url))) as connection:
            return connection.execute(statement).fetchall()

    def tamper(self, *statements: str) -> None:
        """Change an SQLite database behind everybody's back, its references unchecked."""
        with closing(sqlite3.connect(file_of(self.url), isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)
