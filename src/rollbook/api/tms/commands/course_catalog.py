"""The commands about the catalog of courses. Looking something up in it is not in the TMS, which tells who did."""

from typing import Annotated

from msgspec.structs import asdict

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Sort, SortOrder
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.course_records import Course, show_course
from rollbook.api.tms.envelope import Answer, Pages, Record, Total
from rollbook.api.tms.numbers import Id, PageIndex, PageSize, Time
from rollbook.api.tms.parsing import Parameters, SearchParameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Text
from rollbook.courses.actions.catalog_searches import note_catalog_search
from rollbook.courses.queries.catalog import search_catalog
from rollbook.courses.queries.catalog_searches import CatalogSearchCriteria, CatalogSearchRow, search_catalog_searches


class CatalogQuestion(Parameters):
    """What a user looks for in the catalog."""

    user_id: Annotated[int, Id("The user.")]
    text: Annotated[str | None, Text("A part of the name, the description or a tag; left out for the whole catalog.")] = None
    page_index: Annotated[int, PageIndex()]
    page_size: Annotated[int, PageSize()]


class CatalogSearchSearch(SearchParameters):
    """Which searches are looked for."""

    sort: Annotated[SortOrder, Sort({"SearchTime": "at", "LastName": "last_name"}, default="SearchTime DESC")]
    user_id: Annotated[int | None, Id("The user who searched.")] = None
    user_external_id: Annotated[str | None, Text("The user's id in the calling system.")] = None
    searched_after: Annotated[int | None, Time("Searched at this time or later.")] = None
    searched_before: Annotated[int | None, Time("Searched at this time or earlier.")] = None


class CourseCatalogSearchHistorySearchResult(Record):
    """That a user looked for something."""

    id: int
    user_id: int
    user_external_id: str | None
    first_name: str
    last_name: str
    search_time: int
    search_text: str
    result_count: int


class FoundInCatalog(Answer):
    """A page of the courses of the catalog."""

    total_count: Total
    total_pages: Pages
    results: list[Course]


class FoundCatalogSearches(Answer):
    """A page of searches."""

    total_count: Total
    total_pages: Pages
    results: list[CourseCatalogSearchHistorySearchResult]


@command("SearchCourseCatalog", summary="Search the course catalog for a user", writes=Scope.ENROLL, ours=True)
async def search(call: Call, parameters: CatalogQuestion) -> FoundInCatalog:
    """Give a page of what the user's organization offers; that the user looked for a text is remembered with the first page."""
    actor = await call.actor()
    page = await call.database.search(
        search_catalog,
        viewer=actor.viewer,
        user_id=parameters.user_id,
        text=parameters.text,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    if parameters.text is not None and parameters.page_index == 0:
        await perform(call, note_catalog_search, actor=actor, user_id=parameters.user_id, text=parameters.text, found=page.total)
    return FoundInCatalog(
        total_count=page.total,
        total_pages=-(-page.total // parameters.page_size),
        results=[show_course(course) for course in page.courses],
    )


@command("SearchCourseCatalogSearchHistory", summary="Search the course catalog's search history")
async def search_history(call: Call, parameters: CatalogSearchSearch) -> FoundCatalogSearches:
    """Give a page of the searches of the catalog that meet every given criterion."""
    actor = await call.actor()
    criteria = CatalogSearchCriteria(**{name: getattr(parameters, name) for name in CatalogSearchCriteria.__struct_fields__})
    page = await call.database.search(
        search_catalog_searches,
        viewer=actor.viewer,
        criteria=criteria,
        sort=parameters.sort.key,
        descending=parameters.sort.descending,
        offset=parameters.page_index * parameters.page_size,
        limit=parameters.page_size,
    )
    return FoundCatalogSearches(
        total_count=page.total, total_pages=-(-page.total // parameters.page_size), results=[_show(row) for row in page.rows]
    )


def _show(row: CatalogSearchRow) -> CourseCatalogSearchHistorySearchResult:
    values = asdict(row)
    return CourseCatalogSearchHistorySearchResult(
        search_time=values.pop("at"), search_text=values.pop("text"), result_count=values.pop("found"), **values
    )


COMMANDS: tuple[Command, ...] = (search, search_history)
