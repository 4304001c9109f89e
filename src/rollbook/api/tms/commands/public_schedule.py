"""The command that shows the public schedule."""

from typing import Annotated

from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.class_records import FoundClasses, search_result_of
from rollbook.api.tms.commands.classes import CLASS_SORTS
from rollbook.api.tms.numbers import Boolean
from rollbook.api.tms.parsing import SearchParameters
from rollbook.api.tms.texts import Text
from rollbook.classes.queries.public_schedule import ScheduleCriteria
from rollbook.enrollments.queries.public_schedule import search_public_schedule_with_enrolled


class ScheduleSearch(SearchParameters):
    """What public classes are looked for."""

    sort: Annotated[SortOrder, Sort(CLASS_SORTS, default="Start")]
    name: Annotated[str | None, Text("A part of the name.")] = None
    has_labs: Annotated[bool | None, Boolean("Whether its course has a lab, and the class does not disable labs.")] = None
    available_online: Annotated[bool | None, Boolean("Whether it is Virtual or Mixed.")] = None


@command(
    "SearchPublicClassSchedule",
    summary="Search the public schedule",
    description="Classes that are public and not over: the organization's, and those that others made available to it.",
    group="Classes",
)
async def search_schedule(call: Call, parameters: ScheduleSearch) -> FoundClasses:
    """Give a page of the public classes that meet every given criterion, without what is not for the public."""
    actor = await call.actor()
    page, enrolled = await call.database.search(
        search_public_schedule_with_enrolled,
        viewer=actor.viewer,
        criteria=ScheduleCriteria(name=parameters.name, has_labs=parameters.has_labs, available_online=parameters.available_online),
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundClasses(
        total_count=page.total,
        total_pages=-(-page.total // parameters.page_size),
        results=[search_result_of(found, enrolled=enrolled.get(found.row.id, 0)) for found in page.classes],
    )


COMMANDS: tuple[Command, ...] = (search_schedule,)
