"""Creating and changing courses."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from msgspec import UNSET
from msgspec.structs import asdict
from sqlalchemy import Integer, bindparam, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.courses.actions.course_details import CourseChanges, NewCourse
from rollbook.courses.actions.tagging import check_tags, put_tags
from rollbook.courses.model import courses
from rollbook.courses.queries.courses import find_course_with_external_id, get_course, lock_course
from rollbook.database.query import Command
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError
from rollbook.history.recording import differences, entry, recorded
from rollbook.history.versions import check_version
from rollbook.organizations.queries.organizations import get_organization


class CourseExternalIdTakenError(ConflictError):
    """Another course of the organization has the external id."""

    field = "external_id"

    def __init__(self, external_id: str, course_id: int) -> None:
        self.external_id = external_id
        self.course_id = course_id
        super().__init__(f"course {course_id} of the organization has {external_id} already; give another, or update that course")


_TAGS: Final = "tag_ids"
_WRITTEN: Final = (*(name for name in NewCourse.__struct_fields__ if name != _TAGS), "name_folded", "modified_at")
_values = {name: bindparam(name, type_=courses.c[name].type) for name in _WRITTEN}
_one_course = courses.c.id == bindparam("course_id", type_=Integer)
_next_version = courses.c.version + literal_column("1", Integer())

_create = recorded(insert(courses).values(**_values, created_at=_values["modified_at"]), identity=courses.c.id)
_update = recorded(update(courses).where(_one_course).values(**_values, version=_next_version), identity=courses.c.id)
_touch = Command(update(courses).where(_one_course).values(modified_at=_values["modified_at"], version=_next_version))


async def create_course(transaction: Transaction, *, actor: Actor, course: NewCourse) -> int:
    """
    Create a course and give its id.

    Raises:
        OrganizationNotFoundError: The actor has no such organization.
        CourseExternalIdTakenError: Another course of the organization has the external id.
        TagNotFoundError: The actor has no such tag.
        TagGroupDisabledError: A tag's group is disabled.
        TagsExcludeEachOtherError: Two tags are of a group of which a course has one.
    """
    after = {**asdict(course), _TAGS: sorted(course.tag_ids or ())}
    await _check(transaction, actor=actor, wanted=after, changed=after.keys())
    await check_tags(transaction, actor=actor, wanted=after[_TAGS], had=())
    record = entry(
        transaction,
        actor=actor,
        organization_id=course.organization_id,
        kind="course.created",
        after={name: value for name, value in after.items() if value is not None and value != []},
    )
    if not course.tag_ids:
        return await transaction.settle(_create, _columns(transaction, after), record)
    course_id = await transaction.change(_create, _columns(transaction, after), record)
    assert course_id is not None  # noqa: S101 - an insert meets its row
    await put_tags(transaction, course_id=course_id, wanted=course.tag_ids, had=())
    return course_id


async def update_course(
    transaction: Transaction, *, actor: Actor, course_id: int, changes: CourseChanges, if_version: int | None = None
) -> None:
    """
    Change a course. Classes of a course that becomes archived go on; tags that the actor does not see stay.

    Raises:
        CourseNotFoundError: The actor has no such course.
        VersionChangedError: It is not at the version asked for.
        OrganizationNotFoundError: The actor has no such organization.
        CourseExternalIdTakenError: Another course of the organization has the external id.
        TagNotFoundError: The actor has no such tag.
        TagGroupDisabledError: The group of a new tag is disabled.
        TagsExcludeEachOtherError: Two tags are of a group of which a course has one.
    """
    await lock_course(transaction, course_id)
    row = await get_course(transaction, viewer=actor.viewer, course_id=course_id)
    stored = {**asdict(row), _TAGS: sorted(row.tag_ids)}
    check_version(noun="course", subject_id=course_id, version=row.version, wanted=if_version)
    given = {name: value for name, value in asdict(changes).items() if value is not UNSET}
    if _TAGS in given:
        given[_TAGS] = sorted(given[_TAGS] or ())
    before, after = differences(stored, given)
    if not after:
        return
    wanted = stored | after
    await _check(transaction, actor=actor, wanted=wanted, changed=after.keys())
    record = entry(transaction, actor=actor, organization_id=wanted["organization_id"], kind="course.updated", before=before, after=after)
    if _TAGS in after:
        await check_tags(transaction, actor=actor, wanted=after[_TAGS], had=before[_TAGS])
        await put_tags(transaction, course_id=course_id, wanted=after[_TAGS], had=before[_TAGS])
    await transaction.settle(_update, _columns(transaction, wanted) | {"course_id": course_id}, record)


async def touch_course(transaction: Transaction, course_id: int) -> None:
    """Note that something that belongs to a course changed, which has a history of its own; the caller has locked the course."""
    await transaction.run(_touch, course_id=course_id, modified_at=transaction.now)


async def _check(transaction: Transaction, *, actor: Actor, wanted: Mapping[str, Any], changed: Collection[str]) -> None:
    """Look up what the changed values name, and refuse what another course has."""
    organization_id, external_id = wanted["organization_id"], wanted["external_id"]
    if "organization_id" in changed:
        await get_organization(transaction, viewer=actor.viewer, organization_id=organization_id, field="organization_id")
    if external_id is not None and not {"organization_id", "external_id"}.isdisjoint(changed):
        taken_by = await find_course_with_external_id(transaction, organization_id=organization_id, external_id=external_id)
        if taken_by is not None:
            raise CourseExternalIdTakenError(external_id, taken_by)


def _columns(transaction: Transaction, wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {**wanted, "name_folded": folded(wanted["name"]), "modified_at": transaction.now}
