"""What an organization has of subscriptions, and how the commands about them are called."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from rollbook.database.transaction import Database
from tests.cast import MAY, Cast, add_organization
from tests.subscribing import add_keys, add_profile, add_subscription

Values = dict[str, Any]


class SubscribedEstate(Struct, frozen=True, kw_only=True):
    """
    What is needed to call the commands about subscriptions.

    Attributes:
        mark: The external id of everything in it, and its student's name.
        newcomer_id: A user who is enrolled in nothing.
        profile_id: One of which there are no subscriptions: what there is of these was sold by an organization outside.
    """

    mark: str
    organization_id: int
    user_id: int
    newcomer_id: int
    course_id: int
    profile_id: int
    subscription_id: int
    training_key_id: int


async def build_subscriptions(
    database: Database, cast: Cast, *, organization_id: int, mark: str, course_id: int, user_id: int
) -> dict[str, int]:
    """Create a profile, and a subscription and a training key of another one, which belongs to nobody's tree."""
    seller_id = await add_organization(database, f"Seller of {mark}")
    sold_id = await add_profile(database, cast, organization_id=seller_id, course_ids=(course_id,))
    values: Values = {"organization_id": organization_id, "profile_id": sold_id, "training_keys": (f"SUBSCRIBE-{mark}",)}
    (training_key,) = await add_keys(database, cast, **values)
    own: Values = {"organization_id": organization_id, "external_id": mark}
    return {
        "profile_id": await add_profile(database, cast, course_ids=(course_id,), **own),
        "subscription_id": await add_subscription(database, profile_id=sold_id, user_id=user_id, external_id=mark),
        "training_key_id": training_key.id,
    }


def _subscription(estate: SubscribedEstate) -> Values:
    return {"clubId": estate.profile_id, "userId": estate.user_id, "starts": MAY}


def _training_key(estate: SubscribedEstate) -> Values:
    return {"subscriptionProfileId": estate.profile_id, "organizationId": estate.organization_id, "expirationDate": MAY}


_ABOUT_ONE: Final[Mapping[str, Callable[[SubscribedEstate], Values]]] = {
    "Get{}": lambda estate: {"id": estate.subscription_id},
    "Get{}ByExternalId": lambda estate: {"id": estate.mark},
    "Update{}": lambda estate: {"id": estate.subscription_id, **_subscription(estate)},
    "Delete{}": lambda estate: {"id": estate.subscription_id},
}

ABOUT_SUBSCRIPTIONS: Final[Mapping[str, Callable[[SubscribedEstate], Values]]] = {
    "GetSubscriptionProfile": lambda estate: {"id": estate.profile_id},
    "UpdateSubscriptionProfile": lambda estate: {"id": estate.profile_id, "Description": "Changed"},
    "DeleteSubscriptionProfile": lambda estate: {"id": estate.profile_id},
    **{each.format(name): values for name in ("ClubMembership", "Subscription") for each, values in _ABOUT_ONE.items()},
    "UpdateSubscriptionTrainingKey": lambda estate: {"Id": estate.training_key_id, "trainingKey": "NEW", **_training_key(estate)},
    "DeleteSubscriptionTrainingKey": lambda estate: {"id": estate.training_key_id},
}
"""How each command is called that is about one object."""

MAKING_SUBSCRIPTIONS: Final[Mapping[str, Callable[[SubscribedEstate], Values]]] = {
    "CreateSubscriptionProfile": lambda estate: {
        "Name": "New",
        "OrganizationId": estate.organization_id,
        "CourseIds": estate.course_id,
    },
    "CreateClubMembership": _subscription,
    "CreateSubscription": _subscription,
    "CreateSubscriptionTrainingKeys": _training_key,
    "RedeemSubscriptionTrainingKey": lambda estate: {"userId": estate.newcomer_id, "trainingKey": f"SUBSCRIBE-{estate.mark}"},
}
"""How each command is called that makes an object in an organization."""

SUBSCRIPTION_SEARCHES: Final[Mapping[str, Callable[[SubscribedEstate], Values]]] = {
    "SearchClubs": lambda estate: {"courseId": estate.course_id},
    "SearchClubMemberships": lambda estate: {"userId": estate.user_id},
    "SearchSubscriptions": lambda estate: {"userExternalId": estate.mark},
    "SearchSubscriptionTrainingKeys": lambda estate: {"trainingKey": f"SUBSCRIBE-{estate.mark}"},
}
"""How each search is called that finds the one object."""
