"""What the things are called that a class refers to, or referred to once."""

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import Column, ColumnElement, Table, Text, literal_column, select

from rollbook.classes.model import classes
from rollbook.classrooms.model import classrooms
from rollbook.courses.model import courses
from rollbook.database.expressions import any_of
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations
from rollbook.people.model import companies, users


class Names(Struct, frozen=True, kw_only=True):
    """Names by ids; what is there no more has none."""

    classes: dict[int, str]
    classrooms: dict[int, str]
    users: dict[int, str]
    courses: dict[int, str]
    organizations: dict[int, str]
    companies: dict[int, str]


class _NameRow(Struct, frozen=True):
    id: int
    name: str


def _named(table: Table, name: Column[str] | ColumnElement[str]) -> Query[_NameRow]:
    return Query(select(table.c.id, name.label("name")).where(any_of(table.c.id, "ids")).order_by(table.c.id), _NameRow)


_classes = _named(classes, classes.c.name)
_classrooms = _named(classrooms, classrooms.c.name)
_users = _named(users, users.c.first_name + literal_column("' '", Text) + users.c.last_name)
_courses = _named(courses, courses.c.name)
_organizations = _named(organizations, organizations.c.name)
_companies = _named(companies, companies.c.name)


async def list_names(
    transaction: Transaction,
    *,
    class_ids: Collection[int] = (),
    classroom_ids: Collection[int] = (),
    user_ids: Collection[int] = (),
    course_ids: Collection[int] = (),
    organization_ids: Collection[int] = (),
    company_ids: Collection[int] = (),
) -> Names:
    """Give names; asked for what classes already in scope refer to, or for classes that the viewer may see."""
    return Names(
        classes=await _list(transaction, _classes, class_ids),
        classrooms=await _list(transaction, _classrooms, classroom_ids),
        users=await _list(transaction, _users, user_ids),
        courses=await _list(transaction, _courses, course_ids),
        organizations=await _list(transaction, _organizations, organization_ids),
        companies=await _list(transaction, _companies, company_ids),
    )


async def _list(transaction: Transaction, query: Query[_NameRow], ids: Collection[int]) -> dict[int, str]:
    if not ids:
        return {}
    return {row.id: row.name for row in await transaction.all(query, ids=sorted(set(ids)))}
