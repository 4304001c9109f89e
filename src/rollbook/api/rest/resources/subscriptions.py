"""The subscriptions of the REST API, and redeeming a training key for one."""

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import after_id
from rollbook.api.rest.deleting import Deletion, delete
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import SOME_TIME, change, example_of
from rollbook.api.rest.lists import ListQuery, Page, by_ids, page_of
from rollbook.api.rest.performing import Outcome, as_id, create, given_in, perform
from rollbook.api.rest.resources.enrollments import student_to_enroll
from rollbook.api.rest.resources.subscription_profiles import TAG
from rollbook.api.rest.values import GivenTime, Id, Line50, Name, Time, moment_of, optional_moment_of, seconds_of
from rollbook.database.transaction import Transaction
from rollbook.subscriptions.actions import redeeming
from rollbook.subscriptions.actions import subscriptions as actions
from rollbook.subscriptions.actions.subscriptions import NewSubscription, SubscriptionChanges
from rollbook.subscriptions.queries import subscriptions as queries
from rollbook.subscriptions.queries.subscriptions import SubscriptionCriteria, SubscriptionRow


class Subscription(Struct, frozen=True, kw_only=True):
    """That a user may take the courses of a profile for a while."""

    id: int
    version: int
    external_id: str | None
    profile_id: int
    profile_name: str
    user_id: int
    user_external_id: str | None
    organization_id: Annotated[int, Meta(description="The user's.")]
    training_key_id: Annotated[int | None, Meta(description="The training key that became it.")]
    starts_at: Time
    expires_at: Annotated[Time | None, Meta(description="Null for good.")]
    target_completion_at: Time | None
    created_at: Time
    modified_at: Time


class Subscriptions(Page, frozen=True, kw_only=True):
    """A page of subscriptions."""

    items: list[Subscription]


class SubscriptionOutcome(Outcome, frozen=True, kw_only=True):
    """What became of a subscription."""

    result: Subscription


class SubscriptionValues(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What creating and updating a subscription both take."""

    external_id: Name | UnsetType | None = UNSET
    expires_at: (
        Annotated[GivenTime, Meta(description="A new one ends by default when the profile says; null for good.")] | UnsetType | None
    ) = UNSET
    target_completion_at: GivenTime | UnsetType | None = UNSET


class CreateSubscription(SubscriptionValues, frozen=True, kw_only=True):
    """A subscription to give a user."""

    profile_id: Id
    user_id: Id
    starts_at: GivenTime


class UpdateSubscription(SubscriptionValues, frozen=True, kw_only=True):
    """What to change of a subscription; its end stays unless another one is given."""

    profile_id: Id | UnsetType = UNSET
    user_id: Id | UnsetType = UNSET
    starts_at: GivenTime | UnsetType = UNSET


class RedeemSubscriptionTrainingKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who redeems which training key."""

    training_key: Annotated[Line50, Meta(description="Capitals count.")]
    user_id: Annotated[Id, Meta(description="The user; where the call is made for a student, that one.")] | UnsetType = UNSET


class SubscriptionQuery(ListQuery, frozen=True, kw_only=True):
    """Which subscriptions are listed."""

    external_id: Name | None = None
    profile_id: Id | None = None
    user_id: Id | None = None
    user_external_id: Annotated[Name, Meta(description="The user's external id.")] | None = None
    training_key_id: Annotated[Id, Meta(description="The training key that became them.")] | None = None
    created_after: Annotated[GivenTime, Meta(description="Created then or later.")] | None = None
    created_before: Annotated[GivenTime, Meta(description="Created then or earlier.")] | None = None


EXAMPLE: Final = Subscription(
    id=1,
    version=1,
    external_id="S-1",
    profile_id=1,
    profile_name="A year of welding",
    user_id=3,
    user_external_id=None,
    organization_id=1,
    training_key_id=None,
    starts_at=SOME_TIME,
    expires_at=None,
    target_completion_at=None,
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)
_OUTCOME: Final = example_of(SubscriptionOutcome, EXAMPLE, change("subscription", "external_id", None, "S-1"))
_DELETION: Final = example_of(Deletion, None, change("subscription", "profile_id", 1, None))
_TIMES: Final = ("starts_at", "expires_at", "target_completion_at", "created_at", "modified_at")


async def see_subscription(transaction: Transaction, actor: Actor, subscription_id: int) -> Subscription:
    """Show the subscription with an id."""
    return show(await queries.get_subscription(transaction, viewer=actor.viewer, subscription_id=subscription_id))


def show(row: SubscriptionRow) -> Subscription:
    """Show a subscription."""
    values: dict[str, Any] = {
        "starts_at": moment_of(row.starts_at),
        "expires_at": optional_moment_of(row.expires_at),
        "target_completion_at": optional_moment_of(row.target_completion_at),
        "created_at": moment_of(row.created_at),
        "modified_at": moment_of(row.modified_at),
    }
    return Subscription(**{name: values[name] if name in values else getattr(row, name) for name in Subscription.__struct_fields__})


@endpoint("GET", "/subscriptions", tag=TAG, scope=Scope.READ, answers=Subscriptions(items=[EXAMPLE], next="n.1"))
async def list_subscriptions(call: Call, query: SubscriptionQuery) -> Subscriptions:
    """List subscriptions, in the order of their ids."""
    criteria = SubscriptionCriteria(
        external_id=query.external_id,
        profile_id=query.profile_id,
        user_id=query.user_id,
        user_external_id=query.user_external_id,
        training_key_id=query.training_key_id,
        created_after=None if query.created_after is None else seconds_of(query.created_after),
        created_before=None if query.created_before is None else seconds_of(query.created_before),
    )
    rows = await call.database.search(
        queries.list_subscriptions, viewer=call.actor.viewer, criteria=criteria, after_id=after_id(query.cursor), limit=query.limit + 1
    )
    return page_of(Subscriptions, by_ids(rows, limit=query.limit), show)


@endpoint(
    "POST",
    "/subscriptions",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=CreateSubscription(profile_id=1, user_id=3, starts_at=SOME_TIME, external_id="S-1"),
    answers=_OUTCOME,
    creates="/subscriptions/{id}",
)
async def create_subscription(call: Call, body: CreateSubscription) -> SubscriptionOutcome:
    """Give a user a subscription."""
    new = NewSubscription(**_domain_values(body))
    performed = await create(call, actions.create_subscription, see=see_subscription, id_of=as_id, actor=call.actor, subscription=new)
    return performed.told(SubscriptionOutcome)


@endpoint(
    "POST",
    "/subscription-training-key-redemptions",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=RedeemSubscriptionTrainingKey(training_key="K7QX2MPA9TRE", user_id=3),
    answers=_OUTCOME,
    creates="/subscriptions/{id}",
    students=True,
)
async def redeem_training_key(call: Call, body: RedeemSubscriptionTrainingKey) -> SubscriptionOutcome:
    """
    Give a user the subscription that a training key stands for, from now on.

    The key is one of the user's organization or of one above it; it is not spent on a subscription that the user has and that has not ended.
    """
    user_id = student_to_enroll(call, body.user_id)
    values = {"actor": call.actor, "user_id": user_id, "training_key": body.training_key}
    performed = await create(call, redeeming.redeem_training_key, see=see_subscription, id_of=as_id, **values)
    outcome = performed.told(SubscriptionOutcome)
    # How often others have redeemed the key is not for a student to know.
    return replace(outcome, changes=[each for each in outcome.changes if each.object == "subscription"]) if call.for_student else outcome


@endpoint("GET", "/subscriptions/{subscription_id}", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def get_subscription(call: Call, subscription_id: int) -> Subscription:
    """Show a subscription."""
    return await call.database.read(see_subscription, call.actor, subscription_id)


@endpoint(
    "PATCH",
    "/subscriptions/{subscription_id}",
    tag=TAG,
    scope=Scope.ENROLL,
    takes=UpdateSubscription(external_id="S-1"),
    answers=_OUTCOME,
)
async def update_subscription(call: Call, subscription_id: int, body: UpdateSubscription) -> SubscriptionOutcome:
    """Change a subscription."""
    performed = await perform(
        call,
        actions.update_subscription,
        see=see_subscription,
        subject_id=subscription_id,
        actor=call.actor,
        subscription_id=subscription_id,
        changes=SubscriptionChanges(**_domain_values(body)),
    )
    return performed.told(SubscriptionOutcome)


@endpoint("DELETE", "/subscriptions/{subscription_id}", tag=TAG, scope=Scope.ENROLL, answers=_DELETION)
async def delete_subscription(call: Call, subscription_id: int) -> Deletion:
    """
    Delete a subscription; the training key that became it gets that use back.

    It is refused while courses are assigned through it. Its history stays, and is still found.
    """
    return await delete(
        call,
        actions.delete_subscription,
        see=see_subscription,
        subject_id=subscription_id,
        actor=call.actor,
        subscription_id=subscription_id,
    )


def _domain_values(body: Struct) -> dict[str, Any]:
    return {name: seconds_of(value) if name in _TIMES and value is not None else value for name, value in given_in(body).items()}


ENDPOINTS: tuple[Endpoint, ...] = (
    list_subscriptions,
    create_subscription,
    redeem_training_key,
    get_subscription,
    update_subscription,
    delete_subscription,
)
