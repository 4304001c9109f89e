"""What benchmarks set up and count through the TMS API before and after they enroll."""

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec

from benchmarks.caller import Caller

ENROLLED: Final = 60
WAITLISTED: Final = 20
CANCELLED: Final = 10

FIRST_START: Final = 2_000_000_000
HOUR: Final = 3_600


async def create_students(caller: Caller, number: int) -> list[int]:
    """Create so many students and give their ids."""

    async def create(name: str) -> int:
        answer = await caller.do("CreateUser", UserName=name, Email=f"{name}@example.com", FirstName="Sam", LastName=name)
        user_id: int = answer["UserId"]
        return user_id

    return await asyncio.gather(*(create(f"student{number}") for number in range(1, number + 1)))


async def create_course(caller: Caller) -> int:
    """Create a course and give its id."""
    course_id: int = (await caller.do("CreateCourse", Name="Welding"))["CourseId"]
    return course_id


async def create_class(caller: Caller, *, course_id: int, starts_at: int, hours: int = 1, **others: object) -> int:
    """Create a class with one meeting and give its id."""
    meetings = msgspec.json.encode([{"Start": starts_at, "End": starts_at + hours * HOUR}]).decode()
    class_id: int = (await caller.do("CreateClass", CourseId=course_id, ClassMeetings=meetings, **others))["ClassId"]
    return class_id


async def count(caller: Caller, *, class_id: int, status: int) -> int:
    """Give how many enrollments of a class have a status."""
    answer = await caller.do("SearchClassEnrollments", classId=class_id, enrollmentStatusId=status, pageSize=1)
    total: int = answer["TotalCount"]
    return total


async def count_all(caller: Caller, *, class_ids: Sequence[int], status: int) -> int:
    """Give how many enrollments of several classes have a status."""
    return sum(await asyncio.gather(*(count(caller, class_id=class_id, status=status) for class_id in class_ids)))
