"""What holds for the values of custom fields."""

from sqlalchemy import and_, case, exists, func, or_, select

from rollbook.classes.model import classes
from rollbook.courses.model import courses
from rollbook.custom_fields.model import custom_field_values, custom_fields
from rollbook.custom_fields.values import DataType, Subject
from rollbook.enrollments.queries.breaches import Invariant, invariant
from rollbook.people.model import users

_values = custom_field_values.c
_of_text = custom_fields.c.data_type.in_((DataType.TEXTBOX.value, DataType.DROPDOWN_LIST.value, DataType.CHECKBOX_LIST.value))
_of_number = custom_fields.c.data_type.in_((DataType.NUMBER.value, DataType.USER_SELECTOR.value))
_breaches = select(
    _values.subject_id.label("id"), _values.custom_field_id.label("first"), custom_fields.c.data_type.label("second")
).join_from(custom_field_values, custom_fields, custom_fields.c.id == _values.custom_field_id)

INVARIANTS: tuple[Invariant, ...] = (
    invariant(
        "custom fields: whose",
        "What has a value of a custom field is there.",
        table="custom_field_values",
        breaches=_breaches.where(
            ~case(
                (_values.subject == Subject.CLASS.value, exists().where(classes.c.id == _values.subject_id)),
                (_values.subject == Subject.COURSE.value, exists().where(courses.c.id == _values.subject_id)),
                else_=exists().where(users.c.id == _values.subject_id),
            )
        ),
        text="there is no {id} that could have its value of custom field {first}",
    ),
    invariant(
        "custom fields: sort",
        "A value of a custom field belongs to what the field is of, or to a class where the field cascades from courses.",
        table="custom_field_values",
        breaches=_breaches.where(
            _values.subject != custom_fields.c.subject,
            ~and_(_values.subject == Subject.CLASS.value, custom_fields.c.subject == Subject.COURSE.value, custom_fields.c.cascades),
        ),
        text="{id} has a value of custom field {first}, which is of something else",
    ),
    invariant(
        "custom fields: kind",
        "A value of a custom field is a text, a number or a truth, as the field's data type says.",
        table="custom_field_values",
        breaches=_breaches.where(
            or_(
                _values.text_value.is_not(None) != _of_text,
                _values.integer_value.is_not(None) != _of_number,
                _values.boolean_value.is_not(None) != (custom_fields.c.data_type == DataType.CHECKBOX.value),
            )
        ),
        text="{id} has a value of custom field {first} that is not of its data type {second}",
    ),
    invariant(
        "custom fields: unique",
        "No two things of a sort have the same value of a unique custom field.",
        table="custom_field_values",
        breaches=select(func.min(_values.subject_id).label("id"), _values.custom_field_id.label("first"), func.count().label("second"))
        .join_from(custom_field_values, custom_fields, custom_fields.c.id == _values.custom_field_id)
        .where(custom_fields.c.is_unique)
        .group_by(_values.custom_field_id, _values.subject, _values.text_value, _values.integer_value, _values.boolean_value)
        .having(func.count() > 1),
        text="{id} is one of {second} that have the same value of custom field {first}, which is unique",
    ),
)
