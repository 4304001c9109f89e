import itertools
from typing import Any

import pytest

from rollbook.access.actor import Viewer
from rollbook.database.transaction import Database
from rollbook.enrollments.queries import finding_ways, listing_enrollments
from rollbook.enrollments.queries.finding import EnrollmentQuestion
from rollbook.enrollments.queries.finding_ways import Way
from rollbook.enrollments.queries.listed_enrollments import ListedEnrollment, read_listed_enrollments
from rollbook.enrollments.queries.listing_enrollments import LISTING_SORTS, EnrollmentListing, list_enrollment_ids
from rollbook.enrollments.statuses import CompletionStatus
from tests.cast import DAY, MAY, Cast, add_class, add_company, add_course, add_organization, add_room, add_user, enroll, gather, meeting
from tests.roster import CANCELLED, LONG_AGO, REQUESTED, WAITLISTED

KEYS: dict[str, Any] = {
    "starts": lambda row: (row.starts_at, row.class_id, row.id),
    "student": lambda row: (f"{row.last_name} {row.first_name}".lower(), row.user_id, row.id),
    "created": lambda row: (row.created_at, row.id),
}


async def find(database: Database, viewer: Viewer, *, most: int = 1000, **how: Any) -> EnrollmentListing:
    """List enrollments, ``how`` being what is asked unless it is an argument of the query."""
    arguments = {name: how.pop(name) for name in ("sort", "descending", "limit_to_company") if name in how}
    company_id = arguments.pop("limit_to_company", None)
    question = EnrollmentQuestion(**how)
    return await database.search(list_enrollment_ids, viewer=viewer, question=question, company_id=company_id, most=most, **arguments)


async def read(database: Database, viewer: Viewer, ids: Any) -> list[ListedEnrollment]:
    return await database.search(read_listed_enrollments, viewer=viewer, ids=ids)


async def fill(database: Database, cast: Cast) -> None:
    """Enroll students with names of all sorts in classes of which some start together, and some never."""
    course_id = await add_course(database, cast)
    starts = [MAY, MAY + DAY, None, MAY, None]
    class_ids = [
        await add_class(database, cast, course_id=course_id, name=f"Class {number}", meetings=(meeting(start),) if start else ())
        for number, start in enumerate(starts)
    ]
    names = [("Zoe", "adams"), ("Ann", "Adams"), ("Émile", "Zola"), ("Bo", "Ω")]
    for number, (first, last) in enumerate(names):
        user_id = await add_user(database, f"u{number}", organization_id=cast.organization_id, first_name=first, last_name=last)
        for class_id in class_ids[number % 2 :]:
            await enroll(database, class_id=class_id, user_id=user_id, status=WAITLISTED)


async def test_few_are_sorted_as_many_are_walked_through(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await gather(database)
    await fill(database, cast)
    # Nothing is few, so that many are gone through in the order.
    unlimited = {way: (names, 0) for way, (names, _) in finding_ways._FEW.items()}

    for sort, descending in itertools.product(LISTING_SORTS, (False, True)):
        sorted_ones = await find(database, cast.ada.viewer, sort=sort, descending=descending)
        rows = await read(database, cast.ada.viewer, sorted_ones.ids)
        with_value = [row for row in rows if KEYS[sort](row)[0] is not None]
        without = [row for row in rows if row not in with_value]
        expected = sorted(with_value, key=KEYS[sort], reverse=descending)
        expected += sorted(without, key=lambda row: (row.class_id, row.id), reverse=descending)
        assert (18, False) == (sorted_ones.count, sorted_ones.is_more)
        assert [row.id for row in expected] == list(sorted_ones.ids)

        with monkeypatch.context() as patch:
            patch.setattr(listing_enrollments, "MANY", 3)
            patch.setattr(listing_enrollments, "_STUDENTS_AT_FIRST", 1)
            patch.setattr(finding_ways, "_FEW", unlimited)
            for most in (1, 11, 100):
                walked = await find(database, cast.ada.viewer, sort=sort, descending=descending, most=most)
                assert (3, True) == (walked.count, walked.is_more)
                assert list(sorted_ones.ids)[:most] == list(walked.ids), (sort, descending, most)


async def test_each_question_leaves_what_it_says_by_whatever_way(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Branch", parent_id=cast.organization_id)
    company_id = await add_company(database, "Contoso", organization_id=cast.organization_id)
    mary_id = await add_user(
        database, "Mary", organization_id=cast.organization_id, last_name="Ängström", company_id=company_id, external_id="HR-7"
    )
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
    created = max(row.created_at for row in await read(database, cast.ada.viewer, everything))
    questions: list[tuple[set[int], dict[str, Any]]] = [
        (everything, {}),
        ({complete, late}, {"class_id": past}),
        ({late, waits}, {"user_id": mary_id}),
        ({late, waits}, {"student_words": ("ÄNGSTRÖM", "mary")}),
        ({late, waits}, {"student_words": ("hr-7",)}),
        ({complete, again, asks}, {"student_words": ("SAM@example",)}),
        (set(), {"student_words": ("mary", "sam")}),
        ({asks}, {"class_words": ("bak",)}),
        ({again, waits}, {"class_words": ("SOON", "weld")}),
        ({late, waits, asks}, {"statuses": (CANCELLED, WAITLISTED, REQUESTED)}),
        ({complete}, {"completions": (CompletionStatus.COMPLETE, CompletionStatus.FAILED)}),
        ({late, waits}, {"company_id": company_id}),
        ({asks}, {"organization_id": branch_id}),
        (everything, {"organization_id": cast.organization_id}),
        (set(), {"organization_id": cast.other_organization_id}),
        ({again, waits}, {"starts_after": MAY}),
        ({complete, late}, {"starts_before": MAY - 1}),
        ({late}, {"late_cancel": True}),
        (everything, {"created_after": created - DAY}),
        (set(), {"created_after": created + 1}),
        ({late}, {"starts_before": MAY - 1, "statuses": (CANCELLED,), "student_words": ("ry",)}),
        ({late, waits}, {"limit_to_company": company_id}),
        ({late, waits}, {"limit_to_company": company_id, "company_id": company_id}),
        (set(), {"limit_to_company": company_id + 1, "company_id": company_id}),
    ]
    few = finding_ways._FEW.items()

    for way in (*finding_ways._FEW, Way.ORDER):
        monkeypatch.setattr(finding_ways, "_FEW", {each: (names, limit if each is way else 0) for each, (names, limit) in few})
        for few_in_classes, many in ((0, 1000), (1000, 1000), (1000, 1)):
            monkeypatch.setattr(listing_enrollments, "_FEW_IN_CLASSES", few_in_classes)
            monkeypatch.setattr(listing_enrollments, "MANY", many)
            for expected, asked in questions:
                for sort in LISTING_SORTS if many == 1 else ("starts",):
                    found = await find(database, cast.ada.viewer, sort=sort, **asked)
                    assert expected == set(found.ids), (way, sort, asked)
                    assert len(expected) == len(found.ids)


async def test_a_line_of_a_list_tells_class_student_and_place(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Contoso", organization_id=cast.organization_id)
    foreign_id = await add_company(database, "Foreign", organization_id=cast.other_organization_id)
    room_id = await add_room(database, cast, name="Workshop")
    mary_id = await add_user(database, "Mary", organization_id=cast.organization_id, company_id=company_id)
    oscar_id = await add_user(database, "Oscar", organization_id=cast.other_organization_id, company_id=foreign_id)
    class_id = await add_class(database, cast, name="Welding, May", meetings=(meeting(MAY),), classroom_ids=(room_id,))
    first = await enroll(database, class_id=class_id, user_id=mary_id, hours_spent=3, grade=7)
    second = await enroll(database, class_id=class_id, user_id=oscar_id)

    found = await read(database, cast.ada.viewer, [second, 999, first])

    assert [second, first] == [row.id for row in found]
    assert [None, "Contoso"] == [row.company_name for row in found]
    row = found[1]
    assert ("Welding, May", MAY, "Mary", "mary@example.com", "Workshop", 3, 7, "Contoso Training") == (
        row.class_name,
        row.starts_at,
        row.first_name,
        row.email,
        row.classroom_name,
        row.hours_spent,
        row.grade,
        row.organization_name,
    )
    assert [] == await read(database, cast.ada.viewer, [])


async def test_nothing_of_another_organization_is_listed(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(MAY),))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    for many in (1000, 1):
        monkeypatch.setattr(listing_enrollments, "MANY", many)
        for sort in LISTING_SORTS:
            for asked in ({}, {"class_id": class_id}, {"starts_after": MAY}, {"student_words": ("sam",)}, {"user_id": cast.sam_id}):
                assert [enrollment_id] == list((await find(database, cast.ada.viewer, sort=sort, **asked)).ids)
                assert [] == list((await find(database, cast.olga.viewer, sort=sort, **asked)).ids)
    assert [] == await read(database, cast.olga.viewer, [enrollment_id])
