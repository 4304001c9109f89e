"""Showing how far an import has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

OnCount = Callable[[str, int, int | None], None]
"""Takes how many records of a kind are done, and of how many where that is told."""


@contextmanager
def bars(doing: str) -> Iterator[OnCount]:
    """Show a bar for each kind on a terminal, and nothing elsewhere."""
    terminal = Console(stderr=True)
    columns = (TextColumn(f"{doing} {{task.description}}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal, redirect_stdout=False) as progress:
        tasks: dict[str, TaskID] = {}

        def on_count(kind: str, done: int, total: int | None) -> None:
            if kind not in tasks:
                tasks[kind] = progress.add_task(kind, total=total)
            progress.update(tasks[kind], completed=done, total=total)

        yield on_count
