"""To whom which course can be assigned, and what can become of the assignment (T1 to T5)."""

from collections.abc import Mapping
from typing import Any, Final

from rollbook.errors import ConflictError, InvalidError

_DAY: Final = 86_400


class AssignedCourseArchivedError(ConflictError):
    """An archived course is assigned to nobody."""

    rule = "T1"
    field = "course_id"

    def __init__(self, course_id: int) -> None:
        self.course_id = course_id
        super().__init__(f"course {course_id} is archived, so it is assigned to nobody; give another course, or take it out of the archive")


class CourseNotSelfPacedError(ConflictError):
    """The course is not one to be taken alone."""

    rule = "T1"
    field = "course_id"

    def __init__(self, course_id: int) -> None:
        self.course_id = course_id
        super().__init__(f"course {course_id} cannot be taken alone; give another course, or make it available self-paced")


class AssigneeDisabledError(ConflictError):
    """A disabled user is assigned no course."""

    rule = "T2"
    field = "user_id"

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(f"user {user_id} is disabled, so no course is assigned; enable the user first")


class SubscriptionOfAnotherUserError(ConflictError):
    """The subscription belongs to another user."""

    rule = "T3"
    field = "subscription_id"

    def __init__(self, subscription_id: int, user_id: int) -> None:
        self.subscription_id = subscription_id
        self.user_id = user_id
        super().__init__(f"subscription {subscription_id} is not one of user {user_id}; give one of that user's, or leave it out")


class CourseNotInSubscriptionError(ConflictError):
    """The subscription's profile does not hold the course."""

    rule = "T3"
    field = "subscription_id"

    def __init__(self, subscription_id: int, course_id: int) -> None:
        self.subscription_id = subscription_id
        self.course_id = course_id
        super().__init__(
            f"the profile of subscription {subscription_id} does not hold course {course_id}; "
            "give another subscription, or put the course into the profile"
        )


class NotYetHappenedError(InvalidError):
    """What has happened is told to lie in the future."""

    rule = "T4"

    def __init__(self, field: str) -> None:
        self.field = field
        what = "the start" if field == "started_at" else "the completion"
        super().__init__(f"{what} lies more than a day ahead, so it has not happened; give the day on which it did")


class CompletedWithoutStartError(ConflictError):
    """A completed assignment would have no start."""

    rule = "T4"
    field = "started_at"

    def __init__(self) -> None:
        super().__init__("what is completed was started; give the start, or clear the completion too")


class CompletedBeforeStartError(ConflictError):
    """An assignment would be completed on a day before that of its start."""

    rule = "T4"
    field = "completed_at"

    def __init__(self) -> None:
        super().__init__("the completion lies on a day before that of the start; give a later completion, or an earlier start")


class AssignmentStartedError(ConflictError):
    """What a student has started is not given to another one, nor made one of another course."""

    rule = "T5"

    def __init__(self, assignment_id: int, field: str) -> None:
        self.assignment_id = assignment_id
        self.field = field
        what = "course" if field == "course_id" else "user"
        super().__init__(f"assignment {assignment_id} has been started and keeps its {what}; make another one, or clear the start")


class AssignmentCompletedError(ConflictError):
    """What a student has completed is not deleted."""

    rule = "T5"

    def __init__(self, assignment_id: int) -> None:
        self.assignment_id = assignment_id
        super().__init__(f"assignment {assignment_id} has been completed; clear its completion first")


def with_start(given: Mapping[str, Any], *, started_at: int | None) -> dict[str, Any]:
    """Give what a caller gives with the start that follows from a completion where nothing has been said of a start (T4)."""
    if given.get("completed_at") is not None and "started_at" not in given and started_at is None:
        return {**given, "started_at": given["completed_at"]}
    return dict(given)


def check_course(*, course_id: int, available_self_paced: bool, archived: bool) -> ConflictError | None:
    """Refuse a course that nobody can take alone now (T1)."""
    if archived:
        return AssignedCourseArchivedError(course_id)
    return None if available_self_paced else CourseNotSelfPacedError(course_id)


def check_student(*, user_id: int, disabled: bool) -> ConflictError | None:
    """Refuse a user who is disabled (T2)."""
    return AssigneeDisabledError(user_id) if disabled else None


def check_subscription(
    *, subscription_id: int, subscriber_id: int, holds_course: bool, user_id: int, course_id: int
) -> ConflictError | None:
    """Refuse a subscription that is another user's, or does not hold the course (T3)."""
    if subscriber_id != user_id:
        return SubscriptionOfAnotherUserError(subscription_id, user_id)
    return None if holds_course else CourseNotInSubscriptionError(subscription_id, course_id)


def check_happened(changed: Mapping[str, Any], *, now: int) -> list[NotYetHappenedError]:
    """Refuse each new time of something that has happened and lies more than a day ahead (T4)."""
    # A caller who gives a day may be up to fourteen hours before UTC.
    times = ((field, changed.get(field)) for field in ("started_at", "completed_at"))
    return [NotYetHappenedError(field) for field, at in times if at is not None and at > now + _DAY]


def check_order(*, started_at: int | None, completed_at: int | None) -> ConflictError | None:
    """Refuse a completion without a start, or on a day before it in UTC (T4)."""
    if completed_at is None:
        return None
    if started_at is None:
        return CompletedWithoutStartError()
    # Who can give days alone gives 00:00 of the day on which it was started at noon.
    return CompletedBeforeStartError() if completed_at // _DAY < started_at // _DAY else None


def check_kept(*, assignment_id: int, was_started: bool, is_started: bool, changed: Mapping[str, Any]) -> list[AssignmentStartedError]:
    """Refuse to change course and user of what has been started and stays so (T5)."""
    if not (was_started and is_started):
        return []
    return [AssignmentStartedError(assignment_id, field) for field in ("course_id", "user_id") if field in changed]


def check_deletion(*, assignment_id: int, completed_at: int | None) -> ConflictError | None:
    """Refuse to delete what has been completed (T5)."""
    return None if completed_at is None else AssignmentCompletedError(assignment_id)
