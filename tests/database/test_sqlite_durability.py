"""
An answer goes out after the disk has what it tells of: seen in the system calls of a real process.

``strace`` watches a process that writes, and after each write tells so on its standard output.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

WRITER = """
import asyncio, os, sys
from rollbook.database import open_database, sqlite_connection
from tests.database import organization_actions as organizations

async def main():
    sqlite_connection.SYNCHRONOUS = sys.argv[2]
    async with open_database(sys.argv[1]) as database:
        for turn in range(5):
            await asyncio.gather(*(database.write(organizations.create, name=f"{turn}-{number}") for number in range(4)))
            os.write(1, b"answered")

asyncio.run(main())
"""
ANSWERS = 5
WROTE = re.compile(r"(pwrite64|write|pwritev)\(\d+<(?P<path>[^>]*)>")
SYNCED = re.compile(r"(fdatasync|fsync)\(\d+<(?P<path>[^>]*)>\)\s+= 0")
RESUMED_SYNC = re.compile(r"<\.\.\. (fdatasync|fsync) resumed>\)\s+= 0")
BEGUN_SYNC = re.compile(r"(fdatasync|fsync)\(\d+<(?P<path>[^>]*)>\s*<unfinished")
ANSWERED = re.compile(r'write\(1<[^>]*>, "answered"')


def answers(calls: list[str]) -> Iterator[tuple[bool, bool]]:
    """Tell of each answer whether the log was written since the one before, and whether all that was written had reached the disk."""
    written = unsynced = False
    syncing: set[str] = set()
    for line in calls:
        thread, _, call = line.partition(" ")
        call = call.strip()
        if ANSWERED.match(call):
            yield written, written and not unsynced
            written = False
        elif (wrote := WROTE.match(call)) and wrote["path"].endswith("-wal"):
            written = unsynced = True
        elif (synced := SYNCED.match(call)) and synced["path"].endswith("-wal"):
            unsynced = False
        elif (begun := BEGUN_SYNC.match(call)) and begun["path"].endswith("-wal"):
            syncing.add(thread)
        elif RESUMED_SYNC.match(call) and thread in syncing:
            syncing.remove(thread)
            unsynced = False


def watched(url: str, synchronous: str, report: Path) -> list[tuple[bool, bool]]:
    watcher = ["strace", "-f", "-y", "--trace=pwrite64,pwritev,write,fdatasync,fsync", f"--output={report}"]
    command = [*watcher, sys.executable, "-c", WRITER, url, synchronous]
    written = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], env={"PYTHONPATH": "src:."})
    assert b"answered" * ANSWERS == written.stdout
    return list(answers(report.read_text().splitlines()))


def test_nothing_is_answered_before_it_is_on_the_disk(sqlite_url: str, tmp_path: Path) -> None:
    assert [(True, True)] * ANSWERS == watched(sqlite_url, "FULL", tmp_path / "calls")


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
def test_the_check_sees_when_the_disk_is_not_waited_for(sqlite_url: str, tmp_path: Path, synchronous: str) -> None:
    found = watched(sqlite_url, synchronous, tmp_path / "calls")

    assert ANSWERS == len(found)
    assert all(written for written, _ in found)
    assert not all(durable for _, durable in found)
