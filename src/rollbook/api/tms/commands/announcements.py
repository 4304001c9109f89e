"""The commands about what organizations announce."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Answer, Done, Record
from rollbook.api.tms.numbers import Id, Time
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.organizations.actions.announcements import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    AnnouncementChanges,
    NewAnnouncement,
    create_announcement,
    delete_announcement,
    update_announcement,
)
from rollbook.organizations.queries.announcements import list_active_announcements

_GROUP = "System announcements"


class AnnouncementsOrganization(Parameters):
    """Whose announcements."""

    organization_id: Annotated[int | UnsetType, Id("The organization; by default the one that the key belongs to.")] = UNSET


class AnnouncementTimes(Parameters):
    """When an announcement is shown."""

    starts_at: Annotated[int | UnsetType, Time("From when on it is shown; by default at once.", name="StartDate")] = UNSET
    ends_at: Annotated[int | UnsetType | None, Time("When it is no longer shown; by default never.", name="EndDate")] = UNSET


class NewAnnouncementValues(AnnouncementTimes):
    """What announcing something takes."""

    organization_id: Annotated[
        int | UnsetType,
        Id("The organization; it and those beneath it are told. By default the one that the key belongs to.", name="OrganizationId"),
    ] = UNSET
    title: Annotated[str, Text("The title.", name="Title", maximum=LONGEST_TITLE)]
    text: Annotated[str, Text("What is announced.", name="Text", maximum=LONGEST_TEXT, lines=True)]


class ChangedAnnouncementValues(AnnouncementTimes):
    """What changing an announcement takes."""

    id: Annotated[int, Id("The announcement.", name="Id", in_path=True)]
    title: Annotated[str | UnsetType, Text("The title.", name="Title", maximum=LONGEST_TITLE)] = UNSET
    text: Annotated[str | UnsetType, Text("What is announced.", name="Text", maximum=LONGEST_TEXT, lines=True)] = UNSET


class OneAnnouncement(Parameters):
    """Which announcement."""

    id: Annotated[int, Id("The announcement.", in_path=True)]


class SystemAnnouncement(Record):
    """An announcement; how the TMS names its fields is not documented."""

    id: int
    organization_id: Annotated[int | None, Meta(description="Whose it is; null for an organization above what the key sees.")]
    title: str
    text: str
    start_date: Annotated[int, Meta(description="Epoch seconds.")]
    end_date: Annotated[int | None, Meta(description="Epoch seconds.")]


class ActiveSystemAnnouncements(Answer):
    """What is announced now."""

    results: list[SystemAnnouncement]


class CreatedAnnouncement(Answer):
    """The id of a new announcement; null in a dry run."""

    system_announcement_id: int | None


@command("GetActiveSystemAnnouncements", summary="List what is announced to an organization now", group=_GROUP)
async def list_active(call: Call, parameters: AnnouncementsOrganization) -> ActiveSystemAnnouncements:
    """Give what is announced now by an organization and by those above it, the latest first."""
    actor = await call.actor()
    organization_id = actor.viewer.organization_id if parameters.organization_id is UNSET else parameters.organization_id
    found = await call.database.search(list_active_announcements, viewer=actor.viewer, organization_id=organization_id)
    return ActiveSystemAnnouncements(
        results=[
            SystemAnnouncement(
                id=each.id,
                organization_id=each.organization_id,
                title=each.title,
                text=each.text,
                start_date=each.starts_at,
                end_date=each.ends_at,
            )
            for each in found
        ]
    )


@command("CreateSystemAnnouncement", summary="Announce something to an organization", group=_GROUP, writes=Scope.MANAGE, ours=True)
async def create(call: Call, parameters: NewAnnouncementValues) -> CreatedAnnouncement:
    """Announce something to an organization and to those beneath it."""
    actor = await call.actor()
    default = {"organization_id": actor.viewer.organization_id} if parameters.organization_id is UNSET else {}
    announcement = said(parameters, NewAnnouncement, **default)
    announcement_id = await perform(call, create_announcement, actor=actor, announcement=announcement)
    return CreatedAnnouncement(system_announcement_id=None if call.dry_run else announcement_id)


@command("UpdateSystemAnnouncement", summary="Change an announcement by id", group=_GROUP, writes=Scope.MANAGE, ours=True)
async def update(call: Call, parameters: ChangedAnnouncementValues) -> Done:
    """Change an announcement."""
    changes = said(parameters, AnnouncementChanges)
    await perform(call, update_announcement, actor=await call.actor(), announcement_id=parameters.id, changes=changes)
    return Done()


@command("DeleteSystemAnnouncement", summary="Take an announcement back", group=_GROUP, writes=Scope.MANAGE, ours=True)
async def delete(call: Call, parameters: OneAnnouncement) -> Done:
    """Take an announcement back."""
    await perform(call, delete_announcement, actor=await call.actor(), announcement_id=parameters.id)
    return Done()


COMMANDS: tuple[Command, ...] = (list_active, create, update, delete)
