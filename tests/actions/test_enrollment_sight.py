from typing import Any

import pytest

from rollbook import clock
from rollbook.access.errors import InvalidKeyError
from rollbook.access.keys import hash_of
from rollbook.access.scopes import Scope
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.aims import EnrollmentChanges
from rollbook.enrollments.actions.delete import delete
from rollbook.enrollments.actions.update import update
from rollbook.enrollments.queries.search import SORTS, EnrollmentCriteria, EnrollmentPage, search_enrollments
from rollbook.enrollments.queries.sight import (
    EnrollmentNotFoundError,
    UnknownHolder,
    find_enrollment,
    get_enrollment,
    list_enrollments,
    see_enrollment,
)
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.cast import DAY, MAY, NOBODY, Cast, add_class, add_organization, enroll, gather, meeting
from tests.roster import AUDIT, CANCELLED, ENROLLED, WAITLISTED, drop, last_change, see


async def test_a_key_is_looked_up_by_the_statement_that_reads_the_enrollment(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)
    holder = UnknownHolder(hash_of(cast.ada_key), Scope.READ)

    await database.write(update, caller=holder, enrollment_id=enrollment_id, changes=EnrollmentChanges(status=AUDIT))
    actor, row = await database.read(see_enrollment, caller=UnknownHolder(hash_of(cast.ada_key), Scope.READ), enrollment_id=enrollment_id)

    assert cast.ada == actor == holder.actor
    assert (AUDIT, 2) == (row.status, row.version)
    assert await see(database, enrollment_id) == row
    assert "Ada" == (await last_change(database, enrollment_id)).actor_name
    await database.write(delete, caller=UnknownHolder(hash_of(cast.ada_key), Scope.ENROLL), enrollment_id=enrollment_id)
    with pytest.raises(EnrollmentNotFoundError):
        await see(database, enrollment_id)


async def test_a_key_that_is_not_valid_and_one_of_others_see_nothing(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)
    olga, nobody = UnknownHolder(hash_of(cast.olga_key), Scope.READ), UnknownHolder(hash_of("rb_nothing"), Scope.READ)

    for each in (enrollment_id, NOBODY):
        with pytest.raises(EnrollmentNotFoundError):
            await database.read(see_enrollment, caller=olga, enrollment_id=each)
        with pytest.raises(InvalidKeyError):
            await database.read(see_enrollment, caller=nobody, enrollment_id=each)
    with pytest.raises(EnrollmentNotFoundError):
        await database.write(delete, caller=olga, enrollment_id=enrollment_id)

    assert (cast.olga, None) == (olga.actor, nobody.actor)


async def test_the_tree_of_a_key_reaches_down_and_not_up(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
    ours = await add_class(database, cast)
    branch = await add_class(database, cast, organization_id=branch_id)
    ids = [await enroll(database, class_id=class_id, user_id=cast.sam_id, external_id="s-1") for class_id in (ours, branch)]
    below = type(cast.ada.viewer)(branch_id, f"/{cast.organization_id}/{branch_id}/")

    found = [
        [row.id for row in await database.read(list_enrollments, viewer=viewer, external_id="s-1")] for viewer in (cast.ada.viewer, below)
    ]
    assert [ids, ids[1:]] == found
    assert ids[1] == (await database.read(get_enrollment, viewer=below, class_id=branch, user_id=cast.sam_id)).id
    assert await database.read(find_enrollment, viewer=below, class_id=ours, user_id=cast.sam_id) is None
    with pytest.raises(EnrollmentNotFoundError):
        await database.read(get_enrollment, viewer=below, class_id=ours, user_id=cast.sam_id)


async def _search(
    database: Database, cast: Cast, sort: str = "class_name", *, descending: bool = False, page: int = 0, **criteria: Any
) -> EnrollmentPage:
    asked: dict[str, Any] = {"criteria": EnrollmentCriteria(**criteria), "sort": sort, "descending": descending, "page_index": page}
    found = await database.search(search_enrollments, viewer=cast.ada.viewer, page_size=2, **asked)
    assert found is not None
    return found


async def _three_classes(database: Database, cast: Cast) -> tuple[list[int], list[int]]:
    class_ids = [
        await add_class(database, cast, name=name, meetings=meetings)
        for name, meetings in (("Évening Welding", (meeting(MAY + DAY),)), ("day welding", ()), ("Forging", (meeting(MAY),)))
    ]
    theirs = await add_class(database, cast, organization_id=cast.other_organization_id, name="Welding")
    ids = [
        await enroll(database, class_id=class_id, user_id=user_id, status=status)
        for class_id, user_id, status in zip(
            class_ids, (cast.sam_id, cast.sam_id, cast.sue_id), (ENROLLED, WAITLISTED, CANCELLED), strict=True
        )
    ]
    await enroll(database, class_id=theirs, user_id=cast.olga_id)
    return class_ids, ids


async def test_it_finds_the_enrollments_that_meet_every_criterion(database: Database) -> None:
    cast = await gather(database)
    class_ids, ids = await _three_classes(database, cast)
    now = clock.now()
    searches: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [ids[1], ids[2]]),
        ({"class_name": "WELD"}, [ids[1], ids[0]]),
        ({"class_name": "éve"}, [ids[0]]),
        ({"class_name": "%"}, []),
        ({"class_id": class_ids[2]}, [ids[2]]),
        ({"user_id": cast.sam_id, "status": EnrollmentStatus.WAITLISTED}, [ids[1]]),
        ({"user_id": cast.sue_id, "status": EnrollmentStatus.WAITLISTED}, []),
        ({"user_id": cast.olga_id}, []),
        ({"created_after": now + DAY}, []),
        ({"created_before": now - DAY}, []),
        ({"created_after": now - DAY, "created_before": now + DAY, "class_id": class_ids[0]}, [ids[0]]),
    ]

    for criteria, expected in searches:
        page = await _search(database, cast, **criteria)
        assert expected == [row.id for row in page.rows][:2]
        assert (3 if not criteria else len(expected)) == page.total
    (row,) = (await _search(database, cast, class_id=class_ids[0])).rows
    assert ("Évening Welding", MAY + DAY, "Sam", "Example", ENROLLED) == (
        row.class_name,
        row.class_starts_at,
        row.first_name,
        row.last_name,
        row.status,
    )


async def test_pages_neither_overlap_nor_skip_whatever_the_order(database: Database) -> None:
    cast = await gather(database)
    _, ids = await _three_classes(database, cast)
    orders = {
        "class_name": [ids[1], ids[2], ids[0]],
        "starts": [ids[2], ids[0], ids[1]],
    }

    for sort in SORTS:
        for descending in (False, True):
            pages = [await _search(database, cast, sort, descending=descending, page=number) for number in range(3)]
            found = [row.id for page in pages for row in page.rows]
            assert [(3, 2), (3, 1), (3, 0)] == [(page.total, len(page.rows)) for page in pages]
            assert sorted(found) == ids
            if sort in orders and not descending:
                assert orders[sort] == found
    (last,) = (await _search(database, cast, "starts", descending=True, page=1)).rows
    assert ids[1] == last.id


async def test_what_is_deleted_is_found_no_more(database: Database) -> None:
    cast = await gather(database)
    _, ids = await _three_classes(database, cast)

    await drop(database, ids[0])

    assert ids[1:] == sorted(row.id for row in (await _search(database, cast)).rows)
