"""The commands ``key create``, ``key list`` and ``key revoke``."""

from datetime import UTC, datetime

import click

from rollbook.access.actor import EVERYTHING, system
from rollbook.access.keys import make_key
from rollbook.access.scopes import Scope
from rollbook.cli.preparation import with_database
from rollbook.cli.values import ID, Expiry, OneLine
from rollbook.organizations.actions.keys import create_key, revoke_key
from rollbook.organizations.limits import LONGEST_NAME
from rollbook.organizations.queries.keys import list_keys
from rollbook.settings import read_settings


@click.group()
def command() -> None:
    """Make, list and revoke API keys."""


@command.command()
@click.option("--organization", type=ID, metavar="ID", required=True, help="The organization; the key acts on it and on all beneath it.")
@click.option("--name", type=OneLine(LONGEST_NAME), required=True, help="What the key is for, as the history and the log call it.")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default=Scope.ADMIN.value,
    help="How far it reaches: read sees; enroll changes enrollments, attendance, assignments and subscriptions as well; "
    "manage changes classes, courses, classrooms, users and companies, and closes accounts, as well; admin changes everything.",
)
@click.option(
    "--expires", type=Expiry(), help="From when on it opens nothing: a number of days from now, or a date (UTC); never by default."
)
def create(organization: int, name: str, scope: str, expires: int | None) -> None:
    """Make an API key and print it, this one time: only its hash is kept."""
    key = make_key()
    actor = system("key create")
    with_database(
        read_settings(),
        lambda database: database.write(
            create_key,
            actor=actor,
            organization_id=organization,
            name=name,
            key_hash=key.hash,
            scope=Scope(scope),
            expires_at=expires,
        ),
    )
    click.echo(key.secret)


@command.command("list")
def list_all() -> None:
    """Print every key: its id, its organization, its scope, when it was made, expires, was used last (about) and was revoked, its name."""
    keys = with_database(read_settings(), lambda database: database.search(list_keys, viewer=EVERYTHING))
    line = "{:>6}  {:>12}  {:<6}  {:<20}  {:<20}  {:<20}  {:<20}  {}"
    click.echo(line.format("id", "organization", "scope", "made", "expires", "last used", "revoked", "name"))
    for key in keys:
        moments = (_moment(at) for at in (key.created_at, key.expires_at, key.last_used_at, key.revoked_at))
        click.echo(line.format(key.id, key.organization_id, key.scope, *moments, key.name))


@command.command()
@click.argument("key_id", metavar="ID", type=ID)
def revoke(key_id: int) -> None:
    """Revoke a key for good: from the next call on it opens nothing."""
    actor = system("key revoke")
    with_database(read_settings(), lambda database: database.write(revoke_key, actor=actor, key_id=key_id))


def _moment(seconds: int | None) -> str:
    return "-" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
