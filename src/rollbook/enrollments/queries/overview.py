"""A coordinator's overview: what takes place in a tree of organizations, and what waits for somebody's attention."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Integer, Select, Text, bindparam, exists, func, or_, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.classes.statuses import OFF
from rollbook.database.expressions import within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.briefs import (
    AROUND,
    BRIEFS,
    DAYS_AHEAD,
    BriefedClass,
    BriefRow,
    complete_briefs,
    number_of,
    on_days,
    week_around,
)
from rollbook.enrollments.queries.recent_changes import RecentChange, list_recent_changes
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.model import organizations
from rollbook.people.model import users

DAYS_TO_FILL: Final = 14
"""So many days before it starts, a class below its minimum is told."""

MOST_SHOWN: Final = 50
_DAY: Final = 86_400


class Listed(msgspec.Struct, frozen=True):
    """
    Classes, as many as are shown.

    Attributes:
        has_more: There are others.
    """

    classes: list[BriefedClass]
    has_more: bool = False


class WaitingRequest(msgspec.Struct, frozen=True):
    """
    A request that nobody has answered.

    Attributes:
        waiting_since: Epoch microseconds.
    """

    id: int
    class_id: int
    class_name: str
    user_id: int
    first_name: str
    last_name: str
    waiting_since: int


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """
    What takes place, and what waits.

    Attributes:
        today: Classes that meet on this day in their zones, with these meetings.
        this_week: Those that meet on the following days, with these meetings.
        below_minimum: Classes that start soon with fewer students than they need.
        full: Classes that have not started, are full, and have a waitlist.
        requests: The oldest requests for classes that are not over.
        waiting_requests: How many of these there are.
    """

    today: Listed
    this_week: Listed
    below_minimum: Listed
    full: Listed
    requests: list[WaitingRequest]
    waiting_requests: int
    changes: list[RecentChange]


class _CountRow(msgspec.Struct, frozen=True):
    count: int


_path = bindparam("path", type_=Text)
_now = bindparam("now", type_=BigInteger)
_limit = bindparam("limit", type_=Integer)
_own = BRIEFS.where(within(organizations.c.path, _path), classes.c.status.not_in(OFF))
_by_start = (classes.c.starts_at, classes.c.id)
_enrolled = number_of(EnrollmentStatus.ENROLLED)

_met = Query(_own.where(*AROUND).order_by(*_by_start), BriefRow)
_below_minimum = Query(
    _own.where(classes.c.starts_at > _now, classes.c.starts_at <= bindparam("until", type_=BigInteger), _enrolled < classes.c.minimum)
    .order_by(*_by_start)
    .limit(_limit),
    BriefRow,
)
_full = Query(
    _own.where(
        classes.c.starts_at > _now,
        exists().where(enrollments.c.class_id == classes.c.id, enrollments.c.status == EnrollmentStatus.WAITLISTED.value),
        _enrolled >= classes.c.maximum,
    )
    .order_by(*_by_start)
    .limit(_limit),
    BriefRow,
)


def _requests(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(enrollments)
        .join(classes, classes.c.id == enrollments.c.class_id)
        .join(organizations, organizations.c.id == classes.c.organization_id)
        .join(users, users.c.id == enrollments.c.user_id)
        .where(
            enrollments.c.waiting_since.is_not(None),
            enrollments.c.status == EnrollmentStatus.REQUESTED.value,
            within(organizations.c.path, _path),
            classes.c.status.not_in(OFF),
            or_(classes.c.ends_at.is_(None), classes.c.ends_at > _now),
        )
    )


_number_of_requests = Query(_requests(func.count().label("count")), _CountRow)
_oldest_requests = Query(
    _requests(
        enrollments.c.id,
        enrollments.c.class_id,
        classes.c.name.label("class_name"),
        enrollments.c.user_id,
        users.c.first_name,
        users.c.last_name,
        enrollments.c.waiting_since,
    )
    .order_by(enrollments.c.waiting_since, enrollments.c.id)
    .limit(_limit),
    WaitingRequest,
)


async def get_overview(transaction: Transaction, *, viewer: Viewer) -> Overview:
    """Give what takes place and what waits in the viewer's tree; what is off is left out."""
    now = transaction.now
    around = week_around(now)
    met = await complete_briefs(transaction, await transaction.page(_met, path=viewer.path, **around), **around)
    below = await transaction.all(_below_minimum, path=viewer.path, now=now, until=now + DAYS_TO_FILL * _DAY, limit=MOST_SHOWN + 1)
    full = await transaction.all(_full, path=viewer.path, now=now, limit=MOST_SHOWN + 1)
    return Overview(
        today=_listed(on_days(met, now=now, first=0, last=0)),
        this_week=_listed(on_days(met, now=now, first=1, last=DAYS_AHEAD)),
        below_minimum=_listed(BriefedClass(row, [], []) for row in below),
        full=_listed(BriefedClass(row, [], []) for row in full),
        requests=await transaction.all(_oldest_requests, path=viewer.path, now=now, limit=MOST_SHOWN),
        waiting_requests=(await transaction.one(_number_of_requests, path=viewer.path, now=now)).count,
        changes=await list_recent_changes(transaction, viewer=viewer),
    )


def _listed(found: Iterable[BriefedClass]) -> Listed:
    shown = list(found)
    return Listed(shown[:MOST_SHOWN], len(shown) > MOST_SHOWN)
