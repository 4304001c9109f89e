"""The enrollments of two users who are one person."""

from msgspec import Struct
from sqlalchemy import Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.organizations.model import organizations


class HeldEnrollment(Struct, frozen=True):
    """
    An enrollment of one of two users.

    Attributes:
        organization_id: The class's.
        class_starts_at: Unix epoch seconds; None where the class has no meetings.
        is_visible: Whether the viewer sees it.
    """

    id: int
    class_id: int
    user_id: int
    organization_id: int
    status: EnrollmentStatus
    completion: CompletionStatus
    external_id: str | None
    class_starts_at: int | None
    is_visible: bool


_held = Query(
    select(
        enrollments.c.id,
        enrollments.c.class_id,
        enrollments.c.user_id,
        enrollments.c.organization_id,
        enrollments.c.status,
        enrollments.c.completion,
        enrollments.c.external_id,
        classes.c.starts_at.label("class_starts_at"),
        within(organizations.c.path, bindparam("path", type_=Text())).label("is_visible"),
    )
    .join(classes, classes.c.id == enrollments.c.class_id)
    .join(organizations, organizations.c.id == enrollments.c.organization_id)
    .where(any_of(enrollments.c.user_id, "user_ids"))
    .order_by(enrollments.c.class_id, enrollments.c.id),
    HeldEnrollment,
)


async def list_held(transaction: Transaction, *, viewer: Viewer, user_id: int, merged_user_id: int) -> dict[int, list[HeldEnrollment]]:
    """Give, by class, the enrollments of both users in the classes in which the one who goes has one, that one last."""
    rows = await transaction.all(_held, user_ids=[user_id, merged_user_id], path=viewer.path)
    class_ids = {row.class_id for row in rows if row.user_id == merged_user_id}
    held: dict[int, list[HeldEnrollment]] = {}
    for row in sorted(rows, key=lambda row: row.user_id == merged_user_id):
        if row.class_id in class_ids:
            held.setdefault(row.class_id, []).append(row)
    return dict(sorted(held.items()))
