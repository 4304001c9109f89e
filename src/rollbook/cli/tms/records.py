"""The records of another TMS as what is taken over here, each kind after those that it refers to."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct

from rollbook.cli.tms.belonging import (
    choices_as_text,
    nothing,
    rows_of_class,
    rows_of_course,
    rows_of_profile,
    rows_of_tag_group,
    rows_of_user,
)
from rollbook.cli.tms.kinds import ids_in
from rollbook.cli.tms.reading import RecordReader, plain
from rollbook.cli.tms.record_values import (
    ToldAssignment,
    ToldClass,
    ToldClassroom,
    ToldCompany,
    ToldCourse,
    ToldCustomField,
    ToldEnrollment,
    ToldFeedback,
    ToldOrganization,
    ToldProfile,
    ToldSubscription,
    ToldTagGroup,
    ToldTrainingKey,
    ToldUser,
)
from rollbook.cli.tms.source import Record
from rollbook.cli.tms.spool import Spool
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
    belonging: Callable[[int, Values, Record], list[Row]] = nothing

    def take(self, record: Record) -> tuple[TakenRecord, list[str]]:
        """Give a record as it is taken over, and what is wrong with the values that are left out."""
        read, problems = self.reader.read(record)
        values = plain(read)
        rows = self.belonging(values["id"], values, record)
        return TakenRecord(self.subject, [Row(self.table, values), *rows]), problems


TAKINGS: Final[Mapping[str, Taking]] = MappingProxyType(
    {
        "organizations": Taking(subject="organization", table="organizations", reader=RecordReader(ToldOrganization)),
        "custom_fields": Taking(
            subject="custom_field",
            table="custom_fields",
            reader=RecordReader(ToldCustomField),
            belonging=choices_as_text,
        ),
        "tag_groups": Taking(
            subject="tag_group", table="course_tag_groups", reader=RecordReader(ToldTagGroup), belonging=rows_of_tag_group
        ),
        "companies": Taking(subject="company", table="companies", reader=RecordReader(ToldCompany)),
        "users": Taking(
            subject="user",
            table="users",
            reader=RecordReader(ToldUser, renamed={"roleid": "roleids", "managedorganizationid": "managedorganizationids"}),
            belonging=rows_of_user,
        ),
        "classrooms": Taking(subject="classroom", table="classrooms", reader=RecordReader(ToldClassroom)),
        "courses": Taking(subject="course", table="courses", reader=RecordReader(ToldCourse), belonging=rows_of_course),
        "profiles": Taking(
            subject="subscription_profile",
            table="subscription_profiles",
            reader=RecordReader(ToldProfile),
            belonging=rows_of_profile,
        ),
        "training_keys": Taking(
            subject="subscription_training_key",
            table="subscription_training_keys",
            reader=RecordReader(ToldTrainingKey),
        ),
        "subscriptions": Taking(subject="subscription", table="subscriptions", reader=RecordReader(ToldSubscription)),
        "feedback": Taking(subject="feedback", table="course_feedback", reader=RecordReader(ToldFeedback)),
        "classes": Taking(
            subject="class",
            table="classes",
            reader=RecordReader(ToldClass, renamed={"classmeetings": "sessiontimes", "primaryinstructorid": "instructorid"}),
            belonging=rows_of_class,
        ),
        "assignments": Taking(subject="assignment", table="assignments", reader=RecordReader(ToldAssignment)),
        "enrollments": Taking(subject="enrollment", table="enrollments", reader=RecordReader(ToldEnrollment)),
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
