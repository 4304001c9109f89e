"""The catalog of a user, and what users looked for in it."""

from typing import Any

import pytest

from rollbook.courses.actions.catalog_searches import note_catalog_search
from rollbook.courses.model import catalog_searches
from rollbook.courses.queries.catalog import search_catalog
from rollbook.courses.queries.catalog_searches import CatalogSearchCriteria, CatalogSearchPage, search_catalog_searches
from rollbook.database.transaction import Database
from rollbook.people.queries.users import UserNotFoundError
from tests.cast import NOBODY, Cast, add_course, add_key, add_organization, add_user, gather
from tests.course_contents import add_activity, add_tag, add_tag_group, backdate, look_up


async def catalog(database: Database, actor: Any, user_id: int, text: str | None = None, *, offset: int = 0, limit: int = 9) -> list[str]:
    page = await database.search(search_catalog, viewer=actor.viewer, user_id=user_id, text=text, offset=offset, limit=limit)
    assert page.total >= len(page.courses)
    return [course.row.name for course in page.courses]


async def searches(
    database: Database,
    cast: Cast,
    criteria: CatalogSearchCriteria | None = None,
    *,
    sort: str = "at",
    descending: bool = False,
    offset: int = 0,
    limit: int = 9,
) -> CatalogSearchPage:
    return await database.search(
        search_catalog_searches,
        viewer=cast.ada.viewer,
        criteria=criteria or CatalogSearchCriteria(),
        sort=sort,
        descending=descending,
        offset=offset,
        limit=limit,
    )


async def test_the_catalog_is_what_the_users_organization_and_those_above_it_have_and_have_not_archived(database: Database) -> None:
    async with database:
        cast = await gather(database)
        paris, rome = [await add_organization(database, name, parent_id=cast.organization_id) for name in ("Paris", "Rome")]
        below = await add_organization(database, "Beneath Paris", parent_id=paris)
        for name, organization_id in (("top", cast.organization_id), ("Paris", paris), ("Rome", rome), ("Below", below)):
            await add_course(database, cast, name=name, organization_id=organization_id)
        await add_course(database, cast, name="Theirs", organization_id=cast.other_organization_id)
        await add_course(database, cast, name="Archived", archived=True)
        pia_id = await add_user(database, "Pia", organization_id=paris)
        of_paris = await add_key(database, organization_id=paris)

        assert ["Paris", "top"] == await catalog(database, cast.ada, pia_id)
        assert ["Paris"] == await catalog(database, of_paris, pia_id)
        assert ["top"] == await catalog(database, cast.ada, cast.sam_id)
        assert ["Theirs"] == await catalog(database, cast.olga, cast.olga_id)
        for user_id in (NOBODY, cast.olga_id):
            with pytest.raises(UserNotFoundError) as no_user:
                await catalog(database, cast.ada, user_id)
            assert "user_id" == no_user.value.field


@pytest.mark.parametrize(
    "text, expected",
    [
        ("WELD", ["Welding"]),
        ("älz", ["WÄLZEN"]),
        ("ing metal", ["Soldering"]),
        ("METAL", ["Soldering", "Welding"]),
        ("hot", ["Welding"]),
        ("%", []),
        ("nothing like it", []),
        (None, ["Soldering", "Welding", "WÄLZEN"]),
    ],
)
async def test_a_text_is_looked_for_in_names_descriptions_and_tags(database: Database, text: str | None, expected: list[str]) -> None:
    async with database:
        cast = await gather(database)
        group = await add_tag_group(database, "Topic", organization_id=cast.organization_id)
        hot, metal = [await add_tag(database, group, name) for name in ("HOT", "Metallic")]
        await add_course(database, cast, name="Welding", tag_ids=(hot, metal))
        await add_course(database, cast, name="Soldering", description="Melting Metal")
        await add_course(database, cast, name="WÄLZEN")

        assert expected == await catalog(database, cast.ada, cast.sam_id, text)


async def test_the_catalog_comes_page_by_page_with_what_belongs_to_the_courses(database: Database) -> None:
    async with database:
        cast = await gather(database)
        ids = [await add_course(database, cast, name=name) for name in "ABC"]
        activity_id = await add_activity(database, ids[1])

        page = await database.search(search_catalog, viewer=cast.ada.viewer, user_id=cast.sam_id, text=None, offset=1, limit=1)

        assert (3, ids[1]) == (page.total, page.courses[0].row.id)
        assert [activity_id] == [activity.id for activity in page.courses[0].activities]
        assert [] == await catalog(database, cast.ada, cast.sam_id, offset=3)


async def test_a_search_is_remembered_for_a_user_of_the_tree(database: Database) -> None:
    async with database:
        cast = await gather(database)

        await database.write(note_catalog_search, actor=cast.ada, user_id=cast.sam_id, text="weld", found=3)

        (row,) = (await searches(database, cast)).rows
        assert (cast.sam_id, None, "Sam", "Example", "weld", 3) == (
            row.user_id,
            row.user_external_id,
            row.first_name,
            row.last_name,
            row.text,
            row.found,
        )
        with pytest.raises(UserNotFoundError):
            await database.write(note_catalog_search, actor=cast.olga, user_id=cast.sam_id, text="weld", found=3)
        page = await database.search(
            search_catalog_searches,
            viewer=cast.olga.viewer,
            criteria=CatalogSearchCriteria(),
            sort="at",
            descending=False,
            offset=0,
            limit=9,
        )
        assert (0, []) == (page.total, page.rows)


async def three_searches(database: Database, cast: Cast) -> None:
    """Have three users look for ``a``, ``b`` and ``c`` at the moments 10, 20 and 30."""
    zoe_id = await add_user(database, "Zoe", organization_id=cast.organization_id, last_name="adams", external_id="Z")
    zed_id = await add_user(database, "Zed", organization_id=cast.organization_id, last_name="Zulu")
    known: set[int] = set()
    for at, text, user_id in ((10, "a", cast.sam_id), (20, "b", zed_id), (30, "c", zoe_id)):
        await look_up(database, user_id, text)
        (search_id,) = {row.id for row in (await searches(database, cast)).rows} - known
        await backdate(database, catalog_searches, search_id, at=at)
        known.add(search_id)


@pytest.mark.parametrize(
    "criteria, expected",
    [
        (CatalogSearchCriteria(), "abc"),
        (CatalogSearchCriteria(user_external_id="Z"), "c"),
        (CatalogSearchCriteria(user_external_id="z"), ""),
        (CatalogSearchCriteria(searched_after=20), "bc"),
        (CatalogSearchCriteria(searched_after=21), "c"),
        (CatalogSearchCriteria(searched_before=20), "ab"),
        (CatalogSearchCriteria(searched_before=19), "a"),
        (CatalogSearchCriteria(searched_after=11, user_external_id="Z"), "c"),
    ],
)
async def test_it_finds_searches(database: Database, criteria: CatalogSearchCriteria, expected: str) -> None:
    async with database:
        cast = await gather(database)
        await three_searches(database, cast)

        page = await searches(database, cast, criteria)
        of_sam = await searches(database, cast, CatalogSearchCriteria(user_id=cast.sam_id))

        assert (len(expected), expected) == (page.total, "".join(row.text for row in page.rows))
        assert ["a"] == [row.text for row in of_sam.rows]


@pytest.mark.parametrize("sort, expected, backwards", [("at", "abc", "cba"), ("last_name", "cab", "bac")])
async def test_searches_are_sorted_and_come_page_by_page(database: Database, sort: str, expected: str, backwards: str) -> None:
    async with database:
        cast = await gather(database)
        await three_searches(database, cast)

        async def found(**values: Any) -> str:
            return "".join(row.text for row in (await searches(database, cast, sort=sort, **values)).rows)

        assert [expected, backwards] == [await found(descending=each) for each in (False, True)]
        assert (expected[1], "") == (await found(offset=1, limit=1), await found(offset=3))
