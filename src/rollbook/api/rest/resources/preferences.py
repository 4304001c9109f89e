"""The preferences of organizations in the REST API."""

from typing import Annotated, Any, Final, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import asdict

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import change, example_of
from rollbook.api.rest.performing import Outcome, given_in, perform
from rollbook.api.rest.resources.organizations import TAG
from rollbook.api.rest.values import Count, Name
from rollbook.database.transaction import Transaction
from rollbook.organizations.actions.preferences import set_preferences
from rollbook.organizations.preferences import LONGEST_CLOSING_HOURS, LONGEST_LATE_CANCEL_DAYS, Preferences, PreferenceValue, parse
from rollbook.organizations.queries.organizations import get_organization
from rollbook.organizations.queries.preferences import list_own_preferences, preferences_for

NoMaximum: TypeAlias = Literal["none"]
Conflicts: TypeAlias = Literal["refuse", "allow"]
Promotion: TypeAlias = Literal["off", "self_cancel", "always"]
Days: TypeAlias = Annotated[int, Meta(ge=0, le=LONGEST_LATE_CANCEL_DAYS)]
Hours: TypeAlias = Annotated[int, Meta(ge=0, le=LONGEST_CLOSING_HOURS)]

_FREEZE: Final = "An Enrolled student keeps the status once the class has started (S2)."
_MAXIMUM: Final = "The maximum of a new class (P1)"
_LATE: Final = "How many days before a class starts a cancellation begins to be late (L1)."
_WARNING: Final = "What a student who is about to cancel late is told."
_CONFLICTS: Final = "Whether a student may attend two classes at the same time (C1)."
_PROMOTION: Final = "What lets those who wait into a class by itself (W2)."
_REQUESTED: Final = "Whether Requested students are let in where no Wait-Listed one can be (W4)."
_CLOSES: Final = "How many hours before a class starts students can no longer enter it by themselves (A4)."
_KEYS: Final = "Whether a new class is opened by a training key (A6)."


class OwnPreferences(Struct, frozen=True, kw_only=True):
    """What an organization sets itself; null is what it does not set."""

    freeze_enrolled_at_start: Annotated[bool | None, Meta(description=_FREEZE)]
    default_maximum: Annotated[Count | NoMaximum | None, Meta(description=f"{_MAXIMUM}; `none` is no limit.")]
    late_cancel_days: Annotated[Days | None, Meta(description=_LATE)]
    late_cancel_warning: Annotated[str | None, Meta(description=_WARNING)]
    student_conflicts: Annotated[Conflicts | None, Meta(description=_CONFLICTS)]
    waitlist_promotion: Annotated[Promotion | None, Meta(description=_PROMOTION)]
    promote_requested: Annotated[bool | None, Meta(description=_REQUESTED)]
    self_service_closes_hours: Annotated[Hours | None, Meta(description=_CLOSES)]
    class_training_keys: Annotated[bool | None, Meta(description=_KEYS)]


class EffectivePreferences(Struct, frozen=True, kw_only=True):
    """What counts for an organization: its own, else its nearest ancestor's, else the default."""

    freeze_enrolled_at_start: Annotated[bool, Meta(description=_FREEZE)]
    default_maximum: Annotated[Count | None, Meta(description=f"{_MAXIMUM}; null is no limit.")]
    late_cancel_days: Annotated[Days, Meta(description=_LATE)]
    late_cancel_warning: Annotated[str | None, Meta(description=_WARNING)]
    student_conflicts: Annotated[Conflicts, Meta(description=_CONFLICTS)]
    waitlist_promotion: Annotated[Promotion, Meta(description=_PROMOTION)]
    promote_requested: Annotated[bool, Meta(description=_REQUESTED)]
    self_service_closes_hours: Annotated[Hours, Meta(description=_CLOSES)]
    class_training_keys: Annotated[bool, Meta(description=_KEYS)]


class OrganizationPreferences(Struct, frozen=True, kw_only=True):
    """The preferences of an organization."""

    organization_id: int
    version: Annotated[int, Meta(description="The organization's.")]
    own: OwnPreferences
    effective: EffectivePreferences


class PreferencesOutcome(Outcome, frozen=True, kw_only=True):
    """What became of an organization's preferences."""

    result: OrganizationPreferences


class UpdatePreferences(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an organization is to set itself; null unsets it, so that its nearest ancestor's value counts."""

    freeze_enrolled_at_start: bool | UnsetType | None = UNSET
    default_maximum: Count | NoMaximum | UnsetType | None = UNSET
    late_cancel_days: Days | UnsetType | None = UNSET
    late_cancel_warning: Name | UnsetType | None = UNSET
    student_conflicts: Conflicts | UnsetType | None = UNSET
    waitlist_promotion: Promotion | UnsetType | None = UNSET
    promote_requested: bool | UnsetType | None = UNSET
    self_service_closes_hours: Hours | UnsetType | None = UNSET
    class_training_keys: bool | UnsetType | None = UNSET


async def see_preferences(transaction: Transaction, actor: Actor, organization_id: int) -> OrganizationPreferences:
    """Show the preferences of the organization with an id."""
    organization = await get_organization(transaction, viewer=actor.viewer, organization_id=organization_id)
    own = await list_own_preferences(transaction, viewer=actor.viewer, organization_id=organization_id)
    return OrganizationPreferences(
        organization_id=organization_id,
        version=organization.version,
        own=_own({preference.name: preference.value for preference in own}),
        effective=_effective(await preferences_for(transaction, organization_id=organization_id)),
    )


def _own(texts: dict[str, str]) -> OwnPreferences:
    values: dict[str, Any] = dict.fromkeys(OwnPreferences.__struct_fields__)
    for name in values.keys() & texts.keys():
        value = parse(name, texts[name])
        values[name] = "none" if value is None else value
    return OwnPreferences(**values)


def _effective(preferences: Preferences) -> EffectivePreferences:
    values: dict[str, Any] = asdict(preferences)
    return EffectivePreferences(**{name: values[name] for name in EffectivePreferences.__struct_fields__})


def text_of(value: PreferenceValue) -> str:
    """Write a value as a person would, nothing for one that is to be unset."""
    if value is None:
        return ""
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


EXAMPLE: Final = OrganizationPreferences(
    organization_id=1,
    version=3,
    own=_own({"late_cancel_days": "7", "default_maximum": "none"}),
    effective=_effective(Preferences(late_cancel_days=7)),
)


@endpoint("GET", "/organizations/{organization_id}/preferences", tag=TAG, scope=Scope.READ, answers=EXAMPLE)
async def get_preferences(call: Call, organization_id: int) -> OrganizationPreferences:
    """
    Show the preferences of an organization: those it sets itself, and those that count for it.

    Their version is the organization's.
    """
    return await call.database.read(see_preferences, call.actor, organization_id)


@endpoint(
    "PATCH",
    "/organizations/{organization_id}/preferences",
    tag=TAG,
    scope=Scope.ADMIN,
    takes=UpdatePreferences(late_cancel_days=7, default_maximum="none", waitlist_promotion=None),
    answers=example_of(PreferencesOutcome, EXAMPLE, change("organization", "late_cancel_days", None, "7")),
)
async def update_preferences(call: Call, organization_id: int, body: UpdatePreferences) -> PreferencesOutcome:
    """Set preferences of an organization."""
    performed = await perform(
        call,
        set_preferences,
        see=see_preferences,
        subject_id=organization_id,
        actor=call.actor,
        organization_id=organization_id,
        texts={name: text_of(value) for name, value in given_in(body).items()},
    )
    return performed.told(PreferencesOutcome)


ENDPOINTS: tuple[Endpoint, ...] = (get_preferences, update_preferences)
