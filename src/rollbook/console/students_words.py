"""What rules say, in the words of a student: what stands in their way, and what they can do about it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from rollbook.console.refusals import sentence
from rollbook.enrollments.self_service import RoleMissingError, SelfEnrollmentNotAllowedError
from rollbook.errors import RollbookError, SeveralRefusalsError


class Reason(Struct, frozen=True):
    """
    Why something is not possible.

    Attributes:
        help: What would help.
    """

    text: str
    help: str


_COORDINATOR: Final = "your training coordinator"
_REASONS: Final[Mapping[str, Reason]] = MappingProxyType(
    {
        "A1": Reason("Your account has no role that lets you ask for a place.", f"Ask {_COORDINATOR} for the role of a student."),
        "A2": Reason("A coordinator enrolls the students of this class.", f"Ask {_COORDINATOR} to enroll you."),
        "A3": Reason("This class takes only students who were approved.", "You can enroll as soon as your request is approved."),
        "A4": Reason("It is too late to enter this class by yourself.", f"Ask {_COORDINATOR} whether you can still come."),
        "A5": Reason("This class is not open to you any more.", "Choose another one on the schedule."),
        "S3": Reason("This class does not take place.", "Choose another date on the schedule."),
        "S4": Reason("This class is for the people of a certain company only.", f"Choose another class, or ask {_COORDINATOR}."),
        "P1": Reason("All places of this class are taken.", "Somebody has to leave, or the class has to become larger."),
        "P2": Reason("All seats of the room are taken.", "Somebody has to leave, or the class has to move to a larger room."),
        "C1": Reason("You attend another class at the same time.", "Cancel the other class, or choose another date."),
    }
)
_NOT_BY_ROLE: Final = Reason(
    "Your account may ask for places, but not enroll by itself.", f"Ask {_COORDINATOR} to enroll you, or for the role Self Enrollment."
)

_NOT_ALONE: Final = Reason(
    "You cannot do that by yourself as you stand in this class now.", f"Look at the class again, or ask {_COORDINATOR}."
)
_STAYS: Final = Reason("The class has started, so that you can no longer cancel by yourself.", f"Ask {_COORDINATOR}.")


def told(error: RollbookError, *, leaves: bool = False) -> list[str]:
    """Give every sentence of a refusal as a student reads it; ``leaves`` says that the student wanted to cancel."""
    refusals = error.refusals if isinstance(error, SeveralRefusalsError) else (error,)
    reasons = [_STAYS if leaves and getattr(each, "rule", None) in {"A4", "S2"} else reason_of(each) for each in refusals]
    return list(dict.fromkeys(f"{reason.text} {reason.help}".strip() for reason in reasons))


def reason_of(refusal: RollbookError) -> Reason:
    """Tell a refusal to a student."""
    if isinstance(refusal, SelfEnrollmentNotAllowedError) and refusal.by_role:
        return _NOT_BY_ROLE
    rule = getattr(refusal, "rule", "")
    if rule == "A1" and not isinstance(refusal, RoleMissingError):
        return _NOT_ALONE
    return reason_by_rule(rule, text=str(refusal))


def reason_by_rule(rule: str, *, text: str) -> Reason:
    """Tell what a rule says to a student; ``text`` is what it says to those who administer."""
    fact, _, remedy = text.rpartition("; ")
    return _REASONS.get(rule) or Reason(sentence(fact or remedy), sentence(remedy) if fact else "")
