"""Custom fields, announcements, and the training keys of classes."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_5"
down_revision = "20261123_4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "custom_fields",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("data_type", sa.Integer(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_unique", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("cascades", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("subject IN ('class', 'course', 'user')", name=op.f("ck_custom_fields_subject_choice")),
        sa.CheckConstraint("data_type IN (0, 10, 20, 30, 60, 70)", name=op.f("ck_custom_fields_data_type_choice")),
        sa.CheckConstraint("length(choices) <= 65536", name=op.f("ck_custom_fields_choices_length")),
        sa.CheckConstraint("length(description) <= 800", name=op.f("ck_custom_fields_description_length")),
        sa.CheckConstraint("length(name) <= 255", name=op.f("ck_custom_fields_name_length")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_custom_fields_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_fields")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_custom_fields_organization_id_subject_name_folded"),
        "custom_fields",
        ["organization_id", "subject", "name_folded"],
        unique=True,
    )
    op.create_table(
        "system_announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("length(text) <= 8000", name=op.f("ck_system_announcements_text_length")),
        sa.CheckConstraint("length(title) <= 255", name=op.f("ck_system_announcements_title_length")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_system_announcements_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system_announcements")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_system_announcements_organization_id"), "system_announcements", ["organization_id"], unique=False)
    op.create_table(
        "custom_field_values",
        sa.Column("custom_field_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("text_value", sa.Text(), nullable=True),
        sa.Column("integer_value", sa.Integer(), nullable=True),
        sa.Column("boolean_value", sa.Boolean(), nullable=True),
        sa.CheckConstraint("subject IN ('class', 'course', 'user')", name=op.f("ck_custom_field_values_subject_choice")),
        sa.CheckConstraint("length(text_value) <= 8000", name=op.f("ck_custom_field_values_text_value_length")),
        sa.ForeignKeyConstraint(["custom_field_id"], ["custom_fields.id"], name=op.f("fk_custom_field_values_custom_field_id")),
        sa.PrimaryKeyConstraint("subject_id", "custom_field_id", "subject", name=op.f("pk_custom_field_values")),
    )
    op.create_index(op.f("ix_custom_field_values_custom_field_id"), "custom_field_values", ["custom_field_id"], unique=False)
    op.add_column("classes", sa.Column("enable_training_key", sa.Boolean(), server_default=sa.false(), nullable=False))
    # A check stands beside its column: neither engine then has to build the table anew.
    op.execute(
        "ALTER TABLE classes ADD COLUMN training_key TEXT CONSTRAINT ck_classes_training_key_length CHECK (length(training_key) <= 50)"
    )
    op.create_index("ix_classes_training_key", "classes", ["training_key"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_classes_training_key", table_name="classes")
    op.drop_column("classes", "training_key")
    op.drop_column("classes", "enable_training_key")
    op.drop_table("custom_field_values")
    op.drop_table("system_announcements")
    op.drop_table("custom_fields")
