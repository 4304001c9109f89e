"""Only the database package commits and knows its engines; only queries select."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source_file import SourceFile, source_files

TRANSACTION = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|START TRANSACTION)\b")
SELECT = re.compile(r"\s*(SELECT|WITH)\s")
ENGINES = re.compile(r"sqlite|postgres|asyncpg|aiosqlite|psycopg", re.IGNORECASE)


def commits(file: SourceFile) -> Iterator[str]:
    if file.is_in("database"):
        return
    for call in file.calls():
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"commit", "rollback", "begin", "begin_nested"}:
            yield file.at(call.lineno, f".{call.func.attr}() belongs in rollbook.database")
    for line, text in file.texts():
        if TRANSACTION.match(text):
            yield file.at(line, f"{text.split()[0]} belongs in rollbook.database")


def selects(file: SourceFile) -> Iterator[str]:
    folder, _, name = file.name.rpartition("/")
    if file.is_in("database") or name == "queries.py" or folder.endswith("/queries"):
        return
    for line, imported in file.imports():
        if imported.startswith("sqlalchemy.") and imported.endswith(".select"):
            yield file.at(line, "select() belongs in queries")
    for call in file.calls():
        if isinstance(call.func, ast.Attribute) and call.func.attr == "select":
            yield file.at(call.lineno, ".select() belongs in queries")
    for line, text in file.texts():
        if SELECT.match(text):
            yield file.at(line, "SELECT belongs in queries")


def engine_names(file: SourceFile) -> Iterator[str]:
    if file.is_in("database"):
        return
    for line, imported in file.imports():
        if ENGINES.search(imported) and not imported.startswith("rollbook.database"):
            yield file.at(line, f"{imported} belongs in rollbook.database")
    # Settings and the command line tell people what an address looks like.
    if file.is_in("settings.py", "cli"):
        return
    for line, text in file.texts():
        if ENGINES.search(text):
            yield file.at(line, f"{text!r} names an engine")


def test_only_the_database_package_commits() -> None:
    assert [] == [finding for file in source_files() for finding in commits(file)]


def test_only_queries_select() -> None:
    assert [] == [finding for file in source_files() for finding in selects(file)]


def test_only_the_database_package_names_engines() -> None:
    assert [] == [finding for file in source_files() for finding in engine_names(file)]


@pytest.mark.parametrize("text", ["connection.commit()", "connection.execute('COMMIT')", 'run("""\n  BEGIN IMMEDIATE""")', "c.rollback()"])
def test_it_sees_a_commit(text: str) -> None:
    assert list(commits(SourceFile("classes/actions.py", text)))
    assert not list(commits(SourceFile("database/sqlite.py", text)))


@pytest.mark.parametrize(
    "text", ["from sqlalchemy import select", "from sqlalchemy.sql import select", "classes.select()", "sa.select(1)", "text('SELECT 1')"]
)
def test_it_sees_a_select(text: str) -> None:
    assert list(selects(SourceFile("classes/actions.py", text)))
    assert list(selects(SourceFile("queries_of_mine.py", text)))
    assert not list(selects(SourceFile("classes/queries.py", text)))
    assert not list(selects(SourceFile("classes/queries/search.py", text)))


@pytest.mark.parametrize("text", ["import sqlite3", "from asyncpg import Connection", "if dialect == 'postgresql': pass"])
def test_it_sees_the_name_of_an_engine(text: str) -> None:
    assert list(engine_names(SourceFile("app.py", text)))
    assert not list(engine_names(SourceFile("database/engines.py", text)))


def test_a_docstring_may_name_anything() -> None:
    file = SourceFile("app.py", '"""COMMIT what SQLite did, or SELECT."""')

    assert [] == [*commits(file), *selects(file), *engine_names(file)]
