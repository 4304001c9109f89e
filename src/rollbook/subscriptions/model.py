"""The tables of subscription profiles, subscriptions and the training keys that become one."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, UniqueConstraint, true

from rollbook.database.schema import (
    IDENTIFYING,
    LARGEST_INTEGER,
    LATEST_TIME,
    at_most,
    between,
    folded_text,
    identifier,
    joining_table,
    partial_index,
    table,
    text,
    version,
)

subscription_profiles = table(
    "subscription_profiles",
    identifier(),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False),
    text("external_id"),
    text("name", required=True),
    folded_text("name_folded"),
    text("description"),
    # None is for good.
    Column("duration_days", Integer),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    *at_most(external_id=255, name=255, description=800),
    *between(duration_days=(1, 36_500)),
    UniqueConstraint("external_id", "organization_id"),
    Index(None, "name_folded", "id"),
)

courses_of_profiles = joining_table(
    "courses_of_profiles",
    Column("profile_id", Integer, ForeignKey("subscription_profiles.id"), nullable=False),
    Column("course_id", Integer, ForeignKey("courses.id"), nullable=False, index=True),
    PrimaryKeyConstraint("profile_id", "course_id"),
)

subscription_training_keys = table(
    "subscription_training_keys",
    identifier(),
    Column("organization_id", Integer, ForeignKey("organizations.id"), nullable=False),
    Column("profile_id", Integer, ForeignKey("subscription_profiles.id"), nullable=False, index=True),
    text("training_key", required=True),
    Column("expires_at", BigInteger, nullable=False),
    Column("content_expires_at", BigInteger),
    Column("maximum_uses", Integer, nullable=False, server_default="1"),
    Column("uses", Integer, nullable=False, server_default="0"),
    # The users who did it; an API key is none.
    Column("created_by_id", Integer, ForeignKey("users.id")),
    Column("modified_by_id", Integer, ForeignKey("users.id")),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    *at_most(training_key=50),
    *between(expires_at=(0, LATEST_TIME), content_expires_at=(0, LATEST_TIME), maximum_uses=(1, LARGEST_INTEGER)),
    UniqueConstraint("training_key"),
    Index(None, "created_at", "id"),
)

subscriptions = table(
    "subscriptions",
    identifier(),
    Column("profile_id", Integer, ForeignKey("subscription_profiles.id"), nullable=False, index=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("training_key_id", Integer, ForeignKey("subscription_training_keys.id"), index=True),
    text("external_id", identifies=IDENTIFYING),
    Column("starts_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("target_completion_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
    version(),
    *at_most(external_id=255),
    *between(starts_at=(0, LATEST_TIME), expires_at=(0, LATEST_TIME), target_completion_at=(0, LATEST_TIME)),
    Index(None, "created_at", "id"),
)
partial_index("ix_subscriptions_external_id", subscriptions.c.external_id, where=subscriptions.c.external_id.is_not(None))
