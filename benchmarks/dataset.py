"""Databases of a known size: classes of 200 students each, and empty ones in the future to be filled."""

import asyncio
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, Final

import asyncpg

from rollbook.access.keys import hash_of
from rollbook.database import file_of, is_embedded
from rollbook.database.migrations import migrate

KEY: Final = "rb_benchmark"
USERS: Final = 20_000
STUDENTS_A_CLASS: Final = 200
OPEN_CLASSES: Final = 400
PLACES: Final = 300
ROOMS: Final = 100
NOW: Final = 1_790_000_000
FIRST_MEETING: Final = 2_000_000_000
HOUR: Final = 3_600

Rows = Iterable[Sequence[Any]]


def fill(url: str, *, enrollments: int) -> None:
    """Migrate an empty database and fill it with so many enrollments, a multiple of 200; open classes have the next ids after the full ones."""
    migrate(url)
    tables = _tables(enrollments // STUDENTS_A_CLASS)
    if is_embedded(url):
        _fill_file(url, tables)
    else:
        asyncio.run(_fill_server(url, tables))


def user_of(enrollment_id: int) -> int:
    """Give the student of an enrollment."""
    return (enrollment_id - 1) % USERS + 1


def class_of(enrollment_id: int) -> int:
    """Give the class of an enrollment."""
    return (enrollment_id - 1) // STUDENTS_A_CLASS + 1


def _tables(full_classes: int) -> Iterator[tuple[str, tuple[str, ...], Rows]]:
    classes = range(1, full_classes + OPEN_CLASSES + 1)
    stamps = ("created_at", "modified_at")
    yield (
        "organizations",
        ("id", "path", "name", "name_folded", "time_zone", "time_zone_iana", *stamps),
        [(1, "/1/", "Benchmark", "benchmark", "UTC", "Etc/UTC", NOW, NOW)],
    )
    yield "api_keys", ("id", "organization_id", "name", "hash", "created_at"), [(1, 1, "benchmark", hash_of(KEY), NOW)]
    yield (
        "users",
        ("id", "organization_id", "user_name", "user_name_folded", "email", "email_folded", "first_name", "last_name", *stamps),
        (
            (
                number,
                1,
                f"sam{number}",
                f"sam{number}",
                f"sam{number}@example.org",
                f"sam{number}@example.org",
                "Sam",
                f"S{number}",
                NOW,
                NOW,
            )
            for number in range(1, USERS + 1)
        ),
    )
    yield (
        "courses",
        ("id", "organization_id", "name", "name_folded", *stamps),
        [(1, 1, "Course", "course", NOW, NOW)],
    )
    yield (
        "classrooms",
        ("id", "organization_id", "name", "name_folded", "capacity", *stamps),
        [(number, 1, f"Room {number}", f"room {number}", PLACES, NOW, NOW) for number in range(1, ROOMS + 1)],
    )
    yield (
        "classes",
        (
            *("id", "organization_id", "course_id", "name", "name_folded", "status", "delivery", "maximum"),
            *("time_zone", "time_zone_iana", "starts_at", "ends_at", *stamps),
        ),
        (
            (
                number,
                1,
                1,
                f"Class {number}",
                f"class {number}",
                0,
                1,
                PLACES,
                "UTC",
                "Etc/UTC",
                _start(number),
                _start(number) + HOUR,
                NOW,
                NOW,
            )
            for number in classes
        ),
    )
    yield (
        "meetings",
        ("id", "class_id", "starts_at", "ends_at"),
        ((number, number, _start(number), _start(number) + HOUR) for number in classes),
    )
    yield "class_classrooms", ("class_id", "classroom_id", "position"), ((number, _room(number), 0) for number in classes)
    yield (
        "enrollments",
        ("id", "class_id", "user_id", "organization_id", "status", "completion", "location", "classroom_id", "version", *stamps),
        (
            (number, class_of(number), user_of(number), 1, 60, 0, 10, _room(class_of(number)), 1, NOW + number, NOW + number)
            for number in range(1, full_classes * STUDENTS_A_CLASS + 1)
        ),
    )


def _start(class_number: int) -> int:
    return FIRST_MEETING + class_number * 2 * HOUR


def _room(class_number: int) -> int:
    return class_number % ROOMS + 1


def _fill_file(url: str, tables: Iterable[tuple[str, tuple[str, ...], Rows]]) -> None:
    with closing(sqlite3.connect(file_of(url), isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for table, columns, rows in tables:
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    # What is measured next must not share the disk with what was written here.
    os.sync()


async def _fill_server(url: str, tables: Iterable[tuple[str, tuple[str, ...], Rows]]) -> None:
    connection = await asyncpg.connect(url)
    for table, columns, rows in tables:
        await connection.copy_records_to_table(table, columns=columns, records=rows)
        if "id" in columns:
            await connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    os.sync()
    await connection.close()
