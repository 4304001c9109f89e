"""The values that classes have of custom fields."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Integer, bindparam, literal_column, update

from rollbook.access.actor import Actor
from rollbook.classes.model import classes
from rollbook.classes.queries.classes import get_class, lock_class
from rollbook.custom_fields.actions.values import ValueChange, copy_values
from rollbook.custom_fields.queries.holders import Holder
from rollbook.custom_fields.values import Subject
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, InvalidError, NotFoundError, RollbookError, refuse
from rollbook.history.recording import recorded
from rollbook.history.versions import check_version
from rollbook.people.actions.custom_field_values import NewValue, give_value, value_entry

_touch = recorded(
    update(classes)
    .where(classes.c.id == bindparam("class_id", type_=Integer))
    .values(modified_at=bindparam("modified_at", type_=BigInteger), version=classes.c.version + literal_column("1", Integer())),
    identity=classes.c.id,
)


async def update_class_custom_field_value(
    transaction: Transaction, *, actor: Actor, class_id: int, new: NewValue, if_version: int | None = None
) -> None:
    """
    Change a class's own value of a custom field; of one that cascades, a class whose own value is cleared shows its course's again.

    Raises:
        ClassNotFoundError: The actor has no such class.
        VersionChangedError: It is not at the version asked for.
        RollbookError: The field is not one of classes, or does not take the value, as ``write_value`` tells.
    """
    await update_class_custom_field_values(transaction, actor=actor, class_id=class_id, new=[new], if_version=if_version)


async def update_class_custom_field_values(
    transaction: Transaction, *, actor: Actor, class_id: int, new: Iterable[NewValue], if_version: int | None = None
) -> None:
    """
    Change a class's own values of several custom fields, all of them or none, as one change.

    Raises:
        ClassNotFoundError: The actor has no such class.
        VersionChangedError: It is not at the version asked for.
        RollbookError: A field is not one of classes, or does not take its value, as ``write_value`` tells; whatever is refused is told at once.
    """
    await lock_class(transaction, class_id)
    row = (await get_class(transaction, viewer=actor.viewer, class_id=class_id)).row
    check_version(noun="class", subject_id=class_id, version=row.version, wanted=if_version)
    holder = Holder(Subject.CLASS, class_id, row.organization_id)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    refusals: list[RollbookError] = []
    # Each field is locked as its value is written, and fields are locked by ascending id.
    for each in sorted(new, key=lambda value: value.custom_field_id):
        try:
            change = await give_value(transaction, actor=actor, holder=holder, new=each)
        except (ConflictError, InvalidError, NotFoundError) as error:
            refusals.append(error)
            continue
        if change is not None:
            before |= change.before
            after |= change.after
    refuse(refusals)
    if after:
        await _record(transaction, actor=actor, holder=holder, change=ValueChange(before, after))


async def copy_custom_field_values(
    transaction: Transaction, *, actor: Actor, from_class_id: int, class_id: int, organization_id: int
) -> None:
    """Give a new class of an organization the values that another one, which the actor has found, has of its own."""
    copied = await copy_values(transaction, subject=Subject.CLASS, from_id=from_class_id, to_id=class_id)
    if copied:
        holder = Holder(Subject.CLASS, class_id, organization_id)
        await _record(transaction, actor=actor, holder=holder, change=ValueChange({}, copied))


async def _record(transaction: Transaction, *, actor: Actor, holder: Holder, change: ValueChange) -> None:
    record = value_entry(transaction, actor=actor, holder=holder, change=change)
    await transaction.change(_touch, {"class_id": holder.id, "modified_at": transaction.now}, record)
