"""What a student's road needs: versions, notes, approval, check-in, why someone was passed over, and keys with scopes."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_3"
down_revision = "20261123_2"
branch_labels = None
depends_on = None

VERSIONED = ("organizations", "companies", "users", "courses", "classrooms", "classes")
NOTED = ("users", "classes", "enrollments")


def upgrade() -> None:
    for table in (*VERSIONED, "attendance"):
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    # A check stands beside its column: neither engine then has to build the table anew.
    for table in NOTED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN note TEXT CONSTRAINT ck_{table}_note_length CHECK (length(note) <= 8000)")
    op.add_column("classes", sa.Column("requires_approval", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(
        "ALTER TABLE enrollments ADD COLUMN passed_over TEXT CONSTRAINT ck_enrollments_passed_over_length CHECK (length(passed_over) <= 255)"
    )
    op.create_index(
        "ix_enrollments_waiting",
        "enrollments",
        ["class_id", "status", "waiting_since"],
        sqlite_where=sa.text("waiting_since IS NOT NULL"),
        postgresql_where=sa.text("waiting_since IS NOT NULL"),
    )
    op.add_column("attendance", sa.Column("checked_in_at", sa.BigInteger(), nullable=True))
    op.add_column("attendance", sa.Column("attended_before", sa.Boolean(), nullable=True))
    op.add_column("attendance", sa.Column("completion_before", sa.Integer(), nullable=True))
    op.execute(
        "ALTER TABLE api_keys ADD COLUMN scope TEXT NOT NULL DEFAULT 'admin'"
        " CONSTRAINT ck_api_keys_scope_choice CHECK (scope IN ('read', 'enroll', 'manage', 'admin'))"
    )
    op.add_column("api_keys", sa.Column("expires_at", sa.BigInteger(), nullable=True))
    op.add_column("api_keys", sa.Column("last_used_at", sa.BigInteger(), nullable=True))
    op.add_column("history", sa.Column("through_key_id", sa.Integer(), nullable=True))
    op.add_column("enrollments", sa.Column("last_result_id", sa.BigInteger(), nullable=True))
    op.add_column("history", sa.Column("previous_id", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_history_subject_id",
        "history",
        ["subject_id"],
        sqlite_where=sa.text("previous_id IS NULL OR kind = 'enrollment.deleted'"),
        postgresql_where=sa.text("previous_id IS NULL OR kind = 'enrollment.deleted'"),
    )
    op.create_index(
        "ix_history_gone",
        "history",
        ["subject_id"],
        sqlite_where=sa.text("kind IN ('enrollment.moved', 'enrollment.deleted')"),
        postgresql_where=sa.text("kind IN ('enrollment.moved', 'enrollment.deleted')"),
    )


def downgrade() -> None:
    op.drop_index("ix_history_gone", table_name="history")
    op.drop_index("ix_history_subject_id", table_name="history")
    op.drop_column("history", "previous_id")
    op.drop_column("enrollments", "last_result_id")
    op.drop_column("history", "through_key_id")
    for column in ("last_used_at", "expires_at", "scope"):
        op.drop_column("api_keys", column)
    for column in ("completion_before", "attended_before", "checked_in_at"):
        op.drop_column("attendance", column)
    op.drop_index("ix_enrollments_waiting", table_name="enrollments")
    op.drop_column("enrollments", "passed_over")
    op.drop_column("classes", "requires_approval")
    for table in NOTED:
        op.drop_column(table, "note")
    for table in (*VERSIONED, "attendance"):
        op.drop_column(table, "version")
