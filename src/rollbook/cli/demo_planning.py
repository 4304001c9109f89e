"""Planning the demo's classes around today, so that nobody has to be in two places at once."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from msgspec import Struct

from rollbook.classes.schedule import Meeting, first_start, last_end, overlap
from rollbook.classes.statuses import Delivery
from rollbook.cli.demo_names import name_people
from rollbook.cli.demo_program import ASKED, BRANCHES, SKETCHES, At, Branch, Sketch
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.time_zones import find_time_zone, zone_of

HALF_AN_HOUR: Final = 1_800
HALF_A_DAY: Final = 4 * 3_600
SAM: Final = "Sam Rivera"
FIRST_INSTRUCTORS: Final = ("Ivan Petrov", "Grace Okafor")


class PlannedClass(Struct, frozen=True, kw_only=True):
    """
    A class of the demo that is to be made, with everybody in it by name.

    Attributes:
        number: Its place among the planned ones.
        instructors: The first one is the primary one.
        students: By what they become; of those who cancel no status is told.
    """

    number: int
    sketch: Sketch
    meetings: tuple[Meeting, ...]
    room: str | None
    instructors: tuple[str, ...]
    students: dict[EnrollmentStatus | None, list[str]]

    @property
    def starts_at(self) -> int | None:
        """When it begins, in epoch seconds; None where it never meets."""
        return first_start(self.meetings)

    @property
    def ends_at(self) -> int | None:
        """When it is over, in epoch seconds; None where it never meets."""
        return last_end(self.meetings)


def students_of(branch: Branch) -> list[str]:
    """Give the names of a branch's students beyond those of the first four classes."""
    before = sum(each.students for each in BRANCHES[: BRANCHES.index(branch)])
    return list(name_people(before + branch.students))[before:]


def instructors_of(branch: Branch) -> list[str]:
    """Give the names of a branch's instructors."""
    return [*(FIRST_INSTRUCTORS if branch is BRANCHES[0] else ()), *branch.instructors]


def plan_classes(now: int) -> Iterator[PlannedClass]:
    """Plan the demo's classes around a moment in epoch seconds."""
    diary = _Diary()
    turns = {branch.name: _Turns(students_of(branch)) for branch in BRANCHES}
    branches = {branch.name: branch for branch in BRANCHES}
    for number, sketch in enumerate(SKETCHES):
        branch = branches[sketch.branch]
        meetings = _meetings(sketch, zone=find_time_zone(branch.time_zone).iana, now=now)

        def is_free(name: str, meetings: Sequence[Meeting] = meetings) -> bool:
            return diary.is_free(name, meetings)

        students = _students(sketch, turns[branch.name], is_free)
        plan = PlannedClass(
            number=number,
            sketch=sketch,
            meetings=meetings,
            room=_room(sketch, branch, is_free),
            instructors=_instructors(sketch, branch, diary, is_free),
            students=students,
        )
        diary.book(
            [*plan.instructors, *([plan.room] if plan.room else []), *(name for each in students.values() for name in each)], meetings
        )
        yield plan


def _meetings(sketch: Sketch, *, zone: str, now: int) -> tuple[Meeting, ...]:
    here = zone_of(zone)
    if sketch.at is At.NEVER:
        return ()
    if isinstance(sketch.at, At):
        ahead = 2 * 3_600 if sketch.at is At.SOON else -3_600
        first = datetime.fromtimestamp(now - now % HALF_AN_HOUR + ahead, here)
    else:
        first = datetime.combine(datetime.fromtimestamp(now, here).date(), time(sketch.at), here)
    # By the clocks on the wall: a class at nine is at nine on each of its days.
    starts = [int((first + timedelta(days=sketch.in_days + day)).timestamp()) for day in range(sketch.days)]
    return tuple(Meeting(starts_at=start, ends_at=start + HALF_A_DAY) for start in starts)


def _room(sketch: Sketch, branch: Branch, is_free: Callable[[str], bool]) -> str | None:
    """Give the smallest room that is free and large enough."""
    if sketch.delivery is Delivery.VIRTUAL or sketch.at is At.NEVER:
        return None
    needed = max(sketch.fill.maximum or 0, sketch.fill.enrolled + sketch.fill.audit + 2)
    rooms = sorted((capacity, name) for name, capacity in branch.rooms if capacity >= needed and is_free(name))
    return rooms[0][1]


def _instructors(sketch: Sketch, branch: Branch, diary: "_Diary", is_free: Callable[[str], bool]) -> tuple[str, ...]:
    """Give who of those that are free has taught least; longer classes have a second instructor, whether free or not."""
    least = sorted(instructors_of(branch), key=lambda name: (not is_free(name), len(diary.booked[name])))
    return tuple(least[: 2 if sketch.days > 2 else 1])


def _students(sketch: Sketch, turns: "_Turns", is_free: Callable[[str], bool]) -> dict[EnrollmentStatus | None, list[str]]:
    fill = sketch.fill
    wanted: list[tuple[EnrollmentStatus | None, int]] = [
        (None, fill.cancelling),
        (EnrollmentStatus.ENROLLED, fill.enrolled),
        (EnrollmentStatus.AUDIT, fill.audit),
        (EnrollmentStatus.APPROVED, fill.approved),
        (EnrollmentStatus.REQUESTED, fill.requested),
        (EnrollmentStatus.WAITLISTED, fill.waitlisted),
        (EnrollmentStatus.DENIED, fill.denied),
    ]
    students = {status: [turns.take(is_free) for _ in range(count)] for status, count in wanted}
    if sketch.sam is not None:
        students[sketch.sam].append(SAM)
    return students


def needs_approval(sketch: Sketch) -> bool:
    """Tell whether students have to ask before they enter a class."""
    return sketch.fill is ASKED


class _Diary:
    """Who, and which room, is taken when."""

    def __init__(self) -> None:
        self.booked: dict[str, list[Meeting]] = defaultdict(list)

    def is_free(self, name: str, meetings: Sequence[Meeting]) -> bool:
        return not any(overlap(one, other) for one in self.booked[name] for other in meetings)

    def book(self, names: Sequence[str], meetings: Sequence[Meeting]) -> None:
        for name in names:
            self.booked[name].extend(meetings)


class _Turns:
    """Students, who take turns in going to classes."""

    def __init__(self, names: Sequence[str]) -> None:
        self._line = list(names)

    def take(self, is_free: Callable[[str], bool]) -> str:
        """Give the next one who is free; who has had a turn goes to the end of the line."""
        name = next(name for name in self._line if is_free(name))
        self._line.remove(name)
        self._line.append(name)
        return name
