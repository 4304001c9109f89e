"""Subscriptions, their training keys, and courses taken alone."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_7"
down_revision = "20261123_6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscription_profiles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("duration_days", sa.Integer(), nullable=True),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("duration_days BETWEEN 1 AND 36500", name=op.f("ck_subscription_profiles_duration_days_range")),
        sa.CheckConstraint("length(description) <= 800", name=op.f("ck_subscription_profiles_description_length")),
        sa.CheckConstraint("length(external_id) <= 255", name=op.f("ck_subscription_profiles_external_id_length")),
        sa.CheckConstraint("length(name) <= 255", name=op.f("ck_subscription_profiles_name_length")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_subscription_profiles_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_profiles")),
        sa.UniqueConstraint("external_id", "organization_id", name=op.f("uq_subscription_profiles_external_id_organization_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_subscription_profiles_name_folded_id"), "subscription_profiles", ["name_folded", "id"], unique=False)
    op.create_table(
        "courses_of_profiles",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_courses_of_profiles_course_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["subscription_profiles.id"], name=op.f("fk_courses_of_profiles_profile_id")),
        sa.PrimaryKeyConstraint("profile_id", "course_id", name=op.f("pk_courses_of_profiles")),
    )
    op.create_index(op.f("ix_courses_of_profiles_course_id"), "courses_of_profiles", ["course_id"], unique=False)
    op.create_table(
        "subscription_training_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("training_key", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("content_expires_at", sa.BigInteger(), nullable=True),
        sa.Column("maximum_uses", sa.Integer(), server_default="1", nullable=False),
        sa.Column("uses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("modified_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "content_expires_at BETWEEN 0 AND 253402300799", name=op.f("ck_subscription_training_keys_content_expires_at_range")
        ),
        sa.CheckConstraint("expires_at BETWEEN 0 AND 253402300799", name=op.f("ck_subscription_training_keys_expires_at_range")),
        sa.CheckConstraint("length(training_key) <= 50", name=op.f("ck_subscription_training_keys_training_key_length")),
        sa.CheckConstraint("maximum_uses BETWEEN 1 AND 2147483647", name=op.f("ck_subscription_training_keys_maximum_uses_range")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_subscription_training_keys_created_by_id")),
        sa.ForeignKeyConstraint(["modified_by_id"], ["users.id"], name=op.f("fk_subscription_training_keys_modified_by_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_subscription_training_keys_organization_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["subscription_profiles.id"], name=op.f("fk_subscription_training_keys_profile_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_training_keys")),
        sa.UniqueConstraint("training_key", name=op.f("uq_subscription_training_keys_training_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_subscription_training_keys_created_at_id"), "subscription_training_keys", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_subscription_training_keys_profile_id"), "subscription_training_keys", ["profile_id"], unique=False)
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("training_key_id", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("target_completion_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("expires_at BETWEEN 0 AND 253402300799", name=op.f("ck_subscriptions_expires_at_range")),
        sa.CheckConstraint("length(external_id) <= 255", name=op.f("ck_subscriptions_external_id_length")),
        sa.CheckConstraint("starts_at BETWEEN 0 AND 253402300799", name=op.f("ck_subscriptions_starts_at_range")),
        sa.CheckConstraint("target_completion_at BETWEEN 0 AND 253402300799", name=op.f("ck_subscriptions_target_completion_at_range")),
        sa.ForeignKeyConstraint(["profile_id"], ["subscription_profiles.id"], name=op.f("fk_subscriptions_profile_id")),
        sa.ForeignKeyConstraint(["training_key_id"], ["subscription_training_keys.id"], name=op.f("fk_subscriptions_training_key_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_subscriptions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_subscriptions_created_at_id"), "subscriptions", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_subscriptions_external_id",
        "subscriptions",
        ["external_id"],
        unique=False,
        sqlite_where=sa.text("external_id IS NOT NULL"),
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_subscriptions_profile_id"), "subscriptions", ["profile_id"], unique=False)
    op.create_index(op.f("ix_subscriptions_training_key_id"), "subscriptions", ["training_key_id"], unique=False)
    op.create_index(op.f("ix_subscriptions_user_id"), "subscriptions", ["user_id"], unique=False)
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("target_completion_at", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("completed_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("completed_at BETWEEN 0 AND 253402300799", name=op.f("ck_assignments_completed_at_range")),
        sa.CheckConstraint("expires_at BETWEEN 0 AND 253402300799", name=op.f("ck_assignments_expires_at_range")),
        sa.CheckConstraint("length(external_id) <= 255", name=op.f("ck_assignments_external_id_length")),
        sa.CheckConstraint("started_at BETWEEN 0 AND 253402300799", name=op.f("ck_assignments_started_at_range")),
        sa.CheckConstraint("target_completion_at BETWEEN 0 AND 253402300799", name=op.f("ck_assignments_target_completion_at_range")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_assignments_course_id")),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscriptions.id"], name=op.f("fk_assignments_subscription_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_assignments_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_assignments_course_id"), "assignments", ["course_id"], unique=False)
    op.create_index(op.f("ix_assignments_created_at_id"), "assignments", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_assignments_external_id",
        "assignments",
        ["external_id"],
        unique=False,
        sqlite_where=sa.text("external_id IS NOT NULL"),
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_assignments_subscription_id"), "assignments", ["subscription_id"], unique=False)
    op.create_index(op.f("ix_assignments_user_id"), "assignments", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("assignments")
    op.drop_table("subscriptions")
    op.drop_table("subscription_training_keys")
    op.drop_table("courses_of_profiles")
    op.drop_table("subscription_profiles")
