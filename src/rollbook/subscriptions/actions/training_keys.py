"""Creating, changing and deleting the training keys of subscriptions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict

from rollbook.access.actor import Actor, ActorKind
from rollbook.access.training_keys import LONGEST_TRAINING_KEY, make_training_key
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, InvalidError, RollbookError, refuse
from rollbook.history.recording import differences, entry
from rollbook.history.versions import check_version
from rollbook.organizations.queries.organizations import OrganizationNotFoundError, find_organization
from rollbook.subscriptions.actions.writing import alteration, insertion, removal
from rollbook.subscriptions.model import subscription_training_keys
from rollbook.subscriptions.queries.profiles import SubscriptionProfileNotFoundError, find_profile
from rollbook.subscriptions.queries.training_keys import get_training_key, is_training_key_taken, lock_training_key

MOST_KEYS: Final = 1_000
"""How many training keys are made at once."""


class NewTrainingKeys(Struct, frozen=True, kw_only=True):
    """
    Training keys to create, alike but for their texts. Times are epoch seconds.

    Attributes:
        expires_at: From then on nobody can redeem them.
        content_expires_at: When their subscriptions end; None for as long as the profile says.
        maximum_uses: How many subscriptions each of them may become.
        training_keys: Their texts; empty for so many as are to be made.
        number: How many are to be made where no texts are given.
    """

    organization_id: int
    profile_id: int
    expires_at: int
    content_expires_at: int | None = None
    maximum_uses: int = 1
    training_keys: tuple[str, ...] = ()
    number: int = 1


class TrainingKeyChanges(Struct, frozen=True, kw_only=True):
    """What to change of a training key: UNSET is left as it is, None is cleared. What it has become stays as it is."""

    organization_id: int | UnsetType = UNSET
    profile_id: int | UnsetType = UNSET
    training_key: str | UnsetType = UNSET
    expires_at: int | UnsetType = UNSET
    content_expires_at: int | UnsetType | None = UNSET
    maximum_uses: int | UnsetType = UNSET


class NewKey(Struct, frozen=True):
    """A training key that was created."""

    id: int
    training_key: str


class TrainingKeyTakenError(ConflictError):
    """Another training key of the server has the same text."""

    def __init__(self, training_key: str, *, field: str) -> None:
        self.training_key = training_key
        self.field = field
        super().__init__(f"there is a training key {training_key} already; give another one")


class UnusableTrainingKeyError(InvalidError):
    """A text that somebody gives cannot be a training key."""

    def __init__(self, training_key: str, *, field: str) -> None:
        self.training_key = training_key
        self.field = field
        shown = training_key if len(training_key) <= LONGEST_TRAINING_KEY else training_key[:LONGEST_TRAINING_KEY] + "..."
        super().__init__(f"{shown} cannot be a training key; give 1 to {LONGEST_TRAINING_KEY} characters without blanks and commas")


class FewerUsesThanMadeError(ConflictError):
    """A training key has become more subscriptions than it would be allowed to."""

    field = "maximum_uses"

    def __init__(self, *, uses: int, maximum_uses: int) -> None:
        self.uses = uses
        super().__init__(f"{maximum_uses} is less than the {uses} uses that the training key has had; give {uses} or more")


class TrainingKeyRedeemedError(ConflictError):
    """A training key would be deleted that became a subscription."""

    def __init__(self, key_id: int, uses: int) -> None:
        self.uses = uses
        became = "a subscription" if uses == 1 else f"{uses} subscriptions"
        super().__init__(f"subscription training key {key_id} became {became}; let it expire, or delete what it became first")


_INSERT: Final = insertion(subscription_training_keys)
_UPDATE: Final = alteration(subscription_training_keys)
_DELETE: Final = removal(subscription_training_keys)
_TOLD: Final = ("profile_id", "training_key", "expires_at", "content_expires_at", "maximum_uses", "organization_id")


async def create_training_keys(transaction: Transaction, *, actor: Actor, keys: NewTrainingKeys) -> list[NewKey]:
    """
    Create training keys, with the texts given or with ones that nobody can guess.

    Raises:
        OrganizationNotFoundError: The actor has no such organization.
        SubscriptionProfileNotFoundError: The actor has no such profile.
        UnusableTrainingKeyError: A text cannot be a training key.
        TrainingKeyTakenError: A training key of the server has that text.
        SeveralRefusalsError: More than one of these.
    """
    said = asdict(keys)
    given = tuple(dict.fromkeys(keys.training_keys))
    refuse(
        [
            *await _list_refusals(transaction, actor=actor, state=said, changed=said.keys()),
            *await _list_refused_texts(transaction, given, field="training_keys"),
        ]
    )
    user_id = _user_of(actor)
    created = []
    for training_key in given or [make_training_key() for _ in range(keys.number)]:
        state = {**said, "training_key": training_key}
        after = {name: state[name] for name in _TOLD if state[name] is not None}
        record = entry(
            transaction, actor=actor, organization_id=keys.organization_id, kind="subscription_training_key.created", after=after
        )
        who_and_when = {"uses": 0, "created_by_id": user_id, "modified_by_id": user_id}
        values = {**state, **who_and_when, "created_at": transaction.now, "modified_at": transaction.now}
        key_id = await transaction.change(_INSERT, values, record)
        assert key_id is not None  # noqa: S101 - an insert meets its row
        created.append(NewKey(key_id, training_key))
    return created


async def update_training_key(
    transaction: Transaction, *, actor: Actor, key_id: int, changes: TrainingKeyChanges, if_version: int | None = None
) -> None:
    """
    Change a training key; the subscriptions that it became stay as they are.

    Raises:
        SubscriptionTrainingKeyNotFoundError: The actor has no such key.
        VersionChangedError: It is not at the version asked for.
        OrganizationNotFoundError: The actor has no such organization.
        SubscriptionProfileNotFoundError: The actor has no such profile.
        UnusableTrainingKeyError: The text cannot be a training key.
        TrainingKeyTakenError: A training key of the server has that text.
        FewerUsesThanMadeError: It has become more subscriptions than it would be allowed to.
        SeveralRefusalsError: More than one of these.
    """
    await lock_training_key(transaction, key_id=key_id)
    row = await get_training_key(transaction, viewer=actor.viewer, key_id=key_id)
    check_version(noun="subscription training key", subject_id=key_id, version=row.version, wanted=if_version)
    stored = asdict(row)
    before, after = differences(stored, {name: value for name, value in asdict(changes).items() if value is not UNSET})
    if not after:
        return
    state = stored | after
    texts = [state["training_key"]] if "training_key" in after else []
    refuse(
        [
            *await _list_refusals(transaction, actor=actor, state=state, changed=after.keys()),
            *await _list_refused_texts(transaction, texts, field="training_key"),
            FewerUsesThanMadeError(uses=row.uses, maximum_uses=state["maximum_uses"]) if state["maximum_uses"] < row.uses else None,
        ]
    )
    record = entry(
        transaction,
        actor=actor,
        organization_id=state["organization_id"],
        kind="subscription_training_key.updated",
        before=before,
        after=after,
    )
    values = {**state, "row_id": key_id, "modified_by_id": _user_of(actor), "modified_at": transaction.now}
    await transaction.change(_UPDATE, values, record)


async def delete_training_key(transaction: Transaction, *, actor: Actor, key_id: int, if_version: int | None = None) -> None:
    """
    Delete a training key that became no subscription; its history stays.

    Raises:
        SubscriptionTrainingKeyNotFoundError: The actor has no such key.
        VersionChangedError: It is not at the version asked for.
        TrainingKeyRedeemedError: It became a subscription.
    """
    await lock_training_key(transaction, key_id=key_id)
    row = await get_training_key(transaction, viewer=actor.viewer, key_id=key_id)
    check_version(noun="subscription training key", subject_id=key_id, version=row.version, wanted=if_version)
    if row.uses:
        raise TrainingKeyRedeemedError(key_id, row.uses)
    before = {name: value for name in _TOLD if (value := getattr(row, name)) is not None}
    record = entry(transaction, actor=actor, organization_id=row.organization_id, kind="subscription_training_key.deleted", before=before)
    await transaction.change(_DELETE, {"row_id": key_id}, record)


async def _list_refusals(
    transaction: Transaction, *, actor: Actor, state: Mapping[str, Any], changed: Collection[str]
) -> list[RollbookError | None]:
    """Look up what the changed values name, and give what refuses them."""
    refusals: list[RollbookError | None] = []
    organization_id, profile_id = state["organization_id"], state["profile_id"]
    if "organization_id" in changed and await find_organization(transaction, viewer=actor.viewer, organization_id=organization_id) is None:
        refusals.append(OrganizationNotFoundError(organization_id, field="organization_id"))
    if "profile_id" in changed and await find_profile(transaction, viewer=actor.viewer, profile_id=profile_id) is None:
        refusals.append(SubscriptionProfileNotFoundError(profile_id, field="profile_id"))
    return refusals


async def _list_refused_texts(transaction: Transaction, texts: Sequence[str], *, field: str) -> list[RollbookError]:
    refusals: list[RollbookError] = []
    for text in texts:
        if not 1 <= len(text) <= LONGEST_TRAINING_KEY or "," in text or any(character.isspace() for character in text):
            refusals.append(UnusableTrainingKeyError(text, field=field))
        elif await is_training_key_taken(transaction, training_key=text):
            refusals.append(TrainingKeyTakenError(text, field=field))
    return refusals


def _user_of(actor: Actor) -> int | None:
    """Give the user who acts; an API key is none."""
    return actor.id if actor.kind is ActorKind.USER else None
