"""Subscriptions, which older commands call club memberships, and their training keys."""

from typing import Final

from tests.api.reference.fact import Fact, search

_SUBSCRIPTIONS = "Subscriptions"
_KEYS = "Subscription training keys"
_SUBSCRIPTION = ("externalId", "clubId", "userId", "starts", "expires", "targetCompletion")
_SUBSCRIPTION_SORTS = ("UserId", "ExternalUserId", "Subscription", "Starts", "Expires", "TargetCompletion", "Created", "LastModified")
_SUBSCRIPTION_FILTERS = ("userId", "userExternalId", "subscriptionId", "createdAfter", "createdBefore")
_KEY = ("trainingKey", "organizationId", "subscriptionProfileId", "expirationDate", "maxKeyUses", "contentExpirationDate")

_ONE = Fact(group=_SUBSCRIPTIONS, parameters=("id",), answer=("Results",), shows="ClubMembership")
_CREATED = Fact(group=_SUBSCRIPTIONS, parameters=_SUBSCRIPTION, answer=("ClubMembershipId",))
_UPDATED = Fact(group=_SUBSCRIPTIONS, parameters=("id", *_SUBSCRIPTION), lower_case=True)
_FOUND = search(_SUBSCRIPTIONS, *_SUBSCRIPTION_FILTERS, shows="ClubMembership", sorts=_SUBSCRIPTION_SORTS)

SUBSCRIPTION_FACTS: Final = {
    "GetClubMembership": _ONE,
    "GetSubscription": _ONE,
    "GetClubMembershipByExternalId": _ONE,
    "CreateClubMembership": _CREATED,
    "CreateSubscription": _CREATED,
    "UpdateClubMembership": _UPDATED,
    "UpdateSubscription": _UPDATED,
    "DeleteClubMembership": Fact(group=_SUBSCRIPTIONS, parameters=("id",)),
    "SearchClubMemberships": _FOUND,
    "SearchSubscriptions": _FOUND,
    "SearchClubs": search(_SUBSCRIPTIONS, "name", "courseId", "createdAfter", "createdBefore", shows="Club"),
}

TRAINING_KEY_FACTS: Final = {
    "CreateSubscriptionTrainingKeys": Fact(
        group=_KEYS,
        parameters=(
            *("organizationId", "subscriptionProfileId", "expirationDate", "maxKeyUses", "contentExpirationDate", "trainingKeys"),
            "numberOfKeys",
        ),
        answer=("CreateSubscriptionsResults",),
        shows="CreatedTrainingKey",
    ),
    "UpdateSubscriptionTrainingKey": Fact(group=_KEYS, parameters=("Id", *_KEY)),
    "DeleteSubscriptionTrainingKey": Fact(group=_KEYS, parameters=("id",)),
    "SearchSubscriptionTrainingKeys": search(
        _KEYS,
        *("organizationId", "trainingKey", "createdById", "createdBefore", "createdAfter", "expiresBefore", "expiresAfter"),
        shows="TrainingKey",
        sorts=(
            *("TrainingKey", "ContentExpiry", "SubscriptionProfileName", "Created", "CreatedById", "LastModified", "LastModifiedById"),
            "ExpirationDate",
        ),
        sort="TrainingKey",
        page_size=20,
    ),
}
