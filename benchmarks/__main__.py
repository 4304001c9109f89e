"""
``make bench``: what must be fast, each figure beside its limit, both measured in the same run at the same number of connections.

Exit status 1 when a figure misses what it is to reach.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import embedded, served_by_postgresql, waitlist
from benchmarks.figures import Figure


def main() -> int:
    """Measure, print the table, and give the exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--seconds", type=int, default=10, help="how long each load lasts (10)")
    parser.add_argument("--many", type=int, default=1_000_000, help="the size of the large database, in enrollments (1,000,000)")
    parser.add_argument("--folder", type=Path, help="where the databases are made and removed again; a temporary folder")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="measure one engine only")
    arguments = parser.parse_args()
    console = Console()
    table = Table("what", "figure", "beside", "limit", "reaches", "is to reach", title="Rollbook's benchmarks")
    missed = 0
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder, console.status("starting") as status:
        for figure in _figures(Path(folder), arguments):
            status.update(f"measured: {figure.what}")
            table.add_row(*figure.row(), style="red" if figure.is_missed else None)
            missed += figure.is_missed
    console.print(table)
    return 1 if missed else 0


def _figures(folder: Path, arguments: argparse.Namespace) -> Iterator[Figure]:
    if arguments.only != "postgresql":
        yield from embedded.figures(folder, seconds=arguments.seconds, many=arguments.many)
        yield from waitlist.figures("sqlite", connections=16)
    if arguments.only != "sqlite":
        yield from served_by_postgresql.figures(seconds=arguments.seconds)
        yield from waitlist.figures("postgresql", connections=16)


if __name__ == "__main__":
    sys.exit(main())
