"""The tables of custom fields and of their values."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, false, true

from rollbook.database.schema import IDENTIFYING, at_most, folded_text, identifier, identifying, joining_table, one_of, table, text, version

custom_fields = table(
    "custom_fields",
    identifier(),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False),
    # What has a value of it.
    text("subject", required=True),
    text("name", required=True),
    folded_text("name_folded"),
    text("description"),
    Column("data_type", Integer, nullable=False),
    # A JSON array of texts: what there is to choose from.
    text("choices", required=True),
    Column("required", Boolean, nullable=False, server_default=false()),
    Column("is_unique", Boolean, nullable=False, server_default=false()),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    # A course's field whose value its classes have too.
    Column("cascades", Boolean, nullable=False, server_default=false()),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    CheckConstraint("subject IN ('class', 'course', 'user')", name="subject_choice"),
    *one_of(data_type=(0, 10, 20, 30, 60, 70)),
    *at_most(name=255, description=800, choices=65_536),
    Index(None, "organization_id", "subject", "name_folded", unique=True),
)

custom_field_values = joining_table(
    "custom_field_values",
    Column("custom_field_id", Integer, ForeignKey("custom_fields.id"), nullable=False, index=True),
    # The class, the course or the user. A class may have a value of its own in a field of courses.
    text("subject", required=True),
    Column("subject_id", Integer, nullable=False),
    # Several chosen values stand side by side, with tabs between them.
    text("text_value", identifies=IDENTIFYING),
    Column("integer_value", Integer, info=identifying()),
    Column("boolean_value", Boolean, info=identifying()),
    PrimaryKeyConstraint("subject_id", "custom_field_id", "subject"),
    CheckConstraint("subject IN ('class', 'course', 'user')", name="subject_choice"),
    *at_most(text_value=8000),
)
