"""Many enrollments at once: everybody into every class, the students of another class, everybody to another class."""

from collections.abc import Mapping
from enum import IntEnum
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.rest.batching import OUTCOME, Atomic, BatchOutcome, carry_out_many
from rollbook.api.rest.call import Call
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.performing import given_in
from rollbook.api.rest.problems import Placing
from rollbook.api.rest.refused import RefusedError
from rollbook.api.rest.values import Count, Id, Name, Note
from rollbook.api.rest.words import CompletionWord, EnrollmentStatusWord, LocationWord, member_of
from rollbook.database.transaction import Transaction
from rollbook.enrollments.actions.between_classes import ACTIVE, add_students_of, list_additions, list_transfers, transfer
from rollbook.enrollments.actions.create import NewEnrollment
from rollbook.enrollments.actions.many import MOST_ROWS, carry_out, carry_out_all, cross
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus

TAG: Final = "Many at once"

Ids = Annotated[tuple[Id, ...], Meta(min_length=1, max_length=MOST_ROWS)]
_WORDS: Final[Mapping[str, type[IntEnum]]] = MappingProxyType(
    {"status": EnrollmentStatus, "completion": CompletionStatus, "location": LocationType}
)


class _Values(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    status: Annotated[EnrollmentStatusWord, Meta(description="By default waitlisted.")] | UnsetType = UNSET
    completion: CompletionWord | UnsetType = UNSET
    external_id: Name | UnsetType | None = UNSET
    late_cancel: bool | UnsetType = UNSET
    retake: bool | UnsetType = UNSET
    location: LocationWord | UnsetType | None = UNSET
    classroom_id: Id | UnsetType | None = UNSET
    hours_spent: Count | UnsetType | None = UNSET
    grade: Count | UnsetType | None = UNSET
    note: Note | UnsetType | None = UNSET


class EnrollmentRow(_Values, frozen=True, kw_only=True):
    """An enrollment to make, where it is not as all of them are."""

    class_id: Id
    user_id: Id


class CreateEnrollments(_Values, frozen=True, kw_only=True):
    """Enrollments to make: of each of the users in each of the classes, or the rows; each as it says itself, or else as said for all."""

    class_ids: Ids | UnsetType = UNSET
    user_ids: Ids | UnsetType = UNSET
    rows: Annotated[tuple[EnrollmentRow, ...], Meta(min_length=1, max_length=MOST_ROWS)] | UnsetType = UNSET
    atomic: Atomic = False


class AddStudents(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose students are added."""

    from_class_id: Id
    status: Annotated[EnrollmentStatusWord, Meta(description="By default enrolled.")] | UnsetType = UNSET
    atomic: Atomic = False


class TransferStudents(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where they are moved."""

    to_class_id: Id
    statuses: (
        Annotated[
            tuple[EnrollmentStatusWord, ...],
            Meta(min_length=1, max_length=7, description="Who is moved; by default everybody but cancelled and denied ones."),
        ]
        | UnsetType
    ) = UNSET
    atomic: Atomic = False


@endpoint(
    "POST",
    "/enrollments/batch",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=CreateEnrollments(class_ids=(4,), user_ids=(3, 5), status="enrolled"),
    answers=OUTCOME,
)
async def create_enrollments(call: Call, body: CreateEnrollments) -> BatchOutcome:
    """
    Enroll up to 10,000 times at once.

    Each enrollment has a result of its own, in the order of the rows, or of the users class by class. With `atomic` all are made or none, and a
    refusal tells each one that was refused.
    """
    rows = _rows_of(body)

    async def list_rows(_transaction: Transaction) -> list[NewEnrollment]:
        return rows

    act = partial(carry_out_all if body.atomic else carry_out, actor=call.actor, rows=rows)
    placing = None if body.rows is UNSET else _place_in_row
    return await carry_out_many(call, act, list_rows=list_rows, atomic=body.atomic, placing=placing)


@endpoint(
    "POST",
    "/classes/{class_id}/additions",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=AddStudents(from_class_id=3),
    answers=OUTCOME,
    versioned=False,
)
async def add_students(call: Call, class_id: int, body: AddStudents) -> BatchOutcome:
    """Add the enrolled students of another class, who stay in that one too."""
    status = EnrollmentStatus.ENROLLED if body.status is UNSET else member_of(EnrollmentStatus, body.status)
    act = partial(add_students_of, actor=call.actor, class_id=class_id, from_class_id=body.from_class_id, status=status, atomic=body.atomic)
    list_rows = partial(list_additions, viewer=call.actor.viewer, class_id=class_id, from_class_id=body.from_class_id, status=status)
    return await carry_out_many(call, act, list_rows=list_rows, atomic=body.atomic)


@endpoint(
    "POST",
    "/classes/{class_id}/transfer",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=TransferStudents(to_class_id=5, statuses=("enrolled", "waitlisted")),
    answers=OUTCOME,
    versioned=False,
)
async def transfer_students(call: Call, class_id: int, body: TransferStudents) -> BatchOutcome:
    """
    Move the students of a class to another one.

    Each leaves and enters by the rules (M1), with the same status. Who waits goes first, and stands in the new line as in the old one.
    """
    statuses = ACTIVE if body.statuses is UNSET else tuple(member_of(EnrollmentStatus, word) for word in body.statuses)
    act = partial(transfer, actor=call.actor, class_id=class_id, to_class_id=body.to_class_id, statuses=statuses, atomic=body.atomic)
    list_rows = partial(list_transfers, viewer=call.actor.viewer, class_id=class_id, to_class_id=body.to_class_id, statuses=statuses)
    return await carry_out_many(call, act, list_rows=list_rows, atomic=body.atomic)


def _rows_of(body: CreateEnrollments) -> list[NewEnrollment]:
    """
    Give the enrollments that a body asks for.

    Raises:
        RefusedError: It gives rows and classes or users, or neither.
        TooManyRowsError: There are too many.
    """
    shared = _values_of(body)
    if body.rows is not UNSET:
        if body.class_ids is not UNSET or body.user_ids is not UNSET:
            raise RefusedError(
                422,
                "contradicting_rows",
                "rows are given, and classes or users; give either rows, or class_ids and user_ids",
                field="$.rows",
            )
        return [NewEnrollment(**{**shared, **_values_of(row)}, class_id=row.class_id, user_id=row.user_id) for row in body.rows]
    if body.class_ids is UNSET or body.user_ids is UNSET:
        missing = "class_ids" if body.class_ids is UNSET else "user_ids"
        raise RefusedError(
            422, "missing_rows", "it is not said whom to enroll where; give class_ids and user_ids, or rows", field=f"$.{missing}"
        )
    return cross(body.class_ids, body.user_ids, shared=NewEnrollment(**shared, class_id=0, user_id=0))


def _values_of(given: _Values) -> dict[str, Any]:
    """Give what is said of an enrollment beside its class and its student, as the domain has it."""
    values = {name: value for name, value in given_in(given).items() if name in _Values.__struct_fields__}
    for name, kind in _WORDS.items():
        if values.get(name) is not None:
            values[name] = member_of(kind, values[name])
    return values if isinstance(given, EnrollmentRow) else {"status": EnrollmentStatus.WAITLISTED, **values}


def _place_in_row(index: int) -> Placing:
    return lambda name: f"$.rows[{index}].{name}"


ENDPOINTS: tuple[Endpoint, ...] = (create_enrollments, add_students, transfer_students)
