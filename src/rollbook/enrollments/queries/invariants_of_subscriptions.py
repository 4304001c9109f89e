"""What holds for the training keys that become subscriptions."""

from sqlalchemy import func, null, select

from rollbook.enrollments.queries.breaches import Invariant, invariant
from rollbook.subscriptions.model import subscription_training_keys, subscriptions

_made = (
    select(func.count())
    .select_from(subscriptions)
    .where(subscriptions.c.training_key_id == subscription_training_keys.c.id)
    .scalar_subquery()
)

INVARIANTS: tuple[Invariant, ...] = (
    invariant(
        "uses of training keys",
        "A subscription training key has as many uses as there are subscriptions that it became.",
        table="subscription_training_keys",
        breaches=select(subscription_training_keys.c.id, subscription_training_keys.c.uses.label("first"), _made.label("second")).where(
            subscription_training_keys.c.uses != _made
        ),
        text="subscription training key {id}: it has {first} uses and became {second} subscriptions",
    ),
    invariant(
        "most uses of training keys",
        "A subscription training key has no more uses than it may.",
        table="subscription_training_keys",
        breaches=select(subscription_training_keys.c.id, subscription_training_keys.c.uses.label("first"), null().label("second")).where(
            subscription_training_keys.c.uses > subscription_training_keys.c.maximum_uses
        ),
        text="subscription training key {id}: it has {first} uses, which is more than it may have",
    ),
)
