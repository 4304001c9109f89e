"""What kinds of activities a course consists of, and to whom one is available."""

import enum
from typing import Final


class ActivityType(enum.IntEnum):
    """A kind of activity. The TMS documents the number of a lab alone; the others begin at 100, so that no number means two things."""

    LAB = 4
    SECTION = 100
    VIDEO = 110
    DOCUMENT = 120
    EXTERNAL_LINK = 130
    ASSESSMENT = 140
    SCORM_MODULE = 150
    LTI_RESOURCE_LINK = 160
    LEARN_ITEM = 170


EXTERNAL: Final = frozenset({ActivityType.VIDEO, ActivityType.DOCUMENT, ActivityType.EXTERNAL_LINK, ActivityType.LEARN_ITEM})
"""What is opened at an address and asks nothing more of whoever opens it."""


class Availability(enum.IntEnum):
    """Who may open an activity."""

    EVERYONE = 0
    INSTRUCTORS = 10
