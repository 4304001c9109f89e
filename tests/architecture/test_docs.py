"""What the documentation says of the program is compared with the program."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from rollbook import errors
from rollbook.cli import COMMANDS
from rollbook.settings import PREFIX, Settings
from tests.architecture.source_file import PACKAGE, PROJECT, SourceFile, source_files

DOCS: Final = PROJECT / "docs"
DECISIONS: Final = DOCS / "adr"
PAGES: Final = (PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md")))
KINDS: Final = ("NotFoundError", "NotAllowedError", "ConflictError", "InvalidError", "UnavailableError")
LONGEST_DECISION: Final = 50

FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"## `(\w+)`")
ROW = re.compile(r"\| `(\w+)` \| (\w*) ?\|")
SETTING = re.compile(rf"\b{PREFIX}[A-Z_]+")
COMMAND = re.compile(r"\brollbook ([a-z]+(?:-[a-z]+)*)")
PLACE = re.compile(r"[\w.]+(/[\w.]+)*(/|\.py)")
RULE = re.compile(r"\b[ABCELMNPSTVW][1-9]\b")


def code_of(text: str) -> Iterator[str]:
    """Give what a page sets as code."""
    yield from FENCED.findall(text)
    yield from QUOTED.findall(FENCED.sub("", text))


def told_errors(text: str) -> dict[str, tuple[str, str]]:
    """Give the errors that a page tells of, each with its kind and the number of its rule."""
    told: dict[str, tuple[str, str]] = {}
    kind = ""
    for line in text.splitlines():
        if line.startswith("## "):
            heading = HEADING.match(line)
            kind = heading[1] if heading else ""
        elif kind and (row := ROW.match(line)):
            told[row[1]] = kind, row[2]
    return told


def raised_errors(files: list[SourceFile]) -> dict[str, tuple[str, str]]:
    """Give the errors that the program defines, each with its kind and the number of its rule."""
    defined = {node.name: node for file in files for node in file.nodes() if isinstance(node, ast.ClassDef)}
    kinds = {name: kind for name in defined if (kind := _kind_of(name, defined))}
    return {name: (kind, _rule_of(defined[name])) for name, kind in kinds.items() if name not in KINDS}


def _kind_of(name: str, defined: Mapping[str, ast.ClassDef]) -> str | None:
    if name in KINDS:
        return name
    bases = (ast.unparse(base).rpartition(".")[2] for base in defined[name].bases) if name in defined else ()
    return next((kind for base in bases if base != name and (kind := _kind_of(base, defined))), None)


def _rule_of(defined: ast.ClassDef) -> str:
    for node in defined.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "rule" and isinstance(node.value, ast.Constant):
            return str(node.value.value)
    return ""


def broken_links(page: Path, text: str) -> Iterator[str]:
    """Give the links of a page that lead to nothing in the project."""
    for target in LINK.findall(FENCED.sub("", text)):
        if "://" not in target and not target.startswith("#") and not (page.parent / target.partition("#")[0]).exists():
            yield f"{page.name}: {target}"


def missing_places(page: Path, text: str) -> Iterator[str]:
    """Give the folders and source files that a page names and that are not there, neither in the project nor in the package."""
    for code in QUOTED.findall(FENCED.sub("", text)):
        found = any((root / code).exists() for root in (PROJECT, PACKAGE))
        if PLACE.fullmatch(code) and not found and not ("/" not in code and list(PACKAGE.rglob(code))):
            yield f"{page.name}: {code}"


def faults_of_decision(name: str, text: str) -> Iterator[str]:
    """Give what a decision record lacks, or has too much of."""
    lines = text.splitlines()
    if len(lines) > LONGEST_DECISION:
        yield f"{name}: more than {LONGEST_DECISION} lines"
    if not re.match(rf"# {int(name[:4])}\. \w", lines[0]):
        yield f"{name}: its title does not begin with its number"
    if not re.match(r"(Accepted|Superseded by .+), \d{4}-\d\d-\d\d\.$", lines[2]):
        yield f"{name}: its status is not told under its title"
    if [line for line in lines if line.startswith("## ")] != ["## Context", "## Decision", "## Consequences"]:
        yield f"{name}: it is not told as Context, Decision, Consequences"


def test_every_error_is_explained_under_its_kind_with_its_rule() -> None:
    assert raised_errors(source_files()) == told_errors((DOCS / "errors.md").read_text())


def test_the_kinds_are_those_of_the_program() -> None:
    assert set(KINDS) == {kind.__name__ for kind in errors.RollbookError.__subclasses__() if kind.__module__ == errors.__name__}


def test_every_rule_that_the_program_cites_is_explained() -> None:
    cited = {rule for file in source_files() for rule in RULE.findall(file.text)}
    explained = re.findall(r"^\| \*\*(\w\d)\*\* \|", (DOCS / "rules.md").read_text(), re.MULTILINE)

    assert sorted(explained) == sorted(set(explained))
    assert set() == cited - set(explained)


def test_every_setting_is_explained_and_no_page_names_another() -> None:
    settings = {PREFIX + name.upper() for name in Settings.__struct_fields__}
    named = {page: set(SETTING.findall(page.read_text())) for page in PAGES}

    assert settings == named[DOCS / "settings.md"]
    assert set() == set().union(*named.values()) - settings


def test_every_command_is_explained_and_no_page_names_another() -> None:
    named = {page: {name for code in code_of(page.read_text()) for name in COMMAND.findall(code)} for page in PAGES}

    assert set(COMMANDS) == named[DOCS / "operations.md"]
    assert set() == set().union(*named.values()) - set(COMMANDS)


def test_every_link_leads_somewhere() -> None:
    assert [] == [finding for page in PAGES for finding in broken_links(page, page.read_text())]


def test_every_place_that_is_named_is_there() -> None:
    pages = (PROJECT / "README.md", DOCS / "architecture.md")

    assert [] == [finding for page in pages for finding in missing_places(page, page.read_text())]


def test_every_target_of_make_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    named = {target for page in PAGES for code in code_of(page.read_text()) for target in re.findall(r"\bmake ([a-z]+)", code)}

    assert set() == named - targets


def test_decisions_are_numbered_one_after_the_other() -> None:
    numbers = [int(path.name[:4]) for path in sorted(DECISIONS.glob("*.md"))]

    assert list(range(1, len(numbers) + 1)) == numbers


def test_every_decision_is_short_and_told_in_the_same_parts() -> None:
    assert [] == [finding for path in sorted(DECISIONS.glob("*.md")) for finding in faults_of_decision(path.name, path.read_text())]


def test_it_sees_an_error_its_kind_and_its_rule() -> None:
    text = 'class FullError(errors.ConflictError):\n    rule = "P1"\nclass RoomFullError(FullError): ...\nclass Other(Exception): ...'

    assert {"FullError": ("ConflictError", "P1"), "RoomFullError": ("ConflictError", "")} == raised_errors([SourceFile("a.py", text)])


def test_it_reads_what_a_page_tells_of_an_error() -> None:
    page = "| `No` | | x |\n## `ConflictError`\n| `FullError` | P1 | when | do |\n| `OddError` | | when | do |\n## Others\n| `No` | | x |"

    assert {"FullError": ("ConflictError", "P1"), "OddError": ("ConflictError", "")} == told_errors(page)


def test_it_sees_a_link_that_leads_nowhere() -> None:
    page = PROJECT / "README.md"

    assert ["README.md: nowhere.md"] == list(broken_links(page, "[a](nowhere.md) [b](LICENSE) [c](https://example.com) [d](docs/adr/)"))


def test_it_sees_a_place_that_is_not_there() -> None:
    text = "`enrollments/seats.py`, `seats.py`, `tests/`, `enrollments/chairs.py`, `chairs.py`, `chairs/`, `a word`"

    assert ["README.md: enrollments/chairs.py", "README.md: chairs.py", "README.md: chairs/"] == list(
        missing_places(PROJECT / "README.md", text)
    )


def test_it_sees_what_is_set_as_code() -> None:
    assert ["```\nrollbook fly\n```", "make way"] == list(code_of("see\n```\nrollbook fly\n```\nor `make way` but not make hay"))


@pytest.mark.parametrize(
    "text",
    [
        "# 2. It\n\nAccepted, 2026-11-23.\n\n## Context\n\n## Decision\n\n## Consequences\n",
        "# 1. It\n\nPerhaps.\n\n## Context\n\n## Decision\n\n## Consequences\n",
        "# 1. It\n\nAccepted, 2026-11-23.\n\n## Context\n\n## Consequences\n",
        "# 1. It\n\nAccepted, 2026-11-23.\n\n## Context\n\n## Decision\n\n## Consequences\n" + "\n" * 42,
    ],
)
def test_it_sees_a_decision_that_is_not_told_as_the_others(text: str) -> None:
    assert 1 == len(list(faults_of_decision("0001-it.md", text)))
