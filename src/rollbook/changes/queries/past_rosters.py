"""
The roster of a class as it was at a moment.

It is rebuilt from what is there now, by undoing what was recorded since. Who came since falls out by that; who left since, by moving to
another class or by deletion, is found among what the history says is gone.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Integer, Text, and_, bindparam, select, union_all

from rollbook.access.actor import Viewer
from rollbook.changes.undoing import Recorded, State, as_of
from rollbook.classrooms.model import classrooms
from rollbook.database.expressions import any_of, number_in, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import attendance, enrollments
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.roster import RosterClass, get_roster_class, positions_in
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.history.model import GONE, IS_INDEXED, history
from rollbook.organizations.model import organizations
from rollbook.people.model import companies, merged_users, users


class PastState(msgspec.Struct, frozen=True):
    """An enrollment as it was."""

    class_id: int
    user_id: int
    organization_id: int
    external_id: str | None
    status: EnrollmentStatus
    completion: CompletionStatus
    late_cancel: bool
    retake: bool
    location: LocationType
    classroom_id: int | None
    hours_spent: int | None
    grade: int | None
    waiting_since: int | None
    # What was deleted before enrollments had these two was recorded without them.
    passed_over: str | None = None
    note: str | None = None
    attendance: dict[str, bool] = {}


class Person(msgspec.Struct, frozen=True):
    """
    A student as a roster shows them: as they are now, under the account that they have now; who was deleted has no name any more.

    Attributes:
        company_id, company_name: The student's company, where the viewer sees it.
    """

    id: int
    user_name: str
    first_name: str
    last_name: str
    email: str
    company_id: int | None
    company_name: str | None


class PastEntry(msgspec.Struct, frozen=True):
    """
    A line of a roster of the past.

    Attributes:
        position: Where the student stood in the line of those with the same status; None for who did not wait.
    """

    id: int
    state: PastState
    student: Person
    classroom_name: str | None
    position: int | None

    @property
    def meetings_attended(self) -> int:
        """How many meetings the student had attended."""
        return sum(self.state.attendance.values())


class PastRoster(msgspec.Struct, frozen=True):
    """
    A class as it is now, and every enrollment of it as it was.

    Attributes:
        entries: By the students' last and first names, then by id.
    """

    training_class: RosterClass
    entries: list[PastEntry]


class _EnrollmentRow(msgspec.Struct, frozen=True):
    id: int
    class_id: int
    user_id: int
    organization_id: int
    external_id: str | None
    status: int
    completion: int
    late_cancel: bool
    retake: bool
    location: int
    classroom_id: int | None
    hours_spent: int | None
    grade: int | None
    waiting_since: int | None
    passed_over: str | None
    note: str | None


class _AttendanceRow(msgspec.Struct, frozen=True):
    enrollment_id: int
    meeting_id: int
    attended: bool


class _ChangeRow(msgspec.Struct, frozen=True):
    subject_id: int
    at: int
    before: dict[str, Any] | None


class _IdRow(msgspec.Struct, frozen=True):
    subject_id: int


class _SuccessorRow(msgspec.Struct, frozen=True):
    merged_id: int
    user_id: int


class _RoomRow(msgspec.Struct, frozen=True):
    id: int
    name: str


_path = bindparam("path", type_=Text)
_class_id = bindparam("class_id", type_=Integer)
_since = history.c.at > bindparam("moment", type_=BigInteger)
_states = select(*(enrollments.c[name] for name in _EnrollmentRow.__struct_fields__))
_in_class = Query(_states.where(enrollments.c.class_id == _class_id), _EnrollmentRow)
_with_ids = Query(_states.where(any_of(enrollments.c.id, "ids")), _EnrollmentRow)
# The kinds are those of the partial index, word for word, and its first column is bounded, so that SQLite goes by it.
_gone = Query(
    select(history.c.subject_id)
    .distinct()
    .where(history.c.kind.in_(GONE), history.c.subject_id > 0, _since, number_in(history.c.before, "class_id") == _class_id),
    _IdRow,
)
_indexed = and_(any_of(history.c.subject_id, "ids"), history.c.subject == "enrollment", IS_INDEXED)
_ends = union_all(
    select(enrollments.c.last_result_id.label("id")).where(any_of(enrollments.c.id, "ids")),
    select(history.c.previous_id).where(_indexed, _since),
).subquery()
_chain = select(_ends.c.id).cte("chain", recursive=True)
_chain = _chain.union_all(select(history.c.previous_id).join_from(_chain, history, history.c.id == _chain.c.id).where(_since))
_changes = Query(
    select(history.c.subject_id, history.c.at, history.c.before)
    .where(history.c.id.in_(union_all(select(history.c.id).where(_indexed, _since), select(_chain.c.id))), _since)
    .order_by(history.c.id.desc()),
    _ChangeRow,
)
_attendance = Query(
    select(attendance.c.enrollment_id, attendance.c.meeting_id, attendance.c.attended).where(any_of(attendance.c.enrollment_id, "ids")),
    _AttendanceRow,
)
_seen = select(organizations.c.id).where(within(organizations.c.path, _path))
_people = Query(
    select(
        users.c.id,
        users.c.user_name,
        users.c.first_name,
        users.c.last_name,
        users.c.email,
        companies.c.id.label("company_id"),
        companies.c.name.label("company_name"),
    )
    .select_from(users)
    .outerjoin(companies, (companies.c.id == users.c.company_id) & companies.c.organization_id.in_(_seen))
    .where(any_of(users.c.id, "ids")),
    Person,
)
_successors = Query(
    select(merged_users.c.merged_id, merged_users.c.user_id).where(any_of(merged_users.c.merged_id, "ids")),
    _SuccessorRow,
)
_rooms = Query(select(classrooms.c.id, classrooms.c.name).where(any_of(classrooms.c.id, "ids")), _RoomRow)


async def get_past_roster(transaction: Transaction, *, viewer: Viewer, class_id: int, moment: int) -> PastRoster:
    """
    Give the roster of a class as it was at the end of a second, in epoch seconds.

    Raises:
        ClassNotFoundError: The viewer has no such class.
    """
    found = await get_roster_class(transaction, viewer=viewer, class_id=class_id)
    gone = {row.subject_id for row in await transaction.all(_gone, class_id=class_id, moment=moment)}
    present = await transaction.all(_in_class, class_id=class_id)
    elsewhere = await transaction.all(_with_ids, ids=sorted(gone)) if gone else []
    ids = sorted({*gone, *(row.id for row in present)})
    states = await _states_as_of(transaction, ids=ids, rows=[*present, *elsewhere], moment=moment)
    there = {enrollment_id: state for enrollment_id, state in states.items() if state.class_id == class_id}

    students = await _people_of(transaction, viewer=viewer, user_ids={state.user_id for state in there.values()})
    room_ids = {state.classroom_id for state in there.values() if state.classroom_id is not None}
    rooms = {row.id: row.name for row in await transaction.all(_rooms, ids=sorted(room_ids))}
    positions = positions_in((enrollment_id, state.status, state.waiting_since) for enrollment_id, state in there.items())
    entries = [
        PastEntry(enrollment_id, state, students[state.user_id], rooms.get(state.classroom_id or 0), positions.get(enrollment_id))
        for enrollment_id, state in there.items()
    ]
    entries.sort(key=lambda entry: (entry.student.last_name.casefold(), entry.student.first_name.casefold(), entry.id))
    return PastRoster(found, entries)


async def _people_of(transaction: Transaction, *, viewer: Viewer, user_ids: Collection[int]) -> dict[int, Person]:
    """Give who users are, by the ids that they had."""
    successors = {row.merged_id: row.user_id for row in await transaction.all(_successors, ids=list(user_ids))}
    ids = {user_id: successors.get(user_id, user_id) for user_id in user_ids}
    found = {row.id: row for row in await transaction.all(_people, ids=sorted(ids.values()), path=viewer.path)}
    return {
        user_id: found.get(present_id) or Person(user_id, "", "", f"Deleted user {user_id}", "", None, None)
        for user_id, present_id in ids.items()
    }


async def _states_as_of(
    transaction: Transaction, *, ids: Collection[int], rows: Collection[_EnrollmentRow], moment: int
) -> dict[int, PastState]:
    """Give, by their ids, how enrollments were; those that were not there are left out."""
    attended: defaultdict[int, dict[str, bool]] = defaultdict(dict)
    for mark in await transaction.all(_attendance, ids=list(ids)):
        attended[mark.enrollment_id][str(mark.meeting_id)] = mark.attended
    changes: defaultdict[int, list[Recorded]] = defaultdict(list)
    for change in await transaction.all(_changes, ids=list(ids), moment=moment):
        changes[change.subject_id].append(Recorded(change.at, change.before))
    now: dict[int, State] = {row.id: {**msgspec.structs.asdict(row), "attendance": attended[row.id]} for row in rows}
    then = {enrollment_id: as_of(now.get(enrollment_id), changes[enrollment_id], moment=moment) for enrollment_id in ids}
    return {enrollment_id: msgspec.convert(state, PastState) for enrollment_id, state in then.items() if state is not None}
