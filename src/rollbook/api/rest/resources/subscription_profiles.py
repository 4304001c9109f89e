"""The subscription profiles of the REST API."""

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import asdict

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import after_id
from rollbook.api.rest.deleting import Deletion, delete
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import SOME_TIME, change, example_of
from rollbook.api.rest.lists import ListQuery, Page, by_ids, page_of
from rollbook.api.rest.performing import Outcome, as_id, create, given_in, perform
from rollbook.api.rest.values import Description, GivenTime, Id, Name, Time, moment_of, seconds_of
from rollbook.database.transaction import Transaction
from rollbook.subscriptions.actions import profiles as actions
from rollbook.subscriptions.actions.profiles import NewProfile, ProfileChanges
from rollbook.subscriptions.periods import MOST_DAYS
from rollbook.subscriptions.queries import profiles as queries
from rollbook.subscriptions.queries.profiles import ProfileCriteria, ProfileRow

TAG: Final = "Subscriptions"

_Days = Annotated[int, Meta(ge=1, le=MOST_DAYS, description="How long new subscriptions last; null for good.")]
_Courses = Annotated[tuple[Id, ...], Meta(max_length=1_000, description="The courses that subscriptions of it open.")]


class SubscriptionProfile(Struct, frozen=True, kw_only=True):
    """What there can be subscriptions of."""

    id: int
    version: int
    organization_id: int
    external_id: str | None
    name: str
    description: str | None
    duration_days: Annotated[int | None, Meta(description="How long new subscriptions last; null for good.")]
    enabled: Annotated[bool, Meta(description="There can be new subscriptions of it.")]
    course_ids: Annotated[list[int], Meta(description="The courses that subscriptions of it open.")]
    created_at: Time
    modified_at: Time


class SubscriptionProfiles(Page, frozen=True, kw_only=True):
    """A page of subscription profiles."""

    items: list[SubscriptionProfile]


class SubscriptionProfileOutcome(Outcome, frozen=True, kw_only=True):
    """What became of a subscription profile."""

    result: SubscriptionProfile


class ProfileValues(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What creating and updating a subscription profile both take."""

    external_id: Name | UnsetType | None = UNSET
    description: Description | UnsetType | None = UNSET
    duration_days: _Days | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET
    course_ids: _Courses | UnsetType = UNSET


class CreateSubscriptionProfile(ProfileValues, frozen=True, kw_only=True):
    """A subscription profile to create."""

    name: Name
    organization_id: Annotated[Id, Meta(description="The organization that it belongs to; by default the key's.")] | UnsetType = UNSET


class UpdateSubscriptionProfile(ProfileValues, frozen=True, kw_only=True):
    """What to change of a subscription profile: its courses at once for every subscription, its duration for new ones alone."""

    name: Name | UnsetType = UNSET
    organization_id: Id | UnsetType = UNSET


class SubscriptionProfileQuery(ListQuery, frozen=True, kw_only=True):
    """Which subscription profiles are listed."""

    name: Annotated[Name, Meta(description="A part of the name, in any case.")] | None = None
    external_id: Name | None = None
    organization_id: Annotated[Id, Meta(description="The organization that it belongs to, not those beneath.")] | None = None
    enabled: bool | None = None
    course_id: Annotated[Id, Meta(description="A course that they open.")] | None = None
    created_after: Annotated[GivenTime, Meta(description="Created then or later.")] | None = None
    created_before: Annotated[GivenTime, Meta(description="Created then or earlier.")] | None = None


EXAMPLE: Final = SubscriptionProfile(
    id=1,
    version=1,
    organization_id=1,
    external_id="WELD-YEAR",
    name="A year of welding",
    description=None,
    duration_days=365,
    enabled=True,
    course_ids=[7],
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)
_OUTCOME: Final = example_of(SubscriptionProfileOutcome, EXAMPLE, change("subscription_profile", "duration_days", None, 365))
_DELETION: Final = example_of(Deletion, None, change("subscription_profile", "name", "A year of welding", None))


async def see_profile(transaction: Transaction, actor: Actor, profile_id: int) -> SubscriptionProfile:
    """Show the subscription profile with an id."""
    return show(await queries.get_profile(transaction, viewer=actor.viewer, profile_id=profile_id))


def show(row: ProfileRow) -> SubscriptionProfile:
    """Show a subscription profile."""
    values: dict[str, Any] = {**asdict(row), "created_at": moment_of(row.created_at), "modified_at": moment_of(row.modified_at)}
    return SubscriptionProfile(**{**values, "course_ids": sorted(row.course_ids)})


@endpoint("GET", "/subscription-profiles", tag=TAG, scope=Scope.READ, answers=SubscriptionProfiles(items=[EXAMPLE], next="n.1"))
async def list_profiles(call: Call, query: SubscriptionProfileQuery) -> SubscriptionProfiles:
    """List subscription profiles, in the order of their ids."""
    criteria = ProfileCriteria(
        name=query.name,
        external_id=query.external_id,
        organization_id=query.organization_id,
        enabled=query.enabled,
        course_id=query.course_id,
        created_after=None if query.created_after is None else seconds_of(query.created_after),
        created_before=None if query.created_before is None else seconds_of(query.created_before),
    )
    rows = await call.database.search(
        queries.list_profiles, viewer=call.actor.viewer, criteria=criteria, after_id=after_id(query.cursor), limit=query.limit + 1
    )
    return page_of(SubscriptionProfiles, by_ids(rows, limit=query.limit), show)


@endpoint(
    "POST",
    "/subscription-profiles",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=CreateSubscriptionProfile(name="A year of welding", duration_days=365, course_ids=(7,)),
    answers=_OUTCOME,
    creates="/subscription-profiles/{id}",
)
async def create_profile(call: Call, body: CreateSubscriptionProfile) -> SubscriptionProfileOutcome:
    """Create a subscription profile."""
    given = {"organization_id": call.actor.viewer.organization_id, **given_in(body)}
    performed = await create(call, actions.create_profile, see=see_profile, id_of=as_id, actor=call.actor, profile=NewProfile(**given))
    return performed.told(SubscriptionProfileOutcome)


@endpoint("GET", "/subscription-profiles/{profile_id}", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def get_profile(call: Call, profile_id: int) -> SubscriptionProfile:
    """Show a subscription profile."""
    return await call.database.read(see_profile, call.actor, profile_id)


@endpoint(
    "PATCH",
    "/subscription-profiles/{profile_id}",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=UpdateSubscriptionProfile(duration_days=365),
    answers=_OUTCOME,
)
async def update_profile(call: Call, profile_id: int, body: UpdateSubscriptionProfile) -> SubscriptionProfileOutcome:
    """Change a subscription profile."""
    performed = await perform(
        call,
        actions.update_profile,
        see=see_profile,
        subject_id=profile_id,
        actor=call.actor,
        profile_id=profile_id,
        changes=ProfileChanges(**given_in(body)),
    )
    return performed.told(SubscriptionProfileOutcome)


@endpoint("DELETE", "/subscription-profiles/{profile_id}", tag=TAG, scope=Scope.MANAGE, answers=_DELETION)
async def delete_profile(call: Call, profile_id: int) -> Deletion:
    """
    Delete a subscription profile.

    It is refused while there are subscriptions or training keys of it. Its history stays.
    """
    return await delete(call, actions.delete_profile, see=see_profile, subject_id=profile_id, actor=call.actor, profile_id=profile_id)


ENDPOINTS: tuple[Endpoint, ...] = (list_profiles, create_profile, get_profile, update_profile, delete_profile)
