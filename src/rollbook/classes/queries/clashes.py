"""Reading what else the classrooms and instructors of a class do."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from msgspec import Struct
from sqlalchemy import BigInteger, Column, Integer, Table, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.classes.clashes import OtherMeeting
from rollbook.classes.model import class_classrooms, class_instructors, classes, meetings
from rollbook.classes.schedule import Meeting, first_start, last_end
from rollbook.classes.statuses import OFF
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations


class _WantedRow(Struct, frozen=True):
    wanted_id: int
    class_id: int
    starts_at: int
    ends_at: int
    is_visible: bool


def _other_meetings(parties: Table, party_id: Column[int]) -> Query[_WantedRow]:
    return Query(
        select(
            party_id.label("wanted_id"),
            meetings.c.class_id,
            meetings.c.starts_at,
            meetings.c.ends_at,
            within(organizations.c.path, bindparam("path", type_=Text)).label("is_visible"),
        )
        .select_from(parties)
        .join(classes, classes.c.id == parties.c.class_id)
        .join(organizations, organizations.c.id == classes.c.organization_id)
        .join(meetings, meetings.c.class_id == classes.c.id)
        .where(
            any_of(party_id, "wanted_ids"),
            classes.c.id != bindparam("class_id", type_=Integer),
            classes.c.status.not_in(OFF),
            meetings.c.ends_at > bindparam("since", type_=BigInteger),
            meetings.c.starts_at < bindparam("until", type_=BigInteger),
        )
        .order_by(party_id, meetings.c.starts_at, meetings.c.id),
        _WantedRow,
    )


_in_classrooms = _other_meetings(class_classrooms, class_classrooms.c.classroom_id)
_of_instructors = _other_meetings(class_instructors, class_instructors.c.user_id)


async def list_meetings_in_classrooms(
    transaction: Transaction, *, viewer: Viewer, classroom_ids: Collection[int], class_id: int, during: Sequence[Meeting]
) -> dict[int, list[OtherMeeting]]:
    """Give, by classroom, the meetings around that time of other classes that are not off, of whatever organization (C3)."""
    return await _list(_in_classrooms, transaction, viewer=viewer, wanted_ids=classroom_ids, class_id=class_id, during=during)


async def list_meetings_of_instructors(
    transaction: Transaction, *, viewer: Viewer, instructor_ids: Collection[int], class_id: int, during: Sequence[Meeting]
) -> dict[int, list[OtherMeeting]]:
    """Give, by instructor, the meetings around that time of other classes that are not off, of whatever organization (C3)."""
    return await _list(_of_instructors, transaction, viewer=viewer, wanted_ids=instructor_ids, class_id=class_id, during=during)


async def _list(
    query: Query[_WantedRow],
    transaction: Transaction,
    *,
    viewer: Viewer,
    wanted_ids: Collection[int],
    class_id: int,
    during: Sequence[Meeting],
) -> dict[int, list[OtherMeeting]]:
    found: defaultdict[int, list[OtherMeeting]] = defaultdict(list)
    if wanted_ids and during:
        rows = await transaction.all(
            query, wanted_ids=list(wanted_ids), class_id=class_id, since=first_start(during), until=last_end(during), path=viewer.path
        )
        for row in rows:
            meeting = OtherMeeting(starts_at=row.starts_at, ends_at=row.ends_at, class_id=row.class_id, is_visible=row.is_visible)
            found[row.wanted_id].append(meeting)
    return found
