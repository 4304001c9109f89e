"""
What becomes of two accounts of one person: which of two enrollments in a class stays, and which of two values.

Of both accounts one stays, with its values; what it lacks it takes from the other one, which goes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.errors import ConflictError, InvalidError

ADDRESS: Final = ("address1", "address2", "city", "state", "country", "country_code", "zip")
"""What is one value together: half of one address and half of another are no address."""

TIME_ZONE: Final = ("time_zone", "time_zone_iana")

TAKEN_OVER: Final[Sequence[tuple[str, ...]]] = (
    ("external_id",),
    ("title",),
    ("middle_name",),
    ("company_id",),
    ("manager_id",),
    ("phone",),
    ("phone2",),
    ADDRESS,
    ("profile_image_url",),
    TIME_ZONE,
    ("note",),
)
"""What is taken over where it is empty. Names, e-mail address, password, and whether the account is disabled, never are."""


class MergedWithItselfError(InvalidError):
    """A user is to be merged with the same user."""

    field = "merged_user_id"

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(f"user {user_id} cannot be merged into user {user_id}; give another user")


class FrozenDuplicateError(ConflictError):
    """Both users have an enrollment in a class that has started, and the one that would be given up is Enrolled there for good."""

    rule = "S2"
    field = "merged_user_id"

    def __init__(self, *, class_id: int, kept_id: int, given_up_id: int) -> None:
        self.class_id = class_id
        self.kept_id = kept_id
        self.given_up_id = given_up_id
        super().__init__(
            f"both users are in class {class_id}, which has started, and of the enrollments {kept_id} and {given_up_id} only one can stay; "
            "set the preference freeze_enrolled_at_start to off and delete one of them"
        )


class Duplicate(Struct, frozen=True, kw_only=True):
    """
    An enrollment in a class in which the other user has one too.

    Attributes:
        is_frozen: It can be neither deleted nor changed in its status (S2).
    """

    enrollment_id: int
    class_id: int
    status: EnrollmentStatus
    completion: CompletionStatus
    is_frozen: bool


class Settled(Struct, frozen=True):
    """Which of two enrollments of one person in one class stays."""

    kept: Duplicate
    given_up: Duplicate


def settle_duplicates(*, stayers: Duplicate, others: Duplicate) -> Settled | FrozenDuplicateError:
    """
    Decide which of two enrollments stays when both users are in one class (E1).

    It is the one that got further: an active one before one that is not, then one that attends, one that holds a place, one that is Complete; and of
    two that got equally far that of the user who stays. The other one is deleted, unless it is frozen (S2).
    """
    settled = Settled(others, stayers) if _reach(others) > _reach(stayers) else Settled(stayers, others)
    if settled.given_up.is_frozen:
        return FrozenDuplicateError(
            class_id=stayers.class_id, kept_id=settled.kept.enrollment_id, given_up_id=settled.given_up.enrollment_id
        )
    return settled


def take_over(*, stayer: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values that the user who stays takes from the other one, for having none."""
    taken: dict[str, Any] = {}
    for together in TAKEN_OVER:
        if all(stayer[name] is None for name in together):
            taken |= {name: other[name] for name in together if other[name] is not None}
    if taken.get("manager_id") == stayer["id"]:
        del taken["manager_id"]
    return taken


def _reach(duplicate: Duplicate) -> tuple[bool, bool, bool, bool]:
    status = duplicate.status
    return status.is_active, status.is_attending, status.holds_place, duplicate.completion is CompletionStatus.COMPLETE
