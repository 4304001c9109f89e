"""A section of the registration season: what its students do, so that its numbers become those of the data."""

import random
from collections.abc import Sequence

from benchmarks.caller import Caller
from benchmarks.enrolling import CANCELLED, ENROLLED, WAITLISTED, count

Enrollment = tuple[int, int]
"""The id of an enrollment and of its student."""


class ReplayError(Exception):
    """The server's state is not the one of the data."""


class Section:
    """
    A class, and who is in it in which status.

    Attributes:
        rows: What is still to happen: time, enrolled, waitlisted, places.
    """

    def __init__(
        self,
        name: str,
        caller: Caller,
        *,
        class_id: int,
        course_id: int,
        maximum: int,
        students: Sequence[int],
        rows: Sequence[Sequence[int]],
    ) -> None:
        self.rows = list(rows)
        self._name = name
        self._caller = caller
        self._class_id = class_id
        self._course_id = course_id
        self._maximum = maximum
        self._strangers = list(reversed(students))
        self._enrolled: list[Enrollment] = []
        self._waitlisted: list[Enrollment] = []
        self._cancelled: list[Enrollment] = []
        self._random = random.Random(name)
        self._numbers = (0, 0)

    async def replay_until(self, moment: int) -> None:
        """Let everything happen that happened up to a time."""
        while self.rows and self.rows[0][0] <= moment:
            _, enrolled, waitlisted, places = self.rows.pop(0)
            await self._become(enrolled=enrolled, waitlisted=waitlisted, places=places)
            self._numbers = (enrolled, waitlisted)

    async def check(self) -> None:
        """
        Compare what the server counts with what the data says.

        Raises:
            ReplayError: They differ.
        """
        enrolled, waitlisted = self._numbers
        for status, expected in ((ENROLLED, enrolled), (WAITLISTED, waitlisted), (CANCELLED, len(self._cancelled))):
            counted = await count(self._caller, class_id=self._class_id, status=status)
            if counted != expected:
                raise ReplayError(f"{self._name}: {counted} enrollments of status {status}, where the data has {expected}")

    async def _become(self, *, enrolled: int, waitlisted: int, places: int) -> None:
        """Raise the maximum, cancel, enroll, waitlist, lower the maximum; whoever leaves the waitlist as another enrolls is the same student."""
        if places > self._maximum:
            await self._set_maximum(places)
        while len(self._enrolled) > enrolled:
            await self._cancel(self._enrolled.pop(self._random.randrange(len(self._enrolled))))
        while len(self._waitlisted) > waitlisted and len(self._enrolled) < enrolled:
            self._enrolled.append(await self._change(self._waitlisted.pop(0), ENROLLED))
        while len(self._waitlisted) > waitlisted:
            await self._cancel(self._waitlisted.pop(self._random.randrange(len(self._waitlisted))))
        while len(self._enrolled) < enrolled:
            self._enrolled.append(await self._create(ENROLLED))
        while len(self._waitlisted) < waitlisted:
            self._waitlisted.append(await self._create(WAITLISTED))
        if places < self._maximum:
            await self._set_maximum(places)

    async def _set_maximum(self, places: int) -> None:
        await self._caller.do(f"UpdateClass/{self._class_id}", CourseId=self._course_id, MaxStudents=places)
        self._maximum = places

    async def _create(self, status: int) -> Enrollment:
        """Enroll or waitlist a new student, or, when there is none left, whoever cancelled first, whose enrollment is opened again."""
        former = None if self._strangers else self._cancelled.pop(0)
        student = former[1] if former else self._strangers.pop()
        created = await self._caller.do(
            "CreateClassEnrollment", classId=self._class_id, userId=student, enrollmentStatusId=status, completionStatusId=0
        )
        enrollment = (created["ClassEnrollmentId"], student)
        if former and enrollment != former:
            raise ReplayError(f"{self._name}: enrollment {former[0]} was not opened again, but {enrollment[0]} created")
        return enrollment

    async def _cancel(self, enrollment: Enrollment) -> None:
        self._cancelled.append(await self._change(enrollment, CANCELLED))

    async def _change(self, enrollment: Enrollment, status: int) -> Enrollment:
        enrollment_id, student = enrollment
        await self._caller.do(
            f"UpdateClassEnrollment/{enrollment_id}",
            classId=self._class_id,
            userId=student,
            enrollmentStatusId=status,
            completionStatusId=0,
        )
        return enrollment
