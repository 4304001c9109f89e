"""Giving tags to courses, and taking them away."""

from collections.abc import Collection

from sqlalchemy import Integer, bindparam, delete, insert

from rollbook.access.actor import Actor
from rollbook.courses.model import tags_of_courses
from rollbook.courses.queries.tag_groups import lock_tag_groups
from rollbook.courses.queries.tags import TagNotFoundError, list_tags
from rollbook.courses.tagging import refuse_tags
from rollbook.database.query import Command
from rollbook.database.transaction import Transaction
from rollbook.errors import refuse

_COURSE_ID, _TAG_ID = bindparam("course_id", type_=Integer), bindparam("tag_id", type_=Integer)
_put = Command(insert(tags_of_courses).values(course_id=_COURSE_ID, tag_id=_TAG_ID))
_take = Command(delete(tags_of_courses).where(tags_of_courses.c.course_id == _COURSE_ID, tags_of_courses.c.tag_id == _TAG_ID))


async def check_tags(transaction: Transaction, *, actor: Actor, wanted: Collection[int], had: Collection[int]) -> None:
    """
    Return when a course can have the wanted tags, whose groups then stay as they are until the end.

    Raises:
        TagNotFoundError: The actor has no such tag.
        TagGroupDisabledError: The group of a tag that the course did not have is disabled.
        TagsExcludeEachOtherError: Two tags are of a group of which a course has one.
    """
    if not wanted:
        return
    tags = await list_tags(transaction, viewer=actor.viewer, tag_ids=wanted)
    await lock_tag_groups(transaction, *{tag.group_id for tag in tags})
    tags = await list_tags(transaction, viewer=actor.viewer, tag_ids=wanted)
    known = {tag.id for tag in tags}
    missing = [TagNotFoundError(tag_id, field="tag_ids") for tag_id in wanted if tag_id not in known]
    refuse([*missing, *refuse_tags(wanted=tags, added=set(wanted) - set(had))])


async def put_tags(transaction: Transaction, *, course_id: int, wanted: Collection[int], had: Collection[int]) -> None:
    """Give a course the wanted tags instead of those that it had."""
    for tag_id in sorted(set(had) - set(wanted)):
        await transaction.run(_take, course_id=course_id, tag_id=tag_id)
    for tag_id in sorted(set(wanted) - set(had)):
        await transaction.run(_put, course_id=course_id, tag_id=tag_id)
