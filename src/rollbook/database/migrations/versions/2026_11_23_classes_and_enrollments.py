"""Classes, enrollments and attendance."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_2"
down_revision = "20261123_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "classes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("html_description", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("time_zone_iana", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("primary_instructor_id", sa.Integer(), nullable=True),
        sa.Column("primary_classroom_id", sa.Integer(), nullable=True),
        sa.Column("virtual_meeting_host_id", sa.Integer(), nullable=True),
        sa.Column("custom_virtual_classroom_url", sa.Text(), nullable=True),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("allow_self_enrollment", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_public", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("disable_labs", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=True),
        sa.Column("student_survey_availability_start_type_id", sa.Integer(), nullable=True),
        sa.Column("survey_availability_start_hours", sa.Integer(), nullable=True),
        sa.Column("survey_availability_end_days", sa.Integer(), nullable=True),
        sa.Column("instructor_survey_id", sa.Integer(), nullable=True),
        sa.Column("organization_survey_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("delivery IN (1, 2, 3)", name=op.f("ck_classes_delivery_choice")),
        sa.CheckConstraint("length(custom_virtual_classroom_url) <= 2048", name=op.f("ck_classes_custom_virtual_classroom_url_length")),
        sa.CheckConstraint("length(description) <= 800", name=op.f("ck_classes_description_length")),
        sa.CheckConstraint("length(external_id) <= 255", name=op.f("ck_classes_external_id_length")),
        sa.CheckConstraint("length(html_description) <= 65536", name=op.f("ck_classes_html_description_length")),
        sa.CheckConstraint("length(name) <= 255", name=op.f("ck_classes_name_length")),
        sa.CheckConstraint("length(time_zone) <= 100", name=op.f("ck_classes_time_zone_length")),
        sa.CheckConstraint("maximum BETWEEN 0 AND 2147483647", name=op.f("ck_classes_maximum_range")),
        sa.CheckConstraint("minimum BETWEEN 0 AND 2147483647", name=op.f("ck_classes_minimum_range")),
        sa.CheckConstraint("status IN (0, 1, 2, 3, 4, 5, 6, 7)", name=op.f("ck_classes_status_choice")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_classes_company_id")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_classes_course_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_classes_organization_id")),
        sa.ForeignKeyConstraint(["primary_classroom_id"], ["classrooms.id"], name=op.f("fk_classes_primary_classroom_id")),
        sa.ForeignKeyConstraint(["primary_instructor_id"], ["users.id"], name=op.f("fk_classes_primary_instructor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classes")),
        sa.UniqueConstraint("external_id", "organization_id", name=op.f("uq_classes_external_id_organization_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_classes_course_id"), "classes", ["course_id"], unique=False)
    op.create_index(op.f("ix_classes_name_folded_id"), "classes", ["name_folded", "id"], unique=False)
    op.create_index(op.f("ix_classes_starts_at_id"), "classes", ["starts_at", "id"], unique=False)
    op.create_table(
        "class_classrooms",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("classroom_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_classrooms_class_id")),
        sa.ForeignKeyConstraint(["classroom_id"], ["classrooms.id"], name=op.f("fk_class_classrooms_classroom_id")),
        sa.PrimaryKeyConstraint("class_id", "classroom_id", name=op.f("pk_class_classrooms")),
    )
    op.create_index(op.f("ix_class_classrooms_classroom_id"), "class_classrooms", ["classroom_id"], unique=False)
    op.create_table(
        "class_instructors",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_instructors_class_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_class_instructors_user_id")),
        sa.PrimaryKeyConstraint("class_id", "user_id", name=op.f("pk_class_instructors")),
    )
    op.create_index(op.f("ix_class_instructors_user_id"), "class_instructors", ["user_id"], unique=False)
    op.create_table(
        "class_organizations",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_organizations_class_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_class_organizations_organization_id")),
        sa.PrimaryKeyConstraint("class_id", "organization_id", name=op.f("pk_class_organizations")),
    )
    op.create_table(
        "enrollments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("completion", sa.Integer(), nullable=False),
        sa.Column("late_cancel", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("retake", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("location", sa.Integer(), nullable=False),
        sa.Column("classroom_id", sa.Integer(), nullable=True),
        sa.Column("hours_spent", sa.Integer(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("waiting_since", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("completion IN (0, 10, 20, 30, 40, 50)", name=op.f("ck_enrollments_completion_choice")),
        sa.CheckConstraint("grade BETWEEN 0 AND 2147483647", name=op.f("ck_enrollments_grade_range")),
        sa.CheckConstraint("hours_spent BETWEEN 0 AND 2147483647", name=op.f("ck_enrollments_hours_spent_range")),
        sa.CheckConstraint("length(external_id) <= 255", name=op.f("ck_enrollments_external_id_length")),
        sa.CheckConstraint("location IN (0, 10, 20, 30)", name=op.f("ck_enrollments_location_choice")),
        sa.CheckConstraint("status IN (0, 10, 20, 30, 40, 50, 60)", name=op.f("ck_enrollments_status_choice")),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_enrollments_class_id")),
        sa.ForeignKeyConstraint(["classroom_id"], ["classrooms.id"], name=op.f("fk_enrollments_classroom_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_enrollments_organization_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_enrollments_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollments")),
        sa.UniqueConstraint("user_id", "class_id", name=op.f("uq_enrollments_user_id_class_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_enrollments_class_id_status_classroom_id"), "enrollments", ["class_id", "status", "classroom_id"], unique=False
    )
    op.create_index(
        "ix_enrollments_remote_classroom_id",
        "enrollments",
        ["classroom_id", "class_id"],
        unique=False,
        sqlite_where=sa.text("location = 20"),
        postgresql_where=sa.text("location = 20"),
    )
    op.create_index(op.f("ix_enrollments_created_at_id"), "enrollments", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_enrollments_external_id",
        "enrollments",
        ["external_id"],
        unique=False,
        sqlite_where=sa.text("external_id IS NOT NULL"),
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_enrollments_organization_id"), "enrollments", ["organization_id"], unique=False)
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("ends_at BETWEEN 0 AND 253402300799", name=op.f("ck_meetings_ends_at_range")),
        sa.CheckConstraint("starts_at BETWEEN 0 AND 253402300799", name=op.f("ck_meetings_starts_at_range")),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_meetings_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("class_id", "starts_at", name=op.f("uq_meetings_class_id_starts_at")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("enrollment_id", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollments.id"], name=op.f("fk_attendance_enrollment_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_attendance_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "enrollment_id", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_enrollment_id"), "attendance", ["enrollment_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_attendance_enrollment_id"), table_name="attendance")
    op.drop_table("attendance")
    op.drop_table("meetings")
    op.drop_index(op.f("ix_enrollments_organization_id"), table_name="enrollments")
    op.drop_index(
        "ix_enrollments_external_id",
        table_name="enrollments",
        sqlite_where=sa.text("external_id IS NOT NULL"),
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.drop_index("ix_enrollments_remote_classroom_id", table_name="enrollments")
    op.drop_index(op.f("ix_enrollments_created_at_id"), table_name="enrollments")
    op.drop_index(op.f("ix_enrollments_class_id_status_classroom_id"), table_name="enrollments")
    op.drop_table("enrollments")
    op.drop_table("class_organizations")
    op.drop_index(op.f("ix_class_instructors_user_id"), table_name="class_instructors")
    op.drop_table("class_instructors")
    op.drop_index(op.f("ix_class_classrooms_classroom_id"), table_name="class_classrooms")
    op.drop_table("class_classrooms")
    op.drop_index(op.f("ix_classes_starts_at_id"), table_name="classes")
    op.drop_index(op.f("ix_classes_name_folded_id"), table_name="classes")
    op.drop_index(op.f("ix_classes_course_id"), table_name="classes")
    op.drop_table("classes")
