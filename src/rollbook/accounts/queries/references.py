"""What refers to users, found by the foreign keys of every table there is: a table that is added later is found with the others."""

from functools import cache
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Column, ColumnElement, FromClause, Integer, Text, bindparam, func, literal, literal_column, select, union_all

from rollbook.access.actor import Viewer
from rollbook.classes.model import class_instructors, classes
from rollbook.custom_fields.model import custom_field_values, custom_fields
from rollbook.database.expressions import within
from rollbook.database.query import Query
from rollbook.database.references import References, referring_columns
from rollbook.database.schema import is_of_traces
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations
from rollbook.people.model import companies, managed_organizations, merged_users, user_roles, users

USER_SELECTOR: Final = 60
"""The type of the custom fields whose values are users."""

OWN: Final = (user_roles, managed_organizations, merged_users)
"""Tables of what is nothing without the user."""

_user_id = bindparam("user_id", type_=Integer())
_path = bindparam("path", type_=Text())

SELECTS: Final[tuple[ColumnElement[bool], ...]] = (
    custom_field_values.c.custom_field_id == custom_fields.c.id,
    custom_fields.c.data_type == literal_column(str(USER_SELECTOR), Integer()),
)
"""A value of a custom field is the id of a user."""


class Referrer(Struct, frozen=True):
    """
    A row that refers to a user.

    Attributes:
        organization_id: The one that it belongs to; None where that is the user's.
        is_visible: Whether the viewer sees it.
    """

    id: int
    organization_id: int | None
    is_visible: bool


class Instructing(Struct, frozen=True):
    """
    A class that a user instructs, by an instructor of it.

    Attributes:
        instructor_id: One of the instructors; None where there are none beside the primary one.
    """

    class_id: int
    organization_id: int
    primary_instructor_id: int | None
    instructor_id: int | None
    is_visible: bool


def columns() -> list[Column[int]]:
    """Give every column that refers to a user."""
    # Two tables that refer to each other could not be filled, so that one of both references is no foreign key.
    return [*referring_columns(users.c.id), companies.c.owning_user_id]


def goes_along(column: Column[int]) -> bool:
    """Tell whether the rows that refer to a user by a column are nothing without the user: roles, for example, and traces."""
    return column.name == "user_id" and (column.table in OWN or is_of_traces(column.table))


@cache
def _counting() -> Query[References]:
    """Count what refers to a user and does not go along; asked for when it is needed, when all tables are known."""

    def count(table: FromClause, name: str, column: str, *where: ColumnElement[bool]) -> Any:
        named = (literal(name, Text()).label("table"), literal(column, Text()).label("column"))
        return select(*named, func.count().label("count")).select_from(table).where(*where)

    found = [count(column.table, column.table.name, column.name, column == _user_id) for column in columns() if not goes_along(column)]
    selected = count(
        custom_field_values.join(custom_fields, SELECTS[0]),
        "custom_field_values",
        "integer_value",
        SELECTS[1],
        custom_field_values.c.integer_value == _user_id,
    )
    return Query(union_all(*found, selected), References)


@cache
def _listing(column: Column[int]) -> Query[Referrer]:
    table = column.table
    if "organization_id" not in table.c:
        shown = literal_column("NULL", Integer()).label("organization_id"), literal_column("1", Integer()).label("is_visible")
        return Query(select(table.c.id, *shown).where(column == _user_id).order_by(table.c.id), Referrer)
    owners = organizations.alias()
    return Query(
        select(table.c.id, table.c.organization_id, within(owners.c.path, _path).label("is_visible"))
        .join(owners, owners.c.id == table.c.organization_id)
        .where(column == _user_id)
        .order_by(table.c.id),
        Referrer,
    )


_instructed_ids = select(class_instructors.c.class_id).where(class_instructors.c.user_id == _user_id)
_instructed = Query(
    select(
        classes.c.id.label("class_id"),
        classes.c.organization_id,
        classes.c.primary_instructor_id,
        class_instructors.c.user_id.label("instructor_id"),
        within(organizations.c.path, _path).label("is_visible"),
    )
    .join(organizations, organizations.c.id == classes.c.organization_id)
    .outerjoin(class_instructors, class_instructors.c.class_id == classes.c.id)
    .where((classes.c.primary_instructor_id == _user_id) | classes.c.id.in_(_instructed_ids))
    .order_by(classes.c.id, class_instructors.c.position),
    Instructing,
)


async def count_references(transaction: Transaction, *, user_id: int) -> list[References]:
    """Give what refers to a user, as far as there is any, but what goes along; of every organization, for a user can be named anywhere."""
    counted = await transaction.all(_counting(), user_id=user_id)
    return [each for each in counted if each.count]


async def list_referrers(transaction: Transaction, *, viewer: Viewer, column: Column[int], user_id: int) -> list[Referrer]:
    """List the rows that refer to a user by a column, by ascending id, and tell which of them the viewer sees."""
    return await transaction.all(_listing(column), user_id=user_id, path=viewer.path)


async def list_instructed(transaction: Transaction, *, viewer: Viewer, user_id: int) -> list[Instructing]:
    """List the instructors of the classes that a user instructs, by class and in their order, and tell which classes the viewer sees."""
    return await transaction.all(_instructed, user_id=user_id, path=viewer.path)
