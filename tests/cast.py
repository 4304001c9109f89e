"""
The people of the tests, and what they work with, made by the nouns' own actions.

Ada administers, Ivan instructs, Sam and Sue study, all in the training organization; Olga belongs to another organization and must see nothing.
"""

from typing import Any

from msgspec import Struct

from rollbook.access.actor import ActingStudent, Actor, ActorKind, Viewer, system
from rollbook.access.keys import make_key
from rollbook.access.roles import ROLES, Permission
from rollbook.classes.actions.create import NewClass, create_class
from rollbook.classes.schedule import Meeting
from rollbook.classrooms.actions import NewClassroom, create_classroom
from rollbook.courses.actions.course_details import NewCourse
from rollbook.courses.actions.courses import create_course
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.create import NewEnrollment, create
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.actions.keys import create_key
from rollbook.organizations.actions.organization_details import NewOrganization
from rollbook.organizations.actions.organizations import create_organization
from rollbook.organizations.queries.keys import authenticate
from rollbook.people.actions.companies import NewCompany, create_company
from rollbook.people.actions.user_details import NewUser
from rollbook.people.actions.users import create_user

TESTS = system("tests")
"""Who makes what no key can make."""

NOBODY = 999_999
"""An id that nothing has."""

HOUR = 3600
DAY = 24 * HOUR
MAY = 4_102_444_800 + 120 * DAY
"""A moment long after every test has run, at which classes of the tests begin, in epoch seconds."""


SELF_ENROLLMENT = ROLES[1].permissions
"""What the roles of students who enroll themselves allow."""


class Cast(Struct, frozen=True):
    """
    Who is there.

    Attributes:
        organization_id: The training organization.
        other_organization_id: Olga's.
        ada: The key of Ada, who administers the training organization.
        olga: The key of Olga's organization.
        ada_key: What Ada sends in the header ``api_key``.
        olga_key: What Olga sends.
    """

    organization_id: int
    other_organization_id: int
    ada: Actor
    olga: Actor
    ada_key: str
    olga_key: str
    ivan_id: int
    sam_id: int
    sue_id: int
    olga_id: int


def acting(cast: Cast, user_id: int, *, permissions: frozenset[Permission] = SELF_ENROLLMENT) -> Actor:
    """Give the actor that a user of the training organization without a company is, who acts through Ada's key."""
    student = ActingStudent(user_id, None, f"/{cast.organization_id}/", permissions)
    return Actor(ActorKind.USER, user_id, "student", cast.ada.viewer, key_id=cast.ada.id, student=student)


async def gather(database: Database) -> Cast:
    """Create both organizations, their keys and their people."""
    ours, ada, ada_key = await _organization(database, "Contoso Training", "Ada")
    other, olga, olga_key = await _organization(database, "Fabrikam", "Olga")
    ivan_id, sam_id, sue_id = [await add_user(database, name, organization_id=ours) for name in ("Ivan", "Sam", "Sue")]
    olga_id = await add_user(database, "Olga", organization_id=other)
    return Cast(ours, other, ada, olga, ada_key, olga_key, ivan_id, sam_id, sue_id, olga_id)


async def add_organization(database: Database, name: str, *, parent_id: int | None = None, **values: Any) -> int:
    """Create an organization."""
    organization = NewOrganization(name=name, parent_id=parent_id, **values)
    return await database.write(create_organization, actor=TESTS, organization=organization)


async def add_key(database: Database, *, organization_id: int, name: str = "A key") -> Actor:
    """Create an API key and give whom it stands for."""
    key = make_key()
    await database.write(create_key, actor=TESTS, organization_id=organization_id, name=name, key_hash=key.hash)
    return await database.read(authenticate, key_hash=key.hash)


async def add_company(database: Database, name: str, *, organization_id: int, **values: Any) -> int:
    """Create a company."""
    company = NewCompany(organization_id=organization_id, name=name, **values)
    return await database.write(create_company, actor=TESTS, company=company)


async def add_user(database: Database, name: str, *, organization_id: int, **values: Any) -> int:
    """Create a user of that first name."""
    user = NewUser(
        **{
            "organization_id": organization_id,
            "user_name": name.lower(),
            "email": f"{name.lower()}@example.com",
            "first_name": name,
            "last_name": "Example",
            **values,
        }
    )
    return await database.write(create_user, actor=TESTS, user=user)


async def add_course(database: Database, cast: Cast, **values: Any) -> int:
    """Create a course of the training organization."""
    course = NewCourse(**{"organization_id": cast.organization_id, "name": "Welding", **values})
    return await database.write(create_course, actor=TESTS, course=course)


async def add_room(database: Database, cast: Cast, **values: Any) -> int:
    """Create a classroom of the training organization."""
    classroom = NewClassroom(**{"organization_id": cast.organization_id, "name": "Workshop", **values})
    return await database.write(create_classroom, actor=TESTS, classroom=classroom)


async def add_class(database: Database, cast: Cast, **values: Any) -> int:
    """Create a class of the training organization, of a course of its own where none is given."""
    if "course_id" not in values:
        values["course_id"] = await add_course(database, cast)
    new = NewClass(**{"organization_id": cast.organization_id, **values})
    return (await database.write(create_class, actor=TESTS, new=new)).id


async def enroll(
    database: Database, *, class_id: int, user_id: int, status: EnrollmentStatus = EnrollmentStatus.ENROLLED, **values: Any
) -> int:
    """Enroll a user in a class, or give the enrollment another status."""
    wanted = NewEnrollment(class_id=class_id, user_id=user_id, status=status, **values)
    return await database.write(create, actor=TESTS, wanted=wanted)


def meeting(starts_at: int = MAY, *, hours: int = 8) -> Meeting:
    """Give a meeting that begins then."""
    return Meeting(starts_at=starts_at, ends_at=starts_at + hours * HOUR)


async def _organization(database: Database, name: str, keeper: str) -> tuple[int, Actor, str]:
    organization_id = await add_organization(database, name)
    key = make_key()
    key_id = await database.write(create_key, actor=TESTS, organization_id=organization_id, name=keeper, key_hash=key.hash)
    actor = Actor(ActorKind.KEY, key_id, keeper, Viewer(organization_id, f"/{organization_id}/"))
    return organization_id, actor, key.secret
