"""The records of another TMS as what is taken over here, each kind after those that it refers to."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct

from rollbook.api.tms.lists import MeetingTimes
from rollbook.cli.tms.kinds import ids_in
from rollbook.cli.tms.reading import RecordReader
from rollbook.cli.tms.record_values import (
    AssignmentValues,
    ClassEnrollmentValues,
    ClassroomValues,
    CompanyValues,
    CourseValues,
    OrganizationValues,
    TrainingClassValues,
    UserValues,
)
from rollbook.cli.tms.source import Record
from rollbook.cli.tms.spool import Spool
from rollbook.organizations.time_zones import TimeZone
from rollbook.takeover.rows import Row, TakenRecord

Values = dict[str, Any]


class Taking(Struct, frozen=True, kw_only=True):
    """
    How the records of a kind are taken over.

    Attributes:
        subject: What the history calls one.
        table: Where its row stands.
        reader: Reads it.
        belonging: Gives, and takes out of its values, the rows that belong to it.
    """

    subject: str
    table: str
    reader: RecordReader
    belonging: Callable[[int, Values, Record], list[Row]] = lambda _id, _values, _record: []

    def take(self, record: Record) -> tuple[TakenRecord, list[str]]:
        """Give a record as it is taken over, and what is wrong with the values that are left out."""
        read, problems = self.reader.read(record)
        values = plain(read)
        rows = self.belonging(values["id"], values, record)
        return TakenRecord(self.subject, [Row(self.table, values), *rows]), problems


def plain(values: Values) -> Values:
    """Give values as columns hold them."""
    columns: Values = {}
    for name, value in values.items():
        if isinstance(value, TimeZone):
            columns |= {name: value.given, f"{name}_iana": value.iana}
        else:
            columns[name] = value.value if isinstance(value, Enum) else value
    return columns


def _rows_of_user(user_id: int, values: Values, _record: Record) -> list[Row]:
    roles = [Row("user_roles", {"user_id": user_id, "role_id": role_id}) for role_id in values.pop("role_ids", ())]
    managed = values.pop("managed_organization_ids", ())
    return [*roles, *(Row("managed_organizations", {"user_id": user_id, "organization_id": each}) for each in managed)]


def _rows_of_class(class_id: int, values: Values, _record: Record) -> list[Row]:
    def numbered(table: str, column: str, ids: tuple[int, ...]) -> list[Row]:
        return [Row(table, {"class_id": class_id, column: each, "position": position}) for position, each in enumerate(ids)]

    meetings: tuple[MeetingTimes, ...] = values.pop("meetings", ())
    return [
        *(Row("meetings", {"class_id": class_id, "starts_at": each.start, "ends_at": each.end}) for each in meetings),
        *numbered("class_instructors", "user_id", with_primary(values.pop("instructor_ids", ()), values.get("primary_instructor_id"))),
        *numbered("class_classrooms", "classroom_id", with_primary(values.pop("classroom_ids", ()), values.get("primary_classroom_id"))),
        *(
            Row("class_organizations", {"class_id": class_id, "organization_id": each})
            for each in values.pop("available_to_organization_ids", ())
        ),
    ]


def with_primary(ids: tuple[int, ...], primary_id: int | None) -> tuple[int, ...]:
    """Give ids with the primary one among them: some systems tell of no other."""
    return ids if primary_id is None or primary_id in ids else (*ids, primary_id)


TAKINGS: Final[Mapping[str, Taking]] = MappingProxyType(
    {
        "organizations": Taking(subject="organization", table="organizations", reader=RecordReader(OrganizationValues)),
        "companies": Taking(subject="company", table="companies", reader=RecordReader(CompanyValues)),
        "users": Taking(
            subject="user",
            table="users",
            reader=RecordReader(UserValues, renamed={"roleid": "roleids", "managedorganizationid": "managedorganizationids"}),
            belonging=_rows_of_user,
        ),
        "classrooms": Taking(subject="classroom", table="classrooms", reader=RecordReader(ClassroomValues)),
        "courses": Taking(subject="course", table="courses", reader=RecordReader(CourseValues)),
        "classes": Taking(
            subject="class",
            table="classes",
            reader=RecordReader(TrainingClassValues, renamed={"classmeetings": "sessiontimes", "primaryinstructorid": "instructorid"}),
            belonging=_rows_of_class,
        ),
        "assignments": Taking(subject="assignment", table="assignments", reader=RecordReader(AssignmentValues)),
        "enrollments": Taking(subject="enrollment", table="enrollments", reader=RecordReader(ClassEnrollmentValues)),
    }
)
"""How each kind is taken over, in the order in which they refer to each other."""


class Problem(Struct, frozen=True):
    """A value of a record that cannot be taken over."""

    kind: str
    id: int
    text: str


def all_records(spool: Spool, *, on_problem: Callable[[Problem], None]) -> Iterator[TakenRecord]:
    """Give every record that was kept, each after those that it must refer to."""
    for kind, taking in TAKINGS.items():
        for record in _from_the_top(spool) if kind == "organizations" else spool.all(kind):
            taken, problems = taking.take(record)
            for text in problems:
                on_problem(Problem(kind, int(record["id"]), text))
            yield taken


def _from_the_top(spool: Spool) -> Iterator[Record]:
    """Give the organizations, each after the one above it."""
    beneath: dict[int, list[Record]] = {}
    ids = set(spool.ids("organizations"))
    for record in spool.all("organizations"):
        above = next(iter(ids_in(record.get("parentid"))), 0)
        beneath.setdefault(above if above in ids else 0, []).append(record)
    waiting = beneath.pop(0, [])[::-1]
    while waiting:
        record = waiting.pop()
        yield record
        waiting.extend(beneath.pop(int(record["id"]), [])[::-1])
