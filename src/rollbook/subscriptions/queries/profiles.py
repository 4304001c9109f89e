"""Reading subscription profiles."""

from collections.abc import Collection
from typing import Final

from msgspec import Struct
from sqlalchemy import BigInteger, Boolean, Integer, Text, bindparam, exists, select

from rollbook.access.actor import Viewer
from rollbook.courses.model import courses
from rollbook.courses.queries.courses import CourseNotFoundError
from rollbook.database.expressions import any_of, contains, numbers_of, within
from rollbook.database.query import Query
from rollbook.database.searching import Search, asked_of
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError
from rollbook.organizations.model import organizations
from rollbook.subscriptions.model import courses_of_profiles, subscription_profiles


class SubscriptionProfileNotFoundError(NotFoundError):
    """The viewer has no such subscription profile."""

    def __init__(self, profile_id: int, *, field: str | None = None) -> None:
        self.profile_id = profile_id
        self.field = field
        super().__init__(f"there is no subscription profile {profile_id}; give the id of one in the tree of the key's organization")


class ProfileRow(Struct, frozen=True):
    """
    A subscription profile.

    Attributes:
        duration_days: How long its new subscriptions last; None for good.
        enabled: Whether there can be new subscriptions of it.
        created_at: Unix epoch seconds.
        modified_at: Unix epoch seconds.
        course_ids: The courses that its subscriptions open, in no order.
    """

    id: int
    organization_id: int
    external_id: str | None
    name: str
    description: str | None
    duration_days: int | None
    enabled: bool
    created_at: int
    modified_at: int
    version: int
    course_ids: list[int]


class ProfileCriteria(Struct, frozen=True, kw_only=True):
    """
    What the profiles of a search have in common; None is not asked. Times are epoch seconds, both ends inclusive.

    Attributes:
        name: A part of the name, in any case.
        course_id: A course that they open.
    """

    name: str | None = None
    external_id: str | None = None
    organization_id: int | None = None
    enabled: bool | None = None
    course_id: int | None = None
    created_after: int | None = None
    created_before: int | None = None


class ProfilePage(Struct, frozen=True):
    """A page of a search, and how many profiles there are on all pages."""

    total: int
    rows: list[ProfileRow]


class _IdRow(Struct, frozen=True):
    id: int


_PATH: Final = bindparam("path", type_=Text)
_ASKED_ID: Final = bindparam("profile_id", type_=Integer)
_course_ids = (
    select(numbers_of(courses_of_profiles.c.course_id))
    .where(courses_of_profiles.c.profile_id == subscription_profiles.c.id)
    .scalar_subquery()
)
_IN_SCOPE = (
    select(*(subscription_profiles.c[name] for name in ProfileRow.__struct_fields__[:-1]), _course_ids.label("course_ids"))
    .select_from(subscription_profiles)
    .join(organizations, organizations.c.id == subscription_profiles.c.organization_id)
    .where(within(organizations.c.path, _PATH))
)
_get_profile = Query(_IN_SCOPE.where(subscription_profiles.c.id == _ASKED_ID), ProfileRow)
_find_by_external_id = Query(
    select(subscription_profiles.c.id).where(
        subscription_profiles.c.organization_id == bindparam("organization_id", type_=Integer),
        subscription_profiles.c.external_id == bindparam("external_id", type_=Text),
    ),
    _IdRow,
)
_lock_profile = Query(
    select(subscription_profiles.c.id)
    .where(subscription_profiles.c.id == _ASKED_ID)
    .with_for_update(key_share=True, of=subscription_profiles),
    _IdRow,
)
_lock_to_delete = Query(
    select(subscription_profiles.c.id).where(subscription_profiles.c.id == _ASKED_ID).with_for_update(of=subscription_profiles), _IdRow
)
_list_visible_courses = Query(
    select(courses.c.id)
    .join(organizations, organizations.c.id == courses.c.organization_id)
    .where(any_of(courses.c.id, "course_ids"), within(organizations.c.path, _PATH)),
    _IdRow,
)
_SEARCH: Final = Search(
    _IN_SCOPE,
    ProfileRow,
    identity=subscription_profiles.c.id,
    conditions={
        "name": contains(subscription_profiles.c.name_folded, bindparam("name", type_=Text)),
        "external_id": subscription_profiles.c.external_id == bindparam("external_id", type_=Text),
        "organization_id": subscription_profiles.c.organization_id == bindparam("organization_id", type_=Integer),
        "enabled": subscription_profiles.c.enabled == bindparam("enabled", type_=Boolean),
        "course_id": exists().where(
            courses_of_profiles.c.profile_id == subscription_profiles.c.id,
            courses_of_profiles.c.course_id == bindparam("course_id", type_=Integer),
        ),
        "created_after": subscription_profiles.c.created_at >= bindparam("created_after", type_=BigInteger),
        "created_before": subscription_profiles.c.created_at <= bindparam("created_before", type_=BigInteger),
    },
    sorts={
        "name": subscription_profiles.c.name_folded,
        "created": subscription_profiles.c.created_at,
        "modified": subscription_profiles.c.modified_at,
    },
)


async def get_profile(transaction: Transaction, *, viewer: Viewer, profile_id: int, field: str | None = None) -> ProfileRow:
    """
    Give a subscription profile; ``field`` names the caller's value where the profile is not what the caller asks about.

    Raises:
        SubscriptionProfileNotFoundError: The viewer has no such profile.
    """
    row = await transaction.find(_get_profile, profile_id=profile_id, path=viewer.path)
    if row is None:
        raise SubscriptionProfileNotFoundError(profile_id, field=field)
    return row


async def find_profile(transaction: Transaction, *, viewer: Viewer, profile_id: int) -> ProfileRow | None:
    """Give a subscription profile, or None where the viewer has no such one."""
    return await transaction.find(_get_profile, profile_id=profile_id, path=viewer.path)


async def find_profile_with_external_id(transaction: Transaction, *, organization_id: int, external_id: str) -> int | None:
    """
    Give the id of an organization's profile with that external id.

    It takes no viewer: the organization is one that the caller has been found to see.
    """
    row = await transaction.find(_find_by_external_id, organization_id=organization_id, external_id=external_id)
    return None if row is None else row.id


async def list_missing_courses(
    transaction: Transaction, *, viewer: Viewer, course_ids: Collection[int], field: str
) -> list[CourseNotFoundError]:
    """Give a refusal for each of the ids that the viewer has no course of; ``field`` names the value they were given for."""
    if not course_ids:
        return []
    rows = await transaction.all(_list_visible_courses, course_ids=sorted(course_ids), path=viewer.path)
    visible = {row.id for row in rows}
    return [CourseNotFoundError(asked, field=field) for asked in sorted(course_ids) if asked not in visible]


async def lock_profile(transaction: Transaction, *, profile_id: int) -> None:
    """Lock a profile, so that two changes of it do not undo each other."""
    await transaction.lock(_lock_profile, profile_id=profile_id)


async def lock_profile_to_delete(transaction: Transaction, *, profile_id: int) -> None:
    """Lock a profile against whatever would come to refer to it as well."""
    await transaction.lock(_lock_to_delete, profile_id=profile_id)


async def search_profiles(
    transaction: Transaction, *, viewer: Viewer, criteria: ProfileCriteria, sort: str, descending: bool, offset: int, limit: int
) -> ProfilePage:
    """
    Find subscription profiles; ties are in the order of their ids.

    *sort* is ``name``, ``created`` or ``modified``.
    """
    values = asked_of(criteria, "name")
    found = await _SEARCH.find(transaction, path=viewer.path, values=values, sort=sort, descending=descending, offset=offset, limit=limit)
    return ProfilePage(*found)


async def list_profiles(
    transaction: Transaction, *, viewer: Viewer, criteria: ProfileCriteria, after_id: int, limit: int
) -> list[ProfileRow]:
    """Give the profiles with an id above ``after_id`` that meet the criteria, ascending, at most ``limit`` of them."""
    return await _SEARCH.list(transaction, path=viewer.path, values=asked_of(criteria, "name"), after_id=after_id, limit=limit)
