"""The commands that set things up, on a database of their own and beside a running server."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from rollbook.cli import COMMANDS, run
from tests.cli.server import Server, command_line, environment, rollbook


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ROLLBOOK_DATABASE_URL", raising=False)


@pytest.fixture
def printed(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> "Printed":
    monkeypatch.setenv("ROLLBOOK_DATABASE_URL", database_url)
    return Printed(capsys)


@pytest.fixture
def printed_on_a_file(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> "Printed":
    monkeypatch.setenv("ROLLBOOK_DATABASE_URL", sqlite_url)
    return Printed(capsys)


class Printed:
    """Runs commands in this process and gives what they print, or the error that they tell."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def by(self, *arguments: str) -> str:
        status = run(arguments)
        told = self._capsys.readouterr()
        assert (0, "") == (status, told.err)
        return told.out

    def refusal_of(self, *arguments: str) -> str:
        status = run(arguments)
        told = self._capsys.readouterr()
        assert status in {1, 2}
        assert "" == told.out
        assert 1 == len(told.err.splitlines())
        return told.err.removeprefix("rollbook: ").strip()


def test_it_creates_an_organization_and_prints_its_id_alone(printed: Printed) -> None:
    assert "1\n" == printed.by("organization", "create", " Acme ", "--time-zone", "america/new_york", "--external-id", "A-1")
    assert "2\n" == printed.by("organization", "create", "Acme West", "--parent", "1")

    shown = printed.by("organization", "show", "2")
    assert "name                      Acme West\n" in shown
    assert "parent                    1\n" in shown
    assert "time zone                 America/New_York\n" in shown


def test_it_shows_where_each_preference_comes_from(printed: Printed) -> None:
    printed.by("organization", "create", "Acme")
    printed.by("organization", "create", "Acme West", "--parent", "1")
    printed.by("organization", "set", "1", "late_cancel_days=3", "student_conflicts=allow")
    printed.by("organization", "set", "2", "default-maximum=30", "late_cancel_days=5")

    assert {
        "freeze_enrolled_at_start  on          default",
        "default_maximum           30          own",
        "late_cancel_days          5           own",
        "student_conflicts         allow       inherited from organization 1",
    } <= set(printed.by("organization", "show", "2").splitlines())

    printed.by("organization", "set", "2", "late_cancel_days=")
    assert "late_cancel_days          3           inherited from organization 1" in printed.by("organization", "show", "2")


def test_it_sets_all_preferences_or_none(printed: Printed) -> None:
    printed.by("organization", "create", "Acme")

    assert "late_cancel_days cannot be 'soon'" in printed.refusal_of(
        "organization", "set", "1", "default_maximum=5", "late_cancel_days=soon"
    )
    assert "default_maximum           none        default" in printed.by("organization", "show", "1")


def test_it_makes_lists_and_revokes_keys(printed: Printed) -> None:
    printed.by("organization", "create", "Acme")

    key = printed.by("key", "create", "--organization", "1", "--name", "Payroll")
    assert key.startswith("rb_")
    assert 1 == len(key.splitlines())
    listed = printed.by("key", "list").splitlines()
    assert ["1", "1", "Payroll"] == [*listed[1].split()[:2], listed[1].split()[-1]]
    assert "-" == listed[1].split()[6]
    printed.by("key", "revoke", "1")
    assert "-" != printed.by("key", "list").splitlines()[1].split()[6]


def test_a_key_reaches_as_far_and_as_long_as_is_said(printed: Printed) -> None:
    printed.by("organization", "create", "Acme")
    printed.by("key", "create", "--organization", "1", "--name", "Days", "--scope", "read", "--expires", "30")
    printed.by("key", "create", "--organization", "1", "--name", "Date", "--expires", "2999-01-31")

    days, date = (line.split() for line in printed.by("key", "list").splitlines()[1:])
    made, expires = (datetime.fromisoformat(days[place]) for place in (3, 4))

    assert ("read", "-", "-", "Days") == (days[2], *days[5:])
    assert timedelta(days=30) - timedelta(minutes=1) < expires - made < timedelta(days=30) + timedelta(minutes=1)
    assert ("admin", "2999-01-31T00:00:00Z") == (date[2], date[4])


@pytest.mark.parametrize(
    "expires, sentence", [("0", "1 to 36,500 days"), ("soon", "a number of days, or a date"), ("2020-01-01", "a day to come")]
)
def test_a_key_does_not_expire_at_any_word(expires: str, sentence: str, printed: Printed) -> None:
    printed.by("organization", "create", "Acme")

    assert sentence in printed.refusal_of("key", "create", "--organization", "1", "--name", "K", "--expires", expires)


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["organization", "create", " "], "Invalid value for 'NAME': must not be blank"),
        (["organization", "create", "a" * 256], "Invalid value for 'NAME': has 256 characters"),
        (["organization", "create", "a\tb"], "Invalid value for 'NAME': must not contain control characters"),
        (["organization", "create", "Acme", "--time-zone", "nowhere"], "'nowhere' is not a time zone"),
        (["organization", "create", "Acme", "--parent", "7"], "there is no organization 7"),
        (["organization", "show", "7"], "there is no organization 7"),
        (["organization", "set", "7", "late_cancel_days=1"], "there is no organization 7"),
        (["organization", "set", "1", "late_cancel_days"], "late_cancel_days is not of the form NAME=VALUE"),
        (["organization", "show", "0"], "Invalid value for 'ID'"),
        (["key", "create", "--organization", "7", "--name", "Payroll"], "there is no organization 7"),
        (["key", "create", "--organization", "1"], "Missing option '--name'"),
        (["key", "revoke", "7"], "there is no API key 7"),
        (["enrol"], "No such command 'enrol'"),
    ],
)
def test_it_tells_wrong_use_in_one_line(arguments: list[str], sentence: str, printed_on_a_file: Printed) -> None:
    assert printed_on_a_file.refusal_of(*arguments).startswith(sentence)


def test_it_says_which_command_makes_the_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == run(["key", "list"])
    assert "rollbook: the database has no tables yet; run: rollbook migrate\n" == capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())

    assert 0 == run(["migrate"])
    assert 0 == run(["migrate"])
    assert 0 == run(["key", "list"])


def test_every_command_has_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in COMMANDS:
        assert 0 == run([name, "--help"])
        assert "Usage: rollbook" in capsys.readouterr().out


def test_help_loads_no_command() -> None:
    program = "import sys, rollbook.cli; rollbook.cli.run(['--help']); print([name for name in ('sqlalchemy', 'litestar', 'granian') if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment())

    assert "[]" == answer.stdout.splitlines()[-1]
    assert all(name in answer.stdout for name in COMMANDS)


def test_it_ends_quietly_when_nobody_reads_its_output() -> None:
    reader = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    reader.wait()
    answer = subprocess.run(command_line("--version"), check=False, stdout=reader.stdin, stderr=subprocess.PIPE, env=environment())
    assert reader.stdin
    try:
        reader.stdin.close()
    finally:
        assert b"" == answer.stderr


def test_a_key_made_and_revoked_beside_a_server_counts_at_once(demo_server: Server) -> None:
    key = rollbook(demo_server.folder, "key", "create", "--organization", "1", "--name", "Beside").stdout.strip()
    address = f"{demo_server.url}/api/2.0/GetOrganization/1"
    assert 0 == httpx.get(address, headers={"api_key": key}).json()["Status"]

    listed = rollbook(demo_server.folder, "key", "list").stdout.splitlines()
    key_id = next(line.split()[0] for line in listed if line.endswith("Beside"))
    assert 0 == rollbook(demo_server.folder, "key", "revoke", key_id).returncode
    assert 30 == httpx.get(address, headers={"api_key": key}).json()["Status"]


def test_the_demo_is_made_once_where_the_database_has_to_be_empty(printed: Printed) -> None:
    shown = printed.by("demo", "--if-empty")
    assert "UpdateClassEnrollment" in shown
    assert 0o600 == next(Path.cwd().rglob("demo-key")).stat().st_mode & 0o777

    assert shown == printed.by("demo", "--if-empty")
    assert "UpdateClassEnrollment" in printed.by("demo")
    assert 3 == len(printed.by("key", "list").splitlines())
