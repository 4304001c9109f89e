"""The roles that a user can hold, and what each may do: one table."""

import enum

import msgspec


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


class Role(msgspec.Struct, frozen=True):
    """A named set of permissions; those that edit reach as far as the organizations that the user manages."""

    id: int
    name: str
    description: str
    permissions: frozenset[Permission]


def _role(id: int, name: str, description: str, *permissions: Permission) -> Role:  # noqa: A002 - reads as the field does
    return Role(id, name, description, frozenset(permissions))


ROLES: dict[int, Role] = {
    role.id: role
    for role in (
        _role(0, "Student", "Attends classes.", Permission.SEE_OWN_ENROLLMENTS, Permission.REQUEST_ENROLLMENT),
        _role(1, "Self Enrollment", "Enrolls oneself in classes that allow it.", Permission.ENROLL_ONESELF),
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
