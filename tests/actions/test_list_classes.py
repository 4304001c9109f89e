import itertools
from typing import Any

import pytest

from rollbook.access.actor import Viewer
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.database.transaction import Database
from rollbook.enrollments.queries import listing_classes
from rollbook.enrollments.queries.class_finding import ClassQuestion, list_found_classes
from rollbook.enrollments.queries.listing_classes import CLASS_LISTING_SORTS, ClassListing, list_class_ids
from tests.cast import DAY, MAY, add_class, add_course, add_organization, add_room, enroll, gather, meeting
from tests.roster import LONG_AGO, WAITLISTED

KEYS: dict[str, Any] = {
    "starts": lambda row: row.starts_at,
    "ends": lambda row: row.ends_at,
    "name": lambda row: row.name.casefold(),
    "course": lambda row: row.course_name.casefold(),
    "status": lambda row: row.status,
    "minimum": lambda row: row.minimum,
    "maximum": lambda row: row.maximum,
    "created": lambda row: row.created_at,
}


async def find(database: Database, viewer: Viewer, *, most: int = 1000, **how: Any) -> ClassListing:
    """List classes, ``how`` being what is asked unless it is an argument of the query."""
    arguments = {name: how.pop(name) for name in ("sort", "descending") if name in how}
    return await database.search(list_class_ids, viewer=viewer, question=ClassQuestion(**how), most=most, **arguments)


async def test_every_sort_is_the_full_one_from_its_begin(database: Database) -> None:
    cast = await gather(database)
    courses = [await add_course(database, cast, name=name) for name in ("Welding", "baking")]
    starts = [MAY, None, MAY + DAY, MAY, None, MAY - DAY]
    for number, (start, name) in enumerate(zip(starts, ["b", "A", "a", "Straße", "c", "Ω"], strict=True)):
        await add_class(
            database,
            cast,
            course_id=courses[number % 2],
            name=name,
            meetings=(meeting(start, hours=20 - number),) if start else (),
            minimum=number % 3 or None,
            maximum=9 - number if number % 2 else None,
            status=ClassStatus.TENTATIVE if number % 2 else ClassStatus.SCHEDULED,
        )

    for sort, descending in itertools.product(CLASS_LISTING_SORTS, (False, True)):
        found = await find(database, cast.ada.viewer, sort=sort, descending=descending)
        rows = [each.training_class.row for each in await database.search(list_found_classes, ids=found.ids)]
        with_value = [row for row in rows if KEYS[sort](row) is not None]
        without = [row for row in rows if row not in with_value]
        expected = sorted(with_value, key=lambda row: (KEYS[sort](row), row.id), reverse=descending)
        expected += sorted(without, key=lambda row: row.id, reverse=descending)
        assert [row.id for row in expected] == [row.id for row in rows], sort
        assert (6, False) == (found.count, found.is_more)
        part = await find(database, cast.ada.viewer, sort=sort, descending=descending, most=4)
        assert list(found.ids)[:4] == list(part.ids)


async def test_each_question_of_a_list_leaves_what_it_says(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Branch", parent_id=cast.organization_id)
    room_id = await add_room(database, cast)
    welding, baking = [await add_course(database, cast, name=name) for name in ("Welding", "Baking")]
    past = await add_class(database, cast, course_id=welding, name="past", meetings=(meeting(LONG_AGO),), external_id="ERP-9")
    now = await add_class(database, cast, course_id=welding, name="now", meetings=(meeting(LONG_AGO + DAY), meeting(MAY + DAY)), minimum=2)
    soon = await add_class(
        database,
        cast,
        course_id=baking,
        name="SOON",
        organization_id=branch_id,
        meetings=(meeting(MAY),),
        maximum=1,
        delivery=Delivery.MIXED,
        classroom_ids=(room_id,),
        instructor_ids=(cast.ivan_id,),
        status=ClassStatus.GUARANTEED_TO_RUN,
    )
    never = await add_class(database, cast, course_id=baking, name="never", maximum=1, delivery=Delivery.VIRTUAL)
    await enroll(database, class_id=soon, user_id=cast.sam_id)
    await enroll(database, class_id=soon, user_id=cast.sue_id, status=WAITLISTED)
    await enroll(database, class_id=never, user_id=cast.sam_id)
    everything = {past, now, soon, never}

    for expected, asked in (
        (everything, {}),
        ({soon, never}, {"words": ("bak",)}),
        ({now}, {"words": ("NOW", "weld")}),
        ({past}, {"words": ("erp-9",)}),
        (set(), {"words": ("now", "soon")}),
        ({soon}, {"organization_id": branch_id}),
        ({soon}, {"statuses": (ClassStatus.GUARANTEED_TO_RUN, ClassStatus.CANCELLED)}),
        ({soon, never}, {"deliveries": (Delivery.MIXED, Delivery.VIRTUAL)}),
        ({soon}, {"starts_after": MAY}),
        ({past, now}, {"starts_before": MAY - 1}),
        ({past}, {"has_ended": True}),
        ({now, soon, never}, {"has_ended": False}),
        ({now}, {"in_progress": True}),
        ({soon}, {"instructor_id": cast.ivan_id}),
        ({soon}, {"classroom_id": room_id}),
        ({now}, {"below_minimum": True}),
        ({past, soon, never}, {"below_minimum": False}),
        ({soon}, {"is_full_with_waitlist": True}),
        ({past, now, never}, {"is_full_with_waitlist": False}),
    ):
        found = await find(database, cast.ada.viewer, sort="course", **asked)
        assert expected == set(found.ids), asked
        assert len(expected) == found.count
        nothing = await find(database, cast.olga.viewer, **asked)
        assert ([], 0) == (nothing.ids, nothing.count)

    monkeypatch.setattr(listing_classes, "CLASSES_COUNTED", 3)
    many = await find(database, cast.ada.viewer)
    assert (3, True, 4) == (many.count, many.is_more, len(many.ids))
