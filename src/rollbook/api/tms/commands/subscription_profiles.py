"""The commands about subscription profiles, which the TMS calls clubs. All but the search are not in it."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Answer, Done, Pages, Record, Total
from rollbook.api.tms.lists import Ids
from rollbook.api.tms.numbers import Boolean, Id, Integer, Time
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.organizations.limits import LONGEST_DESCRIPTION
from rollbook.subscriptions.actions.profiles import NewProfile, ProfileChanges, create_profile, delete_profile, update_profile
from rollbook.subscriptions.periods import MOST_DAYS
from rollbook.subscriptions.queries.profiles import ProfileCriteria, ProfileRow, get_profile, search_profiles

_GROUP = "Subscription profiles"


class ProfileValues(Parameters):
    """What creating and updating a subscription profile both take."""

    organization_id: Annotated[int | UnsetType, Id("The organization that owns it; by default the key's.", name="OrganizationId")] = UNSET
    external_id: Annotated[str | UnsetType | None, Text("The id in the calling system.", name="ExternalId")] = UNSET
    description: Annotated[str | UnsetType | None, Text("A short text.", name="Description", maximum=LONGEST_DESCRIPTION, lines=True)] = (
        UNSET
    )
    duration_days: Annotated[
        int | UnsetType | None,
        Integer(
            "How many days its new subscriptions last; without it they are for good.", name="DurationDays", minimum=1, maximum=MOST_DAYS
        ),
    ] = UNSET
    enabled: Annotated[bool | UnsetType, Boolean("There can be new subscriptions of it; by default there can.", name="Enabled")] = UNSET
    course_ids: Annotated[tuple[int, ...] | UnsetType | None, Ids("The courses that its subscriptions open.", name="CourseIds")] = UNSET


class NewProfileValues(ProfileValues):
    """What creating a subscription profile takes."""

    name: Annotated[str, Text("The name.", name="Name")]


class ChangedProfileValues(ProfileValues):
    """What updating a subscription profile takes."""

    id: Annotated[int, Id("The subscription profile.", in_path=True)]
    name: Annotated[str | UnsetType, Text("The name.", name="Name")] = UNSET


class OneProfile(Parameters):
    """Which subscription profile."""

    id: Annotated[int, Id("The subscription profile.", in_path=True)]


class ProfileSearch(SearchParameters):
    """What subscription profiles are looked for."""

    sort: Annotated[SortOrder, Sort({"Name": "name", "Created": "created", "LastModified": "modified"}, default="Name")]
    name: Annotated[str | None, Text("A part of the name.")] = None
    course_id: Annotated[int | None, Id("A course that they open.")] = None
    created_after: Annotated[int | None, Time("Created at this time or later.")] = None
    created_before: Annotated[int | None, Time("Created at this time or earlier.")] = None


class Club(Record):
    """A subscription profile."""

    id: int
    external_id: str | None
    name: str
    description: str | None
    organization_id: int
    duration_days: Annotated[int | None, Meta(description="How many days new subscriptions last; null for good.")]
    enabled: bool
    course_ids: Annotated[list[int], Meta(description="The courses that subscriptions of it open.")]
    created: Annotated[int, Meta(description="Unix epoch seconds.")]
    last_modified: Annotated[int, Meta(description="Unix epoch seconds.")]


class FoundProfile(Answer):
    """A subscription profile."""

    subscription_profile: Club | None


class FoundClubs(Answer):
    """A page of subscription profiles."""

    total_count: Total
    total_pages: Pages
    results: list[Club]


class CreatedProfile(Answer):
    """The id of the new subscription profile; null in a dry run."""

    subscription_profile_id: int | None


@command("CreateSubscriptionProfile", summary="Create a subscription profile", group=_GROUP, writes=Scope.MANAGE, ours=True)
async def create(call: Call, parameters: NewProfileValues) -> CreatedProfile:
    """Create a subscription profile."""
    actor = await call.actor()
    default = {"organization_id": actor.viewer.organization_id} if parameters.organization_id is UNSET else {}
    profile = said(parameters, NewProfile, **default)
    profile_id = await perform(call, create_profile, actor=actor, profile=profile)
    return CreatedProfile(subscription_profile_id=None if call.dry_run else profile_id)


@command("UpdateSubscriptionProfile", summary="Update a subscription profile by id", group=_GROUP, writes=Scope.MANAGE, ours=True)
async def update(call: Call, parameters: ChangedProfileValues) -> Done:
    """Change a subscription profile: its courses at once for every subscription of it, its duration for new ones alone."""
    changes = said(parameters, ProfileChanges)
    await perform(call, update_profile, actor=await call.actor(), profile_id=parameters.id, changes=changes)
    return Done()


@command("DeleteSubscriptionProfile", summary="Delete a subscription profile by id", group=_GROUP, writes=Scope.MANAGE, ours=True)
async def delete(call: Call, parameters: OneProfile) -> Done:
    """Delete a subscription profile that has neither subscriptions nor training keys; its history stays."""
    await perform(call, delete_profile, actor=await call.actor(), profile_id=parameters.id)
    return Done()


@command("GetSubscriptionProfile", summary="Retrieve a subscription profile by id", group=_GROUP, ours=True)
async def get(call: Call, parameters: OneProfile) -> FoundProfile:
    """Give a subscription profile."""
    actor = await call.actor()
    row = await call.database.read(get_profile, viewer=actor.viewer, profile_id=parameters.id)
    return FoundProfile(subscription_profile=_club_of(row))


@command("SearchClubs", summary="Search for subscription profiles", group=_GROUP)
async def search(call: Call, parameters: ProfileSearch) -> FoundClubs:
    """Give a page of the subscription profiles that meet every given criterion."""
    actor = await call.actor()
    criteria = ProfileCriteria(
        name=parameters.name,
        course_id=parameters.course_id,
        created_after=parameters.created_after,
        created_before=parameters.created_before,
    )
    page = await call.database.search(
        search_profiles,
        viewer=actor.viewer,
        criteria=criteria,
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundClubs(
        total_count=page.total, total_pages=-(-page.total // parameters.page_size), results=[_club_of(row) for row in page.rows]
    )


def _club_of(row: ProfileRow) -> Club:
    return Club(
        id=row.id,
        external_id=row.external_id,
        name=row.name,
        description=row.description,
        organization_id=row.organization_id,
        duration_days=row.duration_days,
        enabled=row.enabled,
        course_ids=sorted(row.course_ids),
        created=row.created_at,
        last_modified=row.modified_at,
    )


COMMANDS: tuple[Command, ...] = (create, update, delete, get, search)
