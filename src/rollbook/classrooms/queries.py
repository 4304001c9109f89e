"""Reading classrooms: one, some, all."""

from collections.abc import Collection, Sequence
from typing import Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Integer, Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.classrooms.model import classrooms
from rollbook.database.expressions import any_of, contains, within
from rollbook.database.query import Query
from rollbook.database.searching import Search, asked_of
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, NotFoundError
from rollbook.organizations.model import organizations


class ClassroomRow(Struct, frozen=True):
    """
    A classroom.

    Attributes:
        capacity: Its seats; None is no limit.
        created_at: Epoch seconds.
        modified_at: Epoch seconds.
    """

    id: int
    organization_id: int
    organization_name: str
    external_id: str | None
    name: str
    description: str | None
    administrative_notes: str | None
    capacity: int | None
    address1: str | None
    address2: str | None
    city: str | None
    state: str | None
    country: str | None
    zip: str | None
    created_at: int
    modified_at: int
    version: int


class ClassroomCriteria(Struct, frozen=True, kw_only=True):
    """
    What the classrooms of a search have in common; None is not asked.

    Attributes:
        name: A part of the name, in any case.
        capacity_at_least: Seats; a room without a capacity has enough.
    """

    name: str | None = None
    external_id: str | None = None
    organization_id: int | None = None
    capacity_at_least: int | None = None


class ClassroomPage(Struct, frozen=True):
    """A page of a search, and how many classrooms there are on all pages."""

    total: int
    rows: list[ClassroomRow]


class ClassroomNotFoundError(NotFoundError):
    """The viewer has no such classroom."""

    def __init__(self, classroom: int | str, *, field: str | None = None) -> None:
        self.classroom = classroom
        self.field = field
        super().__init__(f"there is no classroom {classroom}; give the id of a classroom of your organization or of one beneath it")


class SeveralClassroomsError(ConflictError):
    """An external id stands for several classrooms of the viewer's tree."""

    def __init__(self, external_id: str, classroom_ids: Sequence[int]) -> None:
        self.external_id = external_id
        self.classroom_ids = tuple(classroom_ids)
        ids = ", ".join(str(classroom_id) for classroom_id in classroom_ids)
        super().__init__(f"several classrooms have the external id {external_id} ({ids}); ask for one of them by its id")


class _IdRow(Struct, frozen=True):
    id: int


_PATH = bindparam("path", type_=Text)
_VIEWED = within(organizations.c.path, _PATH)
_COLUMNS = (
    classrooms.c.id,
    classrooms.c.organization_id,
    organizations.c.name.label("organization_name"),
    *(classrooms.c[name] for name in ClassroomRow.__struct_fields__[3:]),
)
_CLASSROOMS = select(*_COLUMNS).join(organizations, classrooms.c.organization_id == organizations.c.id)

_get_classroom = Query(_CLASSROOMS.where(classrooms.c.id == bindparam("classroom_id", type_=Integer), _VIEWED), ClassroomRow)
_classrooms_by_external_id = Query(
    _CLASSROOMS.where(classrooms.c.external_id == bindparam("external_id", type_=Text), _VIEWED).order_by(classrooms.c.id), ClassroomRow
)
_id_of_external_id = Query(
    select(classrooms.c.id).where(
        classrooms.c.organization_id == bindparam("organization_id", type_=Integer),
        classrooms.c.external_id == bindparam("external_id", type_=Text),
    ),
    _IdRow,
)
_visible_ids = Query(
    select(classrooms.c.id)
    .join(organizations, classrooms.c.organization_id == organizations.c.id)
    .where(any_of(classrooms.c.id, "classroom_ids"), _VIEWED),
    _IdRow,
)
_lock_classrooms = Query(
    select(classrooms.c.id)
    .where(any_of(classrooms.c.id, "classroom_ids"))
    .order_by(classrooms.c.id)
    .with_for_update(key_share=True, of=classrooms),
    _IdRow,
)
_page_classrooms = Query(
    _CLASSROOMS.where(classrooms.c.id > bindparam("after_id", type_=Integer), _VIEWED)
    .order_by(classrooms.c.id)
    .limit(bindparam("limit", type_=Integer)),
    # SQLite's compiler would bind an offset of its own that nobody gives a value for.
    ClassroomRow,
)


async def get_classroom(transaction: Transaction, *, viewer: Viewer, classroom_id: int) -> ClassroomRow:
    """
    Give a classroom by its id.

    Raises:
        ClassroomNotFoundError: The viewer has no such classroom.
    """
    row = await transaction.find(_get_classroom, classroom_id=classroom_id, path=viewer.path)
    if row is None:
        raise ClassroomNotFoundError(classroom_id)
    return row


async def get_classroom_by_external_id(transaction: Transaction, *, viewer: Viewer, external_id: str) -> ClassroomRow:
    """
    Give a classroom by the id that another system gave it.

    Raises:
        ClassroomNotFoundError: The viewer has none with it.
        SeveralClassroomsError: Classrooms of several organizations have it.
    """
    rows = await transaction.all(_classrooms_by_external_id, external_id=external_id, path=viewer.path)
    if not rows:
        raise ClassroomNotFoundError(external_id)
    if len(rows) > 1:
        raise SeveralClassroomsError(external_id, [row.id for row in rows])
    return rows[0]


async def find_classroom_with_external_id(transaction: Transaction, *, organization_id: int, external_id: str) -> int | None:
    """Give the id of an organization's classroom with that external id; the caller has found the organization, which is scope enough."""
    row = await transaction.find(_id_of_external_id, organization_id=organization_id, external_id=external_id)
    return None if row is None else row.id


async def list_missing_classrooms(
    transaction: Transaction, *, viewer: Viewer, classroom_ids: Collection[int], field: str
) -> list[ClassroomNotFoundError]:
    """Give a refusal for each of the ids that the viewer has no classroom of; *field* names the value they were given for."""
    if not classroom_ids:
        return []
    visible = {row.id for row in await transaction.all(_visible_ids, classroom_ids=list(classroom_ids), path=viewer.path)}
    return [ClassroomNotFoundError(asked, field=field) for asked in classroom_ids if asked not in visible]


async def lock_classrooms(transaction: Transaction, classroom_ids: Collection[int]) -> None:
    """Lock classrooms, by ascending id, until the end of the transaction."""
    if classroom_ids:
        await transaction.lock(_lock_classrooms, classroom_ids=list(classroom_ids))


async def page_classrooms(transaction: Transaction, *, viewer: Viewer, after_id: int = 0, limit: int = 200) -> list[ClassroomRow]:
    """Give the classrooms with an id above *after_id*, ascending, at most *limit* of them."""
    return await transaction.all(_page_classrooms, path=viewer.path, after_id=after_id, limit=limit)


_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "name": contains(classrooms.c.name_folded, bindparam("name", type_=Text)),
    "external_id": classrooms.c.external_id == bindparam("external_id", type_=Text),
    "organization_id": classrooms.c.organization_id == bindparam("organization_id", type_=Integer),
    "capacity_at_least": classrooms.c.capacity.is_(None) | (classrooms.c.capacity >= bindparam("capacity_at_least", type_=Integer)),
}
_SORTS: Final[dict[str, ColumnElement[object]]] = {
    "name": classrooms.c.name_folded,
    "capacity": classrooms.c.capacity,
    "created": classrooms.c.created_at,
    "modified": classrooms.c.modified_at,
}
_SEARCH: Final = Search(_CLASSROOMS.where(_VIEWED), ClassroomRow, identity=classrooms.c.id, conditions=_CONDITIONS, sorts=_SORTS)


async def search_classrooms(
    transaction: Transaction, *, viewer: Viewer, criteria: ClassroomCriteria, sort: str, descending: bool, offset: int, limit: int
) -> ClassroomPage:
    """
    Find classrooms; ties are in the order of their ids.

    *sort* is ``name``, ``capacity``, ``created`` or ``modified``.
    """
    values = asked_of(criteria, "name")
    found = await _SEARCH.find(transaction, path=viewer.path, values=values, sort=sort, descending=descending, offset=offset, limit=limit)
    return ClassroomPage(*found)


async def list_classrooms(
    transaction: Transaction, *, viewer: Viewer, criteria: ClassroomCriteria, after_id: int, limit: int
) -> list[ClassroomRow]:
    """Give the classrooms with an id above *after_id* that meet the criteria, ascending, at most *limit* of them."""
    values = asked_of(criteria, "name")
    return await _SEARCH.list(transaction, path=viewer.path, values=values, after_id=after_id, limit=limit)
