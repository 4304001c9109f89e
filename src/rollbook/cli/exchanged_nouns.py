"""What ``import`` and ``export`` exchange: nouns as tables, whose columns are the parameters of the TMS commands that create and update them."""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from msgspec.structs import asdict

from rollbook.api.tms.call import Call
from rollbook.api.tms.command import Command
from rollbook.api.tms.commands import classes, classrooms, companies, courses, enrollments, users
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.parsing import DRY_RUN, Parameter, Parameters
from rollbook.api.tms.performing import perform
from rollbook.classes.queries.classes import TrainingClass, page_classes
from rollbook.classrooms.queries import page_classrooms
from rollbook.courses.queries.courses import page_courses
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.queries.pages import page_enrollments
from rollbook.people.queries.companies import page_companies
from rollbook.people.queries.users import page_users

ID: Final = "id"
EXTERNAL_ID: Final = "external_id"
ORGANIZATION_ID: Final = "organization_id"

REFERRED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "available_to_organization_ids": "organizations",
        "class_id": "classes",
        "classroom_id": "classrooms",
        "classroom_ids": "classrooms",
        "company_id": "companies",
        "course_id": "courses",
        "instructor_ids": "users",
        "managed_organization_ids": "organizations",
        "manager_id": "users",
        "organization_id": "organizations",
        "owning_user_id": "users",
        "primary_classroom_id": "classrooms",
        "primary_instructor_id": "users",
        "user_id": "users",
    }
)
"""What the fields that hold ids refer to."""


class Column:
    """
    A column of a noun's table.

    Attributes:
        name: Its name as it is written; read in any case.
        parameter: The parameter that takes its values; None for the id of the row itself.
        by_external_id: Its values are external ids of what the parameter refers to by ids.
    """

    def __init__(self, name: str, parameter: Parameter | None, *, by_external_id: bool = False) -> None:
        self.name = name
        self.parameter = parameter
        self.by_external_id = by_external_id

    @property
    def field(self) -> str:
        """What the domain calls the value."""
        return ID if self.parameter is None else self.parameter.field


class Noun:
    """
    A noun that comes and goes as a table.

    Attributes:
        name: Its name in the plural.
        create: The command that creates one.
        update: The command that updates one.
        change: Handles the update command for whoever runs a command line.
        page: Gives the rows above an id.
        is_pair: It is known by its class and its user, not by its external id.
    """

    def __init__(
        self,
        name: str,
        commands: tuple[Command, ...],
        singular: str,
        *,
        page: Callable[..., Awaitable[list[Any]]],
        change: Callable[[Call, Any], Awaitable[object]] | None = None,
    ) -> None:
        by_name = {command.name: command for command in commands}
        self.name = name
        self.create = by_name[f"Create{singular}"]
        self.update = by_name[f"Update{singular}"]
        self.change = change or self.update.handler
        self.page = page
        self.is_pair = singular == "ClassEnrollment"

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order of an export: ids first, then the required parameters of the command that creates, then the others."""
        parameters = [parameter for parameter in self.create.parser.declared if parameter.field != DRY_RUN]
        parameters.sort(key=lambda parameter: (parameter.field != EXTERNAL_ID, not parameter.required))
        return (Column("Id", None), *(Column(parameter.name[0].upper() + parameter.name[1:], parameter) for parameter in parameters))

    @cached_property
    def columns_for_new(self) -> tuple[Column, ...]:
        """The columns that say something of new rows only, since no command updates it so."""
        updated = {parameter.field for parameter in self.update.parser.declared}
        return tuple(column for column in self.columns if column.field not in updated)

    @cached_property
    def columns_by_name(self) -> Mapping[str, Column]:
        """Every column that can be read, by its name in lower case: those of an export, their aliases, and references by external ids."""
        columns = {column.name.lower(): column for column in self.columns}
        for column in self.columns:
            if column.parameter:
                columns |= {alias.lower(): column for alias in column.parameter.kind.aliases}
                if column.field in REFERRED:
                    portable = by_external_id(column)
                    columns[portable.name.lower()] = portable
        return columns


def by_external_id(column: Column) -> Column:
    """Give the column that refers to the same by external ids: ``CourseId`` becomes ``CourseExternalId``."""
    return Column(re.sub(r"Id(s?)$", r"ExternalId\1", column.name), column.parameter, by_external_id=True)


def values_of(row: Any) -> dict[str, Any]:
    """Give the values of a stored row by the names of the fields."""
    if isinstance(row, TrainingClass):
        return asdict(row.row) | asdict(row)
    return asdict(row)


async def _change_enrollment(call: Call, parameters: Parameters) -> bool:
    """Change an enrollment as its command does, which would ask for a key."""
    changes = said(parameters, EnrollmentChanges)
    enrollment_id: int = getattr(parameters, ID)
    return await perform(call, update, caller=await call.actor(), enrollment_id=enrollment_id, changes=changes)


NOUNS: Final[Mapping[str, Noun]] = MappingProxyType(
    {
        noun.name: noun
        for noun in (
            Noun("users", users.COMMANDS, "User", page=page_users),
            Noun("companies", companies.COMMANDS, "Company", page=page_companies),
            Noun("courses", courses.COMMANDS, "Course", page=page_courses),
            Noun("classrooms", classrooms.COMMANDS, "Classroom", page=page_classrooms),
            Noun("classes", classes.COMMANDS, "Class", page=page_classes),
            Noun("enrollments", enrollments.COMMANDS, "ClassEnrollment", page=page_enrollments, change=_change_enrollment),
        )
    }
)
"""Every noun that is exchanged, by its name."""
