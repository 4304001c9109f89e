"""The last changes of enrollments, for who wants to undo them (U1)."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import BigInteger, Integer, Select, Text, bindparam, case, func, literal, select

from rollbook.access.actor import Actor, Viewer
from rollbook.database.expressions import any_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.sight import EnrollmentRow
from rollbook.enrollments.undoing import Opposite, RecordedChange, UndoRefusal, oppose
from rollbook.history.model import IS_INDEXED, history
from rollbook.organizations.model import organizations
from rollbook.people.model import users

TOGETHER: Final = "together"
"""The remark by which the history tells which changes were made together."""

_OFFERED_SECONDS: Final = 3600
"""How long after it a change is offered to be undone; it can be undone as long as nothing happens to the enrollment."""
_NOT_CHANGED: Final = frozenset({"id", "last_result_id", "created_at", "modified_at", "version"})
_STATE: Final = tuple(name for name in EnrollmentRow.__struct_fields__ if name not in _NOT_CHANGED)


class LastChange(EnrollmentRow, frozen=True):
    """
    An enrollment as it is now, and the last change of it.

    Attributes:
        at: When, in epoch seconds.
        before: The changed values as they were; None where the change made the enrollment.
        after: The changed values as they became, and remarks.
    """

    first_name: str
    last_name: str
    change_id: int
    at: int
    actor_kind: str
    actor_id: int | None
    actor_name: str
    kind: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    def opposite(self, actor: Actor) -> Opposite | UndoRefusal:
        """Give what undoes the change, or why the actor cannot."""
        change = RecordedChange(
            enrollment_id=self.id,
            actor_kind=self.actor_kind,
            actor_id=self.actor_id,
            actor_name=self.actor_name,
            kind=self.kind,
            before=self.before,
            after=self.after or {},
        )
        stored = {name: getattr(self, name) for name in _STATE}
        return oppose(change, stored=stored, actor_kind=actor.kind, actor_id=actor.id)


_in_index = (
    select(func.max(history.c.id))
    .where(history.c.subject_id == enrollments.c.id, history.c.subject == literal("enrollment", Text), IS_INDEXED)
    .correlate(enrollments)
    .scalar_subquery()
)
_last_result = func.coalesce(enrollments.c.last_result_id, 0)
_last: Select[Any] = (
    select(
        *(enrollments.c[name] for name in EnrollmentRow.__struct_fields__),
        users.c.first_name,
        users.c.last_name,
        history.c.id.label("change_id"),
        history.c.at,
        history.c.actor_kind,
        history.c.actor_id,
        history.c.actor_name,
        history.c.kind,
        history.c.before,
        history.c.after,
    )
    .select_from(enrollments)
    .join(organizations, organizations.c.id == enrollments.c.organization_id)
    .join(users, users.c.id == enrollments.c.user_id)
    .join(history, history.c.id == case((func.coalesce(_in_index, 0) > _last_result, _in_index), else_=_last_result))
    .where(within(organizations.c.path, bindparam("path", type_=Text)))
)
_of_enrollments = Query(_last.where(any_of(enrollments.c.id, "ids")).order_by(enrollments.c.id), LastChange)
_of_class = Query(
    _last.where(
        enrollments.c.class_id == bindparam("class_id", type_=Integer),
        enrollments.c.modified_at >= bindparam("since", type_=BigInteger),
        history.c.actor_kind == bindparam("actor_kind", type_=Text),
        history.c.actor_id == bindparam("actor_id", type_=Integer),
    ).order_by(history.c.id.desc()),
    LastChange,
)


async def list_last_changes(transaction: Transaction, *, viewer: Viewer, enrollment_ids: Collection[int]) -> list[LastChange]:
    """Give those of some enrollments that the viewer has, each with its last change, by ascending id."""
    return await transaction.all(_of_enrollments, ids=list(enrollment_ids), path=viewer.path)


async def list_undoable(transaction: Transaction, *, actor: Actor, class_id: int) -> list[LastChange]:
    """
    Give what the actor did last in a class and could take back: one change, or several that were made together; the newest first.

    Only what was done within the last hour is offered, and what nobody changed again.
    """
    mine = await transaction.all(
        _of_class,
        class_id=class_id,
        since=transaction.now - _OFFERED_SECONDS,
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        path=actor.viewer.path,
    )
    if not mine:
        return []
    newest, *others = mine
    together = (newest.after or {}).get(TOGETHER)
    group = [newest, *(each for each in others if together is not None and (each.after or {}).get(TOGETHER) == together)]
    return group if all(isinstance(each.opposite(actor), Opposite) for each in group) else []
