"""What courses consist of, how they are tagged and found, and what students made of them."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_6"
down_revision = "20261123_5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_tag_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("expanded", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("mutually_exclusive", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("length(name) <= 255", name=op.f("ck_course_tag_groups_name_length")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_course_tag_groups_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_tag_groups")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_course_tag_groups_organization_id_name_folded"), "course_tag_groups", ["organization_id", "name_folded"], unique=True
    )
    op.create_table(
        "course_activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("activity_type", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subtitle", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("required", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("allow_retake", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("allow_review", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("availability", sa.Integer(), server_default="0", nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("availability IN (0, 10)", name=op.f("ck_course_activities_availability_choice")),
        sa.CheckConstraint("length(description) <= 8000", name=op.f("ck_course_activities_description_length")),
        sa.CheckConstraint("length(name) <= 255", name=op.f("ck_course_activities_name_length")),
        sa.CheckConstraint("length(subtitle) <= 255", name=op.f("ck_course_activities_subtitle_length")),
        sa.CheckConstraint("length(url) <= 2048", name=op.f("ck_course_activities_url_length")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_activities_course_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["course_activities.id"], name=op.f("fk_course_activities_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_activities")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_course_activities_course_id"), "course_activities", ["course_id"], unique=False)
    op.create_index(op.f("ix_course_activities_parent_id"), "course_activities", ["parent_id"], unique=False)
    op.create_table(
        "course_tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.CheckConstraint("length(name) <= 255", name=op.f("ck_course_tags_name_length")),
        sa.ForeignKeyConstraint(["group_id"], ["course_tag_groups.id"], name=op.f("fk_course_tags_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_tags")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_course_tags_group_id_name_folded"), "course_tags", ["group_id", "name_folded"], unique=True)
    op.create_table(
        "activity_launches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["course_activities.id"], name=op.f("fk_activity_launches_activity_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_activity_launches_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_launches")),
    )
    op.create_index(op.f("ix_activity_launches_activity_id"), "activity_launches", ["activity_id"], unique=False)
    op.create_index(op.f("ix_activity_launches_at_id"), "activity_launches", ["at", "id"], unique=False)
    op.create_index(op.f("ix_activity_launches_user_id_at"), "activity_launches", ["user_id", "at"], unique=False)
    op.create_table(
        "catalog_searches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(text) <= 255", name=op.f("ck_catalog_searches_text_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_catalog_searches_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_searches")),
    )
    op.create_index(op.f("ix_catalog_searches_at_id"), "catalog_searches", ["at", "id"], unique=False)
    op.create_index(op.f("ix_catalog_searches_user_id_at"), "catalog_searches", ["user_id", "at"], unique=False)
    op.create_table(
        "course_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(comment) <= 8000", name=op.f("ck_course_feedback_comment_length")),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_course_feedback_rating_range")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_feedback_course_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_course_feedback_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_feedback")),
        sa.UniqueConstraint("user_id", "course_id", name=op.f("uq_course_feedback_user_id_course_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_course_feedback_course_id"), "course_feedback", ["course_id"], unique=False)
    op.create_index(op.f("ix_course_feedback_created_at_id"), "course_feedback", ["created_at", "id"], unique=False)
    op.create_table(
        "tags_of_courses",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_tags_of_courses_course_id")),
        sa.ForeignKeyConstraint(["tag_id"], ["course_tags.id"], name=op.f("fk_tags_of_courses_tag_id")),
        sa.PrimaryKeyConstraint("course_id", "tag_id", name=op.f("pk_tags_of_courses")),
    )
    op.create_index(op.f("ix_tags_of_courses_tag_id"), "tags_of_courses", ["tag_id"], unique=False)


def downgrade() -> None:
    op.drop_table("tags_of_courses")
    op.drop_table("course_feedback")
    op.drop_table("catalog_searches")
    op.drop_table("activity_launches")
    op.drop_table("course_tags")
    op.drop_table("course_activities")
    op.drop_table("course_tag_groups")
