"""Removing what identifies a person, in the REST API."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from rollbook.access.scopes import Scope
from rollbook.accounts.actions.closing import close_account
from rollbook.accounts.actions.erasing import erase_user
from rollbook.api.forgetting import look_up, overwrite
from rollbook.api.rest.call import Call
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import change, example_of
from rollbook.api.rest.performing import ToldWarning, perform
from rollbook.api.rest.resources.users import EXAMPLE, TAG, UserOutcome, see_user


class Erasure(UserOutcome, frozen=True, kw_only=True):
    """What removing a person's data did."""

    rows_affected: Annotated[
        int, Meta(description="How many rows of the database were changed or deleted; 0 where nothing identified the person any more.")
    ]


_ANONYMOUS: Final = replace(
    EXAMPLE, user_name="closed-3", email="closed-3@closed.invalid", first_name="Closed", last_name="Account", disabled=True, role_ids=[]
)
_DONE: Final = example_of(
    Erasure, _ANONYMOUS, change("user", "email", "(erased)", "closed-3@closed.invalid", subject_id=3), rows_affected=14
)


@endpoint("POST", "/users/{user_id}/closing", tag=TAG, scope=Scope.MANAGE, answers=_DONE)
async def close_a_user_account(call: Call, user_id: int) -> Erasure:
    """
    Close a user's account: cancel the active enrollments that are not frozen, and remove everything that identifies the person, everywhere.

    It cannot be undone. The user stays as a disabled one whom anybody could be; user name, e-mail address and external id are free for others.
    """
    return await _erase(call, close_account, user_id)


@endpoint("DELETE", "/users/{user_id}/data", tag=TAG, scope=Scope.MANAGE, answers=_DONE)
async def delete_user_data(call: Call, user_id: int) -> Erasure:
    """
    Remove everything that identifies a person, everywhere, and leave enrollments as they are.

    It cannot be undone. The user stays as a disabled one whom anybody could be; user name, e-mail address and external id are free for others.
    """
    return await _erase(call, erase_user, user_id)


async def _erase(call: Call, action: Callable[..., Awaitable[int]], user_id: int) -> Erasure:
    found = await look_up(call.database, actor=call.actor, user_id=user_id)
    performed = await perform(call, action, see=see_user, subject_id=user_id, actor=call.actor, user_id=user_id, found=found)
    outcome = performed.told(Erasure, rows_affected=performed.result)
    if call.dry_run or not performed.result:
        return outcome
    return replace(outcome, warnings=[ToldWarning(rule=None, text=text) for text in await overwrite(call.database)])


ENDPOINTS: tuple[Endpoint, ...] = (close_a_user_account, delete_user_data)
