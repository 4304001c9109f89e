"""Enrollments as a line of a list shows them."""

from collections.abc import Collection

import msgspec
from sqlalchemy import Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.classrooms.model import classrooms
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.organizations.model import organizations
from rollbook.people.model import companies, users


class ListedEnrollment(msgspec.Struct, frozen=True):
    """
    An enrollment in a list. Times are epoch seconds.

    Attributes:
        time_zone: The IANA name of the class's zone.
        company_name: The student's company; None also where the viewer does not see it.
    """

    id: int
    class_id: int
    class_name: str
    starts_at: int | None
    ends_at: int | None
    time_zone: str
    user_id: int
    first_name: str
    last_name: str
    email: str
    company_name: str | None
    organization_name: str
    status: EnrollmentStatus
    completion: CompletionStatus
    late_cancel: bool
    location: LocationType
    classroom_name: str | None
    hours_spent: int | None
    grade: int | None
    created_at: int
    version: int


_owners = organizations.alias("owners")
_seen_companies = (
    select(companies.c.id, companies.c.name)
    .join(_owners, _owners.c.id == companies.c.organization_id)
    .where(within(_owners.c.path, bindparam("path", type_=Text)))
    .subquery("seen_companies")
)
_several = Query(
    select(
        enrollments.c.id,
        enrollments.c.class_id,
        classes.c.name.label("class_name"),
        classes.c.starts_at,
        classes.c.ends_at,
        classes.c.time_zone_iana.label("time_zone"),
        enrollments.c.user_id,
        users.c.first_name,
        users.c.last_name,
        users.c.email,
        _seen_companies.c.name.label("company_name"),
        organizations.c.name.label("organization_name"),
        enrollments.c.status,
        enrollments.c.completion,
        enrollments.c.late_cancel,
        enrollments.c.location,
        classrooms.c.name.label("classroom_name"),
        enrollments.c.hours_spent,
        enrollments.c.grade,
        enrollments.c.created_at,
        enrollments.c.version,
    )
    .select_from(enrollments)
    .join(classes, classes.c.id == enrollments.c.class_id)
    .join(users, users.c.id == enrollments.c.user_id)
    .join(organizations, organizations.c.id == enrollments.c.organization_id)
    .outerjoin(classrooms, classrooms.c.id == enrollments.c.classroom_id)
    .outerjoin(_seen_companies, _seen_companies.c.id == users.c.company_id)
    .where(any_of(enrollments.c.id, "ids"), within(organizations.c.path, bindparam("path", type_=Text))),
    ListedEnrollment,
)


async def read_listed_enrollments(transaction: Transaction, *, viewer: Viewer, ids: Collection[int]) -> list[ListedEnrollment]:
    """Give the viewer's enrollments of these ids, in the order of the ids; those that are gone meanwhile are left out."""
    rows = {row.id: row for row in await transaction.page(_several, path=viewer.path, ids=list(ids))} if ids else {}
    return [rows[enrollment_id] for enrollment_id in ids if enrollment_id in rows]
