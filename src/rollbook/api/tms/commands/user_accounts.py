"""The commands about whole accounts of users: deleting them, and merging two of one person."""

from typing import Annotated

from rollbook.access.scopes import Scope
from rollbook.accounts.actions.deleting import delete_user
from rollbook.accounts.actions.merging import merge_users
from rollbook.api.tms.call import Call
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.envelope import Done
from rollbook.api.tms.numbers import Id
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.performing import perform

GROUP = "Users"


class UserToDelete(Parameters):
    """Which user."""

    id: Annotated[int, Id("The user.", name="Id", in_path=True)]


class UsersToMerge(Parameters):
    """Two users who are one person."""

    user_id: Annotated[int, Id("The user who stays.", in_path=True, ours=True)]
    merged_user_id: Annotated[int, Id("The user who goes.", ours=True)]


@command(
    "DeleteUser",
    group=GROUP,
    summary="Delete a user to whom nothing belongs",
    description=(
        "Refused while anything belongs to the user, such as enrollments, course assignments, subscriptions, instructed classes, managed users or "
        "companies: the error says what. Then merge the user into another one (MergeUsers), close the account, or remove these first. "
        "Roles, values of custom fields, sign-ins and the like go along. The history stays; to remove the person from it too, close the account before."
    ),
    writes=Scope.MANAGE,
)
async def delete(call: Call, parameters: UserToDelete) -> Done:
    """Delete a user."""
    await perform(call, delete_user, actor=await call.actor(), user_id=parameters.id)
    return Done()


@command(
    "MergeUsers",
    group=GROUP,
    summary="Merge two users who are one person",
    description=(
        "Everything that belongs to the user who goes comes to the one who stays, who keeps all values and takes those of the other "
        "one where there are none; names, user name, e-mail address and password are never taken. Roles and managed organizations are "
        "added. Enrollments keep their places, seats, turns and attendance. Of two in one class the one that got further stays, and the other is "
        "deleted, so that its place may go to who waits. It is refused where that one is frozen (S2), or where both users attend "
        "at the same time from now on (C1). Send it with dryRun first: it cannot be undone."
    ),
    writes=Scope.MANAGE,
    ours=True,
)
async def merge(call: Call, parameters: UsersToMerge) -> Done:
    """Merge two users."""
    await perform(call, merge_users, actor=await call.actor(), user_id=parameters.user_id, merged_user_id=parameters.merged_user_id)
    return Done()


COMMANDS: tuple[Command, ...] = (delete, merge)
