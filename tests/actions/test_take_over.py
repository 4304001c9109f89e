"""Taking over records of another system: under their ids, all or nothing, what cannot stand refused."""

from collections.abc import Sequence
from typing import Any

import pytest

from rollbook.access.actor import EVERYTHING, system
from rollbook.classes.queries.classes import get_class
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.invariants import find_breaches
from rollbook.enrollments.queries.waiting import list_line
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.actions.organization_details import NewOrganization
from rollbook.organizations.actions.organizations import create_organization
from rollbook.organizations.queries.organizations import get_organization
from rollbook.people.queries.users import get_user
from rollbook.takeover.actions import DatabaseNotEmptyError, take_over
from rollbook.takeover.rows import Refused, Row, TakenRecord
from tests.recorded import history_of

ACTOR = system("test")


def record(table: str, subject: str, *others: Row, **values: Any) -> TakenRecord:
    return TakenRecord(subject, [Row(table, values), *others])


def organization(organization_id: int, **values: Any) -> TakenRecord:
    zone = {"time_zone": "UTC", "time_zone_iana": "Etc/UTC"}
    return record("organizations", "organization", id=organization_id, name=f"Org {organization_id}", **zone, **values)


def user(user_id: int, *others: Row, **values: Any) -> TakenRecord:
    named = {"user_name": f"u{user_id}", "email": f"u{user_id}@example.com", "first_name": "U", "last_name": "Ser", "organization_id": 5}
    return record("users", "user", *others, id=user_id, **(named | values))


def course(course_id: int, **values: Any) -> TakenRecord:
    return record("courses", "course", id=course_id, name="Welding", organization_id=5, **values)


def training_class(class_id: int, *others: Row, **values: Any) -> TakenRecord:
    said = {
        "name": "Welding",
        "course_id": 70,
        "organization_id": 5,
        "status": 0,
        "delivery": 1,
        "time_zone": "UTC",
        "time_zone_iana": "UTC",
    }
    return record("classes", "class", *others, id=class_id, **(said | values))


def enrollment(enrollment_id: int, **values: Any) -> TakenRecord:
    said = {"class_id": 80, "user_id": 41, "status": 60, "completion": 0, "location": 0}
    return record("enrollments", "enrollment", id=enrollment_id, **(said | values))


async def take(database: Database, *records: TakenRecord) -> list[Refused]:
    return await database.write(take_over, actor=ACTOR, records=lambda: records, on_record=lambda _record: None)


def reasons(refused: Sequence[Refused]) -> list[tuple[str, int, str]]:
    return [(each.table, each.id, each.reason) for each in refused]


async def test_everything_stands_under_its_own_id(database: Database) -> None:
    meetings = (Row("meetings", {"class_id": 80, "starts_at": 2_000, "ends_at": 2_600}),)

    refused = await take(
        database,
        organization(5),
        organization(9, parent_id=5),
        user(41, Row("user_roles", {"user_id": 41, "role_id": 0})),
        course(70, created_at=1_000),
        training_class(80, *meetings),
        enrollment(100, grade=3),
    )

    assert [] == refused
    assert "/5/9/" == (await database.read(get_organization, viewer=EVERYTHING, organization_id=9)).path
    assert [0] == (await database.read(get_user, viewer=EVERYTHING, user_id=41)).role_ids
    found = await database.search(get_class, viewer=EVERYTHING, class_id=80)
    assert (2_000, 2_600) == (found.row.starts_at, found.row.ends_at)
    assert [] == await database.search(find_breaches, on_progress=lambda _number, _invariant: None)


async def test_what_is_created_afterwards_gets_an_id_above(database: Database) -> None:
    await take(database, organization(5), organization(900, parent_id=5))

    created = await database.write(create_organization, actor=ACTOR, organization=NewOrganization(name="New", parent_id=5))

    assert 901 == created


async def test_each_record_begins_its_history(database: Database) -> None:
    await take(database, organization(5), user(41))

    (created,) = await history_of(database, "user", 41)

    assert created.after is not None
    assert ("user.created", 5, "test", None) == (created.kind, created.organization_id, created.actor_name, created.before)
    assert created.after == {
        "id": 41,
        "organization_id": 5,
        "user_name": "u41",
        "email": "u41@example.com",
        "first_name": "U",
        "last_name": "Ser",
        **{name: created.after[name] for name in ("created_at", "modified_at")},
    }


async def test_those_who_wait_stand_in_the_order_in_which_they_came(database: Database) -> None:
    await take(
        database,
        organization(5),
        *(user(number) for number in (41, 42, 43)),
        course(70),
        training_class(80),
        enrollment(100, user_id=41, status=20, created_at=3_000),
        enrollment(101, user_id=42, status=20, created_at=1_000),
        enrollment(102, user_id=43, status=20, created_at=3_000),
    )

    waiting = await database.search(list_line, class_id=80, status=EnrollmentStatus.WAITLISTED, limit=10)

    assert [42, 41, 43] == [each.user_id for each in waiting]


async def test_a_reference_to_what_comes_later_is_set_in_the_end(database: Database) -> None:
    refused = await take(
        database,
        organization(5),
        record("companies", "company", id=3, name="Acme", organization_id=5, owning_user_id=42),
        user(41, manager_id=42, company_id=3),
        user(42, manager_id=41),
    )

    assert [] == refused
    assert (42, 41) == tuple([(await database.read(get_user, viewer=EVERYTHING, user_id=each)).manager_id for each in (41, 42)])


async def test_an_optional_reference_to_nothing_is_left_out(database: Database) -> None:
    refused = await take(database, organization(5), user(41, manager_id=7))

    assert [("users", 41, "manager_id is left out: there is no 7 among what was taken over")] == reasons(refused)
    assert (await database.read(get_user, viewer=EVERYTHING, user_id=41)).manager_id is None


async def test_a_record_that_must_refer_to_what_is_not_there_is_refused(database: Database) -> None:
    refused = await take(
        database, organization(5), user(41), course(70), training_class(80), enrollment(100, user_id=8), user(43, organization_id=6)
    )

    assert [
        ("enrollments", 100, "there is no user_id 8 among what was taken over"),
        ("users", 43, "there is no organization_id 6 among what was taken over"),
    ] == reasons(refused)


async def test_what_belongs_to_a_record_is_refused_by_itself(database: Database) -> None:
    refused = await take(database, organization(5), user(41, Row("managed_organizations", {"user_id": 41, "organization_id": 6})))

    assert [("users", 41, "managed_organizations: there is no organization_id 6 among what was taken over")] == reasons(refused)
    assert 41 == (await database.read(get_user, viewer=EVERYTHING, user_id=41)).id


@pytest.mark.parametrize(
    "second, reason",
    [
        (user(42, email="U41@example.com"), "another one has the same email"),
        (user(42, user_name="U41"), "another one has the same user_name"),
        (user(42, external_id="x"), "another one has the same external_id and organization_id"),
        (user(41, email="o@example.com", user_name="o"), "another one has the same id"),
        (user(42, first_name=None), "first_name is missing"),
    ],
)
async def test_a_record_that_cannot_stand_beside_another_is_refused(database: Database, second: TakenRecord, reason: str) -> None:
    refused = await take(database, organization(5), user(41, external_id="x"), second)

    assert [("users", second.main.values["id"], reason)] == reasons(refused)


async def test_a_database_that_holds_something_takes_nothing_over(database: Database) -> None:
    await take(database, organization(5))

    with pytest.raises(DatabaseNotEmptyError, match=r"history, organizations"):
        await take(database, organization(6))


async def test_all_of_it_is_there_or_nothing(database: Database) -> None:
    with pytest.raises(KeyError):
        await take(database, organization(5), record("no_such_table", "nothing", id=1))

    assert [] == await take(database, organization(6))
