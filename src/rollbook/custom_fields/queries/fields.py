"""Reading custom fields: one, some, and those that a thing can have values of."""

from collections.abc import Collection
from typing import Final

from msgspec import Struct
from sqlalchemy import Boolean, ColumnElement, Integer, Text, and_, bindparam, or_, select

from rollbook.access.actor import Viewer
from rollbook.custom_fields.model import custom_fields
from rollbook.custom_fields.values import DataType, FieldKind, Subject
from rollbook.database.expressions import any_of, contains, within
from rollbook.database.query import Query
from rollbook.database.schema import folded
from rollbook.database.searching import Search, asked_of
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError
from rollbook.organizations.model import organizations


class CustomFieldRow(Struct, frozen=True):
    """
    A custom field.

    Attributes:
        path: The path of its organization.
        is_unique: No two have the same value.
        cascades: The classes of a course have its value too.
        position: Where it stands among others.
        created_at: Epoch seconds.
        modified_at: Epoch seconds.
    """

    path: str
    id: int
    organization_id: int
    subject: Subject
    name: str
    description: str | None
    data_type: DataType
    choices: list[str]
    required: bool
    is_unique: bool
    enabled: bool
    cascades: bool
    position: int
    created_at: int
    modified_at: int
    version: int

    def kind(self) -> FieldKind:
        """Give what it takes."""
        return FieldKind(self.id, self.name, self.data_type, self.choices, self.required)

    def is_for(self, subject: Subject) -> bool:
        """Tell whether there are values of it for classes, for courses or for users."""
        return self.subject is subject or (self.cascades and subject is Subject.CLASS)


class CustomFieldCriteria(Struct, frozen=True, kw_only=True):
    """
    What the custom fields of a search have in common; None is not asked.

    Attributes:
        name: A part of the name, in any case.
    """

    subject: Subject | None = None
    name: str | None = None
    organization_id: int | None = None
    data_type: DataType | None = None
    enabled: bool | None = None


class CustomFieldPage(Struct, frozen=True):
    """A page of a search, and how many custom fields there are on all pages."""

    total: int
    rows: list[CustomFieldRow]


class CustomFieldNotFoundError(NotFoundError):
    """The viewer has no such custom field."""

    def __init__(self, custom_field_id: int, *, field: str | None = None) -> None:
        self.custom_field_id = custom_field_id
        self.field = field
        super().__init__(f"there is no custom field {custom_field_id}; give the id of one in the tree of the key's organization")


class _IdRow(Struct, frozen=True):
    id: int


_PATH = bindparam("path", type_=Text)
_ASKED_ID = bindparam("custom_field_id", type_=Integer)
_OWN = within(organizations.c.path, _PATH)

IN_SIGHT: Final[ColumnElement[bool]] = or_(_OWN, within(_PATH, organizations.c.path))
"""The field belongs to an organization of the viewer, or to one above, which shares it with everything beneath."""

_FIELDS = select(organizations.c.path, *(custom_fields.c[name] for name in CustomFieldRow.__struct_fields__[1:])).join(
    organizations, organizations.c.id == custom_fields.c.organization_id
)
_IN_ORDER = (custom_fields.c.position, custom_fields.c.name_folded, custom_fields.c.id)

_get_own = Query(_FIELDS.where(custom_fields.c.id == _ASKED_ID, _OWN), CustomFieldRow)
_find_in_sight = Query(_FIELDS.where(custom_fields.c.id == _ASKED_ID, IN_SIGHT), CustomFieldRow)
_asked_subject = custom_fields.c.subject == bindparam("subject", type_=Text)
_list_for = Query(
    _FIELDS.where(
        or_(_asked_subject, and_(custom_fields.c.cascades, bindparam("subject", type_=Text) == Subject.CLASS.value)),
        custom_fields.c.enabled,
        IN_SIGHT,
    ).order_by(*_IN_ORDER),
    CustomFieldRow,
)
_id_of_name = Query(
    select(custom_fields.c.id).where(
        custom_fields.c.organization_id == bindparam("organization_id", type_=Integer),
        _asked_subject,
        custom_fields.c.name_folded == bindparam("name_folded", type_=Text),
    ),
    _IdRow,
)
_lock = Query(
    select(custom_fields.c.id)
    .where(any_of(custom_fields.c.id, "custom_field_ids"))
    .order_by(custom_fields.c.id)
    .with_for_update(key_share=True, of=custom_fields),
    _IdRow,
)


async def get_custom_field(transaction: Transaction, *, viewer: Viewer, custom_field_id: int) -> CustomFieldRow:
    """
    Give a custom field of an organization of the viewer.

    Raises:
        CustomFieldNotFoundError: The viewer has no such one.
    """
    row = await transaction.find(_get_own, custom_field_id=custom_field_id, path=viewer.path)
    if row is None:
        raise CustomFieldNotFoundError(custom_field_id)
    return row


async def get_custom_field_in_sight(transaction: Transaction, *, viewer: Viewer, custom_field_id: int, field: str) -> CustomFieldRow:
    """
    Give a custom field of which something of the viewer may have a value; ``field`` names the caller's value that holds its id.

    Raises:
        CustomFieldNotFoundError: There is no such one.
    """
    row = await transaction.find(_find_in_sight, custom_field_id=custom_field_id, path=viewer.path)
    if row is None:
        raise CustomFieldNotFoundError(custom_field_id, field=field)
    return row


async def list_custom_fields_for(transaction: Transaction, *, viewer: Viewer, subject: Subject) -> list[CustomFieldRow]:
    """Give the enabled custom fields of which classes, courses or users of the viewer may have values, in the order that they are shown in."""
    return await transaction.all(_list_for, subject=subject.value, path=viewer.path)


async def find_custom_field_id(transaction: Transaction, *, organization_id: int, subject: Subject, name: str) -> int | None:
    """Give the id of an organization's custom field of that name, in any case; the caller has found the organization, which is scope enough."""
    row = await transaction.find(_id_of_name, organization_id=organization_id, subject=subject.value, name_folded=folded(name))
    return None if row is None else row.id


async def lock_custom_fields(transaction: Transaction, custom_field_ids: Collection[int]) -> None:
    """Lock custom fields until the end, by ascending id and after their subjects: neither they nor their values change meanwhile."""
    await transaction.lock(_lock, custom_field_ids=list(custom_field_ids))


_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "subject": _asked_subject,
    "name": contains(custom_fields.c.name_folded, bindparam("name", type_=Text)),
    "organization_id": custom_fields.c.organization_id == bindparam("organization_id", type_=Integer),
    "data_type": custom_fields.c.data_type == bindparam("data_type", type_=Integer),
    "enabled": custom_fields.c.enabled == bindparam("enabled", type_=Boolean),
}
_SORTS: Final[dict[str, ColumnElement[object]]] = {"position": custom_fields.c.position, "name": custom_fields.c.name_folded}


_SEARCH: Final = Search(_FIELDS.where(_OWN), CustomFieldRow, identity=custom_fields.c.id, conditions=_CONDITIONS, sorts=_SORTS)


async def search_custom_fields(
    transaction: Transaction, *, viewer: Viewer, criteria: CustomFieldCriteria, sort: str, descending: bool, offset: int, limit: int
) -> CustomFieldPage:
    """
    Find custom fields of the viewer's organizations; ties are in the order of their ids.

    *sort* is ``position`` or ``name``.
    """
    values = asked_of(criteria, "name")
    found = await _SEARCH.find(transaction, path=viewer.path, values=values, sort=sort, descending=descending, offset=offset, limit=limit)
    return CustomFieldPage(*found)


async def list_custom_fields(
    transaction: Transaction, *, viewer: Viewer, criteria: CustomFieldCriteria, after_id: int, limit: int
) -> list[CustomFieldRow]:
    """Give the custom fields with an id above *after_id* that meet the criteria, ascending, at most *limit* of them."""
    values = asked_of(criteria, "name")
    return await _SEARCH.list(transaction, path=viewer.path, values=values, after_id=after_id, limit=limit)
