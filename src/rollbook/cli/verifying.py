"""The command ``verify``."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from rollbook import clock
from rollbook.accounts.queries.invariants import INVARIANTS
from rollbook.cli.preparation import with_database
from rollbook.enrollments.queries.breaches import MOST_BREACHES, Invariant
from rollbook.enrollments.queries.invariants import Finding, find_breaches
from rollbook.settings import read_settings

BROKEN = 2
MOST_SHOWN = 20


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(*, as_json: bool) -> int:
    """
    Check that everything holds that has to hold at every moment, in all organizations.

    Reads one state of the database, beside a running server, and changes nothing. The exit status is 2 where something is broken.
    """
    started = clock.stopwatch()
    with _progress() as on_progress:
        findings = with_database(
            read_settings(), lambda database: database.search(find_breaches, on_progress=on_progress, invariants=INVARIANTS)
        )
    if as_json:
        click.echo(msgspec.json.encode(_report(findings)).decode())
    else:
        for finding in findings:
            click.echo("\n".join(_lines(finding)))
        click.echo(f"{len(INVARIANTS)} invariants checked in {clock.stopwatch() - started:.1f} s, {len(findings)} broken")
    return BROKEN if findings else 0


def _report(findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "checked": len(INVARIANTS),
        "broken": [
            {
                "name": finding.invariant.name,
                "rule": finding.invariant.rule,
                "claim": finding.invariant.claim,
                "complete": len(finding.breaches) < MOST_BREACHES,
                "breaches": finding.breaches,
            }
            for finding in findings
        ],
    }


def _lines(finding: Finding) -> Iterator[str]:
    """Tell what is broken behind the number of its rule, and beneath it by what."""
    yield f"{finding.invariant.rule or '':<4}{finding.invariant.claim}"
    for breach in finding.breaches[:MOST_SHOWN]:
        yield f"      {breach.text}"
    hidden = len(finding.breaches) - MOST_SHOWN
    if hidden > 0:
        yield f"      and {hidden} more" + (" at least" if len(finding.breaches) == MOST_BREACHES else "")


@contextmanager
def _progress() -> Iterator[Callable[[int, Invariant], None]]:
    terminal = Console(stderr=True)
    columns = (TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[claim]}"))
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal, redirect_stdout=False) as bar:
        task = bar.add_task("checking", total=len(INVARIANTS), claim="")
        yield lambda number, invariant: bar.update(task, completed=number, claim=invariant.claim)
