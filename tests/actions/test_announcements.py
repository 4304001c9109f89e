"""What organizations announce."""

from typing import Any

import pytest

from rollbook import clock
from rollbook.access.actor import Actor
from rollbook.database.transaction import Database
from rollbook.organizations.actions.announcements import (
    AnnouncementChanges,
    AnnouncementEndsBeforeStartError,
    NewAnnouncement,
    create_announcement,
    delete_announcement,
    update_announcement,
)
from rollbook.organizations.actions.deleting import OrganizationNotEmptyError, delete_organization
from rollbook.organizations.queries.announcements import AnnouncementNotFoundError, get_announcement, list_active_announcements
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from tests.cast import HOUR, NOBODY, TESTS, add_key, add_organization, gather
from tests.recorded import history_of


async def announce(database: Database, organization_id: int, title: str = "Closed", *, actor: Actor = TESTS, **values: Any) -> int:
    announcement = NewAnnouncement(organization_id=organization_id, title=title, text="We are on holiday.", **values)
    return await database.write(create_announcement, actor=actor, announcement=announcement)


async def change(database: Database, announcement_id: int, *, actor: Actor = TESTS, **values: Any) -> None:
    await database.write(update_announcement, actor=actor, announcement_id=announcement_id, changes=AnnouncementChanges(**values))


async def titles_of(database: Database, organization_id: int, *, actor: Actor = TESTS) -> list[str]:
    found = await database.read(list_active_announcements, viewer=actor.viewer, organization_id=organization_id)
    return [each.title for each in found]


async def test_an_organization_is_told_what_it_and_those_above_it_announce(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    sister_id = await add_organization(database, "Sister", parent_id=cast.organization_id)
    for organization_id, title in ((cast.organization_id, "Ours"), (child_id, "Child's"), (cast.other_organization_id, "Theirs")):
        await announce(database, organization_id, title)

    assert ["Child's", "Ours"] == await titles_of(database, child_id)
    assert ["Ours"] == await titles_of(database, sister_id)
    assert ["Ours"] == await titles_of(database, cast.organization_id)
    assert ["Theirs"] == await titles_of(database, cast.other_organization_id)


async def test_it_is_told_between_start_and_end_the_latest_first(database: Database) -> None:
    cast = await gather(database)
    now = clock.now()
    times_of: dict[str, dict[str, Any]] = {
        "Over": {"starts_at": now - 2 * HOUR, "ends_at": now - HOUR},
        "Just over": {"starts_at": now - 2 * HOUR, "ends_at": now},
        "To come": {"starts_at": now + HOUR},
        "Old": {"starts_at": now - 2 * HOUR, "ends_at": now + HOUR},
        "At once": {},
        "Newer": {"starts_at": now - HOUR},
    }
    for title, times in times_of.items():
        await announce(database, cast.organization_id, title, **times)

    assert ["At once", "Newer", "Old"] == await titles_of(database, cast.organization_id)


async def test_a_key_is_told_what_those_above_announce_but_not_who_they_are(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    child = await add_key(database, organization_id=child_id)
    above_id = await announce(database, cast.organization_id, "Ours")
    own_id = await announce(database, child_id, "Child's", actor=child)

    own, above = await database.read(list_active_announcements, viewer=child.viewer, organization_id=child_id)

    assert [(own_id, child_id), (above_id, None)] == [(each.id, each.organization_id) for each in (own, above)]
    for unseen in (cast.organization_id, NOBODY):
        with pytest.raises(OrganizationNotFoundError):
            await titles_of(database, unseen, actor=child)
        with pytest.raises(OrganizationNotFoundError):
            await announce(database, unseen, actor=child)
    with pytest.raises(AnnouncementNotFoundError):
        await change(database, above_id, actor=child, title="Mine")
    with pytest.raises(AnnouncementNotFoundError):
        await database.write(delete_announcement, actor=child, announcement_id=above_id)


async def test_it_is_changed_and_taken_back_and_the_history_tells(database: Database) -> None:
    cast = await gather(database)
    announcement_id = await announce(database, cast.organization_id, actor=cast.ada, starts_at=1000, ends_at=2000)

    await change(database, announcement_id, actor=cast.ada, title="Open", ends_at=None, text="We are on holiday.")
    await change(database, announcement_id, actor=cast.ada, title="Open")
    shown = await database.read(get_announcement, viewer=cast.ada.viewer, announcement_id=announcement_id)
    await database.write(delete_announcement, actor=cast.ada, announcement_id=announcement_id)

    assert ("Open", 1000, None) == (shown.title, shown.starts_at, shown.ends_at)
    text = "We are on holiday."
    assert [
        (
            "announcement.created",
            None,
            {"organization_id": cast.organization_id, "title": "Closed", "text": text, "starts_at": 1000, "ends_at": 2000},
        ),
        ("announcement.updated", {"title": "Closed", "ends_at": 2000}, {"title": "Open", "ends_at": None}),
        ("announcement.deleted", {"title": "Open", "text": text, "starts_at": 1000}, None),
    ] == [(entry.kind, entry.before, entry.after) for entry in await history_of(database, "announcement", announcement_id)]


async def test_it_ends_after_it_starts(database: Database) -> None:
    cast = await gather(database)
    announcement_id = await announce(database, cast.organization_id, starts_at=1000, ends_at=2000)

    refused: tuple[dict[str, Any], ...] = ({"starts_at": 2000}, {"ends_at": 1000})
    for times in refused:
        with pytest.raises(AnnouncementEndsBeforeStartError):
            await change(database, announcement_id, **times)
    with pytest.raises(AnnouncementEndsBeforeStartError):
        await announce(database, cast.organization_id, ends_at=clock.now() - 1)


async def test_what_an_organization_announces_keeps_it_from_being_deleted(database: Database) -> None:
    organization_id = await add_organization(database, "Root")
    announcement_id = await announce(database, organization_id)

    with pytest.raises(OrganizationNotEmptyError) as refused:
        await database.write(delete_organization, actor=TESTS, organization_id=organization_id)
    await database.write(delete_announcement, actor=TESTS, announcement_id=announcement_id)
    await database.write(delete_organization, actor=TESTS, organization_id=organization_id)

    assert ["1 system announcement"] == [str(belonging) for belonging in refused.value.belongings]
