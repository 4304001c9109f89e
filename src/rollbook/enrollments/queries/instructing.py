"""What an instructor sees: the classes that they instruct, and nothing by the organization that they belong to."""

import msgspec
from sqlalchemy import Integer, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import class_instructors, classes
from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries.briefs import AROUND, BRIEFS, BriefedClass, BriefRow, complete_briefs
from rollbook.organizations.model import organizations


class _ViewerRow(msgspec.Struct, frozen=True):
    organization_id: int
    path: str


_user_id = bindparam("user_id", type_=Integer)
_instructed = select(class_instructors.c.class_id).where(class_instructors.c.user_id == _user_id)
_viewer = Query(
    select(classes.c.organization_id, organizations.c.path)
    .join(organizations, organizations.c.id == classes.c.organization_id)
    .where(classes.c.id == bindparam("class_id", type_=Integer), classes.c.id.in_(_instructed)),
    _ViewerRow,
)
_classes = Query(BRIEFS.where(classes.c.id.in_(_instructed), *AROUND).order_by(classes.c.starts_at, classes.c.id), BriefRow)


async def get_instructed_viewer(transaction: Transaction, *, user_id: int, class_id: int) -> Viewer:
    """
    Give what an instructor sees on the pages of a class: the tree of the class's organization.

    Raises:
        ClassNotFoundError: The user instructs no such class.
    """
    row = await transaction.find(_viewer, user_id=user_id, class_id=class_id)
    if row is None:
        raise ClassNotFoundError(class_id)
    return Viewer(row.organization_id, row.path)


async def list_instructed_classes(transaction: Transaction, *, user_id: int, starts_before: int, ends_after: int) -> list[BriefedClass]:
    """Give the classes that a user instructs and that meet between two moments, in epoch seconds, with those meetings; the first one first."""
    rows = await transaction.all(_classes, user_id=user_id, starts_before=starts_before, ends_after=ends_after)
    return await complete_briefs(transaction, rows, starts_before=starts_before, ends_after=ends_after)
