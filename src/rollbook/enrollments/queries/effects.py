"""What a change did beside the thing that it changed: to the places of classes, and to those who wait for them."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, func, select

from rollbook.classes.model import classes
from rollbook.database.expressions import any_of
from rollbook.database.query import Query
from rollbook.database.transaction import Recorded, Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.waiting import list_rows
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.enrollments.waitlist import PASSED_OVER, PROMOTED
from rollbook.organizations.queries.preferences import preferences_for


class Places(msgspec.Struct, frozen=True):
    """
    How full a class is.

    Attributes:
        maximum: None is no limit.
        waiting: How many are Wait-Listed.
    """

    class_id: int
    minimum: int | None
    maximum: int | None
    enrolled: int
    waiting: int

    @property
    def free(self) -> int | None:
        """How many places are free; None where there is no limit."""
        return None if self.maximum is None else max(0, self.maximum - self.enrolled)


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """
    Somebody who waited and whom a change let in, or passed over.

    Attributes:
        rule, reason: Which rule passed the student over, and why; None of who was let in.
    """

    enrollment_id: int
    class_id: int
    user_id: int
    rule: str | None = None
    reason: str | None = None


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What a change did to classes and to those who wait for them."""

    places: tuple[Places, ...]
    promoted: tuple[Moved, ...]
    passed_over: tuple[Moved, ...]


class _Remarks(msgspec.Struct, frozen=True):
    class_id: int | None = None
    passed_over: str | None = None
    reason: str | None = None


def _counted(status: EnrollmentStatus) -> Any:
    counted: Select[Any] = select(func.count()).where(enrollments.c.class_id == classes.c.id, enrollments.c.status == status.value)
    return counted.scalar_subquery()


_places = Query(
    select(
        classes.c.id.label("class_id"),
        classes.c.minimum,
        classes.c.maximum,
        _counted(EnrollmentStatus.ENROLLED).label("enrolled"),
        _counted(EnrollmentStatus.WAITLISTED).label("waiting"),
    )
    .where(any_of(classes.c.id, "class_ids"))
    .order_by(classes.c.id),
    Places,
)
_decode = msgspec.json.Decoder(_Remarks).decode
_NOTHING = _Remarks()


async def tell_effect(transaction: Transaction, *, recorded: Sequence[Recorded]) -> Effect:
    """Give what recorded changes did to the classes of the changed enrollments, and to changed classes; the caller made them, which is scope enough."""
    of_enrollments = [each for each in recorded if each.record["subject"] == "enrollment"]
    rows = {row.id: row for row in await list_rows(transaction, enrollment_ids={each.subject_id for each in of_enrollments})}
    class_ids = {each.subject_id for each in recorded if each.record["subject"] == "class"} | {row.class_id for row in rows.values()}
    promoted: list[Moved] = []
    passed_over: list[Moved] = []
    for each in of_enrollments:
        left_class_id = _remarks(each.record["before"]).class_id
        if left_class_id is not None:
            class_ids.add(left_class_id)
        kind, row = each.record["kind"], rows.get(each.subject_id)
        if row is not None and kind == PROMOTED:
            promoted.append(Moved(enrollment_id=row.id, class_id=row.class_id, user_id=row.user_id))
        elif row is not None and kind == PASSED_OVER:
            said = _remarks(each.record["after"])
            passed_over.append(
                Moved(enrollment_id=row.id, class_id=row.class_id, user_id=row.user_id, rule=said.passed_over, reason=said.reason)
            )
    places = await transaction.all(_places, class_ids=sorted(class_ids)) if class_ids else []
    return Effect(places=tuple(places), promoted=tuple(promoted), passed_over=tuple(passed_over))


async def find_late_warning(transaction: Transaction, *, organization_id: int) -> str | None:
    """Give what an organization, which the caller has found, tells a student who cancels late (L1); None where it says nothing of its own."""
    return (await preferences_for(transaction, organization_id=organization_id)).late_cancel_warning


def _remarks(kept: str | None) -> _Remarks:
    return _NOTHING if kept is None else _decode(kept)
