"""For whom a page is: one constant for each audience, and the actor that a user is on a page of that audience."""

import enum
from typing import Final

from msgspec import Struct

from rollbook.access.actor import ActingStudent, Actor, ActorKind, Viewer
from rollbook.access.roles import ROLES, Permission
from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.instructing import get_instructed_viewer
from rollbook.enrollments.queries.roster import get_roster_class
from rollbook.errors import NotAllowedError
from rollbook.sessions.queries.sessions import ManagedOrganization, SignedIn


class Way(enum.Enum):
    """How the actor of a page is found."""

    ANYONE = "whoever comes"
    SIGNED_IN = "whoever is signed in"
    STUDENT = "a student, for themselves"
    MANAGER = "who manages an organization, in it"
    FOLLOWER = "who manages an organization, in it, or follows the students of their own company"
    STAFF = "who manages the organization of the class in the address, or instructs that class"


class Audience(Struct, frozen=True):
    """
    Those for whom a page is.

    Attributes:
        permissions: The page is for those who have one of these; empty where none is needed.
    """

    way: Way
    permissions: frozenset[Permission] = frozenset()


ANYONE: Final = Audience(Way.ANYONE)
SIGNED_IN: Final = Audience(Way.SIGNED_IN)
STUDENTS: Final = Audience(Way.STUDENT, frozenset({Permission.SEE_OWN_ENROLLMENTS}))
INSTRUCTORS: Final = Audience(Way.SIGNED_IN, frozenset({Permission.SEE_ROSTER}))
COORDINATORS: Final = Audience(Way.MANAGER, frozenset({Permission.EDIT_ENROLLMENTS}))
CLASS_EDITORS: Final = Audience(Way.MANAGER, frozenset({Permission.EDIT_CLASSES}))
FOLLOWERS: Final = Audience(Way.FOLLOWER, frozenset({Permission.EDIT_ENROLLMENTS, Permission.SEE_COMPANY}))
PEOPLE_EDITORS: Final = Audience(Way.MANAGER, frozenset({Permission.EDIT_PEOPLE}))
STAFF: Final = Audience(Way.STAFF, frozenset({Permission.EDIT_ENROLLMENTS, Permission.SEE_ROSTER}))


class NotForYouError(NotAllowedError):
    """A page is asked for that none of the user's roles opens."""

    def __init__(self, permissions: frozenset[Permission]) -> None:
        names = [role.name for role in ROLES.values() if role.permissions & permissions]
        super().__init__(f"this page is for the role {' or '.join(names)}; ask an administrator for one of them")


class NothingManagedError(NotAllowedError):
    """A user's role edits, but there is no organization that it reaches."""

    def __init__(self) -> None:
        super().__init__("your role reaches the organizations that you manage, and you manage none; ask an administrator to give you one")


class NoCompanyError(NotAllowedError):
    """A user's role follows their company, and they belong to none."""

    def __init__(self) -> None:
        super().__init__(
            "your role follows the students of your company, and you belong to none; ask an administrator to say which one is yours"
        )


class Admitted(Struct, frozen=True):
    """
    A user on a page.

    Attributes:
        permissions: What the user may do there: on the page of a class that they only instruct, what instructors may.
    """

    actor: Actor
    permissions: frozenset[Permission]


_INSTRUCTORS_RIGHTS: Final = ROLES[2].permissions


async def admit(database: Database, audience: Audience, user: SignedIn, *, class_id: int | None) -> Admitted:
    """
    Give the actor that a user is on a page of that audience; ``class_id`` is that in the address.

    Raises:
        NotForYouError: None of the user's roles opens the page.
        NothingManagedError: The user manages no organization.
        ClassNotFoundError: The user neither manages nor instructs the class.
    """
    if audience.permissions and not audience.permissions & user.permissions:
        raise NotForYouError(audience.permissions)
    match audience.way:
        case Way.STUDENT:
            return Admitted(_student(user), user.permissions)
        case Way.MANAGER:
            return Admitted(manager_of(user), user.permissions)
        case Way.FOLLOWER:
            return _admit_follower(user)
        case Way.STAFF:
            if class_id is None:
                raise LookupError("a page for staff has no class in its address")
            return await _admit_staff(database, user, class_id=class_id)
        case Way.SIGNED_IN | Way.ANYONE:
            return Admitted(_actor(user, Viewer(user.organization_id, user.path)), user.permissions)


def manager_of(user: SignedIn) -> Actor:
    """
    Give the actor that a user is in the organization in which they work.

    Raises:
        NothingManagedError: The user manages none.
    """
    return _actor(user, _tree_of(workplace_of(user)))


def workplace_of(user: SignedIn) -> ManagedOrganization:
    """
    Give the organization in which a user works at the moment.

    Raises:
        NothingManagedError: The user manages none.
    """
    if user.organization is None:
        raise NothingManagedError
    return user.organization


def _admit_follower(user: SignedIn) -> Admitted:
    """Admit as whoever manages an organization, or else as one who sees the enrollments of their company, and nothing besides."""
    manages = Permission.EDIT_ENROLLMENTS in user.permissions and user.organization is not None
    if manages or Permission.SEE_COMPANY not in user.permissions:
        return Admitted(manager_of(user), user.permissions)
    if user.company_id is None:
        raise NoCompanyError
    return Admitted(_actor(user, Viewer(user.organization_id, user.path)), frozenset({Permission.SEE_COMPANY}))


async def _admit_staff(database: Database, user: SignedIn, *, class_id: int) -> Admitted:
    """Admit to a class as whoever manages its organization, or else as its instructor."""
    if Permission.EDIT_ENROLLMENTS in user.permissions and user.organization is not None:
        viewer = _tree_of(user.organization)
        try:
            await database.read(get_roster_class, viewer=viewer, class_id=class_id)
        except ClassNotFoundError:
            if Permission.SEE_ROSTER not in user.permissions:
                raise
        else:
            return Admitted(_actor(user, viewer), user.permissions)
    if Permission.SEE_ROSTER not in user.permissions:
        raise NothingManagedError
    viewer = await database.read(get_instructed_viewer, user_id=user.user_id, class_id=class_id)
    return Admitted(_actor(user, viewer), user.permissions & _INSTRUCTORS_RIGHTS)


def _student(user: SignedIn) -> Actor:
    """Give the actor that looks at the whole tree of the student's organization, and sees of it what is offered to them (A5)."""
    root = user.path.split("/")[1]
    student = ActingStudent(user_id=user.user_id, company_id=user.company_id, path=user.path, permissions=user.permissions)
    return Actor(ActorKind.USER, user.user_id, user.user_name, Viewer(int(root), f"/{root}/"), student=student)


def _actor(user: SignedIn, viewer: Viewer) -> Actor:
    return Actor(ActorKind.USER, user.user_id, user.user_name, viewer)


def _tree_of(organization: ManagedOrganization) -> Viewer:
    return Viewer(organization.id, organization.path)
