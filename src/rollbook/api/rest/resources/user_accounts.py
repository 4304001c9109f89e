"""Whole accounts of users, in the REST API: deleting them, and merging two of one person."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from rollbook.access.scopes import Scope
from rollbook.accounts.actions.deleting import delete_user
from rollbook.accounts.actions.merging import merge_users
from rollbook.api.rest.call import Call
from rollbook.api.rest.deleting import Deletion, delete
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import change, example_of
from rollbook.api.rest.performing import perform
from rollbook.api.rest.resources.users import EXAMPLE, TAG, UserOutcome, see_user
from rollbook.api.rest.values import Id


class Merger(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to merge into a user."""

    merged_user_id: Annotated[Id, Meta(description="The user who goes.")]


_DELETED: Final = example_of(Deletion, None, change("user", "user_name", "sam", None))
_MERGED: Final = example_of(UserOutcome, EXAMPLE, change("enrollment", "user_id", 3, 1, subject_id=19))


@endpoint("DELETE", "/users/{user_id}", tag=TAG, scope=Scope.MANAGE, answers=_DELETED)
async def delete_a_user(call: Call, user_id: int) -> Deletion:
    """
    Delete a user to whom nothing belongs.

    The problem says what belongs to the user otherwise. The history stays.
    """
    return await delete(call, delete_user, see=see_user, subject_id=user_id, actor=call.actor, user_id=user_id)


@endpoint("POST", "/users/{user_id}/merge", tag=TAG, scope=Scope.MANAGE, takes=Merger(merged_user_id=3), answers=_MERGED)
async def merge_user(call: Call, user_id: int, body: Merger) -> UserOutcome:
    """
    Merge another user, who is the same person, into a user.

    Everything that belongs to the other one comes to this one, who keeps all values and takes those of the other one where there are none. Of
    two enrollments in one class the one that got further stays. It cannot be undone; a dry run tells every change.
    """
    performed = await perform(
        call,
        merge_users,
        see=see_user,
        subject_id=user_id,
        actor=call.actor,
        user_id=user_id,
        merged_user_id=body.merged_user_id,
    )
    return performed.told(UserOutcome)


ENDPOINTS: tuple[Endpoint, ...] = (delete_a_user, merge_user)
