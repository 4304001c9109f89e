"""Announcing something to an organization and to those beneath it, changing that, and taking it back."""

from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import asdict
from sqlalchemy import Integer, bindparam, delete, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.database.transaction import Transaction
from rollbook.errors import InvalidError
from rollbook.history.recording import differences, entry, recorded
from rollbook.organizations.model import system_announcements
from rollbook.organizations.queries.announcements import get_announcement, lock_announcement
from rollbook.organizations.queries.organizations import get_organization

LONGEST_TITLE: Final = 255
LONGEST_TEXT: Final = 8000


class NewAnnouncement(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is to be announced.

    Attributes:
        starts_at: From when on it is shown, in epoch seconds; None for at once.
        ends_at: When it is no longer shown; None for as long as it is there.
    """

    organization_id: int
    title: str
    text: str
    starts_at: int | None = None
    ends_at: int | None = None


class AnnouncementChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of an announcement: what is not given stays, and None clears."""

    title: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    starts_at: int | UnsetType = UNSET
    ends_at: int | UnsetType | None = UNSET


class AnnouncementEndsBeforeStartError(InvalidError):
    """An announcement would end before it is shown."""

    field = "ends_at"

    def __init__(self, *, starts_at: int, ends_at: int) -> None:
        super().__init__(f"the announcement would end at {ends_at}, and start at {starts_at}; give an end after the start, or none")


_SAID: Final = ("title", "text", "starts_at", "ends_at")
_ANNOUNCEMENT_ID: Final = bindparam("announcement_id", type_=Integer())
_BOUND: Final = {column.name: bindparam(column.name, type_=column.type) for column in system_announcements.columns}

_INSERT: Final = recorded(
    insert(system_announcements).values({name: bound for name, bound in _BOUND.items() if name not in {"id", "version"}}),
    identity=system_announcements.c.id,
)
_UPDATE: Final = recorded(
    update(system_announcements)
    .where(system_announcements.c.id == _ANNOUNCEMENT_ID)
    .values(
        {
            **{name: _BOUND[name] for name in (*_SAID, "modified_at")},
            "version": system_announcements.c.version + literal_column("1", Integer()),
        }
    ),
    identity=system_announcements.c.id,
)
_DELETE: Final = recorded(
    delete(system_announcements).where(system_announcements.c.id == _ANNOUNCEMENT_ID), identity=system_announcements.c.id
)


async def create_announcement(transaction: Transaction, *, actor: Actor, announcement: NewAnnouncement) -> int:
    """
    Announce something and give the announcement's id.

    Raises:
        OrganizationNotFoundError: The actor sees no such organization.
        AnnouncementEndsBeforeStartError: It would end before it is shown.
    """
    organization_id = announcement.organization_id
    await get_organization(transaction, viewer=actor.viewer, organization_id=organization_id, field="organization_id")
    starts_at = transaction.now if announcement.starts_at is None else announcement.starts_at
    said = {**asdict(announcement), "starts_at": starts_at}
    _check_times(starts_at=starts_at, ends_at=announcement.ends_at)
    after = {name: value for name, value in said.items() if value is not None}
    record = entry(transaction, actor=actor, organization_id=organization_id, kind="announcement.created", after=after)
    return await transaction.settle(_INSERT, {**said, "created_at": transaction.now, "modified_at": transaction.now}, record)


async def update_announcement(transaction: Transaction, *, actor: Actor, announcement_id: int, changes: AnnouncementChanges) -> None:
    """
    Change an announcement.

    Raises:
        AnnouncementNotFoundError: The actor sees no such announcement.
        AnnouncementEndsBeforeStartError: It would end before it is shown.
    """
    await lock_announcement(transaction, announcement_id=announcement_id)
    stored = await get_announcement(transaction, viewer=actor.viewer, announcement_id=announcement_id)
    state: dict[str, Any] = {name: getattr(stored, name) for name in _SAID}
    before, after = differences(state, {name: value for name, value in asdict(changes).items() if value is not UNSET})
    if not after:
        return
    state |= after
    _check_times(starts_at=state["starts_at"], ends_at=state["ends_at"])
    record = entry(
        transaction, actor=actor, organization_id=stored.organization_id, kind="announcement.updated", before=before, after=after
    )
    await transaction.change(_UPDATE, {**state, "announcement_id": announcement_id, "modified_at": transaction.now}, record)


async def delete_announcement(transaction: Transaction, *, actor: Actor, announcement_id: int) -> None:
    """
    Take an announcement back for good; its history stays.

    Raises:
        AnnouncementNotFoundError: The actor sees no such announcement.
    """
    await lock_announcement(transaction, announcement_id=announcement_id)
    stored = await get_announcement(transaction, viewer=actor.viewer, announcement_id=announcement_id)
    before = {name: value for name in _SAID if (value := getattr(stored, name)) is not None}
    record = entry(transaction, actor=actor, organization_id=stored.organization_id, kind="announcement.deleted", before=before)
    await transaction.change(_DELETE, {"announcement_id": announcement_id}, record)


def _check_times(*, starts_at: int, ends_at: int | None) -> None:
    if ends_at is not None and ends_at <= starts_at:
        raise AnnouncementEndsBeforeStartError(starts_at=starts_at, ends_at=ends_at)
