"""Making and revoking the API keys of organizations, and noting when they are used."""

from collections.abc import Mapping

from sqlalchemy import BigInteger, Integer, Text, bindparam, insert, or_, update

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.database.query import Command
from rollbook.database.transaction import Transaction
from rollbook.history.recording import entry, recorded
from rollbook.organizations.model import api_keys
from rollbook.organizations.queries.keys import get_key
from rollbook.organizations.queries.organizations import get_organization

_CREATE = recorded(
    insert(api_keys).values(
        {
            column.name: bindparam(column.name, type_=column.type)
            for column in (
                api_keys.c.organization_id,
                api_keys.c.name,
                api_keys.c.hash,
                api_keys.c.scope,
                api_keys.c.expires_at,
                api_keys.c.created_at,
            )
        }
    ),
    identity=api_keys.c.id,
)
_REVOKE = recorded(
    update(api_keys)
    .where(api_keys.c.id == bindparam("key_id", type_=Integer()), api_keys.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("revoked_at", type_=BigInteger())),
    identity=api_keys.c.id,
)
_USED_AT = bindparam("used_at", type_=BigInteger())
_NOTE_USE = Command(
    update(api_keys)
    .where(
        api_keys.c.hash == bindparam("key_hash", type_=Text()), or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at < _USED_AT)
    )
    .values(last_used_at=_USED_AT)
)


async def create_key(
    transaction: Transaction,
    *,
    actor: Actor,
    organization_id: int,
    name: str,
    key_hash: str,
    scope: Scope = Scope.ADMIN,
    expires_at: int | None = None,
) -> int:
    """
    Keep a new API key of an organization, of which only the hash is told, and give its id; ``access.keys`` makes the key itself.

    From ``expires_at`` on, in epoch seconds, it opens nothing.

    Raises:
        OrganizationNotFoundError: The actor sees no such organization.
    """
    await get_organization(transaction, viewer=actor.viewer, organization_id=organization_id, field="organization_id")
    record = entry(
        transaction,
        actor=actor,
        organization_id=organization_id,
        kind="key.created",
        after={"name": name, "scope": scope.value, "expires_at": expires_at},
    )
    values = {
        "organization_id": organization_id,
        "name": name,
        "hash": key_hash,
        "scope": scope.value,
        "expires_at": expires_at,
        "created_at": transaction.now,
    }
    return await transaction.settle(_CREATE, values, record)


async def revoke_key(transaction: Transaction, *, actor: Actor, key_id: int) -> None:
    """
    Revoke an API key for good; one that is revoked already stays as it is.

    Raises:
        KeyNotFoundError: The actor sees no such key.
    """
    key = await get_key(transaction, viewer=actor.viewer, key_id=key_id)
    record = entry(
        transaction,
        actor=actor,
        organization_id=key.organization_id,
        kind="key.revoked",
        before={"revoked_at": None},
        after={"revoked_at": transaction.now},
    )
    await transaction.change(_REVOKE, {"key_id": key_id, "revoked_at": transaction.now}, record)


async def note_key_uses(transaction: Transaction, *, uses: Mapping[str, int]) -> None:
    """Note when keys, told by their hashes, were last used, in epoch seconds; the history does not tell of it."""
    for key_hash, used_at in sorted(uses.items()):
        await transaction.run(_NOTE_USE, key_hash=key_hash, used_at=used_at)
