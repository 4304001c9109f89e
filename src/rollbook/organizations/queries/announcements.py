"""Reading what organizations announce."""

import msgspec
from sqlalchemy import BigInteger, Integer, Text, bindparam, case, null, or_, select

from rollbook.access.actor import Viewer
from rollbook.database.expressions import within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError
from rollbook.organizations.model import organizations, system_announcements
from rollbook.organizations.queries.organizations import get_organization


class AnnouncementNotFoundError(NotFoundError):
    """The viewer has no such announcement."""

    def __init__(self, announcement_id: int) -> None:
        self.announcement_id = announcement_id
        super().__init__(f"there is no system announcement {announcement_id}; give the id of one in the tree of the key's organization")


class AnnouncementRow(msgspec.Struct, frozen=True):
    """
    Something that an organization announces to itself and to those beneath it.

    Attributes:
        organization_id: Whose it is.
        starts_at: From when on it is shown, in Unix epoch seconds.
        ends_at: When it is no longer shown; None for as long as it is there.
    """

    id: int
    organization_id: int
    title: str
    text: str
    starts_at: int
    ends_at: int | None


class ActiveAnnouncement(msgspec.Struct, frozen=True):
    """
    An announcement that is shown now.

    Attributes:
        organization_id: Whose it is; None where the viewer does not see that organization.
        starts_at: Epoch seconds.
        ends_at: Epoch seconds.
    """

    id: int
    organization_id: int | None
    title: str
    text: str
    starts_at: int
    ends_at: int | None


class _IdRow(msgspec.Struct, frozen=True):
    id: int


_PATH = bindparam("path", type_=Text())
_NOW = bindparam("now", type_=BigInteger())
_ASKED_ID = bindparam("announcement_id", type_=Integer())
_IN_SCOPE = within(organizations.c.path, _PATH)

_SHOWN = tuple(system_announcements.c[name] for name in ("title", "text", "starts_at", "ends_at"))
_BY_ORGANIZATION = organizations.c.id == system_announcements.c.organization_id

_get_announcement = Query(
    select(system_announcements.c.id, system_announcements.c.organization_id, *_SHOWN)
    .join(organizations, _BY_ORGANIZATION)
    .where(system_announcements.c.id == _ASKED_ID, _IN_SCOPE),
    AnnouncementRow,
)
_list_active = Query(
    select(system_announcements.c.id, case((_IN_SCOPE, organizations.c.id), else_=null()).label("organization_id"), *_SHOWN)
    .join(organizations, _BY_ORGANIZATION)
    .where(
        within(bindparam("organization_path", type_=Text()), organizations.c.path),
        system_announcements.c.starts_at <= _NOW,
        or_(system_announcements.c.ends_at.is_(None), system_announcements.c.ends_at > _NOW),
    )
    .order_by(system_announcements.c.starts_at.desc(), system_announcements.c.id.desc()),
    ActiveAnnouncement,
)
_lock_announcement = Query(
    select(system_announcements.c.id).where(system_announcements.c.id == _ASKED_ID).with_for_update(key_share=True), _IdRow
)


async def get_announcement(transaction: Transaction, *, viewer: Viewer, announcement_id: int) -> AnnouncementRow:
    """
    Give an announcement.

    Raises:
        AnnouncementNotFoundError: The viewer has no such announcement.
    """
    row = await transaction.find(_get_announcement, announcement_id=announcement_id, path=viewer.path)
    if row is None:
        raise AnnouncementNotFoundError(announcement_id)
    return row


async def list_active_announcements(transaction: Transaction, *, viewer: Viewer, organization_id: int) -> list[ActiveAnnouncement]:
    """
    List what is announced now to an organization: by itself and by those above it, the latest first.

    What organizations above the viewer's tree announce is told as well, for it is meant for everybody beneath them.

    Raises:
        OrganizationNotFoundError: The viewer has no such organization.
    """
    organization = await get_organization(transaction, viewer=viewer, organization_id=organization_id)
    return await transaction.all(_list_active, organization_path=organization.path, path=viewer.path, now=transaction.now)


async def lock_announcement(transaction: Transaction, *, announcement_id: int) -> None:
    """Lock an announcement, so that two changes of it do not undo each other."""
    await transaction.lock(_lock_announcement, announcement_id=announcement_id)
