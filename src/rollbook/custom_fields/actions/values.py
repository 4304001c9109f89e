"""Writing the values of custom fields; what they belong to is found, locked and recorded by whoever calls."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Integer, Text, bindparam, delete, insert, update

from rollbook.access.actor import Actor
from rollbook.custom_fields.model import custom_field_values
from rollbook.custom_fields.queries.fields import CustomFieldRow, lock_custom_fields
from rollbook.custom_fields.queries.holders import Holder, find_field_of
from rollbook.custom_fields.queries.values import find_other_holder, find_value, list_held_fields, list_repeatable_values
from rollbook.custom_fields.values import NO_VALUE, DataType, FieldValue, GivenValue, Subject, settle
from rollbook.database.query import Command
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, RollbookError

SeeUser = Callable[[int], Awaitable[object]]
"""Finds a user whom a user selector names; raises where the actor has no such one."""


class ValueChange(Struct, frozen=True):
    """
    What became of a value, as the history tells it.

    Attributes:
        before: The value as it was, by the id of its field.
        after: The value as it is, likewise.
    """

    before: dict[str, Any]
    after: dict[str, Any]


class CustomFieldValueTakenError(ConflictError):
    """Another one has the value of a unique field."""

    def __init__(self, field: CustomFieldRow, holder: Holder, value: FieldValue) -> None:
        self.custom_field_id = field.id
        self.field = field.kind().takes
        super().__init__(
            f"another {holder.subject.value} has {value.told()} in custom field {field.id} ({field.name}) already; give another value"
        )


_key = {
    "subject_id": bindparam("subject_id", type_=Integer),
    "custom_field_id": bindparam("custom_field_id", type_=Integer),
    "subject": bindparam("subject", type_=Text),
}
_given = {name: bindparam(name, type_=custom_field_values.c[name].type) for name in FieldValue.__struct_fields__}
_the_value = [custom_field_values.c[name] == value for name, value in _key.items()]
_add = Command(insert(custom_field_values).values(**_key, **_given))
_change = Command(update(custom_field_values).where(*_the_value).values(**_given))
_remove = Command(delete(custom_field_values).where(*_the_value))
_remove_all = Command(
    delete(custom_field_values).where(
        custom_field_values.c.subject_id == _key["subject_id"], custom_field_values.c.subject == _key["subject"]
    )
)


async def write_value(
    transaction: Transaction, *, actor: Actor, holder: Holder, custom_field_id: int, given: GivenValue, see_user: SeeUser
) -> ValueChange | None:
    """
    Write a value, of what the caller has found and locked, and give what to record; None where nothing changes.

    Raises:
        CustomFieldNotFoundError: The actor has no such custom field.
        CustomFieldNotOfSubjectError: What is to have a value of it has no such field.
        CustomFieldDisabledError: It is disabled.
        WrongKindOfValueError: The field takes another kind of value.
        NoSuchChoiceError: The value is none of its choices.
        CustomFieldRequiredError: It is required and would be cleared.
        CustomFieldValueTakenError: It is unique, and another one has the value.
        NotFoundError: The actor has no such user as is selected.
    """
    await lock_custom_fields(transaction, [custom_field_id])
    field = await find_field_of(transaction, viewer=actor.viewer, holder=holder, custom_field_id=custom_field_id)
    stored = await find_value(transaction, subject=holder.subject, subject_id=holder.id, custom_field_id=field.id)
    wanted = settle(field.kind(), given, stored)
    if isinstance(wanted, RollbookError):
        raise wanted
    if wanted == stored:
        return None
    if field.data_type is DataType.USER_SELECTOR and wanted.integer_value is not None:
        await see_user(wanted.integer_value)
    if field.is_unique and wanted != NO_VALUE:
        other = await find_other_holder(transaction, subject=holder.subject, subject_id=holder.id, custom_field_id=field.id, value=wanted)
        if other is not None:
            raise CustomFieldValueTakenError(field, holder, wanted)
    await _write(transaction, holder=holder, custom_field_id=field.id, stored=stored, wanted=wanted)
    name = str(field.id)
    return ValueChange({name: stored.told()}, {name: wanted.told()})


async def copy_values(transaction: Transaction, *, subject: Subject, from_id: int, to_id: int) -> dict[str, Any]:
    """
    Give something new the values of another one, both of which the caller has found, and tell them as the history does.

    Those of unique fields stay behind. Those of disabled fields, which nobody sees, go along.
    """
    field_ids = await list_held_fields(transaction, subject=subject, subject_id=from_id)
    if not field_ids:
        return {}
    await lock_custom_fields(transaction, field_ids)
    rows = await list_repeatable_values(transaction, subject=subject, subject_id=from_id)
    for row in rows:
        await transaction.run(_add, subject=subject.value, subject_id=to_id, **asdict(row))
    return {str(row.custom_field_id): row.value().told() for row in rows}


async def remove_values(transaction: Transaction, *, subject: Subject, subject_id: int) -> int:
    """Remove every value of something that goes for ever, which the caller has found, and give how many there were."""
    return await transaction.run(_remove_all, subject=subject.value, subject_id=subject_id)


async def _write(transaction: Transaction, *, holder: Holder, custom_field_id: int, stored: FieldValue, wanted: FieldValue) -> None:
    key = {"subject": holder.subject.value, "subject_id": holder.id, "custom_field_id": custom_field_id}
    if wanted == NO_VALUE:
        await transaction.run(_remove, **key)
    else:
        await transaction.run(_add if stored == NO_VALUE else _change, **key, **asdict(wanted))
