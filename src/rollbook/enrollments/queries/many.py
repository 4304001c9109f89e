"""What acts on many enrollments at once lock and read."""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import Integer, Text, bindparam, select, union

from rollbook.access.actor import Viewer
from rollbook.classes.model import class_classrooms, classes
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.entrance import IdRow
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.model import organizations


class ListedEnrollment(msgspec.Struct, frozen=True):
    """An enrollment of a class, as an act on all of them names it."""

    id: int
    class_id: int
    user_id: int
    status: EnrollmentStatus
    waiting_since: int | None
    version: int


_class_id = bindparam("class_id", type_=Integer)
_of_classes = any_of(enrollments.c.class_id, "class_ids")

lock_enrollments_of = Query(
    select(enrollments.c.id)
    .where(_of_classes, any_of(enrollments.c.user_id, "user_ids"))
    .order_by(enrollments.c.id)
    .with_for_update(key_share=True),
    IdRow,
)
_waiting_users = Query(select(enrollments.c.user_id.label("id")).where(_of_classes, enrollments.c.waiting_since.is_not(None)), IdRow)
_rooms_of_classes = Query(
    union(
        select(class_classrooms.c.classroom_id.label("id")).where(any_of(class_classrooms.c.class_id, "class_ids")),
        select(enrollments.c.classroom_id.label("id")).where(_of_classes, enrollments.c.classroom_id.is_not(None)),
    ),
    IdRow,
)
_class_in_scope = Query(
    select(classes.c.id)
    .join(organizations, organizations.c.id == classes.c.organization_id)
    .where(classes.c.id == _class_id, within(organizations.c.path, bindparam("path", type_=Text))),
    IdRow,
)
_enrollments_of_class = Query(
    select(*(enrollments.c[name] for name in ListedEnrollment.__struct_fields__))
    .where(enrollments.c.class_id == _class_id, any_of(enrollments.c.status, "statuses"))
    .order_by(enrollments.c.id),
    ListedEnrollment,
)


async def list_rooms_of(transaction: Transaction, *, class_ids: Collection[int]) -> set[int]:
    """Give the ids of the rooms that classes have, or have students in; asked after the classes are locked."""
    return {row.id for row in await transaction.all(_rooms_of_classes, class_ids=list(class_ids))}


async def list_waiting_users(transaction: Transaction, *, class_ids: Collection[int]) -> set[int]:
    """Give the ids of the users who wait for a place in classes, whom an act on others may promote."""
    return {row.id for row in await transaction.all(_waiting_users, class_ids=list(class_ids))}


async def is_class_in_scope(transaction: Transaction, *, viewer: Viewer, class_id: int) -> bool:
    """Tell whether the viewer has a class."""
    return await transaction.find(_class_in_scope, class_id=class_id, path=viewer.path) is not None


async def list_of_class(transaction: Transaction, *, class_id: int, statuses: Sequence[EnrollmentStatus]) -> list[ListedEnrollment]:
    """Give the enrollments of a class that are in one of some statuses, by ascending id; asked for a class already in scope."""
    return await transaction.all(_enrollments_of_class, class_id=class_id, statuses=[status.value for status in statuses])
