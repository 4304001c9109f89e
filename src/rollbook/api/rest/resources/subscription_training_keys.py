"""The training keys of the REST API that become subscriptions."""

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import after_id
from rollbook.api.rest.deleting import Deletion, delete
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import SOME_TIME, change, example_of
from rollbook.api.rest.lists import ListQuery, Page, by_ids, page_of
from rollbook.api.rest.performing import Outcome, create, given_in, perform
from rollbook.api.rest.resources.subscription_profiles import TAG
from rollbook.api.rest.values import GivenTime, Id, Line50, Time, moment_of, optional_moment_of, seconds_of
from rollbook.database.transaction import Transaction
from rollbook.subscriptions.actions import training_keys as actions
from rollbook.subscriptions.actions.training_keys import MOST_KEYS, NewKey, NewTrainingKeys, TrainingKeyChanges
from rollbook.subscriptions.queries import training_keys as queries
from rollbook.subscriptions.queries.training_keys import TrainingKeyCriteria, TrainingKeyRow

_ContentExpires = Annotated[GivenTime, Meta(description="When the subscriptions that it becomes end; null for what the profile says.")]
_Uses = Annotated[Id, Meta(description="How many subscriptions it may become; a new key by default one.")]


class SubscriptionTrainingKey(Struct, frozen=True, kw_only=True):
    """A text that a user redeems for a subscription."""

    id: int
    version: int
    training_key: str
    organization_id: Annotated[int, Meta(description="Its users, and those of organizations beneath it, can redeem the key.")]
    profile_id: int
    profile_name: str
    expires_at: Annotated[Time, Meta(description="From then on nobody can redeem it.")]
    content_expires_at: Annotated[Time | None, Meta(description="When the subscriptions end; null for what the profile says.")]
    maximum_uses: int
    uses: Annotated[int, Meta(description="How many subscriptions it became.")]
    created_by_id: Annotated[int | None, Meta(description="The user who made it; null for an API key.")]
    modified_by_id: Annotated[int | None, Meta(description="The user who changed it last; null for an API key.")]
    created_at: Time
    modified_at: Time


class SubscriptionTrainingKeys(Page, frozen=True, kw_only=True):
    """A page of training keys."""

    items: list[SubscriptionTrainingKey]


class SubscriptionTrainingKeyOutcome(Outcome, frozen=True, kw_only=True):
    """What became of a training key."""

    result: SubscriptionTrainingKey


class NewSubscriptionTrainingKeys(Struct, frozen=True, kw_only=True):
    """Training keys that were made at once."""

    items: list[SubscriptionTrainingKey]


class NewSubscriptionTrainingKeysOutcome(Outcome, frozen=True, kw_only=True):
    """What became of training keys that are made at once."""

    result: NewSubscriptionTrainingKeys


class CreateSubscriptionTrainingKeys(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Training keys to create, alike but for their texts."""

    profile_id: Id
    expires_at: Annotated[GivenTime, Meta(description="From then on nobody can redeem them.")]
    organization_id: Annotated[Id, Meta(description="The organization that they belong to; by default the key's.")] | UnsetType = UNSET
    content_expires_at: _ContentExpires | UnsetType | None = UNSET
    maximum_uses: _Uses | UnsetType = UNSET
    training_keys: Annotated[
        tuple[Line50, ...], Meta(max_length=MOST_KEYS, description="Texts of one's own, without blanks and commas.")
    ] = ()
    number: Annotated[int, Meta(ge=1, le=MOST_KEYS, description="How many are made where no texts are given.")] = 1


class UpdateSubscriptionTrainingKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a training key; the subscriptions that it became stay as they are."""

    training_key: Line50 | UnsetType = UNSET
    organization_id: Id | UnsetType = UNSET
    profile_id: Id | UnsetType = UNSET
    expires_at: GivenTime | UnsetType = UNSET
    content_expires_at: _ContentExpires | UnsetType | None = UNSET
    maximum_uses: _Uses | UnsetType = UNSET


class SubscriptionTrainingKeyQuery(ListQuery, frozen=True, kw_only=True):
    """Which training keys are listed."""

    organization_id: Annotated[Id, Meta(description="The organization that they belong to, not those beneath.")] | None = None
    profile_id: Id | None = None
    training_key: Annotated[Line50, Meta(description="The whole key; capitals count.")] | None = None
    created_by_id: Annotated[Id, Meta(description="The user who made them.")] | None = None
    created_after: Annotated[GivenTime, Meta(description="Created then or later.")] | None = None
    created_before: Annotated[GivenTime, Meta(description="Created then or earlier.")] | None = None
    expires_after: Annotated[GivenTime, Meta(description="Expires then or later.")] | None = None
    expires_before: Annotated[GivenTime, Meta(description="Expires then or earlier.")] | None = None


EXAMPLE: Final = SubscriptionTrainingKey(
    id=1,
    version=1,
    training_key="K7QX2MPA9TRE",
    organization_id=1,
    profile_id=1,
    profile_name="A year of welding",
    expires_at=SOME_TIME,
    content_expires_at=None,
    maximum_uses=1,
    uses=0,
    created_by_id=None,
    modified_by_id=None,
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)
_NOUN: Final = "subscription_training_key"
_OUTCOME: Final = example_of(SubscriptionTrainingKeyOutcome, EXAMPLE, change(_NOUN, "maximum_uses", None, 1))
_CREATED: Final = example_of(
    NewSubscriptionTrainingKeysOutcome, NewSubscriptionTrainingKeys(items=[EXAMPLE]), change(_NOUN, "training_key", None, "K7QX2MPA9TRE")
)
_DELETION: Final = example_of(Deletion, None, change(_NOUN, "training_key", "K7QX2MPA9TRE", None))
_TIMES: Final = ("expires_at", "content_expires_at")
_BOUNDS: Final = ("created_after", "created_before", "expires_after", "expires_before")


async def see_key(transaction: Transaction, actor: Actor, key_id: int) -> SubscriptionTrainingKey:
    """Show the training key with an id."""
    return show(await queries.get_training_key(transaction, viewer=actor.viewer, key_id=key_id))


def show(row: TrainingKeyRow) -> SubscriptionTrainingKey:
    """Show a training key."""
    values: dict[str, Any] = {
        "expires_at": moment_of(row.expires_at),
        "content_expires_at": optional_moment_of(row.content_expires_at),
        "created_at": moment_of(row.created_at),
        "modified_at": moment_of(row.modified_at),
    }
    fields = SubscriptionTrainingKey.__struct_fields__
    return SubscriptionTrainingKey(**{name: values[name] if name in values else getattr(row, name) for name in fields})


@endpoint("GET", "/subscription-training-keys", tag=TAG, scope=Scope.READ, answers=SubscriptionTrainingKeys(items=[EXAMPLE], next="n.1"))
async def list_keys(call: Call, query: SubscriptionTrainingKeyQuery) -> SubscriptionTrainingKeys:
    """List the training keys of subscriptions, in the order of their ids."""
    values: dict[str, Any] = {name: getattr(query, name) for name in ("organization_id", "profile_id", "training_key", "created_by_id")}
    values |= {name: seconds_of(given) for name in _BOUNDS if (given := getattr(query, name)) is not None}
    rows = await call.database.search(
        queries.list_training_keys,
        viewer=call.actor.viewer,
        criteria=TrainingKeyCriteria(**values),
        after_id=after_id(query.cursor),
        limit=query.limit + 1,
    )
    return page_of(SubscriptionTrainingKeys, by_ids(rows, limit=query.limit), show)


@endpoint(
    "POST",
    "/subscription-training-keys",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=CreateSubscriptionTrainingKeys(profile_id=1, expires_at=SOME_TIME, number=10),
    answers=_CREATED,
)
async def create_keys(call: Call, body: CreateSubscriptionTrainingKeys) -> NewSubscriptionTrainingKeysOutcome:
    """Create training keys: those that are given, or as many as are asked for."""
    created: list[NewKey] = []

    async def act(transaction: Transaction, keys: NewTrainingKeys) -> int:
        created[:] = await actions.create_training_keys(transaction, actor=call.actor, keys=keys)
        return created[0].id

    async def see(transaction: Transaction, actor: Actor, _first_id: int) -> NewSubscriptionTrainingKeys:
        return NewSubscriptionTrainingKeys(items=[await see_key(transaction, actor, key.id) for key in created])

    keys = NewTrainingKeys(**{"organization_id": call.actor.viewer.organization_id, **_domain_values(body)})
    performed = await create(call, act, see=see, id_of=int, keys=keys)
    return performed.told(NewSubscriptionTrainingKeysOutcome)


@endpoint("GET", "/subscription-training-keys/{key_id}", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def get_key(call: Call, key_id: int) -> SubscriptionTrainingKey:
    """Show a training key of subscriptions."""
    return await call.database.read(see_key, call.actor, key_id)


@endpoint(
    "PATCH",
    "/subscription-training-keys/{key_id}",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=UpdateSubscriptionTrainingKey(maximum_uses=2),
    answers=_OUTCOME,
)
async def update_key(call: Call, key_id: int, body: UpdateSubscriptionTrainingKey) -> SubscriptionTrainingKeyOutcome:
    """Change a training key of subscriptions."""
    changes = TrainingKeyChanges(**_domain_values(body))
    performed = await perform(
        call, actions.update_training_key, see=see_key, subject_id=key_id, actor=call.actor, key_id=key_id, changes=changes
    )
    return performed.told(SubscriptionTrainingKeyOutcome)


@endpoint("DELETE", "/subscription-training-keys/{key_id}", tag=TAG, scope=Scope.MANAGE, answers=_DELETION)
async def delete_key(call: Call, key_id: int) -> Deletion:
    """
    Delete a training key of subscriptions.

    It is refused once the key became a subscription. Its history stays.
    """
    return await delete(call, actions.delete_training_key, see=see_key, subject_id=key_id, actor=call.actor, key_id=key_id)


def _domain_values(body: Struct) -> dict[str, Any]:
    return {name: seconds_of(value) if name in _TIMES and value is not None else value for name, value in given_in(body).items()}


ENDPOINTS: tuple[Endpoint, ...] = (list_keys, create_keys, get_key, update_key, delete_key)
