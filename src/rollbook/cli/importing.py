"""The command ``import``."""

import asyncio
import csv
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rollbook import clock
from rollbook.access.actor import Actor, ActorKind
from rollbook.cli.exchanged_nouns import NOUNS
from rollbook.cli.importing_file import ImportFile, Row
from rollbook.cli.importing_rows import CREATED, FAILED, UNCHANGED, UPDATED, Importer, Outcome
from rollbook.cli.preparation import with_database
from rollbook.cli.scope import find_scope
from rollbook.cli.telling import REFUSED
from rollbook.cli.values import ID
from rollbook.database.transaction import Database
from rollbook.settings import read_settings

MOST_AT_ONCE = 200
FIRST_AT_ONCE = 20
SECONDS_AT_ONCE = 0.02
"""How long a batch should take: on an embedded database its rows share one transaction, for which a running server waits."""

PAUSE_SECONDS = 0.01
"""How long a running server has to begin a transaction of its own between two batches; it tries twice in that time."""


@click.command()
@click.argument("noun", type=click.Choice(list(NOUNS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organization", type=ID, metavar="ID", help="The organization that owns new rows; nothing outside of its tree is touched.")
@click.option("--dry-run", is_flag=True, help="Try every row by itself, and keep nothing.")
@click.option("--results", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="A CSV file for what became of each row.")
@click.option("--leave-out", multiple=True, metavar="COLUMN", help="A column of the file to pass over; may be repeated.")
def command(noun: str, file: Path, organization: int | None, results: Path | None, leave_out: tuple[str, ...], *, dry_run: bool) -> int:
    """
    Create and update rows from a CSV file.

    The first line names the columns: the parameters of the TMS commands, in any case. Id, or without it ExternalId, says which row is to be
    updated; for enrollments Id, or without it ClassId and UserId. A row that is not found is created, one with an unknown Id fails. A blank
    value changes nothing, null clears. Each row succeeds or fails by itself; the exit status is 1 where one failed.
    """
    table = ImportFile(file, NOUNS[noun], left_out=frozenset(name.strip().lower() for name in leave_out))

    async def work(database: Database) -> Counter[str]:
        viewer = await find_scope(database, organization)
        actor = Actor(ActorKind.SYSTEM, None, f"import {noun}", viewer)
        importer = Importer(NOUNS[noun], database=database, actor=actor, dry_run=dry_run)
        counts: Counter[str] = Counter()
        with _progress(table.rows) as advance, _results(results) as note:
            async for outcome in _take_all(importer, table):
                counts[outcome.result] += 1
                note(outcome)
                click.echo(_line(outcome))
                advance()
        return counts

    counts = with_database(read_settings(), work)
    not_tried = table.rows - counts.total()
    told = ", ".join(f"{counts[result]} {result}" for result in (CREATED, UPDATED, UNCHANGED, FAILED))
    click.echo(f"{noun}: {told}" + (f", {not_tried} not tried" if not_tried else "") + (" (dry run: nothing was kept)" if dry_run else ""))
    kept = [column.name for column in NOUNS[noun].columns_for_new if column in table.columns]
    if kept and counts[UPDATED] + counts[UNCHANGED]:
        click.echo(f"{', '.join(kept)}: taken for new {noun} only, those that are there keep theirs", err=True)
    return REFUSED if counts[FAILED] or not_tried else 0


async def _take_all(importer: Importer, table: Iterable[Row]) -> AsyncIterator[Outcome]:
    """Take rows in batches that keep a running server waiting for a moment only, up to the first that the database did not answer."""
    at_once = FIRST_AT_ONCE
    rows = iter(table)
    left_over: Row | None = next(rows, None)
    while left_over:
        batch, left_over = _next_batch(importer, left_over, rows, at_once)
        started = clock.stopwatch()
        outcomes = await importer.take(batch)
        seconds = clock.stopwatch() - started
        for outcome in outcomes:
            yield outcome
        if any(outcome.unavailable for outcome in outcomes):
            return
        at_once = max(1, min(MOST_AT_ONCE, int(len(batch) * SECONDS_AT_ONCE / seconds)))
        await asyncio.sleep(PAUSE_SECONDS)


def _next_batch(importer: Importer, first: Row, others: Iterator[Row], most: int) -> tuple[list[Row], Row | None]:
    """Give rows that can be taken at once, and the row after them."""
    batch = [first]
    keys = importer.references.keys(first)
    for row in others:
        its_keys = importer.references.keys(row)
        if len(batch) >= most or keys & its_keys:
            return batch, row
        batch.append(row)
        keys |= its_keys
    return batch, None


def _line(outcome: Outcome) -> str:
    identity = "" if outcome.id is None else f" {outcome.id}"
    return f"line {outcome.line}: {outcome.result}{identity}" + (f": {outcome.text}" if outcome.text else "")


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal, above which what is printed to the same terminal goes on."""
    terminal = Console(stderr=True)
    columns = (TextColumn("importing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(
        *columns,
        console=terminal,
        transient=True,
        disable=not terminal.is_terminal,
        redirect_stdout=sys.stdout.isatty(),
        redirect_stderr=False,
    )
    with bar:
        task = bar.add_task("importing", total=total)
        yield lambda: bar.advance(task)


@contextmanager
def _results(path: Path | None) -> Iterator[Callable[[Outcome], None]]:
    """Give what writes the outcome of each row to a file, or does nothing where there is none."""
    if path is None:
        yield lambda _outcome: None
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Line", "Result", "Id", "Text"))
        yield lambda outcome: writer.writerow((outcome.line, outcome.result, outcome.id, outcome.text))
