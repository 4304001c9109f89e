"""What PostgreSQL itself does with the statements of an update: pgbench, running the same number of the same texts."""

import re
import subprocess
from pathlib import Path
from typing import Any, Final

from benchmarks.dataset import KEY
from rollbook.access.keys import hash_of
from rollbook.database.postgresql_transaction import Statements
from rollbook.database.query import Prepared
from rollbook.enrollments.actions import writing
from rollbook.enrollments.queries import sight

SCRIPT: Final = Path(__file__).with_name("update_class_enrollment.pgbench.sql")

VALUES: Final = {
    "key_hash": hash_of(KEY),
    "completion": "0",
    "late_cancel": "false",
    "retake": "false",
    "now": "1790000000",
    "place": "0",
    "record_at": "1790000000",
    "record_actor_kind": "key",
    "record_actor_id": "1",
    "record_actor_name": "benchmark",
    "record_organization_id": "1",
    "record_subject": "enrollment",
    "record_kind": "enrollment.updated",
    "record_before": '{"hours_spent":123456,"grade":77}',
    "record_after": '{"hours_spent":123457,"grade":78}',
}


class _Names(dict[str, str]):
    """Takes every name for its own value, so that putting values in order puts the names in order."""

    def __missing__(self, name: str) -> str:
        return name


def script(*, enrollments: int) -> str:
    """Give pgbench's script: the statements as the server sends them, their values as variables."""
    statements = Statements()
    read = _with_variables(statements.of(sight.one_by_key))
    write = _with_variables(statements.of_change(writing.update_results))
    return (
        f"\\set enrollment_id random(1, {enrollments})\n"
        "\\set hours_spent random(1, 1000000)\n"
        "\\set grade random(1, 100)\n"
        f"{read} \\gset read_\n"
        f"{write};\n"
    )


def rate(url: str, *, programs: Path, connections: int, seconds: int, enrollments: int) -> float:
    """Give how many such transactions a second PostgreSQL does at so many connections."""
    SCRIPT.write_text(script(enrollments=enrollments))
    command: list[str | Path] = [
        programs / "pgbench",
        "--no-vacuum",
        "--protocol=prepared",
        f"--client={connections}",
        "--jobs=1",
        f"--time={seconds}",
        f"--file={SCRIPT}",
        *(f"--define={name}={value}" for name, value in VALUES.items()),
        url,
    ]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"^tps = ([0-9.]+)", printed, re.MULTILINE)
    if found is None:
        raise ValueError(printed)
    return float(found.group(1))


def _with_variables(prepared: Prepared[Any]) -> str:
    names = prepared.arrange(_Names())
    return re.sub(r"\$(\d+)", lambda place: f":{names[int(place.group(1)) - 1]}", prepared.text).replace("\n", " ")
