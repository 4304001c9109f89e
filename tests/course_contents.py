"""What belongs to courses in tests, made by the nouns' own actions."""

from typing import Any

from sqlalchemy import Table, update

from rollbook.courses.actions.activities import create_activity
from rollbook.courses.actions.activity_details import NewActivity
from rollbook.courses.actions.catalog_searches import note_catalog_search
from rollbook.courses.actions.tag_groups import NewTagGroup, create_tag_group
from rollbook.courses.actions.tags import create_tag
from rollbook.courses.activity_types import ActivityType
from rollbook.database.query import Command
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.course_feedback import give_feedback
from rollbook.enrollments.actions.launching import launch_activity
from tests.cast import TESTS

VIDEO_URL = "https://videos.example.com/welding"


async def add_activity(database: Database, course_id: int, name: str = "Safety", **values: Any) -> int:
    """Create a video of a course, or another activity."""
    activity = NewActivity(**{"activity_type": ActivityType.VIDEO, "name": name, "url": VIDEO_URL, **values})
    return await database.write(create_activity, actor=TESTS, course_id=course_id, activity=activity)


async def add_section(database: Database, course_id: int, name: str = "Part", **values: Any) -> int:
    """Create a section of a course."""
    return await add_activity(database, course_id, name, activity_type=ActivityType.SECTION, url=None, **values)


async def add_tag_group(database: Database, name: str, *, organization_id: int, **values: Any) -> int:
    """Create a group of tags."""
    group = NewTagGroup(organization_id=organization_id, name=name, **values)
    return await database.write(create_tag_group, actor=TESTS, group=group)


async def add_tag(database: Database, group_id: int, name: str) -> int:
    """Create a tag in a group."""
    return await database.write(create_tag, actor=TESTS, group_id=group_id, name=name)


async def rate(database: Database, course_id: int, user_id: int, rating: int = 5, comment: str | None = None) -> int:
    """Let a student rate a course."""
    return await database.write(give_feedback, actor=TESTS, course_id=course_id, user_id=user_id, rating=rating, comment=comment)


async def launch(database: Database, activity_id: int, user_id: int) -> str:
    """Open an activity for a user and give its address."""
    return await database.write(launch_activity, actor=TESTS, activity_id=activity_id, user_id=user_id)


async def look_up(database: Database, user_id: int, text: str, found: int = 0) -> None:
    """Remember that a user looked for a text in the catalog."""
    await database.write(note_catalog_search, actor=TESTS, user_id=user_id, text=text, found=found)


async def backdate(database: Database, table: Table, row_id: int, **moments: int) -> None:
    """Set moments of a row to others than that at which it was made."""

    async def write(transaction: Transaction) -> None:
        await transaction.run(Command(update(table).where(table.c.id == row_id).values(**moments)))

    await database.write(write)
