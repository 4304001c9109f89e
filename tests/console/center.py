"""A training center with something on every page, somebody in every role, and script in every text; beside it another one, to be kept out of."""

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from rollbook import clock
from rollbook.classes.statuses import Delivery
from rollbook.custom_fields.values import Subject
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.time_zones import TimeZone, find_time_zone
from rollbook.sessions.actions.links import make_password_link
from rollbook.sessions.actions.sessions import begin_session
from rollbook.sessions.queries.credentials import get_credentials_of
from tests.cast import (
    DAY,
    HOUR,
    TESTS,
    Cast,
    add_class,
    add_company,
    add_course,
    add_organization,
    add_room,
    add_user,
    enroll,
    gather,
    meeting,
)
from tests.custom_fields import add_field

HOSTILE: Final = "<script>window.hit=1</script>\"'><img src=x onerror=window.hit=1>{{7*7}}\N{RIGHT-TO-LEFT OVERRIDE}txet"
"""What a page must show as text, and in no other way."""

ELSEWHERE: Final = "Fabrikamonly"
"""What every text of the other training center begins with."""


class Role(enum.StrEnum):
    """Who comes, by their role and by what they have to do with the class."""

    NOBODY = "nobody"
    STUDENT = "student"
    INSTRUCTOR = "instructor of the class"
    OTHER_INSTRUCTOR = "instructor of another class"
    DESK = "enrollment manager"
    COORDINATOR = "operations manager"
    ADMINISTRATOR = "administrator"
    COMPANY_MANAGER = "company training manager"
    FOREIGNER = "operations manager of another organization"


ROLE_IDS: Final[Mapping[Role, int]] = {
    Role.STUDENT: 1,
    Role.INSTRUCTOR: 2,
    Role.OTHER_INSTRUCTOR: 2,
    Role.DESK: 10,
    Role.COORDINATOR: 20,
    Role.ADMINISTRATOR: 30,
    Role.COMPANY_MANAGER: 11,
    Role.FOREIGNER: 20,
}
MANAGING: Final = (Role.DESK, Role.COORDINATOR, Role.ADMINISTRATOR, Role.FOREIGNER)


class Center(Struct, frozen=True):
    """
    What is there.

    Attributes:
        people: Who comes in each role, by their ids.
        secrets: The secrets of their sessions.
        own: What the names in an address stand for; everyone of the center may reach it, if their role does.
        foreign: The same in the other training center.
        waiting_id: The student's enrollment in the class to come.
        coming_class_id: A public class to come that is full, with students who wait and ask.
        open_class_id: A public class to come with free places.
        past_class_id: A class that is over.
        password_link: The token of a link with which the student may set a password.
    """

    people: dict[Role, int]
    secrets: dict[Role, str]
    own: dict[str, int]
    foreign: dict[str, int]
    waiting_id: int
    coming_class_id: int
    open_class_id: int
    past_class_id: int
    password_link: str


def zone_of_noon(now: int) -> TimeZone:
    """Give a time zone in which the day is neither young nor old, whenever the tests run: what is on today stays so."""
    zones = ("Pacific/Honolulu", "America/Chicago", "America/Sao_Paulo", "Africa/Nairobi", "Asia/Dhaka", "Asia/Tokyo", "Pacific/Auckland")
    return find_time_zone(min(zones, key=lambda zone: abs(datetime.fromtimestamp(now, ZoneInfo(zone)).hour - 11)))


def text(name: str, longest: int = 150) -> str:
    """Give a text of that name, as long as it may be, which tries to be more than a text."""
    return f"{name} {HOSTILE} {'Long' * 100}"[:longest]


async def build_center(database: Database) -> Center:
    """Make both training centers, and sign everyone in."""
    cast = await gather(database)
    ours, theirs = cast.organization_id, cast.other_organization_id
    await add_organization(database, text("Branch"), parent_id=ours)
    company_id = await add_company(database, text("Company"), organization_id=ours)
    second_id = await add_organization(database, "Second house")
    people: dict[Role, int] = {}
    for role, role_id in ROLE_IDS.items():
        organization_id = theirs if role is Role.FOREIGNER else ours
        people[role] = await add_user(
            database,
            role.name.title(),
            organization_id=organization_id,
            role_ids=(role_id,),
            managed_organization_ids=(
                *((organization_id,) if role in MANAGING else ()),
                *((second_id,) if role is Role.ADMINISTRATOR else ()),
            ),
            company_id=company_id if role in {Role.STUDENT, Role.COMPANY_MANAGER} else None,
            **_said_of_a_user() if role is Role.STUDENT else {},
        )
    own, waiting_id, coming, open_class, past = await _furnish(database, cast, people, company_id=company_id)
    foreign = await _furnish_elsewhere(database, cast, people[Role.FOREIGNER])
    secrets = {role: await database.write(_sign_in, user_id=user_id) for role, user_id in people.items()}
    return Center(
        people=people,
        secrets=secrets,
        own=own,
        foreign=foreign,
        waiting_id=waiting_id,
        coming_class_id=coming,
        open_class_id=open_class,
        past_class_id=past,
        password_link=await database.write(make_password_link, actor=TESTS, user_id=people[Role.STUDENT]),
    )


async def _furnish(
    database: Database, cast: Cast, people: Mapping[Role, int], *, company_id: int
) -> tuple[dict[str, int], int, int, int, int]:
    """Give the training center courses, rooms, classes, and students in every status."""
    for subject in (Subject.CLASS, Subject.COURSE, Subject.USER):
        await add_field(database, cast, subject=subject, name=text("Field"), description=text("About the field"))
    course_id = await add_course(
        database,
        cast,
        name=text("Course"),
        description=text("Of the course", 800),
        html_description=f"<p>{HOSTILE}</p>",
        external_id=text("C1"),
    )
    room_id = await add_room(
        database, cast, name=text("Room"), capacity=12, description=text("Of the room", 800), address1=text("Street"), city=text("City", 80)
    )
    now = clock.now()
    shared: dict[str, Any] = {
        "course_id": course_id,
        "delivery": Delivery.MIXED,
        "description": text("Of the class", 800),
        "note": text("Note of the class", 800),
        "classroom_ids": (room_id,),
        "time_zone": zone_of_noon(now),
        "is_public": True,
        "allow_self_enrollment": True,
        "custom_virtual_classroom_url": "https://meet.example.com/room",
    }
    teaching = {"instructor_ids": (people[Role.INSTRUCTOR],)}
    today = await add_class(
        database,
        cast,
        **shared | teaching,
        name=text("Today"),
        minimum=2,
        maximum=6,
        company_id=company_id,
        meetings=(meeting(now - HOUR // 2, hours=2), meeting(now + DAY, hours=2)),
    )
    coming = await add_class(
        database,
        cast,
        **shared | teaching,
        name=text("Coming"),
        maximum=2,
        meetings=(meeting(now + 5 * DAY, hours=3),),
        requires_approval=False,
    )
    open_class = await add_class(
        database,
        cast,
        **shared | {"instructor_ids": (people[Role.OTHER_INSTRUCTOR],)},
        name=text("Open"),
        maximum=10,
        meetings=(meeting(now + 9 * DAY, hours=3),),
    )
    past = await add_class(database, cast, **shared, name=text("Past"), meetings=(meeting(now - 5 * DAY, hours=3),))
    students = [
        await add_user(
            database, f"student{number}", organization_id=cast.organization_id, role_ids=(1,), company_id=company_id, **_said_of_a_user()
        )
        for number in range(6)
    ]
    note = text("Note of the enrollment", 800)
    for student, status in zip(students, EnrollmentStatus, strict=False):
        await enroll(database, class_id=today, user_id=student, status=status, note=note)
    student_id = people[Role.STUDENT]
    own_enrollment_id = await enroll(
        database, class_id=today, user_id=student_id, note=note, location=LocationType.CLASSROOM, classroom_id=room_id
    )
    await enroll(database, class_id=past, user_id=student_id, note=note)
    for student in students[:2]:
        await enroll(database, class_id=coming, user_id=student)
    waiting = EnrollmentStatus.WAITLISTED
    await enroll(database, class_id=coming, user_id=students[2], status=waiting, note=note)
    waiting_id = await enroll(database, class_id=coming, user_id=student_id, status=waiting, note=note)
    await enroll(database, class_id=coming, user_id=students[3], status=EnrollmentStatus.REQUESTED)
    own = {
        "class_id": today,
        "enrollment_id": own_enrollment_id,
        "user_id": student_id,
        "person_id": student_id,
        "course_id": course_id,
        "classroom_id": room_id,
        "company_id": company_id,
    }
    return own, waiting_id, coming, open_class, past


async def _furnish_elsewhere(database: Database, cast: Cast, foreigner_id: int) -> dict[str, int]:
    """Give the other training center one thing of each kind."""
    own: dict[str, Any] = {"organization_id": cast.other_organization_id}
    course_id = await add_course(database, cast, **own, name=f"{ELSEWHERE} course")
    room_id = await add_room(database, cast, **own, name=f"{ELSEWHERE} room")
    user_id = await add_user(database, ELSEWHERE, **own)
    class_id = await add_class(
        database,
        cast,
        **own,
        course_id=course_id,
        name=f"{ELSEWHERE} class",
        instructor_ids=(foreigner_id,),
        is_public=True,
        allow_self_enrollment=True,
        meetings=(meeting(clock.now() + HOUR, hours=2),),
    )
    return {
        "class_id": class_id,
        "enrollment_id": await enroll(database, class_id=class_id, user_id=user_id),
        "user_id": user_id,
        "person_id": user_id,
        "course_id": course_id,
        "classroom_id": room_id,
        "company_id": await add_company(database, f"{ELSEWHERE} company", **own),
    }


def _said_of_a_user() -> dict[str, str]:
    return {
        "last_name": text("Rivera"),
        "title": text("Title"),
        "note": text("Note of the user", 800),
        "phone": text("555", 50),
        "city": text("City", 80),
    }


async def _sign_in(transaction: Transaction, *, user_id: int) -> str:
    user = await get_credentials_of(transaction, user_id=user_id)
    return (await begin_session(transaction, user=user, with_password=True, address=None, user_agent=None)).secret
