"""What the demo's training center offers besides its first four classes: branches, rooms, courses, and 56 classes around today."""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from msgspec import Struct

from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.enrollments.statuses import EnrollmentStatus

HEAD: Final = "Harborview Training Center"
WEST: Final = "Harborview West"
EUROPE: Final = "Harborview Europe"


class Branch(Struct, frozen=True, kw_only=True):
    """
    An organization of the demo, with who and what belongs to it.

    Attributes:
        time_zone: Its Windows zone id.
        rooms: The rooms that the classes here are planned into, by name and capacity.
        students: How many there are beyond those of the first four classes.
    """

    name: str
    time_zone: str
    city: str
    preferences: Sequence[tuple[str, str]]
    rooms: Sequence[tuple[str, int]]
    companies: Sequence[str]
    instructors: Sequence[str]
    courses: Sequence[tuple[str, str, int]]
    students: int


BRANCHES: Final = (
    Branch(
        name=HEAD,
        time_zone="Eastern Standard Time",
        city="Portland",
        preferences=[("late_cancel_days", "5"), ("late_cancel_warning", "Whoever cancels this late is charged half of the fee.")],
        rooms=[("Lighthouse Hall", 24), ("Pier Room", 16), ("Chart Room", 14), ("Dock Lab", 12)],
        companies=["Casco Shipyard", "Bluefin Foods"],
        instructors=["Marguerite Oyelaran", "Hiro Tanaka"],
        courses=[
            ("Project Management Basics", "Plan, estimate and lead a small project.", 960),
            ("Crane Signals", "Hand signals and radio for lifts on the quay.", 240),
        ],
        students=175,
    ),
    Branch(
        name=WEST,
        time_zone="Pacific Standard Time",
        city="Oakland",
        preferences=[("default_maximum", "16")],
        rooms=[("Redwood", 20), ("Sequoia", 16), ("Bay Lab", 12)],
        companies=["Golden Gate Logistics", "Mission Robotics"],
        instructors=["Dolores Huang", "Tevita Faleolo", "Ruth Abrams"],
        courses=[
            ("Cloud Administration", "Accounts, networks and backups in a public cloud.", 1_440),
            ("Python for Analysts", "From a spreadsheet to a script that others can run.", 960),
            ("Conflict Resolution", "Talking before it is too late.", 480),
        ],
        students=100,
    ),
    Branch(
        name=EUROPE,
        time_zone="W. Europe Standard Time",
        city="Hamburg",
        preferences=[("waitlist_promotion", "always")],
        rooms=[("Speicher", 24), ("Alster", 16), ("Elbe", 12)],
        companies=["Nordlicht Energie", "Hansa Kontor"],
        instructors=["Friederike Sommer", "Pavel Dvořák", "Lucía Ortega"],
        courses=[
            ("Data Protection", "What the law asks of everybody who handles personal data.", 240),
            ("Electrical Safety", "Working on installations up to 1,000 V.", 960),
            ("Train the Trainer", "How adults learn, and how to help them to.", 1_440),
        ],
        students=100,
    ),
)


class Fill(Struct, frozen=True, kw_only=True):
    """
    How many students a class has in which status.

    Attributes:
        cancelling: Who was Enrolled before, and cancelled.
    """

    minimum: int | None = None
    maximum: int | None = None
    enrolled: int = 0
    audit: int = 0
    approved: int = 0
    requested: int = 0
    waitlisted: int = 0
    denied: int = 0
    cancelling: int = 0


USUAL: Final = Fill(minimum=4, maximum=10, enrolled=7, audit=1, cancelling=1)
FULL: Final = Fill(minimum=4, maximum=8, enrolled=8, audit=1, waitlisted=3, cancelling=1)
BIG: Final = Fill(minimum=8, maximum=18, enrolled=15, audit=1, requested=1, denied=1, cancelling=2)
SPARSE: Final = Fill(minimum=6, maximum=12, enrolled=2, requested=1)
ASKED: Final = Fill(minimum=3, maximum=10, enrolled=3, approved=2, requested=4, denied=1)
EMPTY: Final = Fill(minimum=4, maximum=12)
HOPED: Final = Fill(minimum=6, maximum=12, requested=3)


class At(Enum):
    """When a class meets on its days, besides a given hour."""

    NOW = "in progress"
    SOON = "in two hours"
    NEVER = "without meetings"


class Sketch(Struct, frozen=True):
    """
    A class of the demo in a few strokes.

    Attributes:
        branch: Whose it is.
        course: Which of the branch's courses, by its name.
        in_days: On which day it begins, counted from today.
        days: On how many days in a row it meets, half a day each.
        at: The hour at which it begins by the clocks of its branch.
        to: What becomes of it after it was made: off, completed, moved; or its status from the start.
        offered: Whether it is public, and students may enroll themselves; with an approval where ``fill`` is asked for.
        sam: What Sam Rivera is in it, besides.
    """

    branch: str
    course: str
    in_days: int
    days: int
    at: int | At
    delivery: Delivery
    fill: Fill
    to: ClassStatus = ClassStatus.SCHEDULED
    offered: bool = False
    sam: EnrollmentStatus | None = None


PHYSICAL, VIRTUAL, MIXED = Delivery.PHYSICAL, Delivery.VIRTUAL, Delivery.MIXED
SURE, OFF, MOVED = ClassStatus.GUARANTEED_TO_RUN, ClassStatus.CANCELLED, ClassStatus.RESCHEDULED
MAYBE, WANTED, REFUSED, DONE = ClassStatus.TENTATIVE, ClassStatus.REQUESTED, ClassStatus.DENIED, ClassStatus.COMPLETED
ENROLLED, WAITLISTED = EnrollmentStatus.ENROLLED, EnrollmentStatus.WAITLISTED

FIRST_AID, FORKLIFT, NETWORKS, FIRE = "First Aid at Work", "Forklift Operation", "Network Fundamentals", "Fire Safety"
PROJECTS, CRANES = "Project Management Basics", "Crane Signals"
CLOUD, PYTHON, CONFLICT = "Cloud Administration", "Python for Analysts", "Conflict Resolution"
DATA, ELECTRICAL, TRAINER = "Data Protection", "Electrical Safety", "Train the Trainer"

SKETCHES: Final = (
    # What is over.
    Sketch(HEAD, FIRST_AID, -75, 2, 9, PHYSICAL, BIG, DONE, sam=ENROLLED),
    Sketch(HEAD, FORKLIFT, -61, 1, 9, PHYSICAL, USUAL, DONE),
    Sketch(HEAD, PROJECTS, -47, 3, 13, PHYSICAL, USUAL, DONE),
    Sketch(HEAD, NETWORKS, -33, 3, 9, VIRTUAL, USUAL, DONE, sam=ENROLLED),
    Sketch(HEAD, CRANES, -26, 1, 8, PHYSICAL, FULL, DONE),
    Sketch(HEAD, FIRE, -12, 1, 9, PHYSICAL, SPARSE, OFF),
    Sketch(HEAD, FIRE, -5, 1, 9, PHYSICAL, USUAL),
    Sketch(HEAD, PROJECTS, -3, 2, 13, MIXED, BIG, SURE),
    Sketch(WEST, CLOUD, -54, 3, 9, VIRTUAL, USUAL, DONE),
    Sketch(WEST, PYTHON, -40, 2, 9, PHYSICAL, FULL, DONE),
    Sketch(WEST, CONFLICT, -19, 1, 13, PHYSICAL, USUAL, DONE),
    Sketch(WEST, PYTHON, -4, 2, 9, MIXED, USUAL, SURE),
    Sketch(EUROPE, DATA, -68, 1, 9, VIRTUAL, BIG, DONE),
    Sketch(EUROPE, ELECTRICAL, -45, 2, 8, PHYSICAL, USUAL, DONE),
    Sketch(EUROPE, TRAINER, -24, 3, 9, PHYSICAL, USUAL, DONE),
    Sketch(EUROPE, DATA, -6, 1, 14, VIRTUAL, SPARSE, MOVED),
    # What is on today.
    Sketch(HEAD, CRANES, 0, 1, At.NOW, PHYSICAL, USUAL, SURE),
    Sketch(HEAD, PROJECTS, -1, 3, At.NOW, PHYSICAL, BIG, SURE, sam=ENROLLED),
    Sketch(HEAD, NETWORKS, 0, 2, At.NOW, VIRTUAL, USUAL),
    Sketch(HEAD, FIRE, 0, 1, At.SOON, PHYSICAL, FULL, SURE),
    Sketch(WEST, PYTHON, 0, 2, At.NOW, MIXED, BIG),
    Sketch(WEST, CONFLICT, -1, 2, At.NOW, PHYSICAL, USUAL, SURE),
    Sketch(WEST, CLOUD, 0, 3, At.SOON, VIRTUAL, SPARSE),
    Sketch(EUROPE, ELECTRICAL, -1, 3, At.NOW, PHYSICAL, FULL, SURE),
    Sketch(EUROPE, DATA, 0, 1, At.NOW, VIRTUAL, BIG),
    Sketch(EUROPE, TRAINER, 0, 2, At.SOON, PHYSICAL, USUAL),
    # What is to come.
    Sketch(HEAD, FIRE, 2, 1, 9, PHYSICAL, SPARSE),
    Sketch(HEAD, FORKLIFT, 3, 1, 9, PHYSICAL, FULL, SURE, offered=True, sam=WAITLISTED),
    Sketch(HEAD, CRANES, 4, 1, 8, PHYSICAL, USUAL, offered=True),
    Sketch(HEAD, FIRST_AID, 10, 2, 9, MIXED, ASKED, offered=True),
    Sketch(HEAD, PROJECTS, 12, 3, 13, PHYSICAL, BIG, MOVED),
    Sketch(HEAD, NETWORKS, 16, 3, 9, VIRTUAL, EMPTY, offered=True),
    Sketch(HEAD, CRANES, 18, 1, 8, PHYSICAL, HOPED, WANTED),
    Sketch(HEAD, FORKLIFT, 21, 1, 9, PHYSICAL, SPARSE, MAYBE),
    Sketch(HEAD, FIRE, 24, 1, 9, PHYSICAL, USUAL, OFF),
    Sketch(HEAD, FIRST_AID, 31, 2, 9, PHYSICAL, HOPED, REFUSED),
    Sketch(HEAD, PROJECTS, 45, 3, 13, MIXED, ASKED, offered=True),
    Sketch(HEAD, CRANES, 70, 1, 8, PHYSICAL, EMPTY, offered=True),
    Sketch(WEST, CLOUD, 5, 3, 9, VIRTUAL, FULL, SURE),
    Sketch(WEST, PYTHON, 8, 2, 9, PHYSICAL, SPARSE, offered=True),
    Sketch(WEST, CONFLICT, 11, 1, 13, PHYSICAL, ASKED, offered=True),
    Sketch(WEST, CLOUD, 17, 3, 9, MIXED, USUAL, MOVED),
    Sketch(WEST, PYTHON, 22, 2, 9, PHYSICAL, SPARSE, MAYBE),
    Sketch(WEST, CONFLICT, 29, 1, 13, VIRTUAL, USUAL, OFF),
    Sketch(WEST, CLOUD, 36, 3, 9, VIRTUAL, HOPED, WANTED),
    Sketch(WEST, PYTHON, 52, 2, 9, PHYSICAL, EMPTY, offered=True),
    Sketch(WEST, CONFLICT, 0, 0, At.NEVER, PHYSICAL, HOPED, MAYBE),
    Sketch(EUROPE, DATA, 3, 1, 9, VIRTUAL, BIG, SURE, offered=True),
    Sketch(EUROPE, ELECTRICAL, 6, 2, 8, PHYSICAL, FULL, SURE),
    Sketch(EUROPE, TRAINER, 13, 3, 9, PHYSICAL, ASKED, offered=True),
    Sketch(EUROPE, DATA, 15, 1, 14, VIRTUAL, SPARSE),
    Sketch(EUROPE, ELECTRICAL, 20, 2, 8, PHYSICAL, USUAL, MAYBE),
    Sketch(EUROPE, TRAINER, 27, 3, 9, MIXED, HOPED, REFUSED),
    Sketch(EUROPE, DATA, 34, 1, 9, VIRTUAL, SPARSE, OFF),
    Sketch(EUROPE, ELECTRICAL, 41, 2, 8, PHYSICAL, FULL, offered=True),
    Sketch(EUROPE, TRAINER, 62, 3, 9, PHYSICAL, EMPTY, offered=True),
)
