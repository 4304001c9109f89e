"""Accounts that are closed or merged, who signed in, and what users did."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_4"
down_revision = "20261123_3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merged_users",
        sa.Column("merged_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_merged_users_user_id")),
        sa.PrimaryKeyConstraint("merged_id", name=op.f("pk_merged_users")),
    )
    op.create_index(op.f("ix_merged_users_user_id"), "merged_users", ["user_id"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.CheckConstraint("length(address) <= 64", name=op.f("ck_sign_ins_address_length")),
        sa.CheckConstraint("length(user_agent) <= 512", name=op.f("ck_sign_ins_user_agent_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_ins_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
    )
    op.create_index(op.f("ix_sign_ins_at_id"), "sign_ins", ["at", "id"], unique=False)
    op.create_index(op.f("ix_sign_ins_user_id_at"), "sign_ins", ["user_id", "at"], unique=False)
    op.create_table(
        "user_activity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("impersonating_user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("referrer", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.CheckConstraint("length(method) <= 16", name=op.f("ck_user_activity_method_length")),
        sa.CheckConstraint("length(path) <= 512", name=op.f("ck_user_activity_path_length")),
        sa.CheckConstraint("length(referrer) <= 512", name=op.f("ck_user_activity_referrer_length")),
        sa.CheckConstraint("length(user_agent) <= 512", name=op.f("ck_user_activity_user_agent_length")),
        sa.ForeignKeyConstraint(["impersonating_user_id"], ["users.id"], name=op.f("fk_user_activity_impersonating_user_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_activity_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_activity")),
    )
    op.create_index(op.f("ix_user_activity_at_id"), "user_activity", ["at", "id"], unique=False)
    op.create_index(op.f("ix_user_activity_impersonating_user_id"), "user_activity", ["impersonating_user_id"], unique=False)
    op.create_index(op.f("ix_user_activity_user_id_at"), "user_activity", ["user_id", "at"], unique=False)
    op.add_column("users", sa.Column("closed_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "closed_at")
    op.drop_table("user_activity")
    op.drop_table("sign_ins")
    op.drop_table("merged_users")
