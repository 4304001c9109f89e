"""Reading the values that users have of custom fields."""

from collections.abc import Awaitable, Callable
from typing import Any

from rollbook.access.actor import Viewer
from rollbook.custom_fields.queries.holders import Holder, get_shown_value
from rollbook.custom_fields.queries.values import ShownValue, list_values
from rollbook.custom_fields.values import Subject
from rollbook.database.transaction import Transaction
from rollbook.people.queries.users import UserRow, get_user

FindUser = Callable[..., Awaitable[UserRow]]


async def show_user(transaction: Transaction, find: FindUser, /, *, viewer: Viewer, **asked: Any) -> tuple[UserRow, list[ShownValue]]:
    """
    Give the user that a query such as ``get_user`` finds, and what it shows of custom fields; *asked* is what the query takes.

    Raises:
        NotFoundError: The viewer has no such user.
        ConflictError: The viewer has several.
    """
    row = await find(transaction, viewer=viewer, **asked)
    values = await list_values(transaction, viewer=viewer, subject=Subject.USER, subject_ids=[row.id])
    return row, values.get(row.id, [])


async def get_user_custom_field_value(transaction: Transaction, *, viewer: Viewer, user_id: int, custom_field_id: int) -> ShownValue:
    """
    Give the value that a user has of one custom field, which may be none.

    Raises:
        UserNotFoundError: The viewer has no such user.
        CustomFieldNotFoundError: The viewer has no such custom field.
        CustomFieldNotOfSubjectError: It is none of the user.
        CustomFieldDisabledError: It is disabled.
    """
    row = await get_user(transaction, viewer=viewer, user_id=user_id)
    holder = Holder(Subject.USER, user_id, row.organization_id)
    return await get_shown_value(transaction, viewer=viewer, holder=holder, custom_field_id=custom_field_id)


async def list_user_custom_field_values(transaction: Transaction, *, viewer: Viewer, user_id: int) -> list[ShownValue]:
    """
    Give what a user shows of custom fields.

    Raises:
        UserNotFoundError: The viewer has no such user.
    """
    _, values = await show_user(transaction, get_user, viewer=viewer, user_id=user_id)
    return values
