"""What a reviewer would say every time, said once."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source_file import NOUNS, PROJECT, SourceFile, source_files

LONGEST_FILE = 300
NAMELESS_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
EXCUSE = re.compile(r"#\s*(noqa\b(:\s*[A-Z]+\d+(\s*,\s*[A-Z]+\d+)*)?|type:\s*ignore(\[[\w,\s-]+\])?)(?P<reason>.*)")
Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def long_files(file: SourceFile) -> Iterator[str]:
    # A migration is as long as the change that it makes, and is never edited again.
    if file.is_in("database/migrations/versions"):
        return
    lines = len(file.text.splitlines())
    if lines > LONGEST_FILE:
        yield file.at(lines, f"more than {LONGEST_FILE} lines: this wants to be two files")


def nameless_files(file: SourceFile) -> Iterator[str]:
    for part in Path(file.name).with_suffix("").parts:
        if part in NAMELESS_NAMES:
            yield file.at(1, f"{part} does not say what is inside")


def missing_docstrings(file: SourceFile) -> Iterator[str]:
    if file.is_in(*NOUNS):
        yield from (file.at(node.lineno, f"{node.name} has no docstring") for node in _public(file.tree) if not ast.get_docstring(node))


def _public(within: ast.Module | ast.ClassDef) -> Iterator[Documented]:
    for node in within.body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def swallowed_exceptions(file: SourceFile) -> Iterator[str]:
    for node in file.nodes():
        if isinstance(node, ast.ExceptHandler):
            if node.type is None:
                yield file.at(node.lineno, "except without a class takes everything")
            if all(_does_nothing(statement) for statement in node.body):
                yield file.at(node.lineno, "an exception is passed over in silence")
    for call in file.calls():
        if ast.unparse(call.func).endswith("suppress") and {"Exception", "BaseException"} & {ast.unparse(kind) for kind in call.args}:
            yield file.at(call.lineno, "every exception is passed over in silence")


def _does_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))


def bare_excuses(text: str) -> Iterator[int]:
    for number, line in enumerate(text.splitlines(), start=1):
        excuse = EXCUSE.search(line)
        if excuse is not None and not re.search(r"\w{3}", excuse["reason"]):
            yield number


def test_no_file_is_long() -> None:
    assert [] == [finding for file in source_files() for finding in long_files(file)]


def test_every_file_is_named_by_what_it_holds() -> None:
    assert [] == [finding for file in source_files() for finding in nameless_files(file)]


def test_every_public_thing_of_a_noun_is_described() -> None:
    assert [] == [finding for file in source_files() for finding in missing_docstrings(file)]


def test_no_exception_is_swallowed() -> None:
    assert [] == [finding for file in source_files() for finding in swallowed_exceptions(file)]


def test_every_excuse_to_a_checker_has_its_reason_beside_it() -> None:
    paths = [
        path for folder in ("src", "tests", "benchmarks") for path in sorted((PROJECT / folder).rglob("*.py")) if path != Path(__file__)
    ]

    assert [] == [f"{path}:{line}" for path in paths for line in bare_excuses(path.read_text())]


def test_it_sees_a_long_file() -> None:
    assert list(long_files(SourceFile("app.py", "pass\n" * 301)))
    assert not list(long_files(SourceFile("app.py", "pass\n" * 300)))


@pytest.mark.parametrize("name", ["utils.py", "api/helpers.py", "common/dates.py", "people/base.py"])
def test_it_sees_a_nameless_file(name: str) -> None:
    assert list(nameless_files(SourceFile(name, "")))


@pytest.mark.parametrize(
    "text", ["def act(): ...", "async def act(): ...", "class Act: ...", 'class Act:\n    """Act."""\n    def on(self): ...']
)
def test_it_sees_a_missing_docstring(text: str) -> None:
    assert list(missing_docstrings(SourceFile("classes/actions.py", text)))
    assert not list(missing_docstrings(SourceFile("app.py", text)))


@pytest.mark.parametrize(
    "text", ["def _act(): ...", 'def act():\n    """Act."""', 'class Act:\n    """Act."""\n    def __init__(self): ...']
)
def test_private_and_described_things_are_fine(text: str) -> None:
    assert not list(missing_docstrings(SourceFile("classes/actions.py", text)))


@pytest.mark.parametrize(
    "text",
    [
        "try: act()\nexcept ValueError: pass",
        "try: act()\nexcept: raise",
        "try: act()\nexcept ValueError: ...",
        "with contextlib.suppress(Exception): act()",
    ],
)
def test_it_sees_a_swallowed_exception(text: str) -> None:
    assert list(swallowed_exceptions(SourceFile("app.py", text)))


@pytest.mark.parametrize("text", ["try: act()\nexcept ValueError: answer()", "while True:\n  try: act()\n  except Busy: continue"])
def test_an_exception_that_is_answered_or_tried_again_is_fine(text: str) -> None:
    assert not list(swallowed_exceptions(SourceFile("app.py", text)))


@pytest.mark.parametrize("text", ["a()  # noqa: S101", "a()  # type: ignore[misc]", "a()  # noqa", "a()  # noqa: S101, S102 -"])
def test_it_sees_an_excuse_without_a_reason(text: str) -> None:
    assert [1] == list(bare_excuses(text))


@pytest.mark.parametrize(
    "text", ["a()  # noqa: S101 - the shell needs it", "a()  # type: ignore[misc]  # the stub is wrong", "a()  # because"]
)
def test_an_excuse_with_a_reason_is_fine(text: str) -> None:
    assert not list(bare_excuses(text))
