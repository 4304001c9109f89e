"""The commands about subscriptions, each under two names: the TMS calls them club memberships as well."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from msgspec import UNSET, Meta, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Answer, Done, Pages, Record, Total
from rollbook.api.tms.numbers import Id, Time
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.subscriptions.actions.subscriptions import (
    NewSubscription,
    SubscriptionChanges,
    create_subscription,
    delete_subscription,
    update_subscription,
)
from rollbook.subscriptions.queries.subscriptions import (
    SubscriptionCriteria,
    SubscriptionRow,
    get_subscription,
    list_subscriptions_with_external_id,
    search_subscriptions,
)

OptionalTime = int | UnsetType | None
A = TypeVar("A", bound=Answer)

_SORTS = {
    "UserId": "user_id",
    "ExternalUserId": "user_external_id",
    "Subscription": "profile",
    "Starts": "starts",
    "Expires": "expires",
    "TargetCompletion": "target_completion",
    "Created": "created",
    "LastModified": "modified",
}


class SubscriptionValues(Parameters):
    """What creating and updating a subscription both take."""

    external_id: Annotated[str | UnsetType | None, Text("The id in the calling system.")] = UNSET
    profile_id: Annotated[int, Id("The subscription profile.", name="clubId")]
    user_id: Annotated[int, Id("Whose subscription it is.")]
    starts_at: Annotated[int, Time("When it starts.", name="starts")]
    target_completion_at: Annotated[OptionalTime, Time("When its courses are to be complete.", name="targetCompletion")] = UNSET


class NewSubscriptionValues(SubscriptionValues):
    """What creating a subscription takes."""

    expires_at: Annotated[
        OptionalTime, Time("When it ends: by default as many days after its start as the profile says, `null` for good.", name="expires")
    ] = UNSET


class ChangedSubscriptionValues(SubscriptionValues):
    """What updating a subscription takes."""

    id: Annotated[int, Id("The subscription.", in_path=True)]
    expires_at: Annotated[OptionalTime, Time("When it ends.", name="expires")] = UNSET


class OneSubscription(Parameters):
    """Which subscription."""

    id: Annotated[int, Id("The subscription.", in_path=True)]


class SubscriptionsExternalId(Parameters):
    """Which external id."""

    external_id: Annotated[str, Text("The id in the calling system.", name="id", in_path=True)]


class SubscriptionSearch(SearchParameters):
    """What subscriptions are looked for."""

    sort: Annotated[SortOrder, Sort(_SORTS, default="Created")]
    user_id: Annotated[int | None, Id("Whose they are.")] = None
    user_external_id: Annotated[str | None, Text("The user's id in the calling system.")] = None
    profile_id: Annotated[int | None, Id("The subscription profile.", name="subscriptionId")] = None
    created_after: Annotated[int | None, Time("Created at this time or later.")] = None
    created_before: Annotated[int | None, Time("Created at this time or earlier.")] = None


_Moment = Annotated[int | None, Meta(description="Unix epoch seconds.")]


class ClubMembership(Record):
    """A subscription."""

    id: int
    external_id: str | None
    club_id: Annotated[int, Meta(description="The subscription profile.")]
    user_id: int
    starts: Annotated[int, Meta(description="Unix epoch seconds.")]
    expires: _Moment
    target_completion: _Moment


class ClubMembershipSearchResult(ClubMembership):
    """A subscription in a list."""

    external_user_id: Annotated[str | None, Meta(description="The user's id in the calling system. Not part of the TMS.")]
    subscription: Annotated[str, Meta(description="The name of the subscription profile. Not part of the TMS.")]
    training_key_id: Annotated[int | None, Meta(description="The training key that became it. Not part of the TMS.")]
    created: Annotated[int, Meta(description="Unix epoch seconds. Not part of the TMS.")]
    last_modified: Annotated[int, Meta(description="Unix epoch seconds. Not part of the TMS.")]


class ClubMemberships(Answer):
    """Subscriptions: one, or those that share an external id."""

    results: list[ClubMembership]


class FoundClubMemberships(Answer):
    """A page of subscriptions."""

    total_count: Total
    total_pages: Pages
    results: list[ClubMembershipSearchResult]


class CreatedClubMembership(Answer):
    """The id of the new subscription; null in a dry run."""

    club_membership_id: int | None


def _both(
    names: str, handler: Callable[[Call, Any], Awaitable[A]], *, summary: str, writes: Scope | None = None, lower_case: bool = False
) -> tuple[Command, Command]:
    """Make a command of a handler under its old and its new name; some of the new names are not in the TMS."""
    old, new = names.format("ClubMembership"), names.format("Subscription")

    def declare(name: str) -> Command:
        ours = name in {"DeleteSubscription", "GetSubscriptionByExternalId"}
        return command(name, summary=summary, group="Subscriptions", lower_case=lower_case, writes=writes, ours=ours)(handler)

    return declare(old), declare(new)


async def create(call: Call, parameters: NewSubscriptionValues) -> CreatedClubMembership:
    """Give a user a subscription."""
    subscription = said(parameters, NewSubscription)
    subscription_id = await perform(call, create_subscription, actor=await call.actor(), subscription=subscription)
    return CreatedClubMembership(club_membership_id=None if call.dry_run else subscription_id)


async def update(call: Call, parameters: ChangedSubscriptionValues) -> Done:
    """Change a subscription; its end stays unless another one is given."""
    changes = said(parameters, SubscriptionChanges)
    await perform(call, update_subscription, actor=await call.actor(), subscription_id=parameters.id, changes=changes)
    return Done()


async def delete(call: Call, parameters: OneSubscription) -> Done:
    """Delete a subscription; the training key that became it gets that use back."""
    await perform(call, delete_subscription, actor=await call.actor(), subscription_id=parameters.id)
    return Done()


async def get(call: Call, parameters: OneSubscription) -> ClubMemberships:
    """Give a subscription."""
    actor = await call.actor()
    row = await call.database.read(get_subscription, viewer=actor.viewer, subscription_id=parameters.id)
    return ClubMemberships(results=[ClubMembership(**_values(row))])


async def get_by_external_id(call: Call, parameters: SubscriptionsExternalId) -> ClubMemberships:
    """Give every subscription with an external id, by ascending id: any number may share one."""
    actor = await call.actor()
    rows = await call.database.search(list_subscriptions_with_external_id, viewer=actor.viewer, external_id=parameters.external_id)
    return ClubMemberships(results=[ClubMembership(**_values(row)) for row in rows])


async def search(call: Call, parameters: SubscriptionSearch) -> FoundClubMemberships:
    """Give a page of the subscriptions that meet every given criterion."""
    actor = await call.actor()
    page = await call.database.search(
        search_subscriptions,
        viewer=actor.viewer,
        criteria=SubscriptionCriteria(
            user_id=parameters.user_id,
            user_external_id=parameters.user_external_id,
            profile_id=parameters.profile_id,
            created_after=parameters.created_after,
            created_before=parameters.created_before,
        ),
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    results = [
        ClubMembershipSearchResult(
            **_values(row),
            external_user_id=row.user_external_id,
            subscription=row.profile_name,
            training_key_id=row.training_key_id,
            created=row.created_at,
            last_modified=row.modified_at,
        )
        for row in page.rows
    ]
    return FoundClubMemberships(total_count=page.total, total_pages=-(-page.total // parameters.page_size), results=results)


def _values(row: SubscriptionRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "external_id": row.external_id,
        "club_id": row.profile_id,
        "user_id": row.user_id,
        "starts": row.starts_at,
        "expires": row.expires_at,
        "target_completion": row.target_completion_at,
    }


COMMANDS: tuple[Command, ...] = (
    *_both("Create{}", create, summary="Create a subscription", writes=Scope.ENROLL),
    *_both("Update{}", update, summary="Update a subscription by id", writes=Scope.ENROLL, lower_case=True),
    *_both("Delete{}", delete, summary="Delete a subscription by id", writes=Scope.ENROLL),
    *_both("Get{}", get, summary="Retrieve a subscription by id"),
    *_both("Get{}ByExternalId", get_by_external_id, summary="Retrieve subscriptions by their external id"),
    *_both("Search{}s", search, summary="Search for subscriptions"),
)
