"""The tables of sessions, of one-time links and of sign-ins that failed; of every secret only a hash."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, UniqueConstraint

from rollbook.database.schema import at_most, identifier, table_of_traces, text

sessions = table_of_traces(
    "sessions",
    identifier(long=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
    text("secret_hash", required=True),
    # By which a session knows that the password is another one now.
    text("password_mark", required=True),
    Column("with_password", Boolean, nullable=False),
    # No foreign key: an organization in which somebody works at the moment can be deleted.
    Column("chosen_organization_id", Integer),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    *at_most(secret_hash=64, password_mark=64),
    UniqueConstraint("secret_hash"),
    Index(None, "seen_at"),
)

one_time_links = table_of_traces(
    "one_time_links",
    identifier(long=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
    text("token_hash", required=True),
    text("purpose", required=True),
    text("password_mark", required=True),
    text("destination"),
    Column("expires_at", BigInteger, nullable=False),
    CheckConstraint("purpose IN ('password', 'sign_in')", name="purpose_choice"),
    *at_most(token_hash=64, password_mark=64, destination=2048),
    UniqueConstraint("token_hash"),
    Index(None, "expires_at"),
)

failed_sign_ins = table_of_traces(
    "failed_sign_ins",
    identifier(long=True),
    # Whose name it is, where it is somebody's.
    Column("user_id", Integer, ForeignKey("users.id"), index=True),
    # The hash of a name or of a network address.
    text("tried", required=True),
    # When, in epoch seconds, as a JSON array.
    text("moments", required=True),
    Column("last_at", BigInteger, nullable=False),
    *at_most(tried=64),
    UniqueConstraint("tried"),
    Index(None, "last_at"),
)
