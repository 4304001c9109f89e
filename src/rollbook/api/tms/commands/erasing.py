"""The commands that remove what identifies a person."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from msgspec import Meta

from rollbook.access.scopes import Scope
from rollbook.accounts.actions.closing import close_account
from rollbook.accounts.actions.erasing import erase_user
from rollbook.api.forgetting import look_up, overwrite
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Choice, Choices
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.envelope import Answer
from rollbook.api.tms.numbers import Id
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.organizations.limits import LONGEST_EXTERNAL_ID
from rollbook.people.queries.users import UserRow, get_user_by_external_id

GROUP: Final = "Users"
EVERYTHING: Final = 0
DATA_TYPES: Final = Choices("a type of data", {EVERYTHING: ("Everything", EVERYTHING)})
CLOSES: Final = "It cancels the user's active enrollments, except those that are frozen (S2), as an administrator would. "
ERASES: Final = (
    "It removes everything that identifies the person, everywhere, from the history too, and cannot be undone: the user stays as a disabled one "
    "whom anybody could be. The user name, the e-mail address and the external id are free for others afterwards."
)


class AccountById(Parameters):
    """Whose account."""

    id: Annotated[int, Id("The user.", in_path=True)]


class AccountByExternalId(Parameters):
    """Whose account, by the id in the calling system."""

    external_id: Annotated[str, Text("The user's id in the calling system.", name="id", maximum=LONGEST_EXTERNAL_ID, in_path=True)]


class DataById(AccountById):
    """Whose data, and which."""

    data_type_id: Annotated[int, Choice(DATA_TYPES, "Which data; by default all of it.")] = EVERYTHING


class DataByExternalId(AccountByExternalId):
    """Whose data, by the id in the calling system, and which."""

    data_type_id: Annotated[int, Choice(DATA_TYPES, "Which data; by default all of it.")] = EVERYTHING


class Affected(Answer):
    """How much was removed."""

    rows_affected: Annotated[
        int, Meta(description="How many rows of the database were changed or deleted; 0 where nothing identified the person any more.")
    ]


@command("CloseUserAccountById", group=GROUP, summary="Close a user's account by id", writes=Scope.MANAGE, description=CLOSES + ERASES)
async def close_by_id(call: Call, parameters: AccountById) -> Affected:
    """Cancel what can be cancelled, and erase the person."""
    return await _erase(call, close_account, user_id=parameters.id)


@command(
    "CloseUserAccountByExternalId",
    group=GROUP,
    summary="Close a user's account by the id in the calling system",
    writes=Scope.MANAGE,
    description=CLOSES + ERASES,
)
async def close_by_external_id(call: Call, parameters: AccountByExternalId) -> Affected:
    """Cancel what can be cancelled, and erase the person."""
    return await _erase(call, close_account, user_id=await _user_id(call, parameters.external_id))


@command("DeleteUserDataById", group=GROUP, summary="Delete a user's personal data by id", writes=Scope.MANAGE, description=ERASES)
async def delete_by_id(call: Call, parameters: DataById) -> Affected:
    """Erase the person, and leave enrollments as they are."""
    return await _erase(call, erase_user, user_id=parameters.id)


@command(
    "DeleteUserDataByExternalId",
    group=GROUP,
    summary="Delete a user's personal data by the id in the calling system",
    writes=Scope.MANAGE,
    description=ERASES,
)
async def delete_by_external_id(call: Call, parameters: DataByExternalId) -> Affected:
    """Erase the person, and leave enrollments as they are."""
    return await _erase(call, erase_user, user_id=await _user_id(call, parameters.external_id))


async def _user_id(call: Call, external_id: str) -> int:
    actor = await call.actor()
    user: UserRow = await call.database.read(get_user_by_external_id, viewer=actor.viewer, external_id=external_id)
    return user.id


async def _erase(call: Call, action: Callable[..., Awaitable[int]], *, user_id: int) -> Affected:
    actor = await call.actor()
    found = await look_up(call.database, actor=actor, user_id=user_id)
    rows = await perform(call, action, actor=actor, user_id=user_id, found=found)
    if rows and not call.dry_run:
        call.warnings += await overwrite(call.database)
    return Affected(rows_affected=rows)


COMMANDS: tuple[Command, ...] = (close_by_id, close_by_external_id, delete_by_id, delete_by_external_id)
