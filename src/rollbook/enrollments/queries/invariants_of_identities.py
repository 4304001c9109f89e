"""What there is once only, what refers to what, and what is written twice."""

from collections.abc import Iterator

from msgspec import Struct
from sqlalchemy import Column, Integer, Table, Text, bindparam, cast, exists, func, literal, literal_column, null, select

import rollbook.assignments.model
import rollbook.custom_fields.model
import rollbook.subscriptions.model  # noqa: F401 - every table there is has to be there
from rollbook.classes.model import classes
from rollbook.classrooms.model import classrooms
from rollbook.courses.model import courses
from rollbook.database.query import Query
from rollbook.database.schema import folded, metadata
from rollbook.database.transaction import Transaction
from rollbook.enrollments.model import enrollments
from rollbook.enrollments.queries.breaches import MOST_BREACHES, Breach, Invariant, invariant
from rollbook.organizations.model import organizations
from rollbook.people.model import companies, users

PAGE = 5_000


class _FoldedRow(Struct, frozen=True):
    id: int
    words: str
    folded: str


_parents = organizations.alias("parents")


def _once(table: Table, name: str, *columns: Column[str] | Column[int], rule: str) -> Invariant:
    named = [column.name for column in columns]
    return invariant(
        f"{table.name}: {name}",
        f"No two {table.name} have the same {name}.",
        rule=rule,
        table=str(table.name),
        breaches=select(func.min(table.c.id).label("id"), func.max(table.c.id).label("first"), func.count().label("second"))
        .where(*(column.is_not(None) for column in columns if column.name != "parent_id"))
        .group_by(*columns)
        .having(func.count() > 1),
        text=f"{table.name} {{id}} and {{first}}: they have the same {' and '.join(named)}, as have {{second}} in all",
    )


def _references() -> Iterator[Invariant]:
    """Go through every reference of every table."""
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            yield _reference(table, key.parent, key.column)
    yield _reference(companies, companies.c.owning_user_id, users.c.id)


def _reference(table: Table, referring: Column[int], referred: Column[int]) -> Invariant:
    # A table may refer to itself.
    target = referred.table.alias("referred")
    identity = next(iter(table.primary_key.columns))
    return invariant(
        f"{table.name}: {referring.name}",
        f"What {table.name} refer to by {referring.name} is there.",
        table=str(table.name),
        breaches=select(identity.label("id"), referring.label("first"), null().label("second")).where(
            referring.is_not(None), ~exists().where(target.c[referred.name] == referring)
        ),
        text=f"{table.name} {{id}}: there is no {referring.name} {{first}}",
    )


def _foldings() -> Iterator[Invariant]:
    """Go through every column that holds the folded text of another one."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.name.endswith("_folded"):
                yield _folding(table, table.c[column.name.removesuffix("_folded")], column)


def _folding(table: Table, words: Column[str], fold: Column[str]) -> Invariant:
    # SQLite would get a bound offset of its own where none is given.
    page = Query(
        select(table.c.id, words.label("words"), fold.label("folded"))
        .where(table.c.id > bindparam("after_id", type_=Integer))
        .order_by(table.c.id)
        .limit(literal_column(str(PAGE), Integer())),
        _FoldedRow,
    )

    async def find(transaction: Transaction) -> list[Breach]:
        breaches: list[Breach] = []
        rows = await transaction.all(page, after_id=0)
        while rows and len(breaches) < MOST_BREACHES:
            text = f"{{}}: its {fold.name} is not its {words.name} folded"
            breaches.extend(
                Breach(str(table.name), row.id, text.format(f"{table.name} {row.id}")) for row in rows if folded(row.words) != row.folded
            )
            rows = await transaction.all(page, after_id=rows[-1].id)
        return breaches[:MOST_BREACHES]

    return Invariant(f"{table.name}: {fold.name}", None, f"The {fold.name} of {table.name} is the {words.name} folded.", find)


INVARIANTS: tuple[Invariant, ...] = (
    _once(enrollments, "class and student", enrollments.c.class_id, enrollments.c.user_id, rule="E1"),
    _once(users, "user name", users.c.user_name_folded, rule="N2"),
    _once(users, "e-mail address", users.c.email_folded, rule="N2"),
    _once(organizations, "external id", organizations.c.parent_id, organizations.c.external_id, rule="N2"),
    *(
        _once(table, "external id", table.c.organization_id, table.c.external_id, rule="N2")
        for table in (companies, users, courses, classrooms, classes)
    ),
    *_references(),
    invariant(
        "organization of the class",
        "An enrollment belongs to the organization of its class.",
        table="enrollments",
        breaches=select(enrollments.c.id, enrollments.c.organization_id.label("first"), classes.c.organization_id.label("second"))
        .join(classes, classes.c.id == enrollments.c.class_id)
        .where(enrollments.c.organization_id != classes.c.organization_id),
        text="enrollment {id}: it belongs to organization {first}, its class to {second}",
    ),
    # A path is longer than its parent's, so that where all are right nothing goes in a circle.
    invariant(
        "paths",
        "The path of an organization is its parent's with its own id at the end.",
        table="organizations",
        breaches=select(organizations.c.id, organizations.c.parent_id.label("first"), null().label("second"))
        .outerjoin(_parents, _parents.c.id == organizations.c.parent_id)
        .where(
            organizations.c.path != func.coalesce(_parents.c.path, literal("/", Text)) + cast(organizations.c.id, Text) + literal("/", Text)
        ),
        text="organization {id}: its path is not that of its parent {first} with its own id at the end",
    ),
    *_foldings(),
)
"""What holds for keys, references and what is derived from something else."""
