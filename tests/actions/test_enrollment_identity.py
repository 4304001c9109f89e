import sqlite3
from typing import Any

import pytest

from rollbook.database.transaction import CrowdedError, Database
from rollbook.enrollments.actions import writing
from rollbook.enrollments.actions.entering import ClassToEnterNotFoundError, StudentNotFoundError
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError, get_enrollment, list_enrollments
from rollbook.enrollments.reopening import EnrollmentExistsError
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.errors import SeveralRefusalsError
from rollbook.history.versions import VersionChangedError
from rollbook.organizations.limits import LARGEST_NUMBER
from tests.cast import NOBODY, add_class, add_organization, add_room, enroll, gather, meeting
from tests.recorded import Entry, history_of
from tests.roster import APPROVED, AUDIT, CANCELLED, DENIED, ENROLLED, REQUESTED, WAITLISTED, change, change_class, last_change, see


async def test_a_new_enrollment_holds_what_is_given_and_is_recorded_whole(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Contoso Paris", parent_id=cast.organization_id)
    class_id = await add_class(database, cast, meetings=(meeting(),), organization_id=branch_id)
    given: dict[str, Any] = {
        "external_id": "s-1",
        "completion": CompletionStatus.ATTENDING,
        "retake": True,
        "hours_spent": 0,
        "grade": LARGEST_NUMBER,
    }

    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, **given)

    row = await see(database, enrollment_id)
    expected = {
        "class_id": class_id,
        "user_id": cast.sam_id,
        "organization_id": branch_id,
        "status": ENROLLED,
        "late_cancel": False,
        "location": LocationType.TO_BE_DETERMINED,
        "classroom_id": None,
        "waiting_since": None,
        "passed_over": None,
        "note": None,
        **given,
    }
    assert expected == {name: getattr(row, name) for name in expected}
    assert (1, row.created_at) == (row.version, row.modified_at)
    assert Entry("enrollment.enrolled", branch_id, "tests", None, expected) == (await history_of(database, "enrollment", enrollment_id))[0]


async def test_e1_the_database_itself_holds_one_enrollment_for_a_class_and_a_student(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    state = writing.state_of(await see(database, await enroll(database, class_id=class_id, user_id=cast.sam_id)))

    with pytest.raises((sqlite3.IntegrityError, CrowdedError)):
        await database.write(writing.add, actor=cast.ada, state=state)


@pytest.mark.parametrize("status", [CANCELLED, DENIED])
async def test_e2_creating_reopens_the_one_that_stands_as_if_new(database: Database, status: EnrollmentStatus) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    class_id = await add_class(database, cast, classroom_ids=(room_id,))
    first_id = await enroll(
        database,
        class_id=class_id,
        user_id=cast.sam_id,
        status=status,
        external_id="s-1",
        retake=True,
        late_cancel=True,
        hours_spent=3,
        grade=7,
    )

    second_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, grade=9)

    row = await see(database, first_id)
    assert (first_id, 2) == (second_id, row.version)
    assert ("s-1", False, False, None, 9) == (row.external_id, row.retake, row.late_cancel, row.hours_spent, row.grade)
    assert (LocationType.CLASSROOM, room_id) == (row.location, row.classroom_id)
    changed = {"status", "late_cancel", "retake", "hours_spent", "grade", "location", "classroom_id"}
    created, reopened = await history_of(database, "enrollment", first_id)
    assert ("enrollment.enrolled", changed, changed) == (reopened.kind, {*(reopened.before or ())}, {*(reopened.after or ())})
    assert {"status": status, "grade": 7}.items() <= (reopened.before or {}).items() <= (created.after or {}).items()


async def test_e2_creating_where_one_stands_is_refused_and_names_it(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    active = (REQUESTED, WAITLISTED, APPROVED, AUDIT, ENROLLED)
    attempts = [(stands, wanted) for stands in active for wanted in EnrollmentStatus]
    attempts += [(stands, wanted) for stands in (CANCELLED, DENIED) for wanted in (CANCELLED, DENIED)]
    for stands, wanted in attempts:
        await change(database, enrollment_id, status=stands)
        with pytest.raises(EnrollmentExistsError) as refused:
            await enroll(database, class_id=class_id, user_id=cast.sam_id, status=wanted)
        assert enrollment_id == refused.value.existing.id
        assert f"enrollment {enrollment_id} " in str(refused.value)


async def test_e2_reopening_by_an_update_keeps_what_is_not_given(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(
        database, class_id=class_id, user_id=cast.sam_id, external_id="s-1", retake=True, hours_spent=3, grade=7, status=CANCELLED
    )

    await change(database, enrollment_id, status=ENROLLED, grade=None)

    row = await see(database, enrollment_id)
    assert (ENROLLED, "s-1", True, 3, None) == (row.status, row.external_id, row.retake, row.hours_spent, row.grade)


async def test_e2_reopening_by_an_update_gives_up_a_room_that_the_class_no_longer_has(database: Database) -> None:
    cast = await gather(database)
    forge, smithy, garage = [await add_room(database, cast, name=name) for name in ("Forge", "Smithy", "Garage")]
    class_id = await add_class(database, cast, classroom_ids=(forge, smithy))
    sam, sue = [await enroll(database, class_id=class_id, user_id=user_id, classroom_id=forge) for user_id in (cast.sam_id, cast.sue_id)]
    for enrollment_id in (sam, sue):
        await change(database, enrollment_id, status=CANCELLED)
    await change_class(database, class_id, classroom_ids=(smithy, garage))
    assert forge == (await see(database, sam)).classroom_id

    await change(database, sam, status=ENROLLED)
    await change(database, sue, status=WAITLISTED)

    for enrollment_id in (sam, sue):
        row = await see(database, enrollment_id)
        assert (LocationType.TO_BE_DETERMINED, None) == (row.location, row.classroom_id)


async def test_e3_each_change_is_recorded_and_raises_the_version_by_one(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id, grade=7)

    assert await change(database, enrollment_id, actor=cast.ada, grade=8, hours_spent=5, external_id=None)
    assert await change(database, enrollment_id, actor=cast.ada, status=CANCELLED, grade=None)

    _, graded, cancelled = await history_of(database, "enrollment", enrollment_id)
    organization_id = cast.organization_id
    assert graded == Entry("enrollment.updated", organization_id, "Ada", {"grade": 7, "hours_spent": None}, {"grade": 8, "hours_spent": 5})
    assert cancelled == Entry(
        "enrollment.cancelled", organization_id, "Ada", {"status": ENROLLED, "grade": 8}, {"status": CANCELLED, "grade": None}
    )
    assert 3 == (await see(database, enrollment_id)).version


async def test_e3_each_kind_of_value_can_change_alone(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    class_id = await add_class(database, cast, classroom_ids=(room_id,))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, location=LocationType.TO_BE_DETERMINED)
    changes: list[dict[str, Any]] = [
        {"external_id": "s-1"},
        {"external_id": "x" * 255},
        {"external_id": None},
        {"completion": CompletionStatus.COMPLETE},
        {"late_cancel": True},
        {"retake": True},
        {"hours_spent": 0},
        {"hours_spent": LARGEST_NUMBER},
        {"hours_spent": None},
        {"grade": 0},
        {"status": AUDIT},
    ]

    for version, each in enumerate(changes, 2):
        before = await see(database, enrollment_id)
        assert await change(database, enrollment_id, **each)
        row = await see(database, enrollment_id)
        assert version == row.version
        assert each == {name: getattr(row, name) for name in each}
        recorded = await last_change(database, enrollment_id)
        assert ({name: getattr(before, name) for name in each}, each) == (recorded.before, recorded.after)


async def test_e3_an_update_that_changes_nothing_records_nothing_and_succeeds(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast)
    class_id = await add_class(database, cast, classroom_ids=(room_id,))
    attending = await enroll(database, class_id=class_id, user_id=cast.sam_id, external_id="s-1", completion=CompletionStatus.COMPLETE)
    waiting = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)

    for enrollment_id in (attending, waiting):
        row = await see(database, enrollment_id)
        names = ("class_id", "user_id", "status", "completion", "external_id", "late_cancel", "retake", "location", "classroom_id", "grade")
        assert not await change(database, enrollment_id)
        assert not await change(database, enrollment_id, **{name: getattr(row, name) for name in names})
        assert row == await see(database, enrollment_id)
        assert 1 == len(await history_of(database, "enrollment", enrollment_id))


async def test_e3_a_change_for_another_version_is_refused(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)
    await change(database, enrollment_id, if_version=1, grade=8)

    with pytest.raises(VersionChangedError) as refused:
        await change(database, enrollment_id, if_version=1, grade=9)

    assert (2, "if_version") == (refused.value.version, refused.value.field)
    assert 8 == (await see(database, enrollment_id)).grade


async def test_n2_any_number_of_enrollments_may_share_an_external_id(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    ids = [await enroll(database, class_id=class_id, user_id=user_id, external_id="s-1") for user_id in (cast.sam_id, cast.sue_id)]
    await enroll(database, class_id=class_id, user_id=cast.ivan_id, external_id="s-2")

    found = await database.read(list_enrollments, viewer=cast.ada.viewer, external_id="s-1")

    assert ids == [row.id for row in found]
    assert [] == await database.read(list_enrollments, viewer=cast.olga.viewer, external_id="s-1")


async def test_what_a_caller_names_and_does_not_have_is_told_by_its_name(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=0)

    with pytest.raises(ClassToEnterNotFoundError) as no_class:
        await enroll(database, class_id=NOBODY, user_id=cast.sam_id)
    with pytest.raises(StudentNotFoundError) as no_student:
        await enroll(database, class_id=class_id, user_id=NOBODY, status=WAITLISTED)
    with pytest.raises(SeveralRefusalsError) as several:
        await enroll(database, class_id=class_id, user_id=NOBODY)

    assert ("class_id", "user_id") == (no_class.value.field, no_student.value.field)
    assert [None, "P1"] == [refusal.rule for refusal in several.value.refusals]


async def test_olga_sees_nothing_of_it(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    course = await add_class(database, cast, organization_id=cast.other_organization_id)
    hers = await enroll(database, class_id=course, user_id=cast.olga_id)

    with pytest.raises(EnrollmentNotFoundError):
        await change(database, enrollment_id, actor=cast.olga, grade=1)
    with pytest.raises(EnrollmentNotFoundError):
        await database.read(get_enrollment, viewer=cast.olga.viewer, class_id=class_id, user_id=cast.sam_id)
    with pytest.raises(ClassToEnterNotFoundError):
        await change(database, hers, actor=cast.olga, class_id=class_id)
    with pytest.raises(StudentNotFoundError):
        await change(database, hers, actor=cast.olga, user_id=cast.sam_id)
    assert 1 == (await see(database, enrollment_id)).version == (await see(database, hers)).version
