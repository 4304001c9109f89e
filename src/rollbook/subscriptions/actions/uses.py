"""Counting the uses of training keys."""

from typing import Final

from sqlalchemy import BigInteger, Integer, bindparam, literal_column, update

from rollbook.access.actor import Actor
from rollbook.database.transaction import Transaction
from rollbook.history.recording import entry, recorded
from rollbook.subscriptions.model import subscription_training_keys
from rollbook.subscriptions.queries.training_keys import get_uses, lock_training_key

_COUNT: Final = recorded(
    update(subscription_training_keys)
    .where(subscription_training_keys.c.id == bindparam("row_id", type_=Integer))
    .values(
        uses=bindparam("uses", type_=Integer),
        modified_at=bindparam("now", type_=BigInteger),
        version=subscription_training_keys.c.version + literal_column("1", Integer()),
    ),
    identity=subscription_training_keys.c.id,
)


async def count_use(transaction: Transaction, *, actor: Actor, key_id: int, organization_id: int, uses: int) -> None:
    """Count one more use of a training key that is locked and had so many."""
    await _count(transaction, actor=actor, key_id=key_id, organization_id=organization_id, kind="redeemed", before=uses, after=uses + 1)


async def release_key(transaction: Transaction, *, actor: Actor, key_id: int) -> None:
    """Lock a training key and give back a use of it, for a subscription that is deleted."""
    await lock_training_key(transaction, key_id=key_id)
    key = await get_uses(transaction, key_id=key_id)
    await _count(
        transaction, actor=actor, key_id=key_id, organization_id=key.organization_id, kind="released", before=key.uses, after=key.uses - 1
    )


async def _count(transaction: Transaction, *, actor: Actor, key_id: int, organization_id: int, kind: str, before: int, after: int) -> None:
    record = entry(
        transaction,
        actor=actor,
        organization_id=organization_id,
        kind=f"subscription_training_key.{kind}",
        before={"uses": before},
        after={"uses": after},
    )
    await transaction.change(_COUNT, {"row_id": key_id, "uses": after, "now": transaction.now}, record)
