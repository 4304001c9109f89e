"""The demo's training center: how much there is of everything, in every state, and who can sign in."""

import asyncio
import re
from collections import defaultdict
from itertools import chain, combinations
from pathlib import Path

import pytest

from rollbook.classes.schedule import Meeting, overlap
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.cli.demo_center import STUDENTS
from rollbook.cli.demo_filling import STAFF
from rollbook.cli.demo_names import email_name
from rollbook.cli.demo_planning import instructors_of, plan_classes, students_of
from rollbook.cli.demo_program import BRANCHES
from rollbook.cli.demo_sign_ins import make_password
from rollbook.database.transaction import Database
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.people.passwords import is_password
from rollbook.sessions.queries.credentials import Credentials, find_credentials
from tests.cli.desk import Desk

MIDNIGHT = 1_795_478_400
HALF_AN_HOUR = 1_800
DAY = 86_400


@pytest.fixture
def demo(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[Desk, list[list[str]]]:
    """A desk beside the demo, and the sign-ins that it prints."""
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path, database_url, monkeypatch, capsys)
    told = desk.run("demo")
    assert (0, "") == (told.status, told.err)
    return desk, [line.rsplit(maxsplit=2) for line in told.lines if "@" in line]


def test_it_is_a_training_center_in_every_state_in_which_everything_holds(demo: tuple[Desk, list[list[str]]]) -> None:
    desk, sign_ins = demo
    classes, enrollments = desk.exported("classes"), desk.exported("enrollments")

    assert (12, 400, 60) == (len(desk.exported("courses")), len(desk.exported("users")), len(classes))
    assert 3 == len({row["OrganizationId"] for row in classes})
    assert {*map(int, ClassStatus)} == {int(row["ConfirmationStatusId"]) for row in classes}
    assert {*map(int, Delivery)} == {int(row["DeliveryTypeId"]) for row in classes}
    assert {*map(int, EnrollmentStatus)} == {int(row["EnrollmentStatusId"]) for row in enrollments}
    assert {*map(int, CompletionStatus)} == {int(row["CompletionStatusId"]) for row in enrollments}
    assert {"true", "false"} == {row["LateCancel"] for row in enrollments} == {row["RequiresApproval"] for row in classes}
    assert 0 == desk.run("verify").status

    kept = next(Path.cwd().rglob("demo-sign-ins"))
    assert 0o600 == kept.stat().st_mode & 0o777
    roles = {"Student", "Instructor", "Enrollment Manager", "Operations Manager", "Administrator"}
    assert roles == {role.strip() for role, *_ in sign_ins} == {line.rsplit(maxsplit=2)[0] for line in kept.read_text().splitlines()}

    async def find_users(database: Database) -> list[Credentials | None]:
        return [await database.read(find_credentials, name=name) for _, name, _ in sign_ins]

    hashes = {user.password_hash for user in desk.do(find_users) if user and user.may_sign_in and user.password_hash}
    # One password, hashed once: checking it takes as long for each of them.
    assert 1 == len(hashes) == len({password for *_, password in sign_ins})
    assert asyncio.run(is_password(sign_ins[0][2], hashes.pop()))


@pytest.mark.parametrize("half_hour", range(0, 48, 5))
def test_nobody_has_to_be_in_two_places_whenever_it_is_made(half_hour: int) -> None:
    for moment in range(MIDNIGHT + half_hour * HALF_AN_HOUR, MIDNIGHT + 370 * DAY, 30 * DAY):
        plans = list(plan_classes(moment))

        meetings: dict[str, list[Meeting]] = defaultdict(list)
        for plan in plans:
            for name in filter(None, (plan.room, *chain.from_iterable(plan.students.values()))):
                meetings[name].extend(plan.meetings)
        assert not [place for place, each in meetings.items() for one, other in combinations(each, 2) if overlap(one, other)]
        assert 7 == sum(any(each.starts_at <= moment < each.ends_at for each in plan.meetings) for plan in plans)


def test_everybody_has_a_name_of_their_own() -> None:
    names = [
        *(name for branch in BRANCHES for name in (*instructors_of(branch), *students_of(branch))),
        *(each.name for each in STAFF),
        *STUDENTS,
    ]

    assert 400 == len(names) == len({email_name(name) for name in names})
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", email_name(name)) for name in names)


def test_a_password_is_made_anew_each_time() -> None:
    assert 4 == len(make_password().split("-"))
    assert make_password() != make_password()
