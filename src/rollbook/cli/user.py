"""The commands ``user create`` and ``user link``."""

import re
from typing import Final

import click

from rollbook.access.actor import EVERYTHING, Actor, system
from rollbook.access.roles import ROLES, Role
from rollbook.cli.preparation import with_database
from rollbook.cli.values import ID, EmailAddress, OneLine
from rollbook.database.transaction import Transaction
from rollbook.organizations.limits import LONGEST_NAME
from rollbook.people.actions.user_details import NewUser
from rollbook.people.queries.users import get_user_by_email
from rollbook.sessions.actions.links import DAY_SECONDS, invite_user, make_password_link
from rollbook.settings import Settings, read_settings

SECONDS: Final = 7 * DAY_SECONDS
"""How long a link is good that was printed on a terminal, to be sent to somebody."""

_BETWEEN_WORDS: Final = re.compile(r"[._+-]+")


class RoleChoice(click.ParamType[Role]):
    """A role, by its id or its name."""

    name = "role"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Role:
        """Give the role, or refuse it."""
        wanted = value.strip().casefold()
        meant = [role for role in ROLES.values() if wanted in {str(role.id), role.name.casefold()}]
        if meant:
            return meant[0]
        raise click.BadParameter(f"is none; give {', '.join(f'{role.id} ({role.name})' for role in ROLES.values())}", ctx, param)


@click.group()
def command() -> None:
    """Create users who sign in, and let them set their passwords."""


@command.command()
@click.option("--email", type=EmailAddress(), required=True, help="The e-mail address, by which the user signs in.")
@click.option("--role", type=RoleChoice(), required=True, metavar="ROLE", help="The role, by its id or its name, such as Administrator.")
@click.option("--organization", type=ID, metavar="ID", required=True, help="The organization; a role that edits lets the user manage it.")
@click.option("--first-name", type=OneLine(LONGEST_NAME), help="Without it, the beginning of the e-mail address.")
@click.option("--last-name", type=OneLine(LONGEST_NAME), help="Without it, what follows in the e-mail address, or the role.")
@click.option("--user-name", type=OneLine(LONGEST_NAME), help="Without it, the e-mail address.")
def create(*, email: str, role: Role, organization: int, first_name: str | None, last_name: str | None, user_name: str | None) -> None:
    """Create a user and print the link with which they set their password, once, within seven days."""
    first, *others = (word.capitalize() for word in [*filter(None, _BETWEEN_WORDS.split(email.partition("@")[0])), role.name])
    user = NewUser(
        organization_id=organization,
        user_name=user_name or email,
        email=email,
        first_name=first_name or first,
        last_name=last_name or others[0],
        role_ids=(role.id,),
        managed_organization_ids=(organization,) if role.edits else (),
    )
    settings, actor = read_settings(), system("user create")
    token = with_database(settings, lambda database: database.write(invite_user, actor=actor, user=user, seconds=SECONDS))
    click.echo(_address(settings, token))


@command.command()
@click.option("--email", type=EmailAddress(), required=True, help="The user's e-mail address.")
def link(email: str) -> None:
    """Print a link with which a user sets a new password, once, within seven days."""
    settings, actor = read_settings(), system("user link")
    click.echo(_address(settings, with_database(settings, lambda database: database.write(_make_link, actor=actor, email=email))))


async def _make_link(transaction: Transaction, *, actor: Actor, email: str) -> str:
    user = await get_user_by_email(transaction, viewer=EVERYTHING, email=email)
    return await make_password_link(transaction, actor=actor, user_id=user.id, seconds=SECONDS)


def _address(settings: Settings, token: str) -> str:
    return f"{settings.public_url}/password/{token}"
