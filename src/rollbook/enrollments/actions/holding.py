"""Locking for many enrollments at once: everything that any of them may ask for, in the one order, before the first of them is touched."""

from collections.abc import Collection
from typing import Any, cast

import msgspec

from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries import entrance, rooms
from rollbook.enrollments.queries.many import list_rooms_of, list_waiting_users, lock_enrollments_of

Held = dict[Query[Any], frozenset[int]]


class _Holding:
    """A transaction that holds locks: to ask for one of them again costs no statement."""

    def __init__(self, transaction: Transaction, held: Held) -> None:
        self._transaction = transaction
        self._held = held

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transaction, name)

    async def lock(self, query: Query[Any], **values: Any) -> None:
        if not self._held.get(query, frozenset()).issuperset(values.get("ids", (None,))):
            await self._transaction.lock(query, **values)


async def hold_classes(transaction: Transaction, *, class_ids: Collection[int]) -> None:
    """Lock classes, as the first thing of a transaction."""
    await transaction.lock(entrance.lock_classes, ids=sorted(class_ids))


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """
    What acts on many enrollments may ask for.

    Attributes:
        left_class_ids: Those of the classes that lose students, so that who waits for them may be promoted.
        classroom_ids: Rooms that are given; those of the classes are found.
        attend: Whether anybody begins to attend; else rooms and users are left alone.
    """

    class_ids: frozenset[int]
    left_class_ids: frozenset[int]
    classroom_ids: frozenset[int]
    user_ids: frozenset[int]
    attend: bool


async def hold(transaction: Transaction, wanted: Wanted) -> Transaction:
    """Lock all that is wanted and give the transaction as whoever acts on single enrollments may use it, at no further cost for locks."""
    class_ids = sorted(wanted.class_ids)
    await transaction.lock(entrance.lock_classes, ids=class_ids)
    held: Held = {entrance.lock_classes: wanted.class_ids}
    user_ids = wanted.user_ids
    if wanted.left_class_ids:
        user_ids |= await list_waiting_users(transaction, class_ids=wanted.left_class_ids)
    if wanted.attend:
        room_ids = wanted.classroom_ids | await list_rooms_of(transaction, class_ids=class_ids)
        await transaction.lock(rooms.lock_classrooms, ids=sorted(room_ids))
        await transaction.lock(entrance.lock_users, ids=sorted(user_ids))
        held |= {rooms.lock_classrooms: room_ids, entrance.lock_users: user_ids}
    await transaction.lock(lock_enrollments_of, class_ids=class_ids, user_ids=sorted(user_ids))
    return cast("Transaction", _Holding(transaction, held))
