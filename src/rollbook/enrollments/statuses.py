"""
Which change of an enrollment's status and completion is allowed, and when the status freezes (S1-S5).

Everything that no rule here refuses is allowed (S1). The numbers are the TMS's.
"""

from enum import IntEnum

from msgspec import UNSET, UnsetType

from rollbook.classes.statuses import ClassStatus
from rollbook.errors import ConflictError


class EnrollmentStatus(IntEnum):
    """Where an enrollment is between asking and leaving."""

    REQUESTED = 0
    CANCELLED = 10
    WAITLISTED = 20
    APPROVED = 30
    DENIED = 40
    AUDIT = 50
    ENROLLED = 60

    @property
    def is_active(self) -> bool:
        """The student is in the class or wants to be."""
        return self not in _INACTIVE

    @property
    def is_attending(self) -> bool:
        """The student takes part: has a seat where placed in a room, and can open the content."""
        return self in ATTENDING

    @property
    def holds_place(self) -> bool:
        """The student counts against the maximum of the class (P1)."""
        return self is EnrollmentStatus.ENROLLED


_INACTIVE = frozenset({EnrollmentStatus.CANCELLED, EnrollmentStatus.DENIED})
ATTENDING = (EnrollmentStatus.AUDIT, EnrollmentStatus.ENROLLED)


class CompletionStatus(IntEnum):
    """What became of a student who attends."""

    UNKNOWN = 0
    ATTENDING = 10
    COMPLETE = 20
    INCOMPLETE = 30
    NO_SHOW = 40
    FAILED = 50


class EnrollmentFrozenError(ConflictError):
    """The class has started, so that an Enrolled enrollment keeps its status."""

    rule = "S2"

    def __init__(self, *, enrollment_id: int, class_id: int) -> None:
        self.enrollment_id = enrollment_id
        self.class_id = class_id
        super().__init__(
            f"enrollment {enrollment_id} is Enrolled in class {class_id}, which has started, and stays so; "
            "change its completion instead, or set the preference freeze_enrolled_at_start to off"
        )


class ClassOffError(ConflictError):
    """The class is Cancelled or Denied, so that no one enters it."""

    rule = "S3"

    def __init__(self, *, class_id: int, status: ClassStatus) -> None:
        self.class_id = class_id
        self.status = status
        super().__init__(
            f"class {class_id} is {status.name.capitalize()}, so no one can enter it; choose another class, or set its status back"
        )


class UserDisabledError(ConflictError):
    """A disabled user enters no class."""

    rule = "S4"
    field = "user_id"

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(f"user {user_id} is disabled; enable the user first")


class OutsideCompanyError(ConflictError):
    """The class is dedicated to a company that is not the user's."""

    rule = "S4"
    field = "user_id"

    def __init__(self, *, class_id: int, company_id: int, user_id: int) -> None:
        self.class_id = class_id
        self.company_id = company_id
        self.user_id = user_id
        super().__init__(
            f"class {class_id} takes only users of company {company_id}, and user {user_id} is not one; "
            "choose another class, or change the user's company"
        )


class CompletionNeedsAttendanceError(ConflictError):
    """A completion is given for a student who does not attend."""

    rule = "S5"
    field = "completion"

    def __init__(self, *, completion: CompletionStatus, status: EnrollmentStatus) -> None:
        self.completion = completion
        self.status = status
        super().__init__(
            f"only a student who is Enrolled or Audit has a completion other than Unknown, and this one would be {status.name.capitalize()}; "
            "give the completion Unknown, or an attending status"
        )


def becomes_active(before: EnrollmentStatus | None, after: EnrollmentStatus) -> bool:
    """Tell whether the student enters with this change; *before* is None where the student had no enrollment in this class."""
    return after.is_active and (before is None or not before.is_active)


def becomes_attending(before: EnrollmentStatus | None, after: EnrollmentStatus) -> bool:
    """Tell whether the student begins to attend with this change; *before* is None where the student had no enrollment in this class."""
    return after.is_attending and (before is None or not before.is_attending)


def is_frozen(status: EnrollmentStatus, *, class_has_started: bool, freeze_enrolled_at_start: bool) -> bool:
    """Tell whether an enrollment keeps its status and its class (S2); L3 passes over the frozen ones."""
    return status is EnrollmentStatus.ENROLLED and class_has_started and freeze_enrolled_at_start


def check_leaving(
    *, enrollment_id: int, class_id: int, status: EnrollmentStatus, class_has_started: bool, freeze_enrolled_at_start: bool
) -> EnrollmentFrozenError | None:
    """Decide whether an enrollment may change its status, move away (M1), go to another user (M2) or be deleted (L4): the freeze (S2)."""
    if is_frozen(status, class_has_started=class_has_started, freeze_enrolled_at_start=freeze_enrolled_at_start):
        return EnrollmentFrozenError(enrollment_id=enrollment_id, class_id=class_id)
    return None


def check_class(
    *, class_id: int, class_status: ClassStatus, before: EnrollmentStatus | None, after: EnrollmentStatus
) -> ClassOffError | None:
    """
    Decide whether a student may enter the class, as for the class's status (S3).

    *before* is None where the enrollment is new, comes from another class or had another user.
    """
    if class_status.is_off and _enters(before, after):
        return ClassOffError(class_id=class_id, status=class_status)
    return None


def check_user(
    *, user_id: int, user_is_disabled: bool, before: EnrollmentStatus | None, after: EnrollmentStatus
) -> UserDisabledError | None:
    """
    Decide whether this user may enter a class at all (S4).

    *before* is None where the enrollment is new, comes from another class or had another user.
    """
    if user_is_disabled and _enters(before, after):
        return UserDisabledError(user_id)
    return None


def check_company(
    *,
    class_id: int,
    class_company_id: int | None,
    user_id: int,
    user_company_id: int | None,
    before: EnrollmentStatus | None,
    after: EnrollmentStatus,
) -> OutsideCompanyError | None:
    """
    Decide whether a user of that company may enter the class (S4); a class without a company takes everyone.

    *before* is None where the enrollment is new, comes from another class or had another user.
    """
    if class_company_id is None or class_company_id == user_company_id or not _enters(before, after):
        return None
    return OutsideCompanyError(class_id=class_id, company_id=class_company_id, user_id=user_id)


def settle_completion(
    *, stored: CompletionStatus, given: CompletionStatus | UnsetType = UNSET, after: EnrollmentStatus
) -> CompletionStatus | CompletionNeedsAttendanceError:
    """
    Decide the completion to store beside the status that the enrollment gets (S5).

    A student who does not attend has the completion Unknown; only a known one that merely repeats the stored one is taken silently, as
    the caller ends the attendance with it. *stored* is Unknown for a new enrollment. Where the student enters another class or
    replaces another and no completion is given, give Unknown: a completion belongs to one student and one class.
    """
    if after.is_attending:
        return stored if given is UNSET else given
    if given is UNSET or given in {CompletionStatus.UNKNOWN, stored}:
        return CompletionStatus.UNKNOWN
    return CompletionNeedsAttendanceError(completion=given, status=after)


def _enters(before: EnrollmentStatus | None, after: EnrollmentStatus) -> bool:
    return becomes_active(before, after) or becomes_attending(before, after)
