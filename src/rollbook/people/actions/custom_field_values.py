"""Giving values to custom fields: what is alike for everything that has them, and the values of users."""

from typing import Any

from msgspec import Struct
from sqlalchemy import BigInteger, Integer, bindparam, literal_column, update

from rollbook.access.actor import Actor
from rollbook.custom_fields.actions.values import ValueChange, write_value
from rollbook.custom_fields.queries.holders import Holder
from rollbook.custom_fields.values import GivenValue, Subject
from rollbook.database.transaction import Transaction
from rollbook.history.recording import entry, recorded
from rollbook.history.versions import check_version
from rollbook.people.model import users
from rollbook.people.queries.users import get_user, lock_users

_touch = recorded(
    update(users)
    .where(users.c.id == bindparam("user_id", type_=Integer))
    .values(modified_at=bindparam("modified_at", type_=BigInteger), version=users.c.version + literal_column("1", Integer())),
    identity=users.c.id,
)


class NewValue(Struct, frozen=True):
    """A value that is to be given to a custom field."""

    custom_field_id: int
    given: GivenValue


async def give_value(transaction: Transaction, *, actor: Actor, holder: Holder, new: NewValue) -> ValueChange | None:
    """
    Write a value of what the caller has found and locked, and give what to record; None where nothing changes.

    Raises:
        RollbookError: As ``write_value`` does.
        UserNotFoundError: The actor has no such user as is selected.
    """

    async def see_user(user_id: int) -> object:
        return await get_user(transaction, viewer=actor.viewer, user_id=user_id, field="numeric_value")

    return await write_value(
        transaction, actor=actor, holder=holder, custom_field_id=new.custom_field_id, given=new.given, see_user=see_user
    )


def value_entry(transaction: Transaction, *, actor: Actor, holder: Holder, change: ValueChange) -> dict[str, Any]:
    """Give the history's row for a value that was changed: the values by the ids of their fields, as one field of what they belong to."""
    return entry(
        transaction,
        actor=actor,
        organization_id=holder.organization_id,
        kind=f"{holder.subject.value}.custom_field_changed",
        # What something new gets had no value before, not even none.
        before={"custom_fields": change.before} if change.before else {},
        after={"custom_fields": change.after},
    )


async def update_user_custom_field_value(
    transaction: Transaction, *, actor: Actor, user_id: int, new: NewValue, if_version: int | None = None
) -> None:
    """
    Change a user's value of a custom field.

    Raises:
        UserNotFoundError: The actor sees no such user, or none such as is selected.
        VersionChangedError: The user is not at the version asked for.
        RollbookError: The field is not one of users, or does not take the value, as ``write_value`` tells.
    """
    await lock_users(transaction, user_ids=[user_id])
    row = await get_user(transaction, viewer=actor.viewer, user_id=user_id)
    check_version(noun="user", subject_id=user_id, version=row.version, wanted=if_version)
    holder = Holder(Subject.USER, user_id, row.organization_id)
    change = await give_value(transaction, actor=actor, holder=holder, new=new)
    if change is not None:
        record = value_entry(transaction, actor=actor, holder=holder, change=change)
        await transaction.settle(_touch, {"user_id": user_id, "modified_at": transaction.now}, record)
