"""Searching the public schedule with how full its classes are."""

from rollbook.access.actor import Viewer
from rollbook.classes.queries.public_schedule import ScheduleCriteria, search_public_schedule
from rollbook.classes.queries.search import ClassPage
from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries.class_facts import count_enrolled_of


async def search_public_schedule_with_enrolled(
    transaction: Transaction, *, viewer: Viewer, criteria: ScheduleCriteria, sort: str, descending: bool, offset: int, limit: int
) -> tuple[ClassPage, dict[int, int]]:
    """Find classes as ``search_public_schedule`` does, and count the Enrolled students of those on the page."""
    page = await search_public_schedule(
        transaction, viewer=viewer, criteria=criteria, sort=sort, descending=descending, offset=offset, limit=limit
    )
    return page, await count_enrolled_of(transaction, class_ids=[found.row.id for found in page.classes])
