"""Filling the demo's training center: branches, people, rooms, courses and classes, made through the same actions as anybody's."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from rollbook import clock
from rollbook.access.actor import Actor
from rollbook.access.roles import STUDENT
from rollbook.classrooms.actions import NewClassroom, create_classroom
from rollbook.cli.demo_classes import CATERING, Center, make_class
from rollbook.cli.demo_names import email_name
from rollbook.cli.demo_planning import FIRST_INSTRUCTORS, instructors_of, plan_classes, students_of
from rollbook.cli.demo_program import BRANCHES, SKETCHES, Branch
from rollbook.courses.actions.course_details import NewCourse
from rollbook.courses.actions.courses import create_course
from rollbook.custom_fields.actions.fields import NewCustomField, create_custom_field
from rollbook.custom_fields.values import DataType, Subject
from rollbook.database.transaction import Database, Transaction
from rollbook.organizations.actions.organization_details import NewOrganization
from rollbook.organizations.actions.organizations import create_organization
from rollbook.organizations.actions.preferences import set_preferences
from rollbook.organizations.time_zones import find_time_zone
from rollbook.people.actions.companies import NewCompany, create_company
from rollbook.people.actions.user_details import NewUser
from rollbook.people.actions.users import create_user

AT_ONCE: Final = 50
"""How many people are made in one transaction, so that a running server goes on beside it."""

SELF_ENROLLMENT: Final = 1
INSTRUCTOR: Final = 2


class Staff(Struct, frozen=True):
    """Somebody who runs the training center, by the role in which they do."""

    name: str
    role_id: int
    title: str


STAFF: Final = (
    Staff("Bruno Keller", 10, "Front Desk"),
    Staff("Carla Mendes", 20, "Training Coordinator"),
    Staff("Ada Winter", 30, "Administrator"),
)


class Beginning(Struct, frozen=True, kw_only=True):
    """What the demo has already when it is filled."""

    organization_id: int
    people: Mapping[str, int]
    courses: Mapping[str, int]


def email_of(name: str, *, organization_id: int) -> str:
    """Give the e-mail address of somebody; no two demos on a server have the same."""
    return f"{email_name(name)}@harborview{organization_id}.example"


def steps_of_filling() -> int:
    """Give how often ``fill_center`` tells that it has gone on."""
    return len(BRANCHES) + len(SKETCHES)


async def fill_center(
    database: Database, *, actor: Actor, beginning: Beginning, password_hash: str, on_step: Callable[[], None] = lambda: None
) -> None:
    """Fill the training center; in several short transactions, so that a running server goes on beside it."""
    organizations = await database.write(_create_branches, actor=actor, organization_id=beginning.organization_id)
    await database.write(
        _create_staff, actor=actor, organization_id=beginning.organization_id, organizations=organizations, password_hash=password_hash
    )
    people, courses = {**beginning.people}, {**beginning.courses}
    rooms: dict[str, int] = {}
    for branch in BRANCHES:
        organization_id = organizations[branch.name]
        courses |= await database.write(_create_courses, actor=actor, branch=branch, organization_id=organization_id)
        rooms |= await database.write(_create_rooms, actor=actor, branch=branch, organization_id=organization_id)
        companies = await database.write(_create_companies, actor=actor, branch=branch, organization_id=organization_id)
        instructors = [name for name in instructors_of(branch) if name not in FIRST_INSTRUCTORS]
        everybody = [*instructors, *students_of(branch)]
        for start in range(0, len(everybody), AT_ONCE):
            people |= await database.write(
                _create_people,
                actor=actor,
                branch=branch,
                organization_id=organization_id,
                root_id=beginning.organization_id,
                names=everybody[start : start + AT_ONCE],
                instructing=len(instructors) if start == 0 else 0,
                company_ids=companies,
            )
        on_step()
    catering = NewCustomField(
        organization_id=beginning.organization_id,
        subject=Subject.CLASS,
        name="Catering",
        data_type=DataType.DROPDOWN_LIST,
        choices=CATERING,
    )
    center = Center(
        organizations=organizations,
        courses=courses,
        rooms=rooms,
        people=people,
        catering_field_id=await database.write(create_custom_field, actor=actor, new=catering),
    )
    for plan in plan_classes(clock.now()):
        await database.write(make_class, actor=actor, center=center, plan=plan)
        on_step()


async def _create_branches(transaction: Transaction, *, actor: Actor, organization_id: int) -> dict[str, int]:
    """Create the branches beneath the organization that is there; give the ids of all by name."""
    ids = {BRANCHES[0].name: organization_id}
    for branch in BRANCHES[1:]:
        new = NewOrganization(name=branch.name, parent_id=organization_id, time_zone=find_time_zone(branch.time_zone))
        ids[branch.name] = await create_organization(transaction, actor=actor, organization=new)
    for branch in BRANCHES:
        await set_preferences(transaction, actor=actor, organization_id=ids[branch.name], texts=dict(branch.preferences))
    return ids


async def _create_staff(
    transaction: Transaction, *, actor: Actor, organization_id: int, organizations: Mapping[str, int], password_hash: str
) -> None:
    for staff in STAFF:
        email = email_of(staff.name, organization_id=organization_id)
        first_name, _, last_name = staff.name.partition(" ")
        user = NewUser(
            organization_id=organization_id,
            user_name=email,
            email=email,
            first_name=first_name,
            last_name=last_name,
            title=staff.title,
            role_ids=(staff.role_id,),
            managed_organization_ids=tuple(sorted(organizations.values())),
            password_hash=password_hash,
        )
        await create_user(transaction, actor=actor, user=user)


async def _create_courses(transaction: Transaction, *, actor: Actor, branch: Branch, organization_id: int) -> dict[str, int]:
    ids = {}
    for name, description, minutes in branch.courses:
        course = NewCourse(organization_id=organization_id, name=name, description=description, duration=minutes)
        ids[name] = await create_course(transaction, actor=actor, course=course)
    return ids


async def _create_rooms(transaction: Transaction, *, actor: Actor, branch: Branch, organization_id: int) -> dict[str, int]:
    ids = {}
    for name, capacity in branch.rooms:
        classroom = NewClassroom(organization_id=organization_id, name=name, capacity=capacity, city=branch.city)
        ids[name] = await create_classroom(transaction, actor=actor, classroom=classroom)
    return ids


async def _create_companies(transaction: Transaction, *, actor: Actor, branch: Branch, organization_id: int) -> list[int]:
    return [
        await create_company(transaction, actor=actor, company=NewCompany(organization_id=organization_id, name=name, city=branch.city))
        for name in branch.companies
    ]


async def _create_people(
    transaction: Transaction,
    *,
    actor: Actor,
    branch: Branch,
    organization_id: int,
    root_id: int,
    names: Sequence[str],
    instructing: int,
    company_ids: Sequence[int],
) -> dict[str, int]:
    """Create people, of whom the first so many instruct; two of three students belong to a company, every other one may enroll alone."""
    ids = {}
    for number, name in enumerate(names):
        first_name, _, last_name = name.partition(" ")
        email = email_of(name, organization_id=root_id)
        instructs = number < instructing
        user = NewUser(
            organization_id=organization_id,
            user_name=email,
            email=email,
            first_name=first_name,
            last_name=last_name,
            city=branch.city,
            company_id=None if instructs or number % 3 == 2 else company_ids[number % 2],
            role_ids=(INSTRUCTOR,) if instructs else (STUDENT, SELF_ENROLLMENT)[: 1 + number % 2],
        )
        ids[name] = await create_user(transaction, actor=actor, user=user)
    return ids
