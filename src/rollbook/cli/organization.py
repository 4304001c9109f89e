"""The commands ``organization create``, ``organization set`` and ``organization show``."""

import click

from rollbook.access.actor import EVERYTHING, Actor, system
from rollbook.cli.preparation import with_database
from rollbook.cli.values import ID, OneLine
from rollbook.database.transaction import Database, Transaction
from rollbook.organizations.actions.organization_details import NewOrganization
from rollbook.organizations.actions.organizations import create_organization
from rollbook.organizations.actions.preferences import set_preference
from rollbook.organizations.limits import LONGEST_EXTERNAL_ID, LONGEST_NAME
from rollbook.organizations.preferences import PREFERENCES, to_text
from rollbook.organizations.queries.organizations import OrganizationRow, get_organization
from rollbook.organizations.queries.preferences import list_own_preferences, preferences_for
from rollbook.organizations.time_zones import find_time_zone
from rollbook.settings import read_settings


@click.group()
def command() -> None:
    """Create and set up organizations."""


@command.command()
@click.argument("name", type=OneLine(LONGEST_NAME))
@click.option("--parent", type=ID, metavar="ID", help="The organization above; without it, the new one is a root.")
@click.option("--time-zone", metavar="ZONE", help="A Windows zone id or an IANA name; the parent's without it, or UTC.")
@click.option("--external-id", type=OneLine(LONGEST_EXTERNAL_ID), help="Its id in another system.")
def create(name: str, parent: int | None, time_zone: str | None, external_id: str | None) -> None:
    """Create an organization and print its id."""
    zone = find_time_zone(time_zone) if time_zone is not None else None
    organization = NewOrganization(name=name, parent_id=parent, time_zone=zone, external_id=external_id)
    actor = system("organization create")
    click.echo(
        with_database(
            read_settings(), lambda database: database.write(create_organization, actor=actor, organization=organization), create=True
        )
    )


@command.command("set")
@click.argument("organization_id", metavar="ID", type=ID)
@click.argument("preferences", metavar="NAME=VALUE...", nargs=-1, required=True)
def set_preferences(organization_id: int, preferences: tuple[str, ...]) -> None:
    """
    Set preferences of an organization, all of them or none; NAME= unsets one.

    \b
    freeze_enrolled_at_start   on or off
    default_maximum            a number of students, or none
    late_cancel_days           a number of days
    late_cancel_warning        a text
    student_conflicts          refuse or allow
    waitlist_promotion         off, self_cancel or always
    promote_requested          on or off
    self_service_closes_hours  a number of hours
    class_training_keys        on or off
    """  # noqa: D301 - the backspace is click's mark of lines to keep
    texts = dict(_name_and_text(preference) for preference in preferences)
    actor = system("organization set")
    with_database(read_settings(), lambda database: database.write(_set_all, actor=actor, organization_id=organization_id, texts=texts))


@command.command()
@click.argument("organization_id", metavar="ID", type=ID)
def show(organization_id: int) -> None:
    """Print an organization and its preferences, its own and those that it inherits."""
    with_database(read_settings(), lambda database: _print(database, organization_id))


async def _set_all(transaction: Transaction, *, actor: Actor, organization_id: int, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        await set_preference(transaction, actor=actor, organization_id=organization_id, name=name, text=text)


def _name_and_text(given: str) -> tuple[str, str]:
    name, equals, text = given.partition("=")
    if not equals:
        raise click.UsageError(f"{given} is not of the form NAME=VALUE")
    return name.strip().lower().replace("-", "_"), text.strip()


async def _print(database: Database, organization_id: int) -> None:
    organization = await database.read(get_organization, viewer=EVERYTHING, organization_id=organization_id)
    facts = {
        "id": organization.id,
        "name": organization.name,
        "external id": organization.external_id or "none",
        "parent": organization.parent_id or "none",
        "children": ", ".join(map(str, sorted(organization.children_ids))) or "none",
        "time zone": organization.time_zone,
        "enabled": "yes" if organization.enabled else "no",
    }
    for name, value in facts.items():
        click.echo(f"{name:<26}{value}")
    click.echo()
    standing = await database.read(preferences_for, organization_id=organization_id)
    setters = await _setters(database, organization)
    for name in PREFERENCES:
        setter = setters.get(name)
        origin = "default" if setter is None else "own" if setter == organization_id else f"inherited from organization {setter}"
        click.echo(f"{name:<26}{to_text(name, getattr(standing, name)):<12}{origin}")


async def _setters(database: Database, organization: OrganizationRow) -> dict[str, int]:
    """Give, for each preference that is set for an organization, the nearest organization that sets it."""
    setters: dict[str, int] = {}
    for organization_id in map(int, organization.path.strip("/").split("/")):
        own = await database.read(list_own_preferences, viewer=EVERYTHING, organization_id=organization_id)
        setters |= {preference.name: organization_id for preference in own}
    return setters
