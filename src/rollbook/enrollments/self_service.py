"""What a student may do alone: ask, wait, enroll and leave (A1-A6, W6)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.errors import ConflictError, NotAllowedError

SECONDS_PER_HOUR: Final = 3600

_ENTRANCES: Final = frozenset({EnrollmentStatus.REQUESTED, EnrollmentStatus.WAITLISTED, EnrollmentStatus.ENROLLED})
# Who was approved may have joined the line since.
_APPROVED: Final = frozenset({EnrollmentStatus.APPROVED, EnrollmentStatus.WAITLISTED})
_CHOICES: Final[Mapping[EnrollmentStatus | None, frozenset[EnrollmentStatus]]] = MappingProxyType(
    {
        None: _ENTRANCES,
        EnrollmentStatus.REQUESTED: frozenset({EnrollmentStatus.WAITLISTED, EnrollmentStatus.ENROLLED, EnrollmentStatus.CANCELLED}),
        EnrollmentStatus.CANCELLED: _ENTRANCES,
        EnrollmentStatus.WAITLISTED: frozenset({EnrollmentStatus.ENROLLED, EnrollmentStatus.CANCELLED}),
        EnrollmentStatus.APPROVED: frozenset({EnrollmentStatus.WAITLISTED, EnrollmentStatus.ENROLLED, EnrollmentStatus.CANCELLED}),
        EnrollmentStatus.DENIED: frozenset(),
        EnrollmentStatus.AUDIT: frozenset({EnrollmentStatus.CANCELLED}),
        EnrollmentStatus.ENROLLED: frozenset({EnrollmentStatus.CANCELLED}),
    }
)
"""What a student may make of each status of an enrollment, None being that there is none."""


class Offer(Struct, frozen=True, kw_only=True):
    """
    What a class says of who may enter it alone.

    Attributes:
        is_offered: It is enabled, and public or meant for the student's organization.
        starts_at: Its first meeting's start in epoch seconds; None where it has none.
        closes_hours: How many hours before that it can no longer be entered.
    """

    class_id: int
    is_offered: bool
    allow_self_enrollment: bool
    requires_approval: bool
    starts_at: int | None
    closes_hours: int


class StudentsRights(Struct, frozen=True, kw_only=True):
    """What a student's roles allow."""

    may_ask: bool
    may_enroll_oneself: bool


class NotOneselfError(NotAllowedError):
    """A student would act for somebody else."""

    rule = "A1"
    field = "user_id"

    def __init__(self, *, student_id: int, user_id: int) -> None:
        self.student_id = student_id
        self.user_id = user_id
        super().__init__(f"the call is made for user {student_id}, who acts for no one else; leave the user out, or give {student_id}")


class AdministratorNeededError(NotAllowedError):
    """A student would make of an enrollment what only those who administer can."""

    rule = "A1"

    def __init__(self, what: str) -> None:
        super().__init__(f"a student does not {what}; ask an administrator")


class RoleMissingError(NotAllowedError):
    """None of the student's roles allows to ask for a place."""

    rule = "A1"

    def __init__(self) -> None:
        super().__init__("none of the student's roles allows to ask for a place; give the student a role that does")


class SelfEnrollmentNotAllowedError(ConflictError):
    """The class, or the student's role, does not let students enroll themselves."""

    rule = "A2"

    def __init__(self, *, class_id: int, by_role: bool) -> None:
        self.class_id = class_id
        self.by_role = by_role
        if by_role:
            super().__init__("none of the student's roles allows self-enrollment; ask for a place instead, or give the student such a role")
        else:
            super().__init__(f"class {class_id} does not allow self-enrollment; ask for a place instead, or let the class allow it")


class ApprovalNeededError(ConflictError):
    """The class takes nobody who is not approved."""

    rule = "A3"

    def __init__(self, class_id: int) -> None:
        self.class_id = class_id
        super().__init__(f"class {class_id} requires an approval; ask for a place, and enroll once the enrollment is Approved")


class SelfServiceClosedError(ConflictError):
    """It is too late for a student to do this alone."""

    rule = "A4"

    def __init__(self, *, class_id: int, leaves: bool) -> None:
        self.class_id = class_id
        act = "left" if leaves else "entered"
        super().__init__(f"class {class_id} can no longer be {act} by the student alone; ask an administrator")


class NotOfferedError(ConflictError):
    """The class is not one that the student may enter alone."""

    rule = "A5"

    def __init__(self, class_id: int) -> None:
        self.class_id = class_id
        super().__init__(
            f"class {class_id} is not offered to the student; choose another class, or make it available to the student's organization"
        )


class ClassEndedError(ConflictError):
    """A class that has ended is not entered by its training key."""

    rule = "A6"

    def __init__(self, class_id: int) -> None:
        self.class_id = class_id
        super().__init__(
            f"class {class_id} has ended, so that its training key lets nobody in; choose another class, or ask an administrator"
        )


Refusal = NotAllowedError | ConflictError


def check_oneself(*, student_id: int | None, user_id: int) -> NotOneselfError | None:
    """Decide whether a student acts for nobody but oneself (A1); None stands for whoever administers."""
    if student_id is None or student_id == user_id:
        return None
    return NotOneselfError(student_id=student_id, user_id=user_id)


def check_choice(*, before: EnrollmentStatus | None, after: EnrollmentStatus) -> AdministratorNeededError | None:
    """Decide whether a student may make that of an enrollment at all (A1); what it is already may be asked for again."""
    if after is before or after in _CHOICES[before]:
        return None
    was = "have no enrollment" if before is None else f"are {before.name.capitalize()}"
    return AdministratorNeededError(f"become {after.name.capitalize()} alone where they {was}")


def check_entrance(
    *, before: EnrollmentStatus | None, after: EnrollmentStatus, offer: Offer, rights: StudentsRights, now: int
) -> list[Refusal]:
    """Give what keeps a student from entering a class alone, with that status (A1-A5); it has passed ``check_choice``."""
    refusals: list[Refusal] = []
    if not offer.is_offered:
        refusals.append(NotOfferedError(offer.class_id))
    if offer.starts_at is not None and now >= offer.starts_at - offer.closes_hours * SECONDS_PER_HOUR:
        refusals.append(SelfServiceClosedError(class_id=offer.class_id, leaves=False))
    if after is EnrollmentStatus.REQUESTED:
        if not rights.may_ask:
            refusals.append(RoleMissingError())
        return refusals
    if not offer.allow_self_enrollment:
        refusals.append(SelfEnrollmentNotAllowedError(class_id=offer.class_id, by_role=False))
    if not rights.may_enroll_oneself:
        refusals.append(SelfEnrollmentNotAllowedError(class_id=offer.class_id, by_role=True))
    if offer.requires_approval and before not in _APPROVED:
        refusals.append(ApprovalNeededError(offer.class_id))
    return refusals


def check_redemption(
    *, class_id: int, before: EnrollmentStatus | None, requires_approval: bool, ends_at: int | None, now: int
) -> list[Refusal]:
    """
    Give what keeps a student from entering a class by its training key (A3, A6), which stands in for A2 and A5; it has passed ``check_choice``.

    *ends_at* is the last meeting's end in epoch seconds; None where the class has none.
    """
    refusals: list[Refusal] = []
    if ends_at is not None and now >= ends_at:
        refusals.append(ClassEndedError(class_id))
    if requires_approval and before not in _APPROVED:
        refusals.append(ApprovalNeededError(class_id))
    return refusals


def check_leaving_alone(*, class_id: int, starts_at: int | None, now: int) -> SelfServiceClosedError | None:
    """Decide whether a student may still cancel alone (A4): until the class starts."""
    if starts_at is None or now < starts_at:
        return None
    return SelfServiceClosedError(class_id=class_id, leaves=True)


def settle_wish(after: EnrollmentStatus, *, is_full: bool, others_wait: bool) -> EnrollmentStatus:
    """Decide what a student becomes who would be Enrolled: Wait-Listed where the class is full, or others waited before (W6)."""
    if after is EnrollmentStatus.ENROLLED and (is_full or others_wait):
        return EnrollmentStatus.WAITLISTED
    return after
