"""Tags of courses, in groups that may exclude each other's."""

import asyncio
from typing import Any

import pytest

from rollbook.courses.actions.course_details import CourseChanges, NewCourse
from rollbook.courses.actions.courses import create_course, update_course
from rollbook.courses.actions.tag_groups import (
    NewTagGroup,
    TagGroupChanges,
    TagGroupGivenSeveralTimesError,
    TagGroupInUseError,
    TagGroupNameTakenError,
    create_tag_group,
    delete_tag_group,
    update_tag_group,
)
from rollbook.courses.actions.tags import TagInUseError, TagNameTakenError, create_tag, delete_tag, rename_tag
from rollbook.courses.model import course_tag_groups
from rollbook.courses.queries.complete import get_complete_course, search_complete_courses
from rollbook.courses.queries.search import CourseCriteria
from rollbook.courses.queries.tag_groups import TagGroup, TagGroupNotFoundError, search_tag_groups
from rollbook.courses.queries.tags import TagNotFoundError
from rollbook.courses.tagging import TagGroupDisabledError, TagsExcludeEachOtherError
from rollbook.database.transaction import Database
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from tests.cast import NOBODY, TESTS, Cast, add_course, add_key, add_organization, gather
from tests.course_contents import add_tag, add_tag_group, backdate
from tests.recorded import history_of


async def tags_of(database: Database, course_id: int) -> list[int]:
    course = await database.search(get_complete_course, viewer=TESTS.viewer, course_id=course_id)
    assert sorted(course.row.tag_ids) == sorted(tag.id for tag in course.tags)
    return [tag.id for tag in course.tags]


async def retag(database: Database, course_id: int, *tag_ids: int, **actor: Any) -> None:
    changes = CourseChanges(tag_ids=tag_ids)
    await database.write(update_course, **{"actor": TESTS, **actor}, course_id=course_id, changes=changes)


async def change(database: Database, group_id: int, **values: Any) -> None:
    await database.write(update_tag_group, actor=TESTS, group_id=group_id, changes=TagGroupChanges(**values))


async def groups(
    database: Database,
    cast: Cast,
    *,
    name: str | None = None,
    sort: str = "name",
    descending: bool = False,
    offset: int = 0,
    limit: int = 9,
) -> tuple[int, list[TagGroup]]:
    page = await database.search(
        search_tag_groups, viewer=cast.ada.viewer, name=name, sort=sort, descending=descending, offset=offset, limit=limit
    )
    return page.total, page.groups


async def test_a_course_has_the_tags_that_it_was_last_given(database: Database) -> None:
    async with database:
        cast = await gather(database)
        levels = await add_tag_group(database, "Level", organization_id=cast.organization_id)
        topics = await add_tag_group(database, "area", organization_id=cast.organization_id)
        hard, easy, metal = [
            await add_tag(database, group, name) for group, name in ((levels, "Hard"), (levels, "easy"), (topics, "Metal"))
        ]
        course = NewCourse(organization_id=cast.organization_id, name="Welding", tag_ids=(hard, metal))

        course_id = await database.write(create_course, actor=cast.ada, course=course)
        created = await tags_of(database, course_id)
        await retag(database, course_id, hard, easy, metal)
        in_order = await tags_of(database, course_id)
        await retag(database, course_id, easy)
        replaced = await tags_of(database, course_id)
        await database.write(update_course, actor=TESTS, course_id=course_id, changes=CourseChanges(name="Soldering"))
        kept = await tags_of(database, course_id)
        await database.write(update_course, actor=TESTS, course_id=course_id, changes=CourseChanges(tag_ids=None))

        assert ([metal, hard], [metal, easy, hard], [easy], [easy]) == (created, in_order, replaced, kept)
        assert [] == await tags_of(database, course_id)
        entries = await history_of(database, "course", course_id)
        first = entries[0].after
        assert first is not None
        assert sorted((hard, metal)) == first["tag_ids"]
        assert ({"tag_ids": sorted((hard, easy, metal))}, {"tag_ids": [easy]}) == (entries[2].before, entries[2].after)


async def test_the_same_tags_in_another_order_change_nothing(database: Database) -> None:
    async with database:
        cast = await gather(database)
        group = await add_tag_group(database, "Level", organization_id=cast.organization_id)
        first, second = [await add_tag(database, group, name) for name in "AB"]
        course_id = await add_course(database, cast, tag_ids=(first, second))

        await retag(database, course_id, second, first)

        assert 1 == len(await history_of(database, "course", course_id))


async def test_a_course_has_one_tag_of_a_mutually_exclusive_group(database: Database) -> None:
    async with database:
        cast = await gather(database)
        group = await add_tag_group(database, "Level", organization_id=cast.organization_id, mutually_exclusive=True)
        first, second = [await add_tag(database, group, name) for name in "AB"]
        course_id = await add_course(database, cast, tag_ids=(first,))

        with pytest.raises(TagsExcludeEachOtherError):
            await retag(database, course_id, first, second)
        with pytest.raises(TagsExcludeEachOtherError):
            await add_course(database, cast, tag_ids=(first, second))
        await retag(database, course_id, second)

        assert [second] == await tags_of(database, course_id)


async def test_a_group_becomes_exclusive_only_where_no_course_has_several_of_its_tags(database: Database) -> None:
    async with database:
        cast = await gather(database)
        group, other = [await add_tag_group(database, name, organization_id=cast.organization_id) for name in ("Level", "Area")]
        first, second = [await add_tag(database, group, name) for name in "AB"]
        third = await add_tag(database, other, "C")
        course_id = await add_course(database, cast, tag_ids=(first, second))
        await add_course(database, cast, tag_ids=(first, third))

        with pytest.raises(TagGroupGivenSeveralTimesError) as refused:
            await change(database, group, mutually_exclusive=True)
        await change(database, other, mutually_exclusive=True)
        await retag(database, course_id, first)
        await change(database, group, mutually_exclusive=True)

        assert f"1 courses have several tags of group {group}, such as course {course_id}" in str(refused.value)


async def test_a_group_that_becomes_exclusive_while_a_course_gets_a_second_tag_leaves_one_of_both_undone(database: Database) -> None:
    async with database:
        cast = await gather(database)
        group = await add_tag_group(database, "Level", organization_id=cast.organization_id)
        first, second = [await add_tag(database, group, name) for name in "AB"]
        course_id = await add_course(database, cast, tag_ids=(first,))

        results = await asyncio.gather(
            change(database, group, mutually_exclusive=True), retag(database, course_id, first, second), return_exceptions=True
        )

        (refusal,) = [result for result in results if result is not None]
        assert isinstance(refusal, TagsExcludeEachOtherError | TagGroupGivenSeveralTimesError)


async def test_tags_of_a_disabled_group_stay_but_are_given_no_more(database: Database) -> None:
    async with database:
        cast = await gather(database)
        group = await add_tag_group(database, "Level", organization_id=cast.organization_id)
        first, second = [await add_tag(database, group, name) for name in "AB"]
        course_id = await add_course(database, cast, tag_ids=(first,))

        await change(database, group, enabled=False)

        assert [first] == await tags_of(database, course_id)
        with pytest.raises(TagGroupDisabledError):
            await retag(database, course_id, first, second)


async def test_tags_outside_of_the_tree_cannot_be_given_nor_seen_nor_taken(database: Database) -> None:
    async with database:
        cast = await gather(database)
        branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
        paris = await add_key(database, organization_id=branch_id)
        above = await add_tag(database, await add_tag_group(database, "Level", organization_id=cast.organization_id), "A")
        own = await add_tag(database, await add_tag_group(database, "Level", organization_id=branch_id), "B")
        course_id = await add_course(database, cast, organization_id=branch_id, tag_ids=(above,))

        for tag_id in (above, NOBODY):
            with pytest.raises(TagNotFoundError) as refused:
                await retag(database, course_id, own, tag_id, actor=paris)
            assert "tag_ids" == refused.value.field
        await retag(database, course_id, own, actor=paris)
        seen = await database.search(get_complete_course, viewer=paris.viewer, course_id=course_id)

        assert ([own], [own]) == (seen.row.tag_ids, [tag.id for tag in seen.tags])
        assert {above, own} == set(await tags_of(database, course_id))


async def test_courses_are_found_by_a_tag(database: Database) -> None:
    async with database:
        cast = await gather(database)
        group = await add_tag_group(database, "Level", organization_id=cast.organization_id)
        first, second = [await add_tag(database, group, name) for name in "AB"]
        tagged = await add_course(database, cast, tag_ids=(first, second))
        await add_course(database, cast, tag_ids=(second,))

        page = await database.search(
            search_complete_courses,
            viewer=cast.ada.viewer,
            criteria=CourseCriteria(tag_id=first),
            sort="name",
            descending=False,
            offset=0,
            limit=9,
        )

        assert (1, [tagged]) == (page.total, [course.row.id for course in page.courses])


async def test_names_are_given_once_in_any_case(database: Database) -> None:
    async with database:
        cast = await gather(database)
        group = await add_tag_group(database, "Level", organization_id=cast.organization_id)
        other = await add_tag_group(database, "Area", organization_id=cast.organization_id)
        await add_tag_group(database, "Level", organization_id=cast.other_organization_id)
        tag = await add_tag(database, group, "Hard")
        easy = await add_tag(database, group, "Easy")
        await add_tag(database, other, "Hard")

        with pytest.raises(TagGroupNameTakenError):
            await add_tag_group(database, "LEVEL", organization_id=cast.organization_id)
        with pytest.raises(TagGroupNameTakenError):
            await change(database, other, name="level")
        with pytest.raises(TagNameTakenError):
            await add_tag(database, group, "HARD")
        with pytest.raises(TagNameTakenError):
            await database.write(rename_tag, actor=TESTS, tag_id=easy, name="hARD")
        await change(database, group, name="LEVEL")
        await database.write(rename_tag, actor=TESTS, tag_id=tag, name="HARD")
        await database.write(rename_tag, actor=TESTS, tag_id=tag, name="HARD")

        assert ["tag.created", "tag.renamed"] == [entry.kind for entry in await history_of(database, "tag", tag)]
        assert ["LEVEL"] == [each.row.name for each in (await groups(database, cast, name="lev"))[1]]


async def test_what_courses_have_is_not_deleted(database: Database) -> None:
    async with database:
        cast = await gather(database)
        group = await add_tag_group(database, "Level", organization_id=cast.organization_id, expanded=True)
        used, unused = [await add_tag(database, group, name) for name in ("Used", "Unused")]
        course_ids = [await add_course(database, cast, tag_ids=(used,)) for _ in range(2)]

        with pytest.raises(TagInUseError) as refused:
            await database.write(delete_tag, actor=cast.ada, tag_id=used)
        assert f"2 courses have tag {used}, such as course {course_ids[0]}" in str(refused.value)
        with pytest.raises(TagGroupInUseError):
            await database.write(delete_tag_group, actor=cast.ada, group_id=group)
        await database.write(delete_tag, actor=cast.ada, tag_id=unused)
        for course_id in course_ids:
            await retag(database, course_id)
        await database.write(delete_tag_group, actor=cast.ada, group_id=group)

        assert (0, []) == await groups(database, cast)
        assert {"group_id": group, "name": "Unused"} == (await history_of(database, "tag", unused))[-1].before
        last = (await history_of(database, "tag_group", group))[-1]
        assert ("tag_group.deleted", ["Used"], True) == (last.kind, (last.before or {})["tags"], (last.before or {})["expanded"])


async def test_what_lies_outside_the_tree_does_not_exist(database: Database) -> None:
    async with database:
        cast = await gather(database)
        group = await add_tag_group(database, "Level", organization_id=cast.organization_id)
        tag = await add_tag(database, group, "Hard")

        with pytest.raises(OrganizationNotFoundError):
            await database.write(create_tag_group, actor=cast.olga, group=NewTagGroup(organization_id=cast.organization_id, name="Mine"))
        with pytest.raises(TagGroupNotFoundError):
            await database.write(update_tag_group, actor=cast.olga, group_id=group, changes=TagGroupChanges(name="Mine"))
        with pytest.raises(TagGroupNotFoundError):
            await database.write(delete_tag_group, actor=cast.olga, group_id=group)
        with pytest.raises(TagGroupNotFoundError):
            await database.write(create_tag, actor=cast.olga, group_id=group, name="Mine")
        with pytest.raises(TagNotFoundError):
            await database.write(rename_tag, actor=cast.olga, tag_id=tag, name="Mine")
        with pytest.raises(TagNotFoundError):
            await database.write(delete_tag, actor=cast.olga, tag_id=tag)


async def test_a_change_of_a_group_and_of_its_tags_is_its_last_modification(database: Database) -> None:
    async with database:
        cast = await gather(database)
        group = await add_tag_group(database, "Level", organization_id=cast.organization_id)
        tag = await add_tag(database, group, "Hard")

        async def touched(*changes: Any) -> bool:
            await backdate(database, course_tag_groups, group, modified_at=5)
            for each in changes:
                await each
            (found,) = (await groups(database, cast))[1]
            return found.row.modified_at > 5

        assert not await touched(change(database, group, name="Level", expanded=False))
        assert await touched(change(database, group, expanded=True))
        assert await touched(database.write(rename_tag, actor=TESTS, tag_id=tag, name="Easy"))
        assert await touched(add_tag(database, group, "Hard"))
        assert await touched(database.write(delete_tag, actor=TESTS, tag_id=tag))


async def test_groups_are_found_by_a_part_of_their_name_with_their_tags(database: Database) -> None:
    async with database:
        cast = await gather(database)
        level = await add_tag_group(database, "Level", organization_id=cast.organization_id)
        area = await add_tag_group(database, "Área", organization_id=cast.organization_id)
        await add_tag_group(database, "Theirs", organization_id=cast.other_organization_id)
        for name in ("b", "C", "A"):
            await add_tag(database, level, name)

        total, found = await groups(database, cast)
        _, named = await groups(database, cast, name="ÁRE")

        assert (2, [level, area]) == (total, [group.row.id for group in found])
        assert [["A", "b", "C"], []] == [[tag.name for tag in group.tags] for group in found]
        assert [area] == [group.row.id for group in named]
        assert (0, []) == await groups(database, cast, name="%")
        assert (2, []) == await groups(database, cast, offset=2)
        assert [area] == [group.row.id for group in (await groups(database, cast, offset=1, limit=1))[1]]


@pytest.mark.parametrize(
    "sort, descending, expected",
    [
        ("name", False, "bCa"),
        ("name", True, "aCb"),
        ("created", False, "abC"),
        ("created", True, "Cba"),
        ("modified", False, "Cab"),
        ("modified", True, "baC"),
    ],
)
async def test_groups_are_sorted(database: Database, sort: str, *, descending: bool, expected: str) -> None:
    async with database:
        cast = await gather(database)
        moments = {"a": ("Z", 1, 6), "b": ("a", 2, 7), "C": ("M", 3, 5)}
        ids = {}
        for mark, (name, created, modified) in moments.items():
            ids[await add_tag_group(database, name, organization_id=cast.organization_id)] = mark
            await backdate(database, course_tag_groups, list(ids)[-1], created_at=created, modified_at=modified)

        _, found = await groups(database, cast, sort=sort, descending=descending)

        assert expected == "".join(ids[group.row.id] for group in found)
