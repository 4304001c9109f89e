"""The command that signs somebody in from another system."""

from typing import Annotated, Final

from msgspec import UNSET, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.envelope import Answer
from rollbook.api.tms.numbers import Id
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.sessions.actions.links import make_sign_in_link
from rollbook.sessions.destinations import LONGEST_DESTINATION, get_path_of

EXTERNAL_LOGON: Final = "/Service/ExternalLogon"
FIRST_PAGE: Final = "/"


class UserAndDestination(Parameters):
    """Whom to sign in, and where to go on."""

    user_id: Annotated[int, Id("The user who is signed in.", in_path=True)]
    destination: Annotated[
        str | UnsetType,
        Text(
            "The page to go on to, a path of this site such as `/schedule`; the first page where it is left out.",
            name="destinationUrl",
            maximum=LONGEST_DESTINATION,
        ),
    ] = UNSET


class RedirectUrl(Answer):
    """An address that signs in once."""

    url: str | None


@command(
    "GetSsoRedirectUrl",
    group="Users",
    summary="Get an address that signs a user in",
    description=(
        "The address works once, for 20 seconds: ask for it when the user clicks, and send the browser there at once. It is refused for a user who manages "
        "organizations outside of the tree of the key's organization, and for one who is disabled. A dry run makes no address."
    ),
    writes=Scope.ADMIN,
)
async def get_address(call: Call, parameters: UserAndDestination) -> RedirectUrl:
    """Make a one-time link and give its address."""
    actor = await call.actor()
    wanted = FIRST_PAGE if parameters.destination is UNSET else parameters.destination
    destination = get_path_of(wanted, public_url=call.public_url, field="destination")
    token = await perform(call, make_sign_in_link, actor=actor, user_id=parameters.user_id, destination=destination)
    return RedirectUrl(url=None if call.dry_run else f"{call.public_url}{EXTERNAL_LOGON}?authenticationKey={token}")


COMMANDS: tuple[Command, ...] = (get_address,)
