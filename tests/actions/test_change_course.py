import pytest

from rollbook.courses.actions.course_details import CourseChanges, NewCourse
from rollbook.courses.actions.courses import CourseExternalIdTakenError, create_course, update_course
from rollbook.courses.queries.courses import (
    CourseNotFoundError,
    SeveralCoursesError,
    get_course,
    get_course_by_external_id,
    page_courses,
)
from rollbook.courses.queries.search import CourseCriteria, search_courses
from rollbook.database.transaction import Database
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from tests.cast import TESTS, add_course, add_organization, gather


async def test_it_keeps_everything_that_is_given(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast, name="Welding", external_id="w", duration=90, content_provider_name="Acme")

    row = await database.read(get_course, viewer=cast.ada.viewer, course_id=course_id)

    assert ("Welding", "w", 90, "Acme") == (row.name, row.external_id, row.duration, row.content_provider_name)
    assert (True, False, False) == (row.available_instructor_led, row.available_self_paced, row.archived)
    assert "Contoso Training" == row.organization_name
    assert row.created_at == row.modified_at > 1_700_000_000


async def test_it_changes_what_is_given_and_records_only_that(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast, name="Welding", external_id="w", duration=90)

    changes = CourseChanges(name="Welding", external_id=None, archived=True)
    rehearsal = await database.rehearse(update_course, actor=cast.ada, course_id=course_id, changes=changes)
    await database.write(update_course, actor=cast.ada, course_id=course_id, changes=changes)

    row = await database.read(get_course, viewer=cast.ada.viewer, course_id=course_id)
    assert ("Welding", None, 90, True) == (row.name, row.external_id, row.duration, row.archived)
    assert [('{"external_id":"w","archived":false}', '{"external_id":null,"archived":true}')] == [
        (each.record["before"], each.record["after"]) for each in rehearsal.recorded
    ]


async def test_an_update_that_changes_nothing_records_nothing(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast, name="Welding")

    changes = CourseChanges(name="Welding", organization_id=cast.organization_id)

    assert [] == (await database.rehearse(update_course, actor=cast.ada, course_id=course_id, changes=changes)).recorded


async def test_an_external_id_is_unique_within_its_organization(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
    here = await add_course(database, cast, external_id="w")
    there = await add_course(database, cast, external_id="w", organization_id=branch_id)

    with pytest.raises(CourseExternalIdTakenError) as taken:
        await add_course(database, cast, external_id="w")
    changes = CourseChanges(organization_id=cast.organization_id)
    with pytest.raises(CourseExternalIdTakenError):
        await database.write(update_course, actor=cast.ada, course_id=there, changes=changes)
    with pytest.raises(SeveralCoursesError) as several:
        await database.read(get_course_by_external_id, viewer=cast.ada.viewer, external_id="w")

    assert here == taken.value.course_id
    assert (here, there) == several.value.course_ids


async def test_olga_sees_nothing_of_it(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast, external_id="w")

    with pytest.raises(CourseNotFoundError):
        await database.read(get_course, viewer=cast.olga.viewer, course_id=course_id)
    with pytest.raises(CourseNotFoundError):
        await database.read(get_course_by_external_id, viewer=cast.olga.viewer, external_id="w")
    with pytest.raises(CourseNotFoundError):
        await database.write(update_course, actor=cast.olga, course_id=course_id, changes=CourseChanges(name="Mine"))
    new = NewCourse(organization_id=cast.organization_id, name="Mine")
    with pytest.raises(OrganizationNotFoundError):
        await database.write(create_course, actor=cast.olga, course=new)
    assert [] == await database.search(page_courses, viewer=cast.olga.viewer)


async def test_it_pages_through_all_courses_by_id(database: Database) -> None:
    cast = await gather(database)
    ids = [await add_course(database, cast, name=name) for name in ("C", "B", "A")]

    first = await database.search(page_courses, viewer=cast.ada.viewer, limit=2)
    second = await database.search(page_courses, viewer=cast.ada.viewer, after_id=first[-1].id, limit=2)

    assert ids == [row.id for row in (*first, *second)]


@pytest.mark.parametrize(
    "criteria,expected",
    [
        pytest.param(CourseCriteria(), ["Ärztekurs", "Éclairs", "soldering", "Welding"], id="all"),
        pytest.param(CourseCriteria(name="ÉCL"), ["Éclairs"], id="a part of the name, in any case"),
        pytest.param(CourseCriteria(name="%"), [], id="a name is no pattern"),
        pytest.param(CourseCriteria(external_id="w"), ["Welding"], id="an external id"),
        pytest.param(CourseCriteria(external_id="W"), [], id="an external id in another case is another one"),
        pytest.param(CourseCriteria(has_labs=True), [], id="with labs"),
        pytest.param(CourseCriteria(has_labs=False), ["Ärztekurs", "Éclairs", "soldering", "Welding"], id="without labs"),
        pytest.param(CourseCriteria(available_instructor_led=False), ["soldering"], id="not for classes"),
        pytest.param(CourseCriteria(available_self_paced=True), ["soldering"], id="to be taken alone"),
        pytest.param(CourseCriteria(created_after=4_000_000_000), [], id="made later than now"),
        pytest.param(CourseCriteria(modified_before=1_600_000_000), [], id="changed long ago"),
        pytest.param(
            CourseCriteria(created_after=1_600_000_000, created_before=4_000_000_000, modified_after=1_600_000_000, name="e"),
            ["Ärztekurs", "soldering", "Welding"],
            id="several at once",
        ),
    ],
)
async def test_it_finds_courses(database: Database, criteria: CourseCriteria, expected: list[str]) -> None:
    cast = await gather(database)
    await add_course(database, cast, name="Welding", external_id="w")
    await add_course(database, cast, name="soldering", available_instructor_led=False, available_self_paced=True)
    await add_course(database, cast, name="Éclairs")
    await add_course(database, cast, name="Ärztekurs")
    await add_course(database, cast, name="Theirs", organization_id=cast.other_organization_id)

    page = await database.search(
        search_courses, viewer=cast.ada.viewer, criteria=criteria, sort="name", descending=False, offset=0, limit=10
    )

    assert (len(expected), sorted(expected)) == (page.total, sorted(row.name for row in page.rows))


@pytest.mark.parametrize("descending", [False, True])
async def test_bounds_of_time_are_inclusive_and_ties_are_in_the_order_of_ids(database: Database, *, descending: bool) -> None:
    cast = await gather(database)
    ids = [await add_course(database, cast, name="Same") for _ in range(3)]
    row = await database.read(get_course, viewer=cast.ada.viewer, course_id=ids[0])
    criteria = CourseCriteria(created_after=row.created_at, modified_after=row.modified_at)

    page = await database.search(
        search_courses, viewer=TESTS.viewer, criteria=criteria, sort="name", descending=descending, offset=0, limit=10
    )

    assert ids == [each.id for each in page.rows]
