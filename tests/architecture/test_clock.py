"""Only ``rollbook.clock`` reads the system clock."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source_file import SourceFile, source_files

READERS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("func", "now")}
SQL_CLOCKS = ("current_timestamp", "current_date", "now()", "unixepoch()", "clock_timestamp")


def clock_readings(file: SourceFile) -> Iterator[str]:
    if file.is_in("clock.py"):
        return
    modules = {imported for _, imported in file.imports()}
    for line, imported in file.imports():
        if imported.startswith("time.") and imported != "time.sleep":
            yield file.at(line, f"{imported} belongs in rollbook.clock")
    for node in file.nodes():
        if isinstance(node, ast.Attribute) and "time" in modules and ast.unparse(node.value) == "time" and node.attr != "sleep":
            yield file.at(node.lineno, f"time.{node.attr} belongs in rollbook.clock")
    for call in file.calls():
        if isinstance(call.func, ast.Attribute) and (_last_name(call.func.value), call.func.attr) in READERS:
            yield file.at(call.lineno, f".{call.func.attr}() reads the clock; rollbook.clock does that")
    for line, text in file.texts():
        if any(clock in text.lower() for clock in SQL_CLOCKS):
            yield file.at(line, f"{text!r} reads the database's clock; transaction.now is the time")


def _last_name(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return None


def test_only_the_clock_reads_the_clock() -> None:
    assert [] == [finding for file in source_files() for finding in clock_readings(file)]


@pytest.mark.parametrize(
    "text",
    [
        "import time\ntime.monotonic()",
        "from time import time_ns",
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "dt.date.today()",
        "func.now()",
        "text('CURRENT_TIMESTAMP')",
    ],
)
def test_it_sees_a_reading(text: str) -> None:
    assert list(clock_readings(SourceFile("classes/actions.py", text)))
    assert not list(clock_readings(SourceFile("clock.py", text)))


def test_sleeping_is_no_reading() -> None:
    assert not list(clock_readings(SourceFile("cli/serve.py", "import time\ntime.sleep(1)")))


def test_the_time_of_a_transaction_and_of_the_clock_are_fine() -> None:
    assert not list(clock_readings(SourceFile("classes/actions.py", "from rollbook import clock\nclock.now()\ntransaction.now()")))
