"""Rules call nothing: they know the standard library, msgspec, the errors and one another."""

import sys
from collections.abc import Iterator

import pytest

from tests.architecture.source_file import NOUNS, SourceFile, source_files

STORED = {"__init__", "actions", "queries", "model"}
# These two are what every noun stands on, not nouns with rules of their own.
RULED_NOUNS = tuple(noun for noun in NOUNS if noun not in {"access", "history"})
# Hashing a password takes a salt and a thread of its own.
NO_RULES = {"people/passwords.py"}
# A table of the names that Windows gives to time zones.
TABLES = {"tzlocal.windows_tz.win_tz"}
WORLDLY = {"time", "os", "socket", "sqlite3", "subprocess", "threading", "asyncio", "random", "secrets", "pathlib"}


def is_rule(name: str) -> bool:
    noun, _, rest = name.partition("/")
    return name not in NO_RULES and noun in RULED_NOUNS and rest.split("/")[0].removesuffix(".py") not in STORED


def worldly_imports(file: SourceFile) -> Iterator[str]:
    if not is_rule(file.name):
        return
    for line, imported in file.imports():
        top = imported.split(".")[0]
        allowed = (
            (top in sys.stdlib_module_names and top not in WORLDLY) or top == "msgspec" or imported in TABLES or _is_of_the_rules(imported)
        )
        if not allowed:
            yield file.at(line, f"a rule imports {imported}")


def _is_of_the_rules(imported: str) -> bool:
    match imported.split("."):
        case ["rollbook", "errors", *_]:
            return True
        case ["rollbook", noun, rule, *_]:
            return is_rule(f"{noun}/{rule}.py")
        case _:
            return False


def test_rules_call_nothing() -> None:
    assert [] == [finding for file in source_files() for finding in worldly_imports(file)]


@pytest.mark.parametrize(
    "text",
    [
        "from sqlalchemy import Table",
        "import litestar",
        "from rollbook import clock",
        "from rollbook.database.transaction import Transaction",
        "from rollbook.classes.model import classes",
        "from rollbook.classes import queries",
        "import random",
    ],
)
def test_it_sees_a_rule_that_calls(text: str) -> None:
    assert list(worldly_imports(SourceFile("enrollments/seats.py", text)))
    assert not list(worldly_imports(SourceFile("enrollments/actions.py", text)))


@pytest.mark.parametrize(
    "text", ["import enum", "import msgspec", "from rollbook.errors import ConflictError", "from rollbook.classes import statuses"]
)
def test_a_rule_may_know_values_and_rules(text: str) -> None:
    assert not list(worldly_imports(SourceFile("enrollments/seats.py", text)))
