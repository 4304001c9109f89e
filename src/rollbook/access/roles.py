"""The roles that a user can hold, and what each may do: one table."""

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from rollbook.errors import InvalidError


class Permission(enum.StrEnum):
    """Something that a role may allow."""

    SEE_OWN_ENROLLMENTS = "see own enrollments"
    REQUEST_ENROLLMENT = "request enrollment"
    ENROLL_ONESELF = "enroll oneself"
    SEE_ROSTER = "see the roster of classes one instructs"
    RECORD_COMPLETION = "record completion in classes one instructs"
    EDIT_ENROLLMENTS = "edit enrollments"
    EDIT_CLASSES = "edit classes"
    EDIT_COURSES = "edit courses and classrooms"
    EDIT_PEOPLE = "edit people"
    EDIT_ORGANIZATIONS = "edit organizations, their preferences and their keys"
    SEE_COMPANY = "see the enrollments of one's company"


_EDITING: Final = frozenset(
    {
        Permission.EDIT_ENROLLMENTS,
        Permission.EDIT_CLASSES,
        Permission.EDIT_COURSES,
        Permission.EDIT_PEOPLE,
        Permission.EDIT_ORGANIZATIONS,
    }
)


class Role(msgspec.Struct, frozen=True):
    """A named set of permissions; those that edit reach as far as the organizations that the user manages."""

    id: int
    name: str
    description: str
    permissions: frozenset[Permission]

    @property
    def edits(self) -> bool:
        """Whether the role is worth nothing without an organization to manage."""
        return bool(self.permissions & _EDITING)


class UnknownRoleError(InvalidError):
    """No role has that id."""

    def __init__(self, role_id: int, *, field: str) -> None:
        self.role_id = role_id
        self.field = field
        super().__init__(f"{role_id} is not a role; give {', '.join(f'{role.id} ({role.name})' for role in ROLES.values())}")


STUDENT: Final = 0
"""The role of a new user for whom neither the caller nor the organization says another."""


def unknown_role(role_id: int, *, field: str) -> UnknownRoleError | None:
    """Refuse an id that no role has; ``field`` names the value that it was given for."""
    return None if role_id in ROLES else UnknownRoleError(role_id, field=field)


def _role(id: int, name: str, description: str, *permissions: Permission) -> Role:  # noqa: A002 - reads as the field does
    return Role(id, name, description, frozenset(permissions))


_ATTENDING = (Permission.SEE_OWN_ENROLLMENTS, Permission.REQUEST_ENROLLMENT)

ROLES: Final[Mapping[int, Role]] = MappingProxyType(
    {
        role.id: role
        for role in (
            _role(STUDENT, "Student", "Attends classes.", *_ATTENDING),
            _role(1, "Self Enrollment", "Enrolls oneself in classes that allow it.", *_ATTENDING, Permission.ENROLL_ONESELF),
            _role(2, "Instructor", "Instructs classes.", Permission.SEE_ROSTER, Permission.RECORD_COMPLETION),
            _role(10, "Enrollment Manager", "Edits enrollments.", Permission.EDIT_ENROLLMENTS),
            _role(11, "Company Training Manager", "Follows a company's students.", Permission.SEE_COMPANY),
            _role(
                20,
                "Operations Manager",
                "Runs the training of an organization.",
                Permission.EDIT_ENROLLMENTS,
                Permission.EDIT_CLASSES,
                Permission.EDIT_COURSES,
                Permission.EDIT_PEOPLE,
            ),
            _role(30, "Administrator", "Runs everything.", *Permission),
        )
    }
)
