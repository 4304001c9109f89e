import itertools
from typing import Any

import pytest
from sqlalchemy import Integer, bindparam, false, update

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.classes.statuses import ClassStatus
from rollbook.database.keyset import Place
from rollbook.database.query import Command
from rollbook.database.transaction import Database, Transaction
from rollbook.enrollments.queries.class_finding import CLASS_ORDERS, ClassQuestion, FoundClass, find_classes, get_found_class
from tests.cast import DAY, HOUR, MAY, add_class, add_company, add_course, add_organization, add_room, enroll, gather, meeting
from tests.roster import AUDIT, CANCELLED, LONG_AGO, REQUESTED, WAITLISTED

KEYS: dict[str, Any] = {
    "starts": lambda row: row.starts_at,
    "name": lambda row: row.name.casefold(),
    "created": lambda row: row.created_at,
}


_HIDE = Command(update(classes).where(classes.c.id == bindparam("class_id", type_=Integer)).values(enabled=false()))


async def hide(database: Database, class_id: int) -> None:
    """Disable a class."""

    async def disable(transaction: Transaction) -> None:
        await transaction.run(_HIDE, class_id=class_id)

    await database.write(disable)


async def find(database: Database, viewer: Viewer, **asked: Any) -> set[str]:
    """Find classes on one page and give their names."""
    page = await database.search(find_classes, viewer=viewer, question=ClassQuestion(**asked))
    assert page.next is None
    return {found.training_class.row.name for found in page.items}


@pytest.mark.parametrize("sort,descending", list(itertools.product(CLASS_ORDERS, (False, True))))
async def test_pages_together_are_the_full_sort(database: Database, sort: str, *, descending: bool) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast)
    starts = [MAY, None, MAY + DAY, MAY, None, MAY - DAY, None, MAY]
    names = ["b", "A", "a", "Straße", "STRASSE", "c", "B", "Ω"]
    for start, name in zip(starts, names, strict=True):
        await add_class(database, cast, course_id=course_id, name=name, meetings=(meeting(start),) if start else ())

    for limit in (1, 2, 3, 5, 8):
        found: list[FoundClass] = []
        behind: Place | None = None
        while True:
            page = await database.search(
                find_classes,
                viewer=cast.ada.viewer,
                question=ClassQuestion(),
                sort=sort,
                descending=descending,
                behind=behind,
                limit=limit,
            )
            found += page.items
            behind = page.next
            if behind is None:
                break

        rows = [each.training_class.row for each in found]
        with_value = [row for row in rows if KEYS[sort](row) is not None]
        without = [row for row in rows if row not in with_value]
        expected = sorted(with_value, key=lambda row: (KEYS[sort](row), row.id), reverse=descending)
        expected += sorted(without, key=lambda row: row.id, reverse=descending)
        assert [row.id for row in expected] == [row.id for row in rows]
        assert len(names) == len({row.id for row in rows})


async def test_each_question_leaves_what_it_says(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Branch", parent_id=cast.organization_id)
    company_id = await add_company(database, "Contoso", organization_id=cast.organization_id)
    room_id = await add_room(database, cast)
    welding, baking = [await add_course(database, cast, name=name) for name in ("Welding", "Baking")]
    past = await add_class(database, cast, course_id=welding, name="past", meetings=(meeting(LONG_AGO),), is_public=True)
    now = await add_class(
        database,
        cast,
        course_id=welding,
        name="now",
        meetings=(meeting(LONG_AGO + DAY), meeting(MAY + DAY)),
        minimum=2,
        requires_approval=True,
    )
    await add_class(
        database,
        cast,
        course_id=baking,
        name="SOON",
        organization_id=branch_id,
        meetings=(meeting(MAY),),
        maximum=0,
        is_public=True,
        classroom_ids=(room_id,),
        instructor_ids=(cast.ivan_id,),
        status=ClassStatus.GUARANTEED_TO_RUN,
    )
    await add_class(
        database, cast, course_id=baking, name="never", company_id=company_id, is_public=True, allow_self_enrollment=True, maximum=1
    )
    await add_class(database, cast, course_id=baking, name="off", status=ClassStatus.CANCELLED, is_public=True)
    await hide(database, await add_class(database, cast, course_id=baking, name="hidden", is_public=True))
    await enroll(database, class_id=now, user_id=cast.sam_id)
    await enroll(database, class_id=past, user_id=cast.sam_id, status=AUDIT)
    everything = {"past", "now", "SOON", "never", "off", "hidden"}

    for expected, asked in (
        (everything, {}),
        ({"SOON", "now"}, {"name": "O", "course_id": None, "starts_after": 0}),
        ({"past", "now"}, {"course_id": welding}),
        ({"SOON"}, {"organization_id": branch_id}),
        (everything, {"organization_id": cast.organization_id}),
        ({"never"}, {"company_id": company_id}),
        ({"SOON", "off"}, {"statuses": (ClassStatus.CANCELLED, ClassStatus.GUARANTEED_TO_RUN)}),
        ({"SOON"}, {"starts_after": MAY}),
        ({"past", "now"}, {"starts_before": MAY - 1}),
        ({"now"}, {"ends_after": MAY + DAY}),
        ({"past"}, {"ends_before": LONG_AGO + 8 * HOUR}),
        ({"now"}, {"in_progress": True}),
        (everything - {"now"}, {"in_progress": False}),
        ({"SOON"}, {"instructor_id": cast.ivan_id}),
        ({"SOON"}, {"classroom_id": room_id}),
        ({"now"}, {"below_minimum": True}),
        (everything - {"now"}, {"below_minimum": False}),
        (everything - {"SOON"}, {"has_free_places": True}),
        ({"SOON"}, {"has_free_places": False}),
        ({"hidden"}, {"enabled": False}),
        ({"now"}, {"is_public": False}),
        ({"now"}, {"requires_approval": True}),
        ({"never"}, {"allow_self_enrollment": True}),
        ({"SOON", "never"}, {"on_schedule": True}),
        (everything - {"SOON", "never"}, {"on_schedule": False}),
        ({"never"}, {"on_schedule": True, "has_free_places": True}),
    ):
        assert expected == await find(database, cast.ada.viewer, **asked), asked
    assert set() == await find(database, cast.olga.viewer)


async def test_it_tells_how_full_a_class_is(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=3, meetings=(meeting(),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)
    await enroll(database, class_id=class_id, user_id=cast.ivan_id, status=REQUESTED)
    unlimited_id = await add_class(database, cast)
    await enroll(database, class_id=unlimited_id, user_id=cast.sam_id, status=CANCELLED)
    empty_id = await add_class(database, cast)

    found = await database.search(get_found_class, viewer=cast.ada.viewer, class_id=class_id)
    unlimited = await database.search(get_found_class, viewer=cast.ada.viewer, class_id=unlimited_id)
    empty = await database.search(get_found_class, viewer=cast.ada.viewer, class_id=empty_id)

    assert (1, 2, 2) == (found.enrolled, found.waiting, found.free_places)
    assert (0, 0, None) == (unlimited.enrolled, unlimited.waiting, unlimited.free_places)
    assert (0, 0, None) == (empty.enrolled, empty.waiting, empty.free_places)
    assert (meeting(),) == found.training_class.meetings
    with pytest.raises(ClassNotFoundError):
        await database.search(get_found_class, viewer=cast.olga.viewer, class_id=class_id)
