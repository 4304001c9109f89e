"""Giving a user another password."""

from sqlalchemy import BigInteger, Boolean, Integer, Text, bindparam, literal_column, update

from rollbook.access.actor import Actor
from rollbook.database.transaction import Transaction
from rollbook.errors import refuse
from rollbook.history.recording import entry, recorded
from rollbook.history.versions import check_version
from rollbook.people.actions.user_checks import check_open
from rollbook.people.model import users
from rollbook.people.queries.users import get_user_as_stored, lock_users

CHANGED = "changed, and told to nobody"
"""What the history says of a password."""

_UPDATE = recorded(
    update(users)
    .where(users.c.id == bindparam("user_id", type_=Integer()))
    .values(
        password_hash=bindparam("password_hash", type_=Text()),
        force_password_change=bindparam("force_password_change", type_=Boolean()),
        modified_at=bindparam("now", type_=BigInteger()),
        version=users.c.version + literal_column("1", Integer()),
    ),
    identity=users.c.id,
)


async def set_password(
    transaction: Transaction,
    *,
    actor: Actor,
    user_id: int,
    password_hash: str,
    force_password_change: bool | None = None,
    if_version: int | None = None,
) -> None:
    """
    Give a user another password, which ``people.passwords`` has hashed before.

    Whether the user has to choose another one when signing in stays as it is where nothing is said of it.

    Raises:
        UserNotFoundError: The actor sees no such user.
        VersionChangedError: The user is not at the version asked for.
        AccountClosedError: The user's account is closed.
    """
    await lock_users(transaction, user_ids=[user_id])
    user = await get_user_as_stored(transaction, viewer=actor.viewer, user_id=user_id)
    check_version(noun="user", subject_id=user_id, version=user.version, wanted=if_version)
    refuse([check_open(user_id=user_id, closed_at=user.closed_at)])
    forced = user.force_password_change if force_password_change is None else force_password_change
    record = entry(
        transaction,
        actor=actor,
        organization_id=user.organization_id,
        kind="user.password_changed",
        before={"password": None, "force_password_change": user.force_password_change},
        after={"password": CHANGED, "force_password_change": forced},
    )
    values = {"user_id": user_id, "password_hash": password_hash, "force_password_change": forced, "now": transaction.now}
    await transaction.change(_UPDATE, values, record)
