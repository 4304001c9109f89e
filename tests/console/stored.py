"""What a database of the console's tests holds."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

TRACES: Final = {"sessions", "failed_sign_ins", "user_activity"}
"""Tables that looking at a page, or failing to sign in, may write."""


def contents(file: Path) -> Mapping[str, list[Any]]:
    """Give every row that a form could change, by its table."""
    with closing(sqlite3.connect(file)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if name not in TRACES]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}


def number(file: Path, question: str, *values: int) -> int:
    """Give the one number that a question is answered with."""
    with closing(sqlite3.connect(file)) as connection:
        found: int = connection.execute(question, values).fetchone()[0]
        return found
