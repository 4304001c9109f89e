"""The tables of enrollments and of who attended which meeting."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    UniqueConstraint,
    false,
    literal_column,
)

from rollbook.database.schema import (
    IDENTIFYING,
    LARGEST_INTEGER,
    at_most,
    between,
    identifier,
    joining_table,
    one_of,
    partial_index,
    table,
    text,
    version,
)

enrollments = table(
    "enrollments",
    identifier(),
    Column("class_id", Integer, ForeignKey("classes.id"), nullable=False),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    # The class's organization (its owner sees the enrollment), written with the class, so that a search needs no class to know its scope.
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False, index=True),
    text("external_id", identifies=IDENTIFYING),
    Column("status", Integer, nullable=False),
    Column("completion", Integer, nullable=False),
    Column("late_cancel", Boolean, nullable=False, server_default=false()),
    Column("retake", Boolean, nullable=False, server_default=false()),
    Column("location", Integer, nullable=False),
    Column("classroom_id", Integer, ForeignKey("classrooms.id")),
    Column("hours_spent", Integer),
    Column("grade", Integer),
    # Microseconds since the epoch, while the student is Requested or Wait-Listed: the order of those who wait.
    Column("waiting_since", BigInteger),
    # Why the student was passed over when a place came free (W3): remembered so that the history says it once for each new reason.
    text("passed_over", identifies=IDENTIFYING),
    text("note", identifies=IDENTIFYING),
    # The change in the history that updated the results (completion, hours, grade and the like) the last time.
    Column("last_result_id", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    *at_most(external_id=255, passed_over=255, note=8000),
    *one_of(status=(0, 10, 20, 30, 40, 50, 60), completion=(0, 10, 20, 30, 40, 50), location=(0, 10, 20, 30)),
    *between(hours_spent=(0, LARGEST_INTEGER), grade=(0, LARGEST_INTEGER)),
    UniqueConstraint("user_id", "class_id"),
    Index(None, "class_id", "status", "classroom_id"),
    Index(None, "created_at", "id"),
)
partial_index("ix_enrollments_external_id", enrollments.c.external_id, where=enrollments.c.external_id.is_not(None))
partial_index(
    "ix_enrollments_waiting",
    enrollments.c.class_id,
    enrollments.c.status,
    enrollments.c.waiting_since,
    where=enrollments.c.waiting_since.is_not(None),
)
partial_index(
    "ix_enrollments_remote_classroom_id",
    enrollments.c.classroom_id,
    enrollments.c.class_id,
    where=enrollments.c.location == literal_column("20"),
)

attendance = joining_table(
    "attendance",
    Column("meeting_id", Integer, ForeignKey("meetings.id"), nullable=False),
    Column("enrollment_id", Integer, ForeignKey("enrollments.id"), nullable=False, index=True),
    Column("attended", Boolean, nullable=False),
    # When the student was checked in, and what that changed, so that it can be undone.
    Column("checked_in_at", BigInteger),
    Column("attended_before", Boolean),
    Column("completion_before", Integer),
    version(),
    PrimaryKeyConstraint("meeting_id", "enrollment_id"),
)
