"""Whether a class is one that a student may enter alone (A5)."""

import msgspec
from sqlalchemy import Integer, Text, and_, bindparam, exists, or_, select

from rollbook.access.actor import ActingStudent
from rollbook.classes.model import class_organizations, classes
from rollbook.database.expressions import within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.self_service import Offer
from rollbook.organizations.model import organizations
from rollbook.organizations.queries.preferences import preferences_for


class _OfferRow(msgspec.Struct, frozen=True):
    organization_id: int
    allow_self_enrollment: bool
    requires_approval: bool
    starts_at: int | None
    is_offered: bool


_students_path = bindparam("students_path", type_=Text)
_offered_to = organizations.alias("offered_to")

IS_OFFERED = and_(
    classes.c.enabled,
    or_(
        classes.c.is_public,
        within(_students_path, organizations.c.path),
        exists()
        .where(class_organizations.c.class_id == classes.c.id)
        .where(_offered_to.c.id == class_organizations.c.organization_id)
        .where(within(_students_path, _offered_to.c.path)),
    ),
)
"""A class, joined with its organization, is offered to who belongs to an organization with the bound ``students_path``."""

_offer = Query(
    select(
        classes.c.organization_id,
        classes.c.allow_self_enrollment,
        classes.c.requires_approval,
        classes.c.starts_at,
        IS_OFFERED.label("is_offered"),
    )
    .join(organizations, organizations.c.id == classes.c.organization_id)
    .where(classes.c.id == bindparam("class_id", type_=Integer)),
    _OfferRow,
)


async def get_offer(transaction: Transaction, *, student: ActingStudent, class_id: int) -> Offer:
    """Give what a class, which the caller has found, says of whether a student may enter it alone."""
    row = await transaction.one(_offer, class_id=class_id, students_path=student.path)
    preferences = await preferences_for(transaction, organization_id=row.organization_id)
    return Offer(
        class_id=class_id,
        is_offered=row.is_offered,
        allow_self_enrollment=row.allow_self_enrollment,
        requires_approval=row.requires_approval,
        starts_at=row.starts_at,
        closes_hours=preferences.self_service_closes_hours,
    )
