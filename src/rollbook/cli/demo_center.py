"""The demo training center: what the call to try needs first, and under the ids that it names, then everything else."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from rollbook.access.actor import Actor, system
from rollbook.access.roles import STUDENT
from rollbook.classes.actions.create import NewClass, create_class
from rollbook.classes.schedule import Meeting
from rollbook.classes.statuses import Delivery
from rollbook.classrooms.actions import NewClassroom, create_classroom
from rollbook.cli.demo_filling import INSTRUCTOR, SELF_ENROLLMENT, Beginning, email_of, fill_center
from rollbook.cli.demo_planning import FIRST_INSTRUCTORS, SAM
from rollbook.courses.actions.course_details import NewCourse
from rollbook.courses.actions.courses import create_course
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.actions.create import NewEnrollment, create
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.actions.keys import create_key
from rollbook.organizations.actions.organization_details import NewOrganization
from rollbook.organizations.actions.organizations import create_organization
from rollbook.organizations.time_zones import find_time_zone
from rollbook.people.actions.companies import NewCompany, create_company
from rollbook.people.actions.user_details import NewUser
from rollbook.people.actions.users import create_user

TO_TRY: Final = "demo-request"
"""The external id of the enrollment that the call to try confirms."""

SIGNING_IN: Final = (SAM, FIRST_INSTRUCTORS[0])
"""Who of the people of the first classes has a password."""

DAY: Final = 86_400
NINE_IN_THE_MORNING: Final = 14 * 3_600
HALF_A_DAY: Final = 4 * 3_600

STUDENTS: Final = (
    *("Sam Rivera", "Mia Chen", "Noah Schmidt", "Ava Rossi", "Liam Murphy", "Zoe Dubois"),
    *("Omar Haddad", "Ella Novak", "Ben Carter", "Ines Silva", "Raj Patel", "Lena Fischer"),
)


class Room(msgspec.Struct, frozen=True):
    """A room of the demo."""

    name: str
    capacity: int


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """
    A class of the demo.

    Attributes:
        course: The name of its course, which is its name too.
        in_days: How many days from now it begins.
        days: On how many days in a row it meets.
        room: Its room; None for one that meets online.
        enrolled: By the names of the students, who comes in with which status, one after the other.
    """

    course: str
    in_days: int
    days: int
    room: str | None
    maximum: int
    instructor: str
    enrolled: Sequence[tuple[str, EnrollmentStatus]]


ROOMS: Final = (Room("Harbor Room", 12), Room("Workshop", 4))
COURSES: Final = ("First Aid at Work", "Forklift Operation", "Network Fundamentals", "Fire Safety")
CLASSES: Final = (
    Delivered(
        course="First Aid at Work",
        in_days=7,
        days=2,
        room="Harbor Room",
        maximum=10,
        instructor="Ivan Petrov",
        enrolled=[
            *((name, EnrollmentStatus.ENROLLED) for name in STUDENTS[:6]),
            ("Omar Haddad", EnrollmentStatus.AUDIT),
            ("Ella Novak", EnrollmentStatus.APPROVED),
            ("Ben Carter", EnrollmentStatus.DENIED),
        ],
    ),
    Delivered(
        course="Forklift Operation",
        in_days=14,
        days=1,
        room="Workshop",
        maximum=3,
        instructor="Grace Okafor",
        enrolled=[
            *((name, EnrollmentStatus.ENROLLED) for name in STUDENTS[6:9]),
            ("Ines Silva", EnrollmentStatus.WAITLISTED),
            ("Raj Patel", EnrollmentStatus.WAITLISTED),
            ("Lena Fischer", EnrollmentStatus.CANCELLED),
        ],
    ),
    Delivered(
        course="Network Fundamentals",
        in_days=30,
        days=3,
        room=None,
        maximum=20,
        instructor="Grace Okafor",
        enrolled=[("Mia Chen", EnrollmentStatus.ENROLLED), ("Raj Patel", EnrollmentStatus.REQUESTED)],
    ),
    Delivered(
        course="Fire Safety",
        in_days=60,
        days=1,
        room="Harbor Room",
        maximum=12,
        instructor="Ivan Petrov",
        enrolled=[("Noah Schmidt", EnrollmentStatus.ENROLLED)],
    ),
)
"""The last one has the place that the call to try takes."""


async def make_center(database: Database, *, key_hash: str, password_hash: str, on_step: Callable[[], None] = lambda: None) -> int:
    """
    Make a demo training center whose API key, and whose users' password, have these hashes, and give the id of its organization.

    That takes several short transactions, so that a running server goes on beside it.
    """
    actor = system("demo")
    organization_id = await database.write(
        create_organization,
        actor=actor,
        organization=NewOrganization(name="Harborview Training Center", parent_id=None, time_zone=find_time_zone("Eastern Standard Time")),
    )
    people = await database.write(_create_people, actor=actor, organization_id=organization_id, password_hash=password_hash)
    courses = await database.write(_create_courses, actor=actor, organization_id=organization_id)
    rooms = await database.write(_create_rooms, actor=actor, organization_id=organization_id)
    class_id = 0
    for delivered in CLASSES:
        class_id = await database.write(
            _deliver, actor=actor, organization_id=organization_id, delivered=delivered, people=people, courses=courses, rooms=rooms
        )
        await database.write(_enroll, actor=actor, class_id=class_id, delivered=delivered, people=people)
    to_try = NewEnrollment(class_id=class_id, user_id=people[STUDENTS[0]], status=EnrollmentStatus.REQUESTED, external_id=TO_TRY)
    await database.write(create, actor=actor, wanted=to_try)
    await database.write(create_key, actor=actor, organization_id=organization_id, name="Demo", key_hash=key_hash)
    beginning = Beginning(organization_id=organization_id, people=people, courses=courses)
    await fill_center(database, actor=actor, beginning=beginning, password_hash=password_hash, on_step=on_step)
    return organization_id


async def _create_people(transaction: Transaction, *, actor: Actor, organization_id: int, password_hash: str) -> Mapping[str, int]:
    """Create a company, and everybody of the first classes; give the ids of everybody by name."""
    freight = NewCompany(organization_id=organization_id, name="Northwind Freight")
    company_id = await create_company(transaction, actor=actor, company=freight)
    ids = {}
    for number, name in enumerate((*FIRST_INSTRUCTORS, *STUDENTS)):
        first_name, _, last_name = name.partition(" ")
        email = email_of(name, organization_id=organization_id)
        instructs = name in FIRST_INSTRUCTORS
        user = NewUser(
            organization_id=organization_id,
            user_name=email,
            email=email,
            first_name=first_name,
            last_name=last_name,
            external_id=f"P-{number + 1:03}",
            company_id=None if instructs else company_id,
            role_ids=(INSTRUCTOR,) if instructs else (STUDENT, SELF_ENROLLMENT),
            password_hash=password_hash if name in SIGNING_IN else None,
        )
        ids[name] = await create_user(transaction, actor=actor, user=user)
    return ids


async def _create_courses(transaction: Transaction, *, actor: Actor, organization_id: int) -> Mapping[str, int]:
    return {
        name: await create_course(transaction, actor=actor, course=NewCourse(organization_id=organization_id, name=name))
        for name in COURSES
    }


async def _create_rooms(transaction: Transaction, *, actor: Actor, organization_id: int) -> Mapping[str, int]:
    ids = {}
    for room in ROOMS:
        classroom = NewClassroom(organization_id=organization_id, name=room.name, capacity=room.capacity, city="Portland", state="ME")
        ids[room.name] = await create_classroom(transaction, actor=actor, classroom=classroom)
    return ids


async def _deliver(
    transaction: Transaction,
    *,
    actor: Actor,
    organization_id: int,
    delivered: Delivered,
    people: Mapping[str, int],
    courses: Mapping[str, int],
    rooms: Mapping[str, int],
) -> int:
    midnight = transaction.now - transaction.now % DAY
    starts = [midnight + (delivered.in_days + day) * DAY + NINE_IN_THE_MORNING for day in range(delivered.days)]
    new = NewClass(
        organization_id=organization_id,
        course_id=courses[delivered.course],
        delivery=Delivery.PHYSICAL if delivered.room else Delivery.VIRTUAL,
        maximum=delivered.maximum,
        primary_instructor_id=people[delivered.instructor],
        classroom_ids=(rooms[delivered.room],) if delivered.room else (),
        meetings=tuple(Meeting(starts_at=start, ends_at=start + HALF_A_DAY) for start in starts),
    )
    return (await create_class(transaction, actor=actor, new=new)).id


async def _enroll(transaction: Transaction, *, actor: Actor, class_id: int, delivered: Delivered, people: Mapping[str, int]) -> None:
    for name, status in delivered.enrolled:
        await create(transaction, actor=actor, wanted=NewEnrollment(class_id=class_id, user_id=people[name], status=status))
