"""Sessions, one-time links, and sign-ins that failed."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_8"
down_revision = "20261123_7"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", LONG, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("password_mark", sa.Text(), nullable=False),
        sa.Column("with_password", sa.Boolean(), nullable=False),
        sa.Column("chosen_organization_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(password_mark) <= 64", name=op.f("ck_sessions_password_mark_length")),
        sa.CheckConstraint("length(secret_hash) <= 64", name=op.f("ck_sessions_secret_hash_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sessions_secret_hash")),
    )
    op.create_index(op.f("ix_sessions_seen_at"), "sessions", ["seen_at"], unique=False)
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "one_time_links",
        sa.Column("id", LONG, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("password_mark", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(destination) <= 2048", name=op.f("ck_one_time_links_destination_length")),
        sa.CheckConstraint("length(password_mark) <= 64", name=op.f("ck_one_time_links_password_mark_length")),
        sa.CheckConstraint("length(token_hash) <= 64", name=op.f("ck_one_time_links_token_hash_length")),
        sa.CheckConstraint("purpose IN ('password', 'sign_in')", name=op.f("ck_one_time_links_purpose_choice")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_one_time_links_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
    )
    op.create_index(op.f("ix_one_time_links_expires_at"), "one_time_links", ["expires_at"], unique=False)
    op.create_index(op.f("ix_one_time_links_user_id"), "one_time_links", ["user_id"], unique=False)
    op.create_table(
        "failed_sign_ins",
        sa.Column("id", LONG, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("moments", sa.Text(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(tried) <= 64", name=op.f("ck_failed_sign_ins_tried_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_failed_sign_ins_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_sign_ins")),
        sa.UniqueConstraint("tried", name=op.f("uq_failed_sign_ins_tried")),
    )
    op.create_index(op.f("ix_failed_sign_ins_last_at"), "failed_sign_ins", ["last_at"], unique=False)
    op.create_index(op.f("ix_failed_sign_ins_user_id"), "failed_sign_ins", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("failed_sign_ins")
    op.drop_table("one_time_links")
    op.drop_table("sessions")
