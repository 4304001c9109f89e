"""The commands about training keys that become subscriptions."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType, field

from rollbook.access.scopes import Scope
from rollbook.access.training_keys import LONGEST_TRAINING_KEY
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.commands.subscriptions import CreatedClubMembership
from rollbook.api.tms.envelope import Answer, Done, Pages, Record, Total
from rollbook.api.tms.lists import Texts
from rollbook.api.tms.numbers import Id, Integer, PageSize, Time
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.subscriptions.actions.redeeming import redeem_training_key
from rollbook.subscriptions.actions.training_keys import (
    MOST_KEYS,
    NewTrainingKeys,
    TrainingKeyChanges,
    create_training_keys,
    delete_training_key,
    update_training_key,
)
from rollbook.subscriptions.queries.training_keys import TrainingKeyCriteria, TrainingKeyRow, search_training_keys

_SORTS = {
    "TrainingKey": "training_key",
    "ContentExpiry": "content_expires",
    "SubscriptionProfileName": "profile",
    "Created": "created",
    "CreatedById": "created_by",
    "LastModified": "modified",
    "LastModifiedById": "modified_by",
    "ExpirationDate": "expires",
}


class TrainingKeyValues(Parameters):
    """What creating and updating training keys both take."""

    organization_id: Annotated[
        int | UnsetType, Id("The organization whose users, and those beneath it, can redeem it; a new key's is by default the API key's.")
    ] = UNSET
    profile_id: Annotated[int, Id("The profile of the subscription that it becomes.", name="subscriptionProfileId")]
    expires_at: Annotated[int, Time("From then on nobody can redeem it.", name="expirationDate")]
    maximum_uses: Annotated[
        int | UnsetType, Integer("How many subscriptions it may become; a new key by default one.", name="maxKeyUses", minimum=1)
    ] = UNSET
    content_expires_at: Annotated[
        int | UnsetType | None,
        Time("When the subscriptions that it becomes end; without it the profile says how long they last.", name="contentExpirationDate"),
    ] = UNSET


class NewTrainingKeyValues(TrainingKeyValues):
    """What creating training keys takes."""

    training_keys: Annotated[
        tuple[str, ...] | UnsetType, Texts("Keys of one's own; without them keys are made that nobody guesses.", maximum=255)
    ] = UNSET
    number: Annotated[
        int | UnsetType,
        Integer(
            "How many keys are made, by default one; ignored with keys of one's own.", name="numberOfKeys", minimum=1, maximum=MOST_KEYS
        ),
    ] = UNSET


class ChangedTrainingKeyValues(TrainingKeyValues):
    """What updating a training key takes."""

    id: Annotated[int, Id("The training key.", name="Id", in_path=True)]
    training_key: Annotated[str, Text("What its holder types; capitals count.", maximum=255)]


class OneTrainingKey(Parameters):
    """Which training key."""

    id: Annotated[int, Id("The training key.", in_path=True)]


class Redemption(Parameters):
    """Who redeems which training key."""

    user_id: Annotated[int, Id("Who gets the subscription.")]
    training_key: Annotated[str, Text("What was handed out; capitals count.", maximum=LONGEST_TRAINING_KEY)]


class TrainingKeySearch(SearchParameters):
    """What training keys are looked for."""

    page_size: Annotated[int, PageSize(20)]
    sort: Annotated[SortOrder, Sort(_SORTS, default="TrainingKey")]
    organization_id: Annotated[int | None, Id("The organization that they belong to, not those beneath.")] = None
    training_key: Annotated[str | None, Text("The whole key; capitals count.")] = None
    created_by_id: Annotated[int | None, Id("The user who made them.")] = None
    created_before: Annotated[int | None, Time("Created at this time or earlier.")] = None
    created_after: Annotated[int | None, Time("Created at this time or later.")] = None
    expires_before: Annotated[int | None, Time("Expires at this time or earlier.")] = None
    expires_after: Annotated[int | None, Time("Expires at this time or later.")] = None


class NewTrainingKey(Record):
    """A training key that was created."""

    id: int
    training_key: str = field(name="trainingKey")


class TrainingKey(Record):
    """A training key. Times are Unix epoch seconds."""

    id: int
    training_key: str
    organization_id: int
    subscription_profile_id: int
    subscription_profile_name: str
    expiration_date: Annotated[int, Meta(description="Unix epoch seconds.")]
    max_key_uses: int
    uses: Annotated[int, Meta(description="How many subscriptions it became.")]
    content_expiration_date: Annotated[int | None, Meta(description="Unix epoch seconds; null where the profile says how long they last.")]
    created: Annotated[int, Meta(description="Unix epoch seconds.")]
    created_by_id: Annotated[int | None, Meta(description="The user who made it; null for an API key.")]
    last_modified: Annotated[int, Meta(description="Unix epoch seconds.")]
    last_modified_by_id: Annotated[int | None, Meta(description="The user who changed it last; null for an API key.")]


class NewTrainingKeysAnswer(Answer):
    """The new training keys; none in a dry run."""

    create_subscriptions_results: list[NewTrainingKey]


class FoundTrainingKeys(Answer):
    """A page of training keys."""

    total_count: Total
    total_pages: Pages
    results: list[TrainingKey]


@command("CreateSubscriptionTrainingKeys", summary="Create subscription training keys", writes=Scope.MANAGE)
async def create(call: Call, parameters: NewTrainingKeyValues) -> NewTrainingKeysAnswer:
    """Create training keys: those that are given, or as many as are asked for."""
    actor = await call.actor()
    default = {"organization_id": actor.viewer.organization_id} if parameters.organization_id is UNSET else {}
    keys = await perform(call, create_training_keys, actor=actor, keys=said(parameters, NewTrainingKeys, **default))
    created = [] if call.dry_run else [NewTrainingKey(id=key.id, training_key=key.training_key) for key in keys]
    return NewTrainingKeysAnswer(create_subscriptions_results=created)


@command("UpdateSubscriptionTrainingKey", summary="Update a subscription training key by id", writes=Scope.MANAGE)
async def update(call: Call, parameters: ChangedTrainingKeyValues) -> Done:
    """Change a training key; the subscriptions that it became stay as they are."""
    changes = said(parameters, TrainingKeyChanges)
    await perform(call, update_training_key, actor=await call.actor(), key_id=parameters.id, changes=changes)
    return Done()


@command("DeleteSubscriptionTrainingKey", summary="Delete a subscription training key by id", writes=Scope.MANAGE)
async def delete(call: Call, parameters: OneTrainingKey) -> Done:
    """Delete a training key that became no subscription."""
    await perform(call, delete_training_key, actor=await call.actor(), key_id=parameters.id)
    return Done()


@command(
    "RedeemSubscriptionTrainingKey", summary="Redeem a subscription training key", group="Subscriptions", writes=Scope.ENROLL, ours=True
)
async def redeem(call: Call, parameters: Redemption) -> CreatedClubMembership:
    """Give a user the subscription that a training key stands for, from now on."""
    subscription_id = await perform(
        call, redeem_training_key, actor=await call.actor(), user_id=parameters.user_id, training_key=parameters.training_key
    )
    return CreatedClubMembership(club_membership_id=None if call.dry_run else subscription_id)


@command("SearchSubscriptionTrainingKeys", summary="Search for subscription training keys")
async def search(call: Call, parameters: TrainingKeySearch) -> FoundTrainingKeys:
    """Give a page of the training keys that meet every given criterion."""
    actor = await call.actor()
    criteria = TrainingKeyCriteria(
        organization_id=parameters.organization_id,
        training_key=parameters.training_key,
        created_by_id=parameters.created_by_id,
        created_after=parameters.created_after,
        created_before=parameters.created_before,
        expires_after=parameters.expires_after,
        expires_before=parameters.expires_before,
    )
    page = await call.database.search(
        search_training_keys,
        viewer=actor.viewer,
        criteria=criteria,
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundTrainingKeys(
        total_count=page.total,
        total_pages=-(-page.total // parameters.page_size),
        results=[TrainingKey(**_values(row)) for row in page.rows],
    )


def _values(row: TrainingKeyRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "training_key": row.training_key,
        "organization_id": row.organization_id,
        "subscription_profile_id": row.profile_id,
        "subscription_profile_name": row.profile_name,
        "expiration_date": row.expires_at,
        "max_key_uses": row.maximum_uses,
        "uses": row.uses,
        "content_expiration_date": row.content_expires_at,
        "created": row.created_at,
        "created_by_id": row.created_by_id,
        "last_modified": row.modified_at,
        "last_modified_by_id": row.modified_by_id,
    }


COMMANDS: tuple[Command, ...] = (create, update, delete, redeem, search)
