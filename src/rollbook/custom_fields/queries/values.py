"""Reading the values of custom fields."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from msgspec import Struct
from sqlalchemy import Integer, Text, bindparam, func, or_, select, union_all

from rollbook.access.actor import Viewer
from rollbook.custom_fields.model import custom_field_values, custom_fields
from rollbook.custom_fields.queries.fields import IN_SIGHT
from rollbook.custom_fields.values import NO_VALUE, DataType, FieldValue, Subject
from rollbook.database.expressions import any_of
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations


class ShownValue(Struct, frozen=True, kw_only=True):
    """
    A value with the field that it is one of.

    Attributes:
        is_inherited: It is the course's, where the class has none of its own.
    """

    custom_field_id: int
    name: str
    data_type: DataType
    value: FieldValue
    is_inherited: bool = False

    @property
    def chosen(self) -> str | None:
        """The choices of a list of checkboxes, with tabs between them."""
        return self.value.text_value if self.data_type is DataType.CHECKBOX_LIST else None

    @property
    def text(self) -> str | None:
        """The text of a value that is one."""
        return None if self.data_type is DataType.CHECKBOX_LIST else self.value.text_value


class StoredValue(Struct, frozen=True):
    """A value as it is stored, without its field."""

    custom_field_id: int
    text_value: str | None
    integer_value: int | None
    boolean_value: bool | None

    def value(self) -> FieldValue:
        """Give the value itself."""
        return FieldValue(text_value=self.text_value, integer_value=self.integer_value, boolean_value=self.boolean_value)


class _ShownRow(Struct, frozen=True):
    subject: Subject
    subject_id: int
    position: int
    name_folded: str
    custom_field_id: int
    name: str
    data_type: DataType
    text_value: str | None
    integer_value: int | None
    boolean_value: bool | None


class _HeldRow(Struct, frozen=True):
    custom_field_id: int


class _HolderRow(Struct, frozen=True):
    subject_id: int


class _CountRow(Struct, frozen=True):
    count: int


_values = custom_field_values.c
_field_id = bindparam("custom_field_id", type_=Integer)
_subject = bindparam("subject", type_=Text)
_shown = (
    select(
        _values.subject,
        _values.subject_id,
        custom_fields.c.position,
        custom_fields.c.name_folded,
        _values.custom_field_id,
        custom_fields.c.name,
        custom_fields.c.data_type,
        _values.text_value,
        _values.integer_value,
        _values.boolean_value,
    )
    .join_from(custom_field_values, custom_fields, custom_fields.c.id == _values.custom_field_id)
    .join(organizations, organizations.c.id == custom_fields.c.organization_id)
    .where(custom_fields.c.enabled, IN_SIGHT)
)
_list_own = Query(_shown.where(_values.subject == _subject, any_of(_values.subject_id, "subject_ids")), _ShownRow)
_list_of_classes = Query(
    union_all(
        _shown.where(_values.subject == Subject.CLASS.value, any_of(_values.subject_id, "subject_ids")),
        _shown.where(_values.subject == Subject.COURSE.value, any_of(_values.subject_id, "course_ids"), custom_fields.c.cascades),
    ),
    _ShownRow,
)
_stored = select(*(_values[name] for name in StoredValue.__struct_fields__))
_find = Query(
    _stored.where(
        _values.subject_id == bindparam("subject_id", type_=Integer), _values.custom_field_id == _field_id, _values.subject == _subject
    ),
    StoredValue,
)
_list_held = Query(
    select(_values.custom_field_id)
    .where(_values.subject_id == bindparam("subject_id", type_=Integer), _values.subject == _subject)
    .order_by(_values.custom_field_id),
    _HeldRow,
)
_list_repeatable = Query(
    _stored.join(custom_fields, custom_fields.c.id == _values.custom_field_id)
    .where(_values.subject_id == bindparam("subject_id", type_=Integer), _values.subject == _subject, ~custom_fields.c.is_unique)
    .order_by(_values.custom_field_id),
    StoredValue,
)
_find_other = Query(
    select(_values.subject_id).where(
        _values.custom_field_id == _field_id,
        _values.subject == _subject,
        _values.subject_id != bindparam("subject_id", type_=Integer),
        or_(
            _values.text_value == bindparam("text_value", type_=Text),
            _values.integer_value == bindparam("integer_value", type_=Integer),
        ),
    ),
    _HolderRow,
)
_count = Query(
    select(func.count().label("count")).where(_values.custom_field_id == _field_id, _values.subject == _subject),
    _CountRow,
)
_find_repeated = Query(
    select(func.min(_values.subject_id).label("subject_id"))
    .where(_values.custom_field_id == _field_id)
    .group_by(_values.subject, _values.text_value, _values.integer_value)
    .having(func.count() > 1)
    .order_by(func.min(_values.subject_id)),
    _HolderRow,
)


async def list_values(
    transaction: Transaction, *, viewer: Viewer, subject: Subject, subject_ids: Collection[int]
) -> dict[int, list[ShownValue]]:
    """Give the values that courses or users show, by their ids; the caller has found these, and the fields are those in the viewer's sight."""
    rows = await transaction.all(_list_own, subject=subject.value, subject_ids=list(subject_ids), path=viewer.path)
    return _by_subject(rows, subject)


async def list_values_of_classes(transaction: Transaction, *, viewer: Viewer, course_ids: Mapping[int, int]) -> dict[int, list[ShownValue]]:
    """
    Give the values that classes show, by their ids: their own, and of cascading fields those of the course where they have none.

    *course_ids* are the courses of the classes, by the ids of these, which the caller has found.
    """
    courses = sorted(set(course_ids.values()))
    rows = await transaction.all(_list_of_classes, subject_ids=list(course_ids), course_ids=courses, path=viewer.path)
    own = [row for row in rows if row.subject is Subject.CLASS]
    held = {(row.subject_id, row.custom_field_id) for row in own}
    of_courses: defaultdict[int, list[_ShownRow]] = defaultdict(list)
    for row in rows:
        if row.subject is Subject.COURSE:
            of_courses[row.subject_id].append(row)
    inherited = [
        _of_class(row, class_id)
        for class_id, course_id in course_ids.items()
        for row in of_courses[course_id]
        if (class_id, row.custom_field_id) not in held
    ]
    return _by_subject([*own, *inherited], Subject.CLASS)


async def find_value(transaction: Transaction, *, subject: Subject, subject_id: int, custom_field_id: int) -> FieldValue:
    """Give the value that something has itself of a custom field; the caller has found both, which is scope enough."""
    row = await transaction.find(_find, subject=subject.value, subject_id=subject_id, custom_field_id=custom_field_id)
    return NO_VALUE if row is None else row.value()


async def list_held_fields(transaction: Transaction, *, subject: Subject, subject_id: int) -> list[int]:
    """Give the ids of all fields that something has a value of itself, shown or not; the caller has found it."""
    return [row.custom_field_id for row in await transaction.all(_list_held, subject=subject.value, subject_id=subject_id)]


async def list_repeatable_values(transaction: Transaction, *, subject: Subject, subject_id: int) -> list[StoredValue]:
    """Give the values that something has itself and that another one may have too; asked with the fields locked."""
    return await transaction.all(_list_repeatable, subject=subject.value, subject_id=subject_id)


async def find_other_holder(
    transaction: Transaction, *, subject: Subject, subject_id: int, custom_field_id: int, value: FieldValue
) -> int | None:
    """Give the id of another thing of the same sort that has a value; asked with the field locked, of everybody's."""
    row = await transaction.find(
        _find_other,
        subject=subject.value,
        subject_id=subject_id,
        custom_field_id=custom_field_id,
        text_value=value.text_value,
        integer_value=value.integer_value,
    )
    return None if row is None else row.subject_id


async def count_values(transaction: Transaction, *, subject: Subject, custom_field_id: int) -> int:
    """Count the values that things of a sort have of a custom field, which the caller has found."""
    return (await transaction.one(_count, subject=subject.value, custom_field_id=custom_field_id)).count


async def find_repeated(transaction: Transaction, *, custom_field_id: int) -> int | None:
    """Give the id of something whose value of a custom field another thing of its sort has too; the caller has found the field."""
    row = await transaction.find(_find_repeated, custom_field_id=custom_field_id)
    return None if row is None else row.subject_id


def _of_class(row: _ShownRow, class_id: int) -> _ShownRow:
    return _ShownRow(row.subject, class_id, *(getattr(row, name) for name in _ShownRow.__struct_fields__[2:]))


def _by_subject(rows: Collection[_ShownRow], subject: Subject) -> dict[int, list[ShownValue]]:
    shown: defaultdict[int, list[ShownValue]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.position, row.name_folded, row.custom_field_id)):
        value = FieldValue(text_value=row.text_value, integer_value=row.integer_value, boolean_value=row.boolean_value)
        shown[row.subject_id].append(
            ShownValue(
                custom_field_id=row.custom_field_id,
                name=row.name,
                data_type=row.data_type,
                value=value,
                is_inherited=row.subject is not subject,
            )
        )
    return shown
