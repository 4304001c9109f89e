"""Merging two users who are one person: one stays and gets what belongs to the other, who goes."""

from collections.abc import Iterable
from typing import Any, Final

from msgspec.structs import asdict
from sqlalchemy import BigInteger, Integer, bindparam, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.accounts.actions.merging_enrollments import Held, merge_enrollments
from rollbook.accounts.actions.merging_references import add_rights, move_references, moved_columns
from rollbook.accounts.actions.removing import remove_user
from rollbook.accounts.merging import TAKEN_OVER, MergedWithItselfError, take_over
from rollbook.accounts.queries.duplicates import list_held
from rollbook.accounts.queries.references import list_instructed, list_referrers
from rollbook.accounts.queries.rights import Rights, list_rights
from rollbook.database.query import Command
from rollbook.database.transaction import StartAgainError, Transaction
from rollbook.enrollments.actions.holding import Wanted, hold
from rollbook.errors import ConflictError, refuse
from rollbook.history.recording import entry, recorded
from rollbook.history.versions import check_version
from rollbook.people.actions.user_checks import check_open
from rollbook.people.model import merged_users, users
from rollbook.people.queries.users import UserNotFoundError, UserRow, find_user_id, get_user_as_stored, lock_users_whole

MERGED: Final = "user.merged"

_TAKEN: Final = tuple(name for together in TAKEN_OVER for name in together)
_UPDATE: Final = recorded(
    update(users)
    .where(users.c.id == bindparam("user_id", type_=Integer()))
    .values(
        {
            **{name: bindparam(name, type_=users.c[name].type) for name in _TAKEN},
            "modified_at": bindparam("now", type_=BigInteger()),
            "version": users.c.version + literal_column("1", Integer()),
        }
    ),
    identity=users.c.id,
)
_REMEMBER: Final = Command(
    insert(merged_users).values(
        merged_id=bindparam("merged_id", type_=Integer()),
        user_id=bindparam("user_id", type_=Integer()),
        merged_at=bindparam("now", type_=BigInteger()),
    )
)


class OutsideTreeError(ConflictError):
    """Something of the user who would be merged lies outside the tree of the one who asks, which bounds what they change."""

    field = "merged_user_id"

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(
            f"user {user_id} has enrollments, classes, companies, users, training keys or organizations to manage outside of the tree of "
            "the key's organization; "
            "merge with a key of an organization above"
        )


async def merge_users(transaction: Transaction, *, actor: Actor, user_id: int, merged_user_id: int, if_version: int | None = None) -> None:
    """
    Give a user everything that belongs to another who is the same person, and delete the other one.

    Values of the user who stays remain; where there is none, that of the other one is taken. Names, e-mail address and password never are.

    Raises:
        UserNotFoundError: The actor sees no such user, or no such other one.
        MergedWithItselfError: Both are the same user.
        VersionChangedError: The user who stays is not at the version asked for.
        AccountClosedError: An account is closed.
        OutsideTreeError: Something of the other user lies outside the actor's tree.
        FrozenDuplicateError: Of two enrollments in one class the one that would be given up is frozen (S2).
        StudentConflictError: The enrollments of both meet at the same time, from now on (C1).
    """
    await _get_both(transaction, actor=actor, user_id=user_id, merged_user_id=merged_user_id)
    holding, held = await _hold(transaction, actor=actor, user_id=user_id, merged_user_id=merged_user_id)
    stayer, other = await _get_both(holding, actor=actor, user_id=user_id, merged_user_id=merged_user_id)
    check_version(noun="user", subject_id=user_id, version=stayer.version, wanted=if_version)
    refuse(
        [
            check_open(user_id=user_id, closed_at=stayer.closed_at),
            check_open(user_id=merged_user_id, closed_at=other.closed_at, field="merged_user_id"),
        ]
    )
    rights = await list_rights(holding, user_ids=[user_id, merged_user_id])
    await _check_tree(holding, actor=actor, user=other, rights=rights[merged_user_id], held=held)

    await merge_enrollments(holding, actor=actor, user_id=user_id, held=held)
    await move_references(holding, actor=actor, user_id=user_id, merged_id=merged_user_id, organization_id=stayer.organization_id)
    role_ids = sorted(rights[merged_user_id].role_ids - rights[user_id].role_ids)
    organization_ids = sorted(rights[merged_user_id].organization_ids - rights[user_id].organization_ids)
    # What can be had once only has to be free before the one who stays can take it.
    await remove_user(holding, actor=actor, user=other, after={"merged_into_id": user_id})
    await transaction.run(_REMEMBER, merged_id=merged_user_id, user_id=user_id, now=transaction.now)
    await add_rights(holding, user_id=user_id, role_ids=role_ids, organization_ids=organization_ids)
    await _write_stayer(holding, actor=actor, stayer=stayer, other=other, role_ids=role_ids, organization_ids=organization_ids)


async def _get_both(transaction: Transaction, *, actor: Actor, user_id: int, merged_user_id: int) -> tuple[UserRow, UserRow]:
    stayer = await get_user_as_stored(transaction, viewer=actor.viewer, user_id=user_id)
    if user_id == merged_user_id:
        raise MergedWithItselfError(user_id)
    try:
        return stayer, await get_user_as_stored(transaction, viewer=actor.viewer, user_id=merged_user_id)
    except UserNotFoundError:
        raise UserNotFoundError(merged_user_id, field="merged_user_id") from None


async def _hold(transaction: Transaction, *, actor: Actor, user_id: int, merged_user_id: int) -> tuple[Transaction, Held]:
    """Lock everything that merging two users takes, in the one order, and give what it was for; whatever came meanwhile starts it again."""
    both = {"user_id": user_id, "merged_user_id": merged_user_id}
    class_ids = await _class_ids(transaction, actor=actor, **both)
    seen = await list_held(transaction, viewer=actor.viewer, **both)
    shared_ids = frozenset(class_id for class_id, of_class in seen.items() if len(of_class) > 1)
    wanted = Wanted(
        class_ids=class_ids,
        left_class_ids=shared_ids,
        classroom_ids=frozenset(),
        user_ids=frozenset(both.values()),
        attend=bool(shared_ids),
    )
    holding = await hold(transaction, wanted)
    await lock_users_whole(holding, user_ids=sorted(both.values()))
    held = await list_held(holding, viewer=actor.viewer, **both)
    if shared_ids != {class_id for class_id, of_class in held.items() if len(of_class) > 1}:
        raise StartAgainError
    if class_ids != await _class_ids(holding, actor=actor, **both):
        raise StartAgainError
    return holding, held


async def _class_ids(transaction: Transaction, *, actor: Actor, user_id: int, merged_user_id: int) -> frozenset[int]:
    held = await list_held(transaction, viewer=actor.viewer, user_id=user_id, merged_user_id=merged_user_id)
    instructed = await list_instructed(transaction, viewer=actor.viewer, user_id=merged_user_id)
    return frozenset(held) | {row.class_id for row in instructed}


async def _check_tree(transaction: Transaction, *, actor: Actor, user: UserRow, rights: Rights, held: Held) -> None:
    """
    Return when the actor sees whatever would be changed.

    Raises:
        OutsideTreeError: It does not.
    """
    seen = [each.is_visible for of_class in held.values() for each in of_class]
    seen += [rights.organization_ids <= set(user.managed_organization_ids)]
    seen += [row.is_visible for row in await list_instructed(transaction, viewer=actor.viewer, user_id=user.id)]
    for column in moved_columns():
        if "organization_id" in column.table.c:
            seen += [row.is_visible for row in await list_referrers(transaction, viewer=actor.viewer, column=column, user_id=user.id)]
    if not all(seen):
        raise OutsideTreeError(user.id)


async def _write_stayer(
    transaction: Transaction, *, actor: Actor, stayer: UserRow, other: UserRow, role_ids: Iterable[int], organization_ids: Iterable[int]
) -> None:
    """Record the merge with the user who stays, who takes what they lack."""
    stored = asdict(stayer)
    # Who had the other account as the manager has none.
    state = stored | ({"manager_id": None} if stayer.manager_id == other.id else {})
    taken = take_over(stayer=state, other=asdict(other))
    if "external_id" in taken and await find_user_id(transaction, organization_id=stayer.organization_id, external_id=taken["external_id"]):
        del taken["external_id"]
    state |= taken
    changed = [name for name in _TAKEN if stored[name] != state[name] and name != "time_zone_iana"]
    before: dict[str, Any] = {"merged_user_id": None} | {name: stored[name] for name in changed}
    after: dict[str, Any] = {"merged_user_id": other.id} | {name: state[name] for name in changed}
    for name, added in (("role_ids", role_ids), ("managed_organization_ids", organization_ids)):
        if added:
            before[name] = sorted(stored[name])
            after[name] = sorted({*stored[name], *added})
    record = entry(transaction, actor=actor, organization_id=stayer.organization_id, kind=MERGED, before=before, after=after)
    values = {**{name: state[name] for name in _TAKEN}, "user_id": stayer.id, "now": transaction.now}
    await transaction.change(_UPDATE, values, record)
