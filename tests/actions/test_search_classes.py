import pytest

from rollbook.classes.queries.classes import page_classes
from rollbook.classes.queries.search import ClassCriteria, search_classes
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.courses.activity_types import ActivityType
from rollbook.courses.model import course_activities
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.class_facts import search_classes_with_enrolled
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.cast import DAY, HOUR, MAY, Cast, add_class, add_course, add_organization, enroll, gather, meeting
from tests.course_contents import add_activity, backdate


async def _prepare(database: Database) -> tuple[Cast, dict[str, int]]:
    cast = await gather(database)
    branch_id = await add_organization(database, "A Branch", parent_id=cast.organization_id)
    baking = await add_course(database, cast, name="Baking")
    welding = await add_course(database, cast, name="Welding")
    await add_activity(database, welding, activity_type=ActivityType.LAB, url=None)
    theirs = await add_course(database, cast, name="Theirs", organization_id=cast.other_organization_id)
    ids = {
        "Morning": await add_class(database, cast, name="Morning", course_id=welding, meetings=(meeting(MAY), meeting(MAY + DAY))),
        "noon": await add_class(
            database,
            cast,
            name="noon",
            course_id=welding,
            delivery=Delivery.MIXED,
            organization_id=branch_id,
            status=ClassStatus.TENTATIVE,
            disable_labs=True,
        ),
        "Night": await add_class(
            database, cast, name="Night", course_id=baking, delivery=Delivery.VIRTUAL, meetings=(meeting(MAY + HOUR),)
        ),
    }
    await add_class(database, cast, name="Theirs", course_id=theirs, organization_id=cast.other_organization_id)
    return cast, ids


@pytest.mark.parametrize(
    "criteria,expected",
    [
        pytest.param(ClassCriteria(), ["Morning", "Night", "noon"], id="all, those without meetings last"),
        pytest.param(ClassCriteria(name="NI"), ["Morning", "Night"], id="a part of the name"),
        pytest.param(ClassCriteria(starts_after=MAY + HOUR), ["Night"], id="from then on"),
        pytest.param(ClassCriteria(starts_before=MAY), ["Morning"], id="up to then"),
        pytest.param(ClassCriteria(ends_before=MAY + 9 * HOUR), ["Night"], id="over by then"),
        pytest.param(ClassCriteria(ends_after=MAY + 9 * HOUR + 1), ["Morning"], id="over after then"),
        pytest.param(ClassCriteria(available_online=True), ["Night", "noon"], id="online"),
        pytest.param(ClassCriteria(available_online=False), ["Morning"], id="not online"),
        pytest.param(ClassCriteria(has_labs=True), ["Morning"], id="with labs"),
        pytest.param(ClassCriteria(has_labs=False), ["Night", "noon"], id="without labs"),
        pytest.param(ClassCriteria(has_labs=False, name="noon", available_online=True), ["noon"], id="several at once"),
    ],
)
async def test_it_finds_classes(database: Database, criteria: ClassCriteria, expected: list[str]) -> None:
    cast, _ = await _prepare(database)

    page = await database.search(
        search_classes, viewer=cast.ada.viewer, criteria=criteria, sort="starts", descending=False, offset=0, limit=10
    )

    assert (len(expected), expected) == (page.total, [found.row.name for found in page.classes])


@pytest.mark.parametrize(
    "sort,descending,expected",
    [
        ("name", False, ["Morning", "Night", "noon"]),
        ("name", True, ["noon", "Night", "Morning"]),
        ("course", False, ["Night", "Morning", "noon"]),
        ("status", True, ["noon", "Morning", "Night"]),
        ("starts", True, ["Night", "Morning", "noon"]),
        ("ends", False, ["Night", "Morning", "noon"]),
        ("organization", False, ["noon", "Morning", "Night"]),
    ],
)
async def test_it_sorts_classes(database: Database, sort: str, expected: list[str], *, descending: bool) -> None:
    cast, _ = await _prepare(database)

    page = await database.search(
        search_classes, viewer=cast.ada.viewer, criteria=ClassCriteria(), sort=sort, descending=descending, offset=0, limit=10
    )

    assert expected == [found.row.name for found in page.classes]


async def test_a_class_has_no_labs_once_its_course_has_none(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast)
    class_id = await add_class(database, cast, course_id=course_id)
    lab_id = await add_activity(database, course_id, activity_type=ActivityType.LAB, url=None)

    async def found() -> list[int]:
        page = await database.search(
            search_classes,
            viewer=cast.ada.viewer,
            criteria=ClassCriteria(has_labs=True),
            sort="name",
            descending=False,
            offset=0,
            limit=10,
        )
        return [each.row.id for each in page.classes]

    before = await found()
    await backdate(database, course_activities, lab_id, removed_at=1)

    assert ([class_id], []) == (before, await found())


async def test_a_page_holds_what_belongs_to_its_classes(database: Database) -> None:
    cast, ids = await _prepare(database)
    for class_id, user_id, status in (
        (ids["Morning"], cast.sam_id, EnrollmentStatus.ENROLLED),
        (ids["Morning"], cast.sue_id, EnrollmentStatus.AUDIT),
        (ids["Night"], cast.sue_id, EnrollmentStatus.WAITLISTED),
    ):
        await enroll(database, class_id=class_id, user_id=user_id, status=status)

    page, enrolled = await database.search(
        search_classes_with_enrolled,
        viewer=cast.ada.viewer,
        criteria=ClassCriteria(),
        sort="name",
        descending=False,
        offset=0,
        limit=2,
    )

    assert (3, {ids["Morning"]: 1}) == (page.total, enrolled)
    assert [(meeting(MAY), meeting(MAY + DAY)), (meeting(MAY + HOUR),)] == [found.meetings for found in page.classes]


async def test_past_the_end_there_is_nothing(database: Database) -> None:
    cast, _ = await _prepare(database)

    page = await database.search(
        search_classes, viewer=cast.ada.viewer, criteria=ClassCriteria(), sort="name", descending=False, offset=100, limit=10
    )

    assert (3, []) == (page.total, page.classes)


async def test_it_pages_through_all_classes_by_id(database: Database) -> None:
    cast, ids = await _prepare(database)

    first = await database.search(page_classes, viewer=cast.ada.viewer, limit=2)
    second = await database.search(page_classes, viewer=cast.ada.viewer, after_id=first[-1].row.id, limit=2)

    assert sorted(ids.values()) == [found.row.id for found in (*first, *second)]
