"""How far a student has come with a course that was assigned, and what the assignment came through."""

from enum import IntEnum


class Progress(IntEnum):
    """How far a student has come."""

    NOT_STARTED = 0
    INCOMPLETE = 1
    COMPLETE = 2


class Payment(IntEnum):
    """What an assignment came through that was paid for."""

    SUBSCRIPTION = 0
    TRAINING_KEY = 1


def progress_of(*, started_at: int | None, completed_at: int | None) -> Progress:
    """Give how far a student has come, by what has happened."""
    if completed_at is not None:
        return Progress.COMPLETE
    return Progress.NOT_STARTED if started_at is None else Progress.INCOMPLETE


def payment_of(*, subscription_id: int | None, training_key_id: int | None) -> Payment | None:
    """Give what an assignment came through: its subscription, or the training key that was redeemed for that one; None for neither."""
    if subscription_id is None:
        return None
    return Payment.SUBSCRIPTION if training_key_id is None else Payment.TRAINING_KEY
