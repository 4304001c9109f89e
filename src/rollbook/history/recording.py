"""
Writing the history: every change writes one row beside what it changes, in the same transaction.

``before`` and ``after`` are JSON objects: of an update the changed fields alone, of a creation everything after, of a deletion everything before.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Column

from rollbook.access.actor import Actor
from rollbook.database.expressions import next_id
from rollbook.database.query import Change, Writing
from rollbook.database.transaction import Transaction
from rollbook.history.model import history

NEXT_CHANGE = next_id("history")
"""The id of the change that is recorded with the statement that this stands in."""

_encode = msgspec.json.Encoder().encode


def recorded(statement: Writing, *, identity: Column[int], holds_record: Column[Any] | None = None) -> Change:
    """
    Make a change of one row that is recorded in the history; ``identity`` is the column of the row's id.

    ``holds_record`` is a column that the statement sets to ``NEXT_CHANGE``.
    """
    return Change(statement, identity=identity, record=history, holds_record=holds_record)


def entry(
    transaction: Transaction,
    *,
    actor: Actor,
    organization_id: int,
    kind: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    previous_id: int | None = None,
) -> dict[str, Any]:
    """
    Give the history's row for a change.

    ``kind`` is the subject and what became of it, such as ``enrollment.cancelled``; ``organization_id`` is the one the subject belongs to.
    ``previous_id`` links the change to the one before, as ``history.model`` has it.
    """
    return {
        "at": transaction.now,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "through_key_id": actor.key_id,
        "actor_name": actor.name,
        "organization_id": organization_id,
        "subject": kind.partition(".")[0],
        "kind": kind,
        "previous_id": previous_id,
        "before": None if before is None else _encode(before).decode(),
        "after": None if after is None else _encode(after).decode(),
    }


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the fields in which two states differ, as they were and as they are."""
    changed = [name for name, value in after.items() if before[name] != value]
    return {name: before[name] for name in changed}, {name: after[name] for name in changed}
