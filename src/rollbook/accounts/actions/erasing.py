"""Erasing a person: everything that identifies them, wherever it is kept; what they did stays as the record of somebody."""

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, Integer, Text, bindparam, delete, literal_column, null, or_, update

from rollbook.access.actor import EVERYTHING, Actor
from rollbook.accounts.erasing import ERASED, erase_rows, is_remainder, numbers_of, remainder
from rollbook.accounts.queries.holdings import KeptRow, Person, get_person, list_kept
from rollbook.accounts.queries.identifying import KEPT, NAMING, OF_USERS, Keeping
from rollbook.accounts.queries.traces import Traces, find_traces, list_ids_of, list_told
from rollbook.database.query import Change, Command
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.enrollments.queries import entrance
from rollbook.history.model import history
from rollbook.history.recording import entry, recorded
from rollbook.history.versions import check_version
from rollbook.people.model import managed_organizations, user_roles, users
from rollbook.people.queries.users import list_taken, lock_users

USER_ERASED = "user.erased"

_user_id = bindparam("user_id", type_=Integer)
_now = bindparam("now", type_=BigInteger)
_one_more = literal_column("1", Integer)

_CLOSE = recorded(
    update(users)
    .where(users.c.id == _user_id)
    .values(
        **{name: bindparam(name, type_=users.c[name].type) for name in OF_USERS},
        disabled=bindparam("disabled", type_=Boolean),
        closed_at=bindparam("closed_at", type_=BigInteger),
        modified_at=_now,
        version=users.c.version + _one_more,
    ),
    identity=users.c.id,
)
_TAKE_RIGHTS = tuple(Command(delete(table).where(table.c.user_id == _user_id)) for table in (user_roles, managed_organizations))
_REPLACE = Command(
    update(history)
    .where(history.c.id == bindparam("change_id", type_=BigInteger))
    .values(actor_name=bindparam("actor_name", type_=Text), before=bindparam("before", type_=Text), after=bindparam("after", type_=Text))
)


def _clear(kept: Keeping) -> Command:
    """Make the command that takes away what a table keeps of a person and has no history: the rows, or what in them identifies."""
    owned = (kept.owner == _user_id, kept.where)
    if not kept.columns:
        return Command(delete(kept.table).where(*owned))
    return Command(update(kept.table).where(*owned, or_(*(column.is_not(None) for column in kept.columns))).values(_nothing(kept.columns)))


def _nothing(columns: tuple[Column[str], ...]) -> dict[str, object]:
    return {column.name: null() for column in columns}


def _clear_one(kept: Keeping) -> Change:
    return recorded(
        update(kept.table)
        .where(kept.table.c.id == bindparam("row_id", type_=Integer))
        .values(**_nothing(kept.columns), modified_at=_now, version=kept.table.c.version + _one_more),
        identity=kept.table.c.id,
    )


_CLEAR = tuple(_clear(kept) for kept in KEPT if kept.subject is None)
_CLEAR_ONE = {kept.table.name: _clear_one(kept) for kept in KEPT if kept.subject is not None}
_encode = msgspec.json.Encoder().encode


async def erase_user(
    transaction: Transaction,
    *,
    actor: Actor,
    user_id: int,
    found: Traces | None = None,
    if_version: int | None = None,
    kind: str = USER_ERASED,
) -> int:
    """
    Remove everything that identifies a person, and give how many rows were changed or deleted; there is no way back.

    The user stays, closed and disabled, under a name that anybody could have. Enrollments stay as they are, without what identifies in them.

    Args:
        transaction: Where it is done.
        actor: Who asks for it.
        user_id: The user; who was merged into this one is erased as well.
        found: Where the history tells of the person, looked up before, so that nobody has to wait for that here.
        if_version: The version that the user has to be at; None for any.
        kind: What the history calls it.

    Raises:
        UserNotFoundError: The actor sees no such user.
        VersionChangedError: The user is not at the version asked for.
    """
    await lock_users(transaction, user_ids=[user_id])
    person = await get_person(transaction, viewer=actor.viewer, user_id=user_id)
    check_version(noun="user", subject_id=user_id, version=person.version, wanted=if_version)
    if found is None:
        found = await find_traces(transaction, viewer=EVERYTHING, user_id=user_id)
    await transaction.lock(entrance.lock_enrollments, ids=sorted(thing_id for subject, thing_id in found.things if subject == "enrollment"))
    affected = sum([await transaction.run(command, user_id=user_id) for command in (*_CLEAR, *_TAKE_RIGHTS)])
    for row in await list_kept(transaction, user_id=user_id):
        await _clear_row(transaction, actor=actor, row=row)
        affected += 1
    affected += await _close(transaction, actor=actor, person=person, kind=kind)
    return affected + await _replace_in_history(transaction, user_id=user_id, found=found)


async def _clear_row(transaction: Transaction, *, actor: Actor, row: KeptRow) -> None:
    record = entry(
        transaction,
        actor=actor,
        organization_id=row.organization_id,
        kind=f"{row.kept.subject}.erased",
        before=dict.fromkeys(row.names, ERASED),
        after=dict.fromkeys(row.names),
    )
    await transaction.change(_CLEAR_ONE[row.kept.table.name], {"row_id": row.id, "now": transaction.now}, record)


async def _close(transaction: Transaction, *, actor: Actor, person: Person, kind: str) -> int:
    """Put what anybody could have in the place of what identifies, and give 1; 0 where that was done before."""
    erased = {name for name, value in person.identifying.items() if not is_remainder(value, OF_USERS[name], person.id)}
    if not erased and person.disabled and person.closed_at is not None and not (person.role_ids or person.managed_organization_ids):
        return 0
    values = dict(person.identifying)
    if erased:
        number = await _free_number(transaction, user_id=person.id)
        values = {name: pattern and remainder(pattern, number) for name, pattern in OF_USERS.items()}
    # What is derived of a value is not told beside it, and of a password nothing is.
    told = sorted(name for name in erased if not name.endswith(("_folded", "_iana", "_hash")))
    before = dict.fromkeys(told, ERASED) | {"disabled": person.disabled, "closed_at": person.closed_at}
    after = {name: values[name] for name in told} | {"disabled": True, "closed_at": person.closed_at or transaction.now}
    for name in ("role_ids", "managed_organization_ids"):
        if had := getattr(person, name):
            before[name], after[name] = had, ()
    record = entry(transaction, actor=actor, organization_id=person.organization_id, kind=kind, before=before, after=after)
    stated = {"user_id": person.id, "disabled": True, "closed_at": after["closed_at"], "now": transaction.now}
    await transaction.change(_CLOSE, {**values, **stated}, record)
    return 1


async def _free_number(transaction: Transaction, *, user_id: int) -> str:
    """Give what the user is numbered by: the id, unless somebody else has given themselves that name."""
    for number in numbers_of(user_id):
        user_name, email = (remainder(OF_USERS[name] or "", number) for name in ("user_name", "email"))
        taken = await list_taken(transaction, viewer=EVERYTHING, user_name=folded(user_name), email=folded(email))
        if not [each for each in taken if each.id != user_id]:
            return number
    raise AssertionError  # pragma: no cover - there is no end of numbers


async def _replace_in_history(transaction: Transaction, *, user_id: int, found: Traces) -> int:
    user_ids = await list_ids_of(transaction, user_id=user_id)
    rows = await list_told(transaction, user_ids=user_ids, found=found)
    replacements = erase_rows(rows, user_ids=user_ids, naming=NAMING)
    for replacement in replacements:
        await transaction.run(
            _REPLACE,
            change_id=replacement.id,
            actor_name=replacement.actor_name,
            before=None if replacement.before is None else _encode(replacement.before).decode(),
            after=None if replacement.after is None else _encode(replacement.after).decode(),
        )
    return len(replacements)
