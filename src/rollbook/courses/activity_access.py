"""Who may open an activity (V4), and who may say something of a course (V5)."""

from msgspec import Struct

from rollbook.courses.activity_types import EXTERNAL, ActivityType, Availability
from rollbook.errors import ConflictError, RollbookError


class Taking(Struct, frozen=True):
    """
    What a user has to do with a course.

    Attributes:
        attends: Enrolled in a class of it that was not called off, or an auditor there.
        was_assigned: It is or was assigned to the user.
        is_assigned: It is assigned to the user, and that has not expired.
        instructs: An instructor of a class of it.
    """

    attends: bool
    was_assigned: bool
    is_assigned: bool
    instructs: bool


class ActivityNotExternalError(ConflictError):
    """An activity is of a type that Rollbook cannot open (V4)."""

    rule = "V4"
    field = "activity_id"

    def __init__(self, activity_id: int) -> None:
        self.activity_id = activity_id
        super().__init__(f"activity {activity_id} is not opened at an address of its own; open a video, a document or a link")


class CourseNotTakenError(ConflictError):
    """A user does not take a course (V4, V5)."""

    field = "user_id"

    def __init__(self, user_id: int, course_id: int) -> None:
        self.user_id = user_id
        self.course_id = course_id
        super().__init__(f"user {user_id} neither attends a class of course {course_id} nor has it assigned; enroll the user first")


class ActivityForInstructorsError(ConflictError):
    """An activity is for the instructors of its course alone (V4)."""

    rule = "V4"
    field = "user_id"

    def __init__(self, activity_id: int, user_id: int) -> None:
        self.activity_id = activity_id
        self.user_id = user_id
        super().__init__(
            f"activity {activity_id} is for instructors, and user {user_id} instructs no class of its course; open another one"
        )


def refuse_opening(
    *, activity_id: int, course_id: int, user_id: int, activity_type: ActivityType, availability: Availability, taking: Taking
) -> list[RollbookError | None]:
    """Refuse what keeps a user from opening an activity."""
    user: RollbookError | None = None
    if not (taking.attends or taking.is_assigned or taking.instructs):
        user = CourseNotTakenError(user_id, course_id)
    elif availability is Availability.INSTRUCTORS and not taking.instructs:
        user = ActivityForInstructorsError(activity_id, user_id)
    return [None if activity_type in EXTERNAL else ActivityNotExternalError(activity_id), user]


def refuse_feedback(*, course_id: int, user_id: int, taking: Taking) -> RollbookError | None:
    """Refuse what keeps a user from saying something of a course."""
    return None if taking.attends or taking.was_assigned else CourseNotTakenError(user_id, course_id)
