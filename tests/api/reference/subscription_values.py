"""A sensible value for every documented parameter of the commands about subscriptions and their training keys."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.api.reference.ground import NOW, Ground
from tests.cast import DAY, MAY


def _subscription(ground: Ground) -> dict[str, Any]:
    return {
        "externalId": "S-1",
        "clubId": ground.other_profile_id,
        "userId": ground.estate.newcomer_id,
        "starts": NOW + DAY,
        "expires": NOW + 90 * DAY,
        "targetCompletion": NOW + 60 * DAY,
    }


def _changed(ground: Ground) -> dict[str, Any]:
    return {"id": ground.subscription_id, **_subscription(ground)}


def _one(ground: Ground) -> dict[str, Any]:
    return {"id": ground.subscription_id}


def _found(ground: Ground) -> dict[str, Any]:
    return {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "Starts DESC",
        "userId": ground.estate.user_id,
        "userExternalId": ground.estate.mark,
        "subscriptionId": ground.profile_id,
        "createdAfter": NOW,
        "createdBefore": NOW,
    }


def _key(ground: Ground) -> dict[str, Any]:
    return {
        "organizationId": ground.beneath_id,
        "subscriptionProfileId": ground.other_profile_id,
        "expirationDate": MAY + DAY,
        "maxKeyUses": 7,
        "contentExpirationDate": MAY + 2 * DAY,
    }


SUBSCRIPTION_VALUES: Final[Mapping[str, Callable[[Ground], Any]]] = {
    "GetClubMembership": _one,
    "GetSubscription": _one,
    "GetClubMembershipByExternalId": lambda _: {"id": "S-9"},
    "CreateClubMembership": _subscription,
    "CreateSubscription": _subscription,
    "UpdateClubMembership": _changed,
    "UpdateSubscription": _changed,
    "DeleteClubMembership": lambda ground: {"id": ground.plain_subscription_id},
    "SearchClubMemberships": _found,
    "SearchSubscriptions": _found,
    "SearchClubs": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "Name DESC",
        "name": "weld",
        "courseId": ground.self_paced_course_id,
        "createdAfter": NOW,
        "createdBefore": NOW,
    },
    "CreateSubscriptionTrainingKeys": lambda ground: [
        {**_key(ground), "trainingKeys": ["SPARK-1", "SPARK-2"], "numberOfKeys": ""},
        {**_key(ground), "trainingKeys": "", "numberOfKeys": 2},
    ],
    "UpdateSubscriptionTrainingKey": lambda ground: {"Id": ground.training_key_id, **_key(ground), "trainingKey": "SPARK-3"},
    "DeleteSubscriptionTrainingKey": lambda ground: {"id": ground.training_key_id},
    "SearchSubscriptionTrainingKeys": lambda ground: {
        "pageIndex": 0,
        "pageSize": 10,
        "sort": "SubscriptionProfileName DESC",
        "organizationId": ground.estate.organization_id,
        "trainingKey": "SPARK-9",
        "createdById": ground.manager_id,
        "createdBefore": NOW,
        "createdAfter": NOW,
        "expiresBefore": MAY,
        "expiresAfter": MAY,
    },
}
