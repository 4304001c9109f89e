"""In which state a class is, and how it is delivered. The numbers are the TMS's."""

from enum import IntEnum


class ClassStatus(IntEnum):
    """How firmly a class is going to happen."""

    SCHEDULED = 0
    GUARANTEED_TO_RUN = 1
    CANCELLED = 2
    RESCHEDULED = 3
    TENTATIVE = 4
    REQUESTED = 5
    DENIED = 6
    COMPLETED = 7

    @property
    def is_off(self) -> bool:
        """The class does not happen: no one enters it (S3), and its meetings occupy no room and no one (P2, C1)."""
        return self in OFF


class Delivery(IntEnum):
    """Where the students of a class can be."""

    PHYSICAL = 1
    VIRTUAL = 2
    MIXED = 3


OFF = (ClassStatus.CANCELLED, ClassStatus.DENIED)
