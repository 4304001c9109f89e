"""The command ``migrate``."""

import click

from rollbook.database.migrations import migrate
from rollbook.settings import read_settings


@click.command()
def command() -> None:
    """
    Make the database ready for this version, in one transaction.

    Does nothing where it is ready already. An embedded database is made where there is none.
    """
    migrate(read_settings().database_url)
    click.echo("the database is ready")
