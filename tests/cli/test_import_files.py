"""Files in every form that people hand in, and those that no one can read."""

from pathlib import Path

import pytest

from tests.cast import add_organization
from tests.cli.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    desk = Desk(tmp_path, sqlite_url, monkeypatch, capsys)
    desk.do(lambda database: add_organization(database, "Contoso"))
    return desk


def taken(desk: Desk, content: str | bytes) -> list[str]:
    """Import courses and give the lines that are told, without the last one."""
    told = desk.run("import", "courses", desk.write("file.csv", content))
    assert "" == told.err
    return told.lines[:-1]


def refused(desk: Desk, content: str | bytes) -> str:
    told = desk.run("import", "courses", desk.write("file.csv", content))
    assert (1, "") == (told.status, told.out)
    assert [] == desk.ask("SELECT id FROM courses")
    return told.err.removeprefix("rollbook: ").strip()


@pytest.mark.parametrize("content", ["Name\nSchweißen\n", "\ufeffName\r\nSchweißen\r\n", "Name\nSchweißen", '"Name"\n"Schweißen"\n'])
def test_it_reads_utf_8_with_and_without_a_mark_and_either_line_end(desk: Desk, content: str) -> None:
    assert ["line 2: created 1"] == taken(desk, content)
    assert [("Schweißen",)] == desk.ask("SELECT name FROM courses")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_values_may_be_separated_by_commas_semicolons_or_tabs(desk: Desk, separator: str) -> None:
    assert ["line 2: created 1"] == taken(desk, f"Name{separator}Duration\nWelding{separator}60\n")


def test_a_value_may_hold_line_breaks_and_rows_are_told_by_their_first_line(desk: Desk) -> None:
    assert ["line 2: created 1", "line 5: created 2"] == taken(desk, 'Name,Description\nWelding,"Hot\r\nand ""bright"""\n\nSoldering,\n')
    assert [('Hot\r\nand "bright"',), (None,)] == desk.ask("SELECT description FROM courses ORDER BY id")


def test_rows_without_any_value_are_passed_over(desk: Desk) -> None:
    assert ["line 4: created 1"] == taken(desk, "Name,Duration\n,\n\nWelding,\n , \n")


def test_a_row_of_another_length_fails_alone(desk: Desk) -> None:
    expected = [
        "line 2: failed: the row has another number of values (3) than the first line has names (2)",
        "line 3: created 1",
        "line 4: failed: the row has another number of values (1) than the first line has names (2)",
    ]
    assert expected == taken(desk, "Name,Duration\nWelding,60,\nSoldering,\nBrazing\n")


def test_bad_utf_8_is_told_with_its_line(desk: Desk) -> None:
    assert "line 3: not UTF-8 from byte 5 on, save the file as CSV in UTF-8; nothing was imported" == refused(
        desk, b"Name\nWelding\nSchwei\xdfen\n".replace(b"Schwei", b"Schw")
    )


@pytest.mark.parametrize(
    "content, fact",
    [
        ("Name,Colour\nWelding,red\n", "'Colour' is not a column of courses"),
        ("Name,\nWelding,60\n", "a column has no name"),
        ("Name,Duration,NAME\nWelding,60,Welding\n", "the column Name is there twice"),
        ("", "there is no line that names the columns"),
        ("dryRun,Name\ntrue,Welding\n", "'dryRun' is not a column of courses"),
    ],
)
def test_unknown_columns_are_told_before_anything_is_done(desk: Desk, content: str, fact: str) -> None:
    names = "Id, ExternalId, Name, Description, HtmlDescription, OrganizationId, AvailableInstructorLed, AvailableSelfPaced, "
    names += "ContentProviderId, ContentProviderName, Duration, Archived, TagIds"
    assert f"line 1: {fact}; nothing was imported. The columns of courses are {names}" == refused(desk, content)


def test_a_quote_that_never_ends_is_told_before_anything_is_done(desk: Desk) -> None:
    assert refused(desk, 'Name\nWelding\n"Soldering\n').startswith("line 3: not in the form of CSV (")


def test_a_value_is_bounded(desk: Desk) -> None:
    assert refused(desk, f"Name\nWelding\n{'x' * 200_000}\n").startswith("line 3: not in the form of CSV (field larger than")


def test_a_line_is_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rollbook.cli.importing_file.LONGEST_LINE", 1_000)
    assert "line 2: longer than 1000 bytes; nothing was imported" == refused(desk, f"Name\n{'x' * 2_000}\n")


def test_a_file_that_is_not_there_is_wrong_use(desk: Desk) -> None:
    told = desk.run("import", "courses", str(desk.folder / "none.csv"))
    assert 2 == told.status
    assert 1 == len(told.err.splitlines())
