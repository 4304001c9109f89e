import itertools
import random
from typing import Any

import pytest

from rollbook.access.actor import Viewer
from rollbook.database.keyset import Place
from rollbook.database.transaction import Database
from rollbook.enrollments.queries import finding_ways
from rollbook.enrollments.queries.finding import ORDERS, EnrollmentQuestion, find_enrollments
from rollbook.enrollments.queries.finding_ways import Way
from rollbook.enrollments.queries.records import EnrollmentRecord, RecordRow, get_enrollment_record
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.enrollments.statuses import CompletionStatus
from tests.cast import DAY, MAY, Cast, add_class, add_company, add_course, add_organization, add_user, enroll, gather, meeting
from tests.roster import CANCELLED, ENROLLED, LONG_AGO, REQUESTED, WAITLISTED, change, drop

KEYS: dict[str, Any] = {
    "id": lambda row: None,
    "created": lambda row: row.created_at,
    "class_start": lambda row: row.class_starts_at,
    "student_name": lambda row: f"{row.last_name} {row.first_name}".lower(),
}


async def find(database: Database, viewer: Viewer, **asked: Any) -> list[EnrollmentRecord]:
    """Find enrollments on one page."""
    page = await database.search(find_enrollments, viewer=viewer, question=EnrollmentQuestion(**asked), limit=1000)
    assert page.next is None
    return page.items


async def walk(database: Database, viewer: Viewer, *, limit: int, **how: Any) -> list[RecordRow]:
    """Find all enrollments, page by page."""
    rows: list[RecordRow] = []
    behind: Place | None = None
    while True:
        page = await database.search(find_enrollments, viewer=viewer, question=EnrollmentQuestion(), behind=behind, limit=limit, **how)
        rows += [record.row for record in page.items]
        if page.next is None:
            return rows
        assert limit == len(page.items)
        behind = page.next


def fully_sorted(rows: list[RecordRow], sort: str, *, descending: bool) -> list[int]:
    """Sort with those that have no value last, and ids in the direction of the values."""
    key = KEYS[sort]
    with_value = [row for row in rows if sort == "id" or key(row) is not None]
    without = [row for row in rows if row not in with_value]
    ordered = sorted(with_value, key=lambda row: (0 if sort == "id" else key(row), row.id), reverse=descending)
    return [row.id for row in [*ordered, *sorted(without, key=lambda row: row.id, reverse=descending)]]


async def fill(database: Database, cast: Cast) -> tuple[list[int], list[int]]:
    """Enroll students with names of all sorts in classes of which some start together, and some never."""
    course_id = await add_course(database, cast)
    starts = [MAY, MAY + DAY, None, MAY, None, MAY + 2 * DAY]
    class_ids = [
        await add_class(database, cast, course_id=course_id, name=f"Class {number}", meetings=(meeting(start),) if start else ())
        for number, start in enumerate(starts)
    ]
    names = [("Zoe", "Adams"), ("zoe", "adams"), ("Émile", "Zola"), ("Ann", "de Boer"), ("Ann", "De Boer"), ("Bo", "Ω")]
    user_ids = [
        await add_user(database, f"u{number}", organization_id=cast.organization_id, first_name=first, last_name=last)
        for number, (first, last) in enumerate(names)
    ]
    return class_ids, user_ids


@pytest.mark.parametrize("sort,descending", list(itertools.product(ORDERS, (False, True))))
async def test_pages_together_are_the_full_sort(database: Database, sort: str, *, descending: bool) -> None:
    cast = await gather(database)
    class_ids, user_ids = await fill(database, cast)
    chance = random.Random(sort)
    pairs = chance.sample(list(itertools.product(class_ids, user_ids)), 20)
    for class_id, user_id in pairs:
        await enroll(database, class_id=class_id, user_id=user_id, status=WAITLISTED)

    for limit in (1, 2, 3, 19, 20, 21):
        found = await walk(database, cast.ada.viewer, limit=limit, sort=sort, descending=descending)

        assert fully_sorted(found, sort, descending=descending) == [row.id for row in found]
        assert set(pairs) == {(row.class_id, row.user_id) for row in found}


@pytest.mark.parametrize("sort,descending", list(itertools.product(ORDERS, (False, True))))
async def test_what_comes_and_goes_between_pages_neither_repeats_nor_hides_a_row(
    database: Database, sort: str, *, descending: bool
) -> None:
    cast = await gather(database)
    class_ids, user_ids = await fill(database, cast)
    chance = random.Random(sort)
    pairs = list(itertools.product(class_ids, user_ids))
    chance.shuffle(pairs)
    there = [await enroll(database, class_id=class_id, user_id=user_id, status=WAITLISTED) for class_id, user_id in pairs[:15]]
    gone: set[int] = set()
    told: list[int] = []
    behind: Place | None = None
    for class_id, user_id in pairs[15:]:
        page = await database.search(
            find_enrollments,
            viewer=cast.ada.viewer,
            question=EnrollmentQuestion(),
            sort=sort,
            descending=descending,
            behind=behind,
            limit=2,
        )
        told += [record.row.id for record in page.items]
        behind = page.next
        if behind is None:
            break
        # The last row told goes, on whose place the cursor stands.
        await drop(database, told[-1])
        gone.add(told[-1])
        await enroll(database, class_id=class_id, user_id=user_id, status=WAITLISTED)

    assert len(told) == len(set(told))
    assert set(there) - gone <= set(told)


async def test_each_question_leaves_what_it_says(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Branch", parent_id=cast.organization_id)
    company_id = await add_company(database, "Contoso", organization_id=cast.organization_id)
    mary_id = await add_user(database, "Mary", organization_id=cast.organization_id, last_name="Ann Lee", company_id=company_id)
    welding, baking = [await add_course(database, cast, name=name) for name in ("Welding", "Baking")]
    past = await add_class(database, cast, course_id=welding, name="Welding, then", meetings=(meeting(LONG_AGO),))
    future = await add_class(database, cast, course_id=welding, name="Welding, soon", meetings=(meeting(MAY),))
    other = await add_class(database, cast, course_id=baking, name="BAKING", organization_id=branch_id)
    complete = await enroll(database, class_id=past, user_id=cast.sam_id, completion=CompletionStatus.COMPLETE)
    late = await enroll(database, class_id=past, user_id=mary_id, status=CANCELLED, late_cancel=True)
    again = await enroll(database, class_id=future, user_id=cast.sam_id)
    waits = await enroll(database, class_id=future, user_id=mary_id, status=WAITLISTED)
    asks = await enroll(database, class_id=other, user_id=cast.sam_id, status=REQUESTED)
    everything = {complete, late, again, waits, asks}
    created = {record.row.id: record.row.created_at for record in await find(database, cast.ada.viewer)}
    first, last = min(created.values()), max(created.values())

    for expected, asked in (
        (everything, {}),
        ({complete, late}, {"class_id": past}),
        ({late, waits}, {"user_id": mary_id}),
        ({late, waits, asks}, {"statuses": (CANCELLED, WAITLISTED, REQUESTED)}),
        ({complete}, {"completions": (CompletionStatus.COMPLETE, CompletionStatus.FAILED)}),
        ({late, waits}, {"company_id": company_id}),
        ({asks}, {"organization_id": branch_id}),
        (everything, {"organization_id": cast.organization_id}),
        (set(), {"organization_id": cast.other_organization_id}),
        ({asks}, {"class_name": "baKin"}),
        ({late, waits}, {"student_name": "mary ann"}),
        ({again, waits}, {"starts_after": MAY}),
        ({complete, late}, {"starts_before": MAY - 1}),
        ({again, waits}, {"ends_after": MAY}),
        ({complete, late}, {"ends_before": MAY}),
        (everything, {"created_after": first, "created_before": last}),
        (set(), {"created_after": last + 1}),
        (set(), {"created_before": first - 1}),
        ({late}, {"late_cancel": True}),
        (everything - {late}, {"late_cancel": False}),
        ({waits, asks}, {"waiting": True}),
        ({complete, late, again}, {"waiting": False}),
        ({again}, {"has_taken_course": True}),
        (everything - {again}, {"has_taken_course": False}),
        ({waits}, {"class_name": "weld", "student_name": "LEE", "waiting": True, "starts_after": MAY}),
    ):
        assert expected == {record.row.id for record in await find(database, cast.ada.viewer, **asked)}, asked


async def test_it_finds_the_same_by_whatever_way(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await gather(database)
    class_ids, user_ids = await fill(database, cast)
    for class_id, user_id in itertools.product(class_ids, user_ids):
        await enroll(database, class_id=class_id, user_id=user_id, status=WAITLISTED)
    asked: dict[str, Any] = {"class_name": "class 3", "student_name": "ann", "created_after": 0, "starts_after": MAY}
    few = finding_ways._FEW.items()
    expected = {record.row.id for record in await find(database, cast.ada.viewer, **asked)}
    assert 2 == len(expected)

    for way in (*finding_ways._FEW, Way.ORDER):
        monkeypatch.setattr(finding_ways, "_FEW", {each: (names, limit if each is way else 0) for each, (names, limit) in few})
        for sort, descending in itertools.product(ORDERS, (False, True)):
            page = await database.search(
                find_enrollments, viewer=cast.ada.viewer, question=EnrollmentQuestion(**asked), sort=sort, descending=descending
            )

            assert expected == {record.row.id for record in page.items}, (way, sort)


async def test_nothing_of_another_organization_is_found(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    assert [] == await find(database, cast.olga.viewer)
    assert [] == await find(database, cast.olga.viewer, class_id=class_id)
    assert [] == await find(database, cast.olga.viewer, organization_id=cast.organization_id)
    with pytest.raises(EnrollmentNotFoundError):
        await database.read(get_enrollment_record, viewer=cast.olga.viewer, enrollment_id=enrollment_id)


async def test_a_record_tells_class_student_and_position(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, name="Welding, May", meetings=(meeting(MAY),))
    asks = await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=REQUESTED)
    first = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=WAITLISTED)
    second = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)

    record = await database.read(get_enrollment_record, viewer=cast.ada.viewer, enrollment_id=second)

    assert ("Welding, May", MAY, "Sue", "Example", 2) == (
        record.row.class_name,
        record.row.class_starts_at,
        record.row.first_name,
        record.row.last_name,
        record.position,
    )
    assert {asks: 1, first: 1, second: 2} == {found.row.id: found.position for found in await find(database, cast.ada.viewer)}

    await change(database, first, status=ENROLLED)

    assert {asks: 1, first: None, second: 1} == {found.row.id: found.position for found in await find(database, cast.ada.viewer)}


async def test_a_student_has_no_record_of_another_one(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)

    found = await database.read(get_enrollment_record, viewer=cast.ada.viewer, enrollment_id=enrollment_id, student_id=cast.sam_id)
    assert enrollment_id == found.row.id
    with pytest.raises(EnrollmentNotFoundError):
        await database.read(get_enrollment_record, viewer=cast.ada.viewer, enrollment_id=enrollment_id, student_id=cast.sue_id)


async def test_a_student_finds_their_own_enrollments_only(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    own = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await enroll(database, class_id=class_id, user_id=cast.sue_id)

    for expected, user_id in (([own], None), ([own], cast.sam_id), ([], cast.sue_id)):
        page = await database.search(
            find_enrollments, viewer=cast.ada.viewer, question=EnrollmentQuestion(user_id=user_id), student_id=cast.sam_id
        )

        assert expected == [record.row.id for record in page.items]


@pytest.mark.parametrize(
    "sort,fitting,strange",
    [
        ("id", [None], [7, "Zoe"]),
        ("created", [7], [None, "Zoe"]),
        ("class_start", [7, None], ["Zoe"]),
        ("student_name", ["Zoe"], [None, 7]),
    ],
)
def test_an_order_knows_which_places_it_has(sort: str, fitting: list[Any], strange: list[Any]) -> None:
    assert [True] * len(fitting) == [ORDERS[sort].has(Place(1, value)) for value in fitting]
    assert [False] * len(strange) == [ORDERS[sort].has(Place(1, value)) for value in strange]
