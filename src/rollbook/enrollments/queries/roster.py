"""The roster of a class: every enrollment of it, with what one wants to know of the student."""

from collections import Counter
from collections.abc import Collection, Iterable

import msgspec
from sqlalchemy import Integer, Text, bindparam, func, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes, meetings
from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.classes.statuses import ClassStatus
from rollbook.classrooms.model import classrooms
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import attendance, enrollments
from rollbook.enrollments.queries.sight import EnrollmentRow
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.model import organizations
from rollbook.people.model import companies, users


class RosterClass(msgspec.Struct, frozen=True):
    """
    What a roster says of its class.

    Attributes:
        time_zone: The IANA name.
        meetings: How many there are.
    """

    id: int
    name: str
    organization_id: int
    status: ClassStatus
    minimum: int | None
    maximum: int | None
    starts_at: int | None
    ends_at: int | None
    time_zone: str
    meetings: int


class RosterRow(EnrollmentRow, frozen=True):
    """
    An enrollment, and what a roster says of its student.

    Attributes:
        company_id, company_name: The student's company, where the viewer sees it.
        meetings_attended: How many meetings the student attended.
    """

    user_name: str
    first_name: str
    last_name: str
    email: str
    company_id: int | None
    company_name: str | None
    classroom_name: str | None
    meetings_attended: int


class RosterEntry(msgspec.Struct, frozen=True):
    """
    A line of a roster.

    Attributes:
        position: Where the student stands in the line of those with the same status, 1 being the first; None for who does not wait.
    """

    row: RosterRow
    position: int | None


class Roster(msgspec.Struct, frozen=True):
    """
    A class and every enrollment of it.

    Attributes:
        entries: By the students' last and first names, then by id.
    """

    training_class: RosterClass
    entries: list[RosterEntry]


class _WaitingRow(msgspec.Struct, frozen=True):
    id: int
    status: EnrollmentStatus
    waiting_since: int | None


class _StandingRow(msgspec.Struct, frozen=True):
    user_id: int
    status: EnrollmentStatus


class _VersionRow(msgspec.Struct, frozen=True):
    id: int
    version: int


_path = bindparam("path", type_=Text)
_class_id = bindparam("class_id", type_=Integer)
_class = Query(
    select(
        classes.c.id,
        classes.c.name,
        classes.c.organization_id,
        classes.c.status,
        classes.c.minimum,
        classes.c.maximum,
        classes.c.starts_at,
        classes.c.ends_at,
        classes.c.time_zone_iana.label("time_zone"),
        select(func.count()).where(meetings.c.class_id == classes.c.id).scalar_subquery().label("meetings"),
    )
    .join(organizations, organizations.c.id == classes.c.organization_id)
    .where(classes.c.id == _class_id, within(organizations.c.path, _path)),
    RosterClass,
)
_seen = select(organizations.c.id).where(within(organizations.c.path, _path))
_rows = (
    select(
        *(enrollments.c[name] for name in EnrollmentRow.__struct_fields__),
        users.c.user_name,
        users.c.first_name,
        users.c.last_name,
        users.c.email,
        companies.c.id.label("company_id"),
        companies.c.name.label("company_name"),
        classrooms.c.name.label("classroom_name"),
        select(func.count())
        .where(attendance.c.enrollment_id == enrollments.c.id, attendance.c.attended)
        .scalar_subquery()
        .label("meetings_attended"),
    )
    .select_from(enrollments)
    .join(users, users.c.id == enrollments.c.user_id)
    .outerjoin(companies, (companies.c.id == users.c.company_id) & companies.c.organization_id.in_(_seen))
    .outerjoin(classrooms, classrooms.c.id == enrollments.c.classroom_id)
    .where(enrollments.c.class_id == _class_id)
)
_entries = Query(_rows, RosterRow)
_some_entries = Query(_rows.where(any_of(enrollments.c.id, "ids")), RosterRow)
_line = Query(
    select(enrollments.c.id, enrollments.c.status, enrollments.c.waiting_since).where(
        enrollments.c.class_id == _class_id, enrollments.c.waiting_since.is_not(None)
    ),
    _WaitingRow,
)
_versions = Query(
    select(enrollments.c.id, enrollments.c.version).where(enrollments.c.class_id == _class_id).order_by(enrollments.c.id), _VersionRow
)

_standings = Query(
    select(enrollments.c.user_id, enrollments.c.status).where(
        enrollments.c.class_id == _class_id, any_of(enrollments.c.user_id, "user_ids")
    ),
    _StandingRow,
)


async def get_roster_class(transaction: Transaction, *, viewer: Viewer, class_id: int) -> RosterClass:
    """
    Give what a roster says of its class.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    found = await transaction.find(_class, class_id=class_id, path=viewer.path)
    if found is None:
        raise ClassNotFoundError(class_id)
    return found


async def get_roster(transaction: Transaction, *, viewer: Viewer, class_id: int) -> Roster:
    """
    Give the roster of a class, with those who left it or were denied.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    found = await get_roster_class(transaction, viewer=viewer, class_id=class_id)
    rows = await transaction.page(_entries, class_id=class_id, path=viewer.path)
    positions = positions_in((row.id, row.status, row.waiting_since) for row in rows)
    rows.sort(key=_place_in_roster)
    return Roster(found, [RosterEntry(row, positions.get(row.id)) for row in rows])


async def list_roster_entries(
    transaction: Transaction, *, viewer: Viewer, class_id: int, enrollment_ids: Collection[int]
) -> list[RosterEntry]:
    """
    Give those lines of the roster of a class that are asked for, in the order of the roster; what is not in the class is left out.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    await get_roster_class(transaction, viewer=viewer, class_id=class_id)
    rows = await transaction.page(_some_entries, class_id=class_id, ids=list(enrollment_ids), path=viewer.path)
    positions = {}
    if any(row.waiting_since is not None for row in rows):
        line = await transaction.all(_line, class_id=class_id)
        positions = positions_in((row.id, row.status, row.waiting_since) for row in line)
    rows.sort(key=_place_in_roster)
    return [RosterEntry(row, positions.get(row.id)) for row in rows]


async def list_roster_versions(transaction: Transaction, *, viewer: Viewer, class_id: int) -> dict[int, int]:
    """
    Give the version of every enrollment of a class, by its id: by that one tells whether a roster is still as it was read.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    await get_roster_class(transaction, viewer=viewer, class_id=class_id)
    return {row.id: row.version for row in await transaction.page(_versions, class_id=class_id)}


async def list_statuses_in_class(
    transaction: Transaction, *, viewer: Viewer, class_id: int, user_ids: Collection[int]
) -> dict[int, EnrollmentStatus]:
    """
    Give where some users stand in a class; who was never in it is left out.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    await get_roster_class(transaction, viewer=viewer, class_id=class_id)
    return {row.user_id: row.status for row in await transaction.page(_standings, class_id=class_id, user_ids=list(user_ids))}


def positions_in(entries: Iterable[tuple[int, EnrollmentStatus, int | None]]) -> dict[int, int]:
    """
    Give, by id, where everybody who waits for one class stands in the line of those with the same status (W1), 1 being the first.

    Each entry is an id, a status, and since when it waits.
    """
    positions: dict[int, int] = {}
    ahead: Counter[EnrollmentStatus] = Counter()
    for _, enrollment_id, status in sorted((since, id, status) for id, status, since in entries if since is not None):  # noqa: A001 - the id
        ahead[status] += 1
        positions[enrollment_id] = ahead[status]
    return positions


def _place_in_roster(row: RosterRow) -> tuple[str, str, int]:
    return row.last_name.casefold(), row.first_name.casefold(), row.id
