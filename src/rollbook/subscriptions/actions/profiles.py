"""Creating, changing and deleting subscription profiles."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict
from sqlalchemy import Integer, bindparam, delete, insert

from rollbook.access.actor import Actor
from rollbook.database.query import Command
from rollbook.database.references import References, counting_references
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, RollbookError, refuse
from rollbook.history.recording import differences, entry
from rollbook.history.versions import check_version
from rollbook.organizations.queries.organizations import OrganizationNotFoundError, find_organization
from rollbook.subscriptions.actions.writing import alteration, insertion, removal
from rollbook.subscriptions.model import courses_of_profiles, subscription_profiles
from rollbook.subscriptions.queries.profiles import (
    find_profile_with_external_id,
    get_profile,
    list_missing_courses,
    lock_profile,
    lock_profile_to_delete,
)


class NewProfile(Struct, frozen=True, kw_only=True):
    """
    A subscription profile to create.

    Attributes:
        duration_days: How long its subscriptions last; None for good.
        enabled: Whether there can be new subscriptions of it.
        course_ids: The courses that its subscriptions open.
    """

    organization_id: int
    name: str
    external_id: str | None = None
    description: str | None = None
    duration_days: int | None = None
    enabled: bool = True
    course_ids: tuple[int, ...] | None = None


class ProfileChanges(Struct, frozen=True, kw_only=True):
    """What to change of a subscription profile: UNSET is left as it is, None is cleared."""

    organization_id: int | UnsetType = UNSET
    name: str | UnsetType = UNSET
    external_id: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    duration_days: int | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET
    course_ids: tuple[int, ...] | UnsetType | None = UNSET


class ProfileExternalIdTakenError(ConflictError):
    """Another subscription profile of the organization has the external id (N2)."""

    field = "external_id"

    def __init__(self, external_id: str, profile_id: int) -> None:
        self.profile_id = profile_id
        super().__init__(f"{external_id} is the external id of subscription profile {profile_id} already; give another one")


class SubscriptionProfileInUseError(ConflictError):
    """There are subscriptions or training keys of the profile that would be deleted."""

    def __init__(self, profile_id: int, counts: Mapping[str, int]) -> None:
        self.counts = dict(counts)
        used_by = " and ".join(f"{count} {table.replace('_', ' ').removesuffix('s')}{'s'[: count != 1]}" for table, count in counts.items())
        super().__init__(f"there are {used_by} of subscription profile {profile_id}; delete them first, or disable the profile")


_INSERT: Final = insertion(subscription_profiles)
_UPDATE: Final = alteration(subscription_profiles)
_DELETE: Final = removal(subscription_profiles)
_PROFILE_ID: Final = bindparam("profile_id", type_=Integer)
_OPEN_COURSE: Final = Command(insert(courses_of_profiles).values(profile_id=_PROFILE_ID, course_id=bindparam("course_id", type_=Integer)))
_CLOSE_COURSE: Final = Command(
    delete(courses_of_profiles).where(
        courses_of_profiles.c.profile_id == _PROFILE_ID, courses_of_profiles.c.course_id == bindparam("course_id", type_=Integer)
    )
)
_CLOSE_COURSES: Final = Command(delete(courses_of_profiles).where(courses_of_profiles.c.profile_id == _PROFILE_ID))
_TOLD: Final = NewProfile.__struct_fields__


async def create_profile(transaction: Transaction, *, actor: Actor, profile: NewProfile) -> int:
    """
    Create a subscription profile and give its id.

    Raises:
        OrganizationNotFoundError: The actor has no such organization.
        CourseNotFoundError: The actor has no such course.
        ProfileExternalIdTakenError: Another profile of the organization has the external id.
        SeveralRefusalsError: More than one of these.
    """
    said = {**asdict(profile), "course_ids": sorted(set(profile.course_ids or ()))}
    refuse(await _list_refusals(transaction, actor=actor, state=said, changed=said.keys(), opened=said["course_ids"]))
    record = entry(
        transaction, actor=actor, organization_id=profile.organization_id, kind="subscription_profile.created", after=_told(said)
    )
    profile_id = await transaction.change(_INSERT, {**_columns(transaction, said), "created_at": transaction.now}, record)
    assert profile_id is not None  # noqa: S101 - an insert meets its row
    for course_id in said["course_ids"]:
        await transaction.run(_OPEN_COURSE, profile_id=profile_id, course_id=course_id)
    return profile_id


async def update_profile(
    transaction: Transaction, *, actor: Actor, profile_id: int, changes: ProfileChanges, if_version: int | None = None
) -> None:
    """
    Change a subscription profile: its courses at once for every subscription of it, how long it lasts for new ones alone.

    Raises:
        SubscriptionProfileNotFoundError: The actor has no such profile.
        VersionChangedError: It is not at the version asked for.
        OrganizationNotFoundError: The actor has no such organization.
        CourseNotFoundError: The actor has no such course.
        ProfileExternalIdTakenError: Another profile of the organization has the external id.
        SeveralRefusalsError: More than one of these.
    """
    await lock_profile(transaction, profile_id=profile_id)
    row = await get_profile(transaction, viewer=actor.viewer, profile_id=profile_id)
    check_version(noun="subscription profile", subject_id=profile_id, version=row.version, wanted=if_version)
    stored = {**asdict(row), "course_ids": sorted(row.course_ids)}
    given = {name: value for name, value in asdict(changes).items() if value is not UNSET}
    if "course_ids" in given:
        given["course_ids"] = sorted(set(given["course_ids"] or ()))
    before, after = differences(stored, given)
    if not after:
        return
    state = stored | after
    opened = [course_id for course_id in state["course_ids"] if course_id not in row.course_ids]
    refuse(await _list_refusals(transaction, actor=actor, state=state, changed=after.keys(), opened=opened))
    record = entry(
        transaction, actor=actor, organization_id=state["organization_id"], kind="subscription_profile.updated", before=before, after=after
    )
    await transaction.change(_UPDATE, {**_columns(transaction, state), "row_id": profile_id}, record)
    for course_id in opened:
        await transaction.run(_OPEN_COURSE, profile_id=profile_id, course_id=course_id)
    for course_id in set(row.course_ids).difference(state["course_ids"]):
        await transaction.run(_CLOSE_COURSE, profile_id=profile_id, course_id=course_id)


async def delete_profile(transaction: Transaction, *, actor: Actor, profile_id: int, if_version: int | None = None) -> None:
    """
    Delete a subscription profile; its history stays.

    Raises:
        SubscriptionProfileNotFoundError: The actor has no such profile.
        VersionChangedError: It is not at the version asked for.
        SubscriptionProfileInUseError: There are subscriptions or training keys of it.
    """
    await lock_profile_to_delete(transaction, profile_id=profile_id)
    row = await get_profile(transaction, viewer=actor.viewer, profile_id=profile_id)
    check_version(noun="subscription profile", subject_id=profile_id, version=row.version, wanted=if_version)
    counting = counting_references(subscription_profiles.c.id, going_along=(courses_of_profiles,))
    used_by = _counts(await transaction.all(counting, referred_id=profile_id))
    if used_by:
        raise SubscriptionProfileInUseError(profile_id, used_by)
    before = _told({**asdict(row), "course_ids": sorted(row.course_ids)})
    record = entry(transaction, actor=actor, organization_id=row.organization_id, kind="subscription_profile.deleted", before=before)
    await transaction.run(_CLOSE_COURSES, profile_id=profile_id)
    await transaction.change(_DELETE, {"row_id": profile_id}, record)


async def _list_refusals(
    transaction: Transaction, *, actor: Actor, state: Mapping[str, Any], changed: Collection[str], opened: Collection[int]
) -> list[RollbookError | None]:
    """Look up what the changed values name, and give what refuses them."""
    refusals: list[RollbookError | None] = []
    organization_id, external_id = state["organization_id"], state["external_id"]
    if "organization_id" in changed and await find_organization(transaction, viewer=actor.viewer, organization_id=organization_id) is None:
        refusals.append(OrganizationNotFoundError(organization_id, field="organization_id"))
    elif external_id is not None and not {"organization_id", "external_id"}.isdisjoint(changed):
        taken_by = await find_profile_with_external_id(transaction, organization_id=organization_id, external_id=external_id)
        refusals.append(None if taken_by is None else ProfileExternalIdTakenError(external_id, taken_by))
    return [*refusals, *await list_missing_courses(transaction, viewer=actor.viewer, course_ids=opened, field="course_ids")]


def _columns(transaction: Transaction, state: Mapping[str, Any]) -> dict[str, Any]:
    return {**state, "name_folded": folded(state["name"]), "modified_at": transaction.now}


def _told(state: Mapping[str, Any]) -> dict[str, Any]:
    return {name: state[name] for name in _TOLD if state[name] not in (None, [])}


def _counts(references: Iterable[References]) -> dict[str, int]:
    return {each.table: each.count for each in references if each.count}
