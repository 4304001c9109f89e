"""The command ``import-tms``."""

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click
from msgspec import Struct, field
from rich.console import Console
from rich.table import Table

from rollbook.access.actor import system
from rollbook.app import COMMANDS
from rollbook.cli.preparation import with_database
from rollbook.cli.telling import REFUSED
from rollbook.cli.tms.comparing import Comparison, Difference, compare
from rollbook.cli.tms.here import COMMAND_NAME, Here
from rollbook.cli.tms.kinds import KINDS
from rollbook.cli.tms.records import Problem, all_records
from rollbook.cli.tms.showing import bars
from rollbook.cli.tms.source import Source
from rollbook.cli.tms.spool import Spool
from rollbook.cli.tms.walking import Walk
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.invariants import Finding, find_breaches
from rollbook.errors import InvalidError
from rollbook.settings import read_settings
from rollbook.takeover.actions import require_empty, take_over
from rollbook.takeover.rows import Refused, TakenRecord

MOST_SHOWN = 20
SPOOL = "import-tms.spool"
WRITTEN = ("written", 1)
"""What stands in the spool once everything is in the database."""


class NoKeyError(InvalidError):
    """The variable that is to hold the key of the other system holds none."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the environment variable {name} is not set; set it to an API key of the other system")


class Outcome(Struct):
    """What an import came to."""

    missing: list[tuple[str, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether everything is here as it is there."""
        return not (self.problems or self.refused or self.differences)


@click.command()
@click.option("--url", required=True, help="The address of the other system's API, such as https://host/api/2.0.")
@click.option("--key-env", required=True, metavar="NAME", help="The environment variable that holds an API key of the other system.")
@click.option(
    "--spool", type=click.Path(dir_okay=False, path_type=Path), help=f"Where answers are kept meanwhile; {SPOOL} in the data folder."
)
@click.option("--keep-spool", is_flag=True, help="Keep that file in the end.")
def command(url: str, key_env: str, spool: Path | None, *, keep_spool: bool) -> int:
    """
    Take over everything that another TMS holds, or another Rollbook.

    Asks it by the TMS API for courses, classes, enrollments and whatever belongs to them, and for the users, organizations, companies and
    rooms that those refer to. Writes all of it under the same ids into an empty database, at once or not at all, and compares both sides field
    by field in the end. Passwords, API keys, preferences, attendance and histories are not part of the TMS API. Run it again when it was broken
    off: what was answered is kept in a file until all is done. The exit status is 1 where something differs.
    """
    key = os.environ.get(key_env, "").strip()
    if not key:
        raise NoKeyError(key_env)
    settings = read_settings()
    path = spool or settings.data_folder / SPOOL
    outcome = with_database(settings, lambda database: _import(database, url=url, key=key, path=path, keep=keep_spool), create=True)
    _tell(outcome)
    return 0 if outcome.is_whole else REFUSED


async def _import(database: Database, *, url: str, key: str, path: Path, keep: bool) -> Outcome:
    path.parent.mkdir(parents=True, exist_ok=True)
    async with Source(url, key) as source:
        with Spool(path, source=source.url) as spool:
            outcome = Outcome()
            # Once everything has been written, what was broken off is the comparison.
            if not spool.has(*WRITTEN):
                await database.search(require_empty)
                with bars("asking") as on_count:
                    await Walk(source, spool, on_progress=on_count).run()
                await _take(database, spool, outcome)
                spool.add(*WRITTEN, {})
            outcome.missing = spool.missing()
            await _compare(database, spool, outcome)
            if not keep:
                spool.remove()
    return outcome


async def _take(database: Database, spool: Spool, outcome: Outcome) -> None:
    counts: Counter[str] = Counter()
    # The action may begin anew, and must not tell its problems twice.
    problems: dict[tuple[str, int, str], Problem] = {}

    def on_problem(problem: Problem) -> None:
        problems[problem.kind, problem.id, problem.text] = problem

    with bars("taking over") as on_count:

        def on_record(record: TakenRecord) -> None:
            counts[record.main.table] += 1
            on_count(record.main.table, counts[record.main.table], None)

        outcome.refused = await database.write(
            take_over,
            actor=system(COMMAND_NAME),
            records=lambda: all_records(spool, on_problem=on_problem),
            on_record=on_record,
        )
    outcome.problems = list(problems.values())


async def _compare(database: Database, spool: Spool, outcome: Outcome) -> None:
    counts: Counter[str] = Counter()
    with bars("comparing") as on_count:

        def on_record(kind: str) -> None:
            counts[kind] += 1
            on_count(kind, counts[kind], len(spool.ids(kind)) if counts[kind] == 1 else None)

        outcome.comparisons = await compare(
            spool, Here(database, tuple(COMMANDS)), on_difference=outcome.differences.append, on_record=on_record
        )
    outcome.findings = await database.search(find_breaches, on_progress=lambda _number, _invariant: None)


def _tell(outcome: Outcome) -> None:
    """Print what an import came to: what is here of what is there, and then whatever is not as it is there."""
    differing = Counter(difference.kind for difference in outcome.differences)
    table = Table("", "there", "here", "differences")
    for name in KINDS:
        comparison = outcome.comparisons[name]
        table.add_row(name, str(comparison.there), str(comparison.here), str(differing[name]))
    Console().print(table)
    _list("not shown by the other system, and left out", [f"{kind} {record_id}" for kind, record_id in outcome.missing])
    _list("values that could not be taken", [f"{each.kind} {each.id}: {each.text}" for each in outcome.problems])
    _list("refused", [f"{each.table} {each.id}: {each.reason}" for each in outcome.refused])
    _list("different", [_difference(each) for each in outcome.differences])
    unknown = [f"{kind}: {', '.join(sorted(each.unknown))}" for kind, each in outcome.comparisons.items() if each.unknown]
    _list("fields that are not known here", unknown)
    _list("broken here, as it was there (see rollbook verify)", [finding.invariant.claim for finding in outcome.findings])
    click.echo("everything is here as it is there" if outcome.is_whole else "not everything is here as it is there")


def _difference(difference: Difference) -> str:
    if not difference.field:
        return f"{difference.kind} {difference.id}: it {difference.there}, and {difference.here}"
    return f"{difference.kind} {difference.id}: {difference.field} is {difference.there!r} there and {difference.here!r} here"


def _list(title: str, lines: list[str]) -> None:
    if lines:
        click.echo(f"{title} ({len(lines)}):")
        for line in lines[:MOST_SHOWN]:
            click.echo(f"  {line}")
        if len(lines) > MOST_SHOWN:
            click.echo(f"  and {len(lines) - MOST_SHOWN} more")
