"""The tables of classes, their meetings, instructors, classrooms, and the organizations they are offered to."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, UniqueConstraint, false, true

from rollbook.database.schema import (
    LARGEST_INTEGER,
    LATEST_TIME,
    at_most,
    between,
    folded_text,
    identifier,
    joining_table,
    one_of,
    table,
    text,
    version,
)

classes = table(
    "classes",
    identifier(),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False),
    Column("course_id", Integer, ForeignKey("courses.id"), nullable=False, index=True),
    Column("company_id", Integer, ForeignKey("companies.id")),
    text("external_id"),
    text("name", required=True),
    folded_text("name_folded"),
    text("description"),
    text("html_description"),
    Column("status", Integer, nullable=False),
    Column("delivery", Integer, nullable=False),
    Column("minimum", Integer),
    Column("maximum", Integer),
    text("time_zone", required=True),
    text("time_zone_iana", required=True),
    # The first meeting's start and the last one's end, written with the meetings, so that an enrollment's update reads one row.
    Column("starts_at", BigInteger),
    Column("ends_at", BigInteger),
    Column("primary_instructor_id", Integer, ForeignKey("users.id")),
    Column("primary_classroom_id", Integer, ForeignKey("classrooms.id")),
    Column("virtual_meeting_host_id", Integer),
    text("custom_virtual_classroom_url"),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    Column("allow_self_enrollment", Boolean, nullable=False, server_default=false()),
    Column("is_public", Boolean, nullable=False, server_default=false()),
    Column("requires_approval", Boolean, nullable=False, server_default=false()),
    text("note"),
    Column("disable_labs", Boolean, nullable=False, server_default=false()),
    Column("survey_id", Integer),
    Column("student_survey_availability_start_type_id", Integer),
    Column("survey_availability_start_hours", Integer),
    Column("survey_availability_end_days", Integer),
    Column("instructor_survey_id", Integer),
    Column("organization_survey_id", Integer),
    Column("enable_training_key", Boolean, nullable=False, server_default=false()),
    text("training_key"),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    *at_most(external_id=255, name=255, description=800, html_description=65_536, custom_virtual_classroom_url=2048),
    *at_most(time_zone=100, note=8000, training_key=50),
    *one_of(status=(0, 1, 2, 3, 4, 5, 6, 7), delivery=(1, 2, 3)),
    *between(minimum=(0, LARGEST_INTEGER), maximum=(0, LARGEST_INTEGER)),
    UniqueConstraint("external_id", "organization_id"),
    Index(None, "name_folded", "id"),
    Index(None, "starts_at", "id"),
    Index("ix_classes_training_key", "training_key", unique=True),
)

meetings = table(
    "meetings",
    identifier(),
    Column("class_id", Integer, ForeignKey("classes.id"), nullable=False),
    Column("starts_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    *between(starts_at=(0, LATEST_TIME), ends_at=(0, LATEST_TIME)),
    UniqueConstraint("class_id", "starts_at"),
)

class_instructors = joining_table(
    "class_instructors",
    Column("class_id", Integer, ForeignKey("classes.id"), nullable=False),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    PrimaryKeyConstraint("class_id", "user_id"),
)

class_classrooms = joining_table(
    "class_classrooms",
    Column("class_id", Integer, ForeignKey("classes.id"), nullable=False),
    Column("classroom_id", Integer, ForeignKey("classrooms.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    PrimaryKeyConstraint("class_id", "classroom_id"),
)

class_organizations = joining_table(
    "class_organizations",
    Column("class_id", Integer, ForeignKey("classes.id"), nullable=False),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False),
    PrimaryKeyConstraint("class_id", "organization_id"),
)
