"""However many enrollments there are, what changes one, its class or its room looks only at those that it needs."""

import sqlite3
from contextlib import closing
from pathlib import Path

from rollbook.classes.statuses import ClassStatus
from rollbook.classrooms.actions import ClassroomChanges
from rollbook.database import file_of
from rollbook.database.sqlite import SqliteDatabase
from rollbook.enrollments.actions.classroom_changes import update_classroom
from tests.cast import DAY, MAY, add_class, add_room, enroll, gather, meeting
from tests.database.sqlite_trace import traced
from tests.roster import CANCELLED, change, change_class


def scans(path: Path, statements: list[str]) -> list[str]:
    """Give the steps in which SQLite would go through every enrollment."""
    with closing(sqlite3.connect(path)) as connection:
        steps = [
            f"{step} in {statement}"
            for statement in statements
            if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
            for _, _, _, step in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
        ]
    return [step for step in steps if step.startswith("SCAN enrollments")]


async def test_no_change_goes_through_all_enrollments(sqlite_url: str) -> None:
    async with SqliteDatabase(file_of(sqlite_url)) as database:
        cast = await gather(database)
        room_id = await add_room(database, cast, capacity=10)
        class_id, other_id = [
            await add_class(database, cast, classroom_ids=[room_id], meetings=[meeting(MAY + day * DAY)]) for day in range(2)
        ]
        with traced(database) as statements:
            sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
            await enroll(database, class_id=class_id, user_id=cast.sue_id)
            await change(database, sam, class_id=other_id)
            await change(database, sam, status=CANCELLED)
            await enroll(database, class_id=other_id, user_id=cast.sam_id)
            await change_class(database, other_id, meetings=[meeting(MAY)])
            await change_class(database, class_id, status=ClassStatus.CANCELLED)
            await database.write(update_classroom, actor=cast.ada, classroom_id=room_id, changes=ClassroomChanges(capacity=5))

    assert 50 < len(statements)
    assert [] == scans(file_of(sqlite_url), statements)
