"""The command ``export``."""

import csv
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from rollbook.access.actor import Viewer
from rollbook.cli.exchanged_nouns import NOUNS, Noun, values_of
from rollbook.cli.exporting_values import Writer, writers_with_ids, writers_without_ids
from rollbook.cli.preparation import with_database
from rollbook.cli.scope import find_scope
from rollbook.cli.values import ID
from rollbook.database.transaction import Database
from rollbook.settings import read_settings

PAGE = 200


@click.command()
@click.argument("noun", type=click.Choice(list(NOUNS)))
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), default="-")
@click.option("--organization", type=ID, metavar="ID", help="The organization of whose tree rows are written.")
@click.option("--without-ids", is_flag=True, help="Refer to everything by external ids, so that another server can import the file.")
def command(noun: str, file: Path, organization: int | None, *, without_ids: bool) -> None:
    """
    Write rows to a CSV file that import reads; to standard output without FILE.

    Rows come by ascending id, in short readings: what changes meanwhile is written as it is when its turn comes. Passwords are never written.
    """

    async def work(database: Database) -> int:
        viewer = await find_scope(database, organization)
        if without_ids:
            writers = writers_without_ids(NOUNS[noun], database, exported_id=viewer.organization_id)
        else:
            writers = writers_with_ids(NOUNS[noun])
        with _opened(file) as stream, _progress() as advance:
            table = csv.writer(stream)
            table.writerow([writer.name for writer in writers])
            return await _write_all(table.writerow, _rows(database, NOUNS[noun], viewer), writers, advance)

    count = with_database(read_settings(), work)
    click.echo(f"{count} {noun} written", err=True)


async def _write_all(
    write: Callable[[list[str]], Any], pages: AsyncIterator[list[Any]], writers: list[Writer], advance: Callable[[int], None]
) -> int:
    count = 0
    async for page in pages:
        values = [values_of(row) for row in page]
        for writer in writers:
            await writer.prepare(values)
        for each in values:
            write([writer.write(each) for writer in writers])
        count += len(page)
        advance(count)
    return count


async def _rows(database: Database, noun: Noun, viewer: Viewer) -> AsyncIterator[list[Any]]:
    after_id = 0
    while page := await database.search(noun.page, viewer=viewer, after_id=after_id, limit=PAGE):
        yield page
        after_id = values_of(page[-1])["id"]


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """Open what is written to; a file appears when it is complete."""
    if str(path) == "-":
        stream = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
        try:
            yield stream
            stream.flush()
        finally:
            stream.detach()
        return
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            yield file
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    terminal = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("exporting {task.completed}"))
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal, redirect_stdout=False) as spinner:
        task = spinner.add_task("exporting", total=None)
        yield lambda count: spinner.update(task, completed=count)
