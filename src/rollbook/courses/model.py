"""The tables of courses, what they consist of, how they are found, and what students made of them."""

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
    true,
)

from rollbook.database.schema import (
    IDENTIFYING,
    LARGEST_INTEGER,
    at_most,
    between,
    folded_text,
    growing_table,
    identifier,
    joining_table,
    one_of,
    table,
    table_of_traces,
    text,
    version,
)

courses = table(
    "courses",
    identifier(),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False),
    text("external_id"),
    text("name", required=True),
    folded_text("name_folded"),
    text("description"),
    text("html_description"),
    Column("available_instructor_led", Boolean, nullable=False, server_default=true()),
    Column("available_self_paced", Boolean, nullable=False, server_default=false()),
    Column("content_provider_id", Integer),
    text("content_provider_name"),
    Column("duration", Integer),
    Column("archived", Boolean, nullable=False, server_default=false()),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    *at_most(external_id=255, name=255, description=800, html_description=65_536, content_provider_name=255),
    *between(duration=(0, LARGEST_INTEGER)),
    UniqueConstraint("external_id", "organization_id"),
    Index(None, "name_folded", "id"),
)

course_activities = table(
    "course_activities",
    identifier(),
    Column("course_id", Integer, ForeignKey("courses.id"), nullable=False, index=True),
    Column("parent_id", Integer, ForeignKey("course_activities.id"), index=True),
    Column("activity_type", Integer, nullable=False),
    text("name", required=True),
    text("subtitle"),
    text("description"),
    text("url"),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("required", Boolean, nullable=False, server_default=false()),
    Column("allow_retake", Boolean, nullable=False, server_default=true()),
    Column("allow_review", Boolean, nullable=False, server_default=true()),
    Column("availability", Integer, nullable=False, server_default="0"),
    # No longer part of the course, but launched while it was.
    Column("removed_at", BigInteger),
    *at_most(name=255, subtitle=255, description=8000, url=2048),
    *one_of(availability=(0, 10)),
)

course_tag_groups = table(
    "course_tag_groups",
    identifier(),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False),
    text("name", required=True),
    folded_text("name_folded"),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    Column("expanded", Boolean, nullable=False, server_default=false()),
    Column("mutually_exclusive", Boolean, nullable=False, server_default=false()),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    *at_most(name=255),
    Index(None, "organization_id", "name_folded", unique=True),
)

course_tags = table(
    "course_tags",
    identifier(),
    Column("group_id", Integer, ForeignKey("course_tag_groups.id"), nullable=False),
    text("name", required=True),
    folded_text("name_folded"),
    *at_most(name=255),
    Index(None, "group_id", "name_folded", unique=True),
)

tags_of_courses = joining_table(
    "tags_of_courses",
    Column("course_id", Integer, ForeignKey("courses.id"), nullable=False),
    Column("tag_id", Integer, ForeignKey("course_tags.id"), nullable=False, index=True),
    PrimaryKeyConstraint("course_id", "tag_id"),
)

course_feedback = table(
    "course_feedback",
    identifier(),
    Column("course_id", Integer, ForeignKey("courses.id"), nullable=False, index=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("rating", Integer, nullable=False),
    text("comment", identifies=IDENTIFYING),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    *between(rating=(1, 5)),
    *at_most(comment=8000),
    UniqueConstraint("user_id", "course_id"),
    Index(None, "created_at", "id"),
)

catalog_searches = table_of_traces(
    "catalog_searches",
    identifier(long=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    text("text", required=True),
    Column("found", Integer, nullable=False),
    *at_most(text=255),
    Index(None, "user_id", "at"),
    Index(None, "at", "id"),
)

activity_launches = growing_table(
    "activity_launches",
    identifier(long=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("activity_id", Integer, ForeignKey("course_activities.id"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Index(None, "user_id", "at"),
    Index(None, "at", "id"),
)
