"""Reading all enrollments, page by page."""

from sqlalchemy import Integer, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.database.expressions import within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.sight import EnrollmentRow
from rollbook.organizations.model import organizations

_seen = select(organizations.c.id).where(within(organizations.c.path, bindparam("path", type_=Text)))
# SQLite would get a bound offset of its own where none is given.
_page_enrollments = Query(
    select(*(enrollments.c[name] for name in EnrollmentRow.__struct_fields__))
    .where(enrollments.c.organization_id.in_(_seen), enrollments.c.id > bindparam("after_id", type_=Integer))
    .order_by(enrollments.c.id)
    .limit(bindparam("limit", type_=Integer)),
    EnrollmentRow,
)


async def page_enrollments(transaction: Transaction, *, viewer: Viewer, after_id: int = 0, limit: int = 200) -> list[EnrollmentRow]:
    """Give the enrollments with an id above *after_id*, ascending, at most *limit* of them."""
    return await transaction.all(_page_enrollments, path=viewer.path, after_id=after_id, limit=limit)
