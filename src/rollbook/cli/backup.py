"""The command ``backup``."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from rollbook.database.backup import back_up
from rollbook.errors import InvalidError
from rollbook.settings import read_settings


class NotEmbeddedError(InvalidError):
    """The database is no file that could be copied."""

    def __init__(self) -> None:
        super().__init__(
            'only an embedded database is copied by this command; for this one run: pg_dump --format=custom --file=FILE "$ROLLBOOK_DATABASE_URL"'
        )


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE where it exists.")
def command(file: Path, *, force: bool) -> None:
    """
    Copy an embedded database to FILE while it is in use.

    FILE holds the database as it was at one moment, checked and complete; it appears when it is. To go back to it, stop the server, remove
    the database and the files beside it that end in -wal and -shm, and put FILE in its place.
    """
    database = read_settings().database_file
    if database is None:
        raise NotEmbeddedError
    terminal = Console(stderr=True)
    bar = Progress(
        TextColumn("copying"), BarColumn(), TaskProgressColumn(), console=terminal, transient=True, disable=not terminal.is_terminal
    )
    with bar as progress:
        task = progress.add_task("copying", total=None)
        back_up(database, file, replace=force, on_progress=lambda left, total: progress.update(task, completed=total - left, total=total))
    click.echo(f"copied {database} to {file}")
