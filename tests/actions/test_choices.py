import pytest

from rollbook.classes.queries.classes import ClassNotFoundError
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.database.transaction import Database
from rollbook.enrollments.placement import LocationType, Placement
from rollbook.enrollments.queries.choices import Choices, get_choices
from rollbook.enrollments.queries.roster import list_roster_entries, list_roster_versions, list_statuses_in_class
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.enrollments.statuses import EnrollmentStatus
from tests.cast import NOBODY, Cast, add_class, add_company, add_room, add_user, enroll, gather, meeting
from tests.roster import AUDIT, CANCELLED, ENROLLED, LONG_AGO, REQUESTED, WAITLISTED, change, change_class, change_user, prefer, see
from tests.waiting import add_students, put


async def choices_of(database: Database, cast: Cast, enrollment_id: int) -> Choices:
    return await database.snapshot(get_choices, viewer=cast.ada.viewer, enrollment_id=enrollment_id)


def kept_from(choices: Choices) -> dict[EnrollmentStatus, list[str | None]]:
    """Give the statuses that cannot be reached, each with the rules that keep the enrollment from it."""
    return {each.status: [refusal.rule for refusal in each.refusals] for each in choices.statuses if each.refusals}


async def test_every_status_can_be_reached_where_nothing_is_in_the_way(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id, status=REQUESTED)

    choices = await choices_of(database, cast, enrollment_id)

    assert tuple(EnrollmentStatus) == tuple(each.status for each in choices.statuses)
    assert {} == kept_from(choices)
    assert not choices.is_frozen


async def test_a_full_class_keeps_out_who_would_be_enrolled(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, maximum=1)
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    sue = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)

    assert {ENROLLED: ["P1"]} == kept_from(await choices_of(database, cast, sue))
    assert {} == kept_from(await choices_of(database, cast, sam))


async def test_a_full_room_and_another_class_keep_out_who_would_attend(database: Database) -> None:
    cast = await gather(database)
    room_id = await add_room(database, cast, capacity=1)
    class_id = await add_class(database, cast, classroom_ids=(room_id,), meetings=(meeting(),))
    await enroll(database, class_id=class_id, user_id=cast.sam_id)
    sue = await enroll(database, class_id=class_id, user_id=cast.sue_id, status=WAITLISTED)
    await enroll(database, class_id=await add_class(database, cast, meetings=(meeting(),)), user_id=cast.sue_id)

    assert {AUDIT: ["P2", "C1"], ENROLLED: ["P2", "C1"]} == kept_from(await choices_of(database, cast, sue))
    await prefer(database, cast, student_conflicts="allow")
    audit = await change(database, sue, status=CANCELLED)
    assert audit
    assert {AUDIT: ["P2"], ENROLLED: ["P2"]} == kept_from(await choices_of(database, cast, sue))


async def test_who_may_not_enter_cannot_come_back(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=CANCELLED)
    await change_user(database, cast.sam_id, disabled=True)
    await change_class(database, class_id, status=ClassStatus.CANCELLED, company_id=company_id)

    found = kept_from(await choices_of(database, cast, enrollment_id))

    assert {status for status in EnrollmentStatus if status.is_active} == found.keys()
    assert ["S3", "S4", "S4"] == found[WAITLISTED]


async def test_a_frozen_enrollment_keeps_its_status(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast, meetings=(meeting(LONG_AGO),))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    choices = await choices_of(database, cast, enrollment_id)

    assert choices.is_frozen
    assert set(EnrollmentStatus) - {ENROLLED} == kept_from(choices).keys()


@pytest.mark.parametrize("delivery", list(Delivery))
async def test_the_places_are_those_that_fit_the_class(database: Database, delivery: Delivery) -> None:
    cast = await gather(database)
    elsewhere = await add_room(database, cast, name="A room elsewhere", organization_id=cast.other_organization_id)
    south, north = [await add_room(database, cast, name=name) for name in ("South", "North")]
    class_id = await add_class(database, cast, delivery=delivery, classroom_ids=(south,))
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id, location=LocationType.TO_BE_DETERMINED)

    places = {each.placement: each.room for each in (await choices_of(database, cast, enrollment_id)).places}

    wanted: dict[Placement, str | None] = {Placement(): None}
    if delivery is not Delivery.VIRTUAL:
        wanted[Placement(LocationType.CLASSROOM, south)] = "South"
    if delivery is not Delivery.PHYSICAL:
        wanted |= {
            Placement(LocationType.REMOTE_CLASSROOM, south): "South",
            Placement(LocationType.REMOTE_CLASSROOM, north): "North",
            Placement(LocationType.VIRTUAL): None,
        }
    assert wanted == places
    assert elsewhere not in {placement.classroom_id for placement in places}


async def test_the_place_that_a_student_has_is_among_them_even_where_it_does_not_fit_any_more(database: Database) -> None:
    cast = await gather(database)
    south, north = [await add_room(database, cast, name=name) for name in ("South", "North")]
    class_id = await add_class(database, cast, classroom_ids=(south, north))
    waiting = await enroll(database, class_id=class_id, user_id=cast.sam_id, status=WAITLISTED, classroom_id=north)
    await change_class(database, class_id, classroom_ids=(south,))
    assert north == (await see(database, waiting)).classroom_id

    places = {each.placement: each.room for each in (await choices_of(database, cast, waiting)).places}

    assert "North" == places[Placement(LocationType.CLASSROOM, north)]
    await change_class(database, class_id, classroom_ids=(), delivery=Delivery.MIXED)
    await change(database, waiting, location=LocationType.VIRTUAL)
    await change_class(database, class_id, delivery=Delivery.PHYSICAL)
    assert Placement(LocationType.VIRTUAL) in {each.placement for each in (await choices_of(database, cast, waiting)).places}


async def test_what_others_have_is_not_there_to_choose(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)

    with pytest.raises(EnrollmentNotFoundError):
        await database.snapshot(get_choices, viewer=cast.olga.viewer, enrollment_id=enrollment_id)
    with pytest.raises(ClassNotFoundError):
        await database.snapshot(list_roster_entries, viewer=cast.olga.viewer, class_id=class_id, enrollment_ids=[enrollment_id])
    with pytest.raises(ClassNotFoundError):
        await database.snapshot(list_roster_versions, viewer=cast.olga.viewer, class_id=class_id)
    with pytest.raises(ClassNotFoundError):
        await database.search(list_statuses_in_class, viewer=cast.olga.viewer, class_id=class_id, user_ids=[cast.sam_id])


async def test_it_is_told_who_of_some_people_is_in_a_class_already(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await enroll(database, class_id=other_id, user_id=cast.sue_id)
    asked = [cast.sam_id, cast.sue_id, NOBODY]

    found = await database.search(list_statuses_in_class, viewer=cast.ada.viewer, class_id=class_id, user_ids=asked)

    assert {cast.sam_id: ENROLLED} == found


async def test_single_lines_of_a_roster_are_as_in_the_whole_of_it(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    sam = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    zoe = await add_user(database, "Zoe", organization_id=cast.organization_id)
    last, *line = await put(database, class_id, zoe, *await add_students(database, cast, 2))
    elsewhere = await enroll(database, class_id=other_id, user_id=cast.sam_id)
    viewer = cast.ada.viewer

    found = await database.snapshot(
        list_roster_entries, viewer=viewer, class_id=class_id, enrollment_ids=[last, line[1], sam, elsewhere, NOBODY]
    )
    assert [(sam, None), (line[1], 3), (last, 1)] == [(entry.row.id, entry.position) for entry in found]
    (alone,) = await database.snapshot(list_roster_entries, viewer=viewer, class_id=class_id, enrollment_ids=[sam])
    assert alone.position is None
    before = await database.snapshot(list_roster_versions, viewer=viewer, class_id=class_id)
    await change(database, sam, grade=1)
    after = await database.snapshot(list_roster_versions, viewer=viewer, class_id=class_id)
    assert {sam: 2} == dict(after.items() - before.items())
