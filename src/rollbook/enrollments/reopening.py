"""
What becomes of the one enrollment that a class and a student have, when another act meets it (E2, M1-M3, L2).

A class and a student have at most one enrollment (E1): creating a second reopens the first or is refused; moving never merges two.
"""

from enum import Enum, auto

from msgspec import Struct
from msgspec.structs import replace

from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import ConflictError


class ExistingEnrollment(Struct, frozen=True, kw_only=True):
    """The enrollment that a class and a student have already."""

    id: int
    class_id: int
    user_id: int
    status: EnrollmentStatus


class EnrollmentDetails(Struct, frozen=True, kw_only=True):
    """What an enrollment keeps beside its status, completion and place; without values, what a new one starts with."""

    external_id: str | None = None
    retake: bool = False
    late_cancel: bool = False
    hours_spent: int | None = None
    grade: int | None = None
    note: str | None = None


class Passage(Enum):
    """By which act an enrollment begins anew."""

    REOPENED_BY_CREATION = auto()
    REOPENED_BY_UPDATE = auto()
    MOVED = auto()
    REPLACED = auto()


class EnrollmentExistsError(ConflictError):
    """The student has an enrollment in the class that creating does not reopen."""

    rule = "E2"

    def __init__(self, existing: ExistingEnrollment) -> None:
        self.existing = existing
        super().__init__(f"{_sentence(existing)}; update that one instead of creating another")


class OtherEnrollmentExistsError(ConflictError):
    """The student has an enrollment in the class that a move or a replacement would enter."""

    rule = "M3"

    def __init__(self, existing: ExistingEnrollment) -> None:
        self.existing = existing
        remedy = "update that one" if existing.status.is_active else "reopen that one"
        super().__init__(f"{_sentence(existing)}; cancel this one and {remedy}")


class MoveEndsInactiveError(ConflictError):
    """An enrollment is moved to another class and cancelled or denied at once."""

    rule = "M1"
    field = "status"

    def __init__(self, status: EnrollmentStatus) -> None:
        self.status = status
        super().__init__(
            f"an enrollment that moves to another class cannot become {status.name.capitalize()} there; change only its status"
        )


def check_creation(existing: ExistingEnrollment | None, *, wanted: EnrollmentStatus) -> EnrollmentExistsError | None:
    """Decide whether an enrollment may be created where that one stands (E2); where one stands and nothing is refused, it is reopened."""
    if existing is None or (wanted.is_active and not existing.status.is_active):
        return None
    return EnrollmentExistsError(existing)


def check_destination(existing: ExistingEnrollment | None) -> OtherEnrollmentExistsError | None:
    """Decide whether an enrollment may come to a class and a student that have that one already (M3)."""
    return None if existing is None else OtherEnrollmentExistsError(existing)


def check_move(after: EnrollmentStatus) -> MoveEndsInactiveError | None:
    """Decide whether an enrollment that changes its class may end in that status (M1)."""
    return None if after.is_active else MoveEndsInactiveError(after)


def carry_over(stored: EnrollmentDetails, *, passage: Passage) -> EnrollmentDetails:
    """
    Give the details with which an enrollment begins anew; what the caller gives goes over them.

    Creating keeps the external id (E2); an update that reopens keeps all but the late cancel (E2, L2); a move keeps external id,
    retake and note (M1); another user starts empty (M2). Where an update moves and reopens, it is a move; where it replaces besides, a replacement.
    """
    if passage is Passage.REPLACED:
        return EnrollmentDetails()
    if passage is Passage.REOPENED_BY_CREATION:
        return EnrollmentDetails(external_id=stored.external_id)
    if passage is Passage.MOVED:
        return EnrollmentDetails(external_id=stored.external_id, retake=stored.retake, note=stored.note)
    return replace(stored, late_cancel=False)


def _sentence(existing: ExistingEnrollment) -> str:
    status = existing.status.name.capitalize()
    return f"user {existing.user_id} has enrollment {existing.id} in class {existing.class_id} already ({status})"
