"""What a change did beside the thing that it changed: to the places of classes, and to those who wait for them."""

from collections.abc import Iterable, Sequence
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
_remarks = msgspec.json.Decoder(_Remarks).decode


async def tell_effect(transaction: Transaction, *, recorded: Sequence[Recorded], class_ids: Iterable[int] = ()) -> Effect:
    """Give what recorded changes did; the caller made them, which is scope enough. *class_ids* are told of besides those of who waited."""
    kinds = {each.subject_id: each.record["kind"] for each in recorded if each.record["kind"] in {PROMOTED, PASSED_OVER}}
    told = {each.subject_id: _remarks(each.record["after"]) for each in recorded if each.record["kind"] == PASSED_OVER}
    rows = {row.id: row for row in await list_rows(transaction, enrollment_ids=kinds)}
    moved = [
        Moved(
            enrollment_id=subject_id,
            class_id=rows[subject_id].class_id,
            user_id=rows[subject_id].user_id,
            rule=told[subject_id].passed_over if subject_id in told else None,
            reason=told[subject_id].reason if subject_id in told else None,
        )
        for subject_id in kinds
    ]
    wanted = {*class_ids, *(each.class_id for each in moved)}
    return Effect(
        places=tuple(await transaction.all(_places, class_ids=sorted(wanted))) if wanted else (),
        promoted=tuple(each for each in moved if each.rule is None),
        passed_over=tuple(each for each in moved if each.rule is not None),
    )


async def find_late_warning(transaction: Transaction, *, organization_id: int) -> str | None:
    """Give what an organization wants a student to be told who cancels late (L1); None where it says nothing of its own."""
    return (await preferences_for(transaction, organization_id=organization_id)).late_cancel_warning
