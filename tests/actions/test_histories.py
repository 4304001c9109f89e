import pytest

from rollbook.changes.queries.histories import Subject, page_history
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.sight import EnrollmentNotFoundError
from rollbook.errors import NotFoundError
from tests.cast import NOBODY, Cast, add_class, add_company, add_course, add_organization, add_room, enroll, gather
from tests.custom_fields import add_field
from tests.roster import ENROLLED, WAITLISTED, change, change_class, drop
from tests.self_paced import add_self_paced_course, assign
from tests.subscribing import add_keys, add_profile, add_subscription


async def test_a_history_tells_who_did_what_the_newest_first(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id, status=WAITLISTED)
    await change(database, enrollment_id, actor=cast.ada, status=ENROLLED)

    page = await database.search(page_history, viewer=cast.ada.viewer, subject=Subject.ENROLLMENT, subject_id=enrollment_id)

    latest, first = page.items
    assert ("enrollment.enrolled", "key", cast.ada.id, "Ada", None) == (
        latest.kind,
        latest.actor_kind,
        latest.actor_id,
        latest.actor_name,
        latest.through_key_id,
    )
    assert (20, 60) == ((latest.before or {})["status"], (latest.after or {})["status"])
    assert ("enrollment.waitlisted", "system", None, None) == (first.kind, first.actor_kind, first.actor_id, first.before)
    assert cast.organization_id == first.organization_id
    assert page.next is None


async def test_pages_together_are_the_whole_history(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)
    for grade in range(4):
        await change(database, enrollment_id, grade=grade)
    grades = []
    behind = None

    while True:
        page = await database.search(
            page_history, viewer=cast.ada.viewer, subject=Subject.ENROLLMENT, subject_id=enrollment_id, behind=behind, limit=2
        )
        grades += [(entry.after or {})["grade"] for entry in page.items]
        behind = page.next
        if behind is None:
            break

    assert [3, 2, 1, 0, None] == grades


async def test_what_was_deleted_keeps_its_history(database: Database) -> None:
    cast = await gather(database)
    enrollment_id = await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)
    await drop(database, enrollment_id)

    page = await database.search(page_history, viewer=cast.ada.viewer, subject=Subject.ENROLLMENT, subject_id=enrollment_id)

    assert ["enrollment.deleted", "enrollment.enrolled"] == [entry.kind for entry in page.items]
    assert page.items[0].after is None
    with pytest.raises(EnrollmentNotFoundError):
        await database.search(page_history, viewer=cast.olga.viewer, subject=Subject.ENROLLMENT, subject_id=enrollment_id)


async def test_what_was_recorded_elsewhere_stays_there(database: Database) -> None:
    cast = await gather(database)
    branch_id = await add_organization(database, "Branch", parent_id=cast.organization_id)
    branch = type(cast.ada.viewer)(branch_id, f"/{cast.organization_id}/{branch_id}/")
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.sam_id)
    await change_class(database, class_id, organization_id=branch_id)

    seen = await database.search(page_history, viewer=branch, subject=Subject.ENROLLMENT, subject_id=enrollment_id)

    assert [] == seen.items


async def make(database: Database, cast: Cast, subject: Subject) -> int:
    """Create something, or give what there is."""
    match subject:
        case Subject.ORGANIZATION:
            return cast.organization_id
        case Subject.COMPANY:
            return await add_company(database, "Contoso", organization_id=cast.organization_id)
        case Subject.USER:
            return cast.sam_id
        case Subject.COURSE:
            return await add_course(database, cast)
        case Subject.CLASSROOM:
            return await add_room(database, cast)
        case Subject.ASSIGNMENT:
            return await assign(database, course_id=await add_self_paced_course(database, cast), user_id=cast.sam_id)
        case Subject.CUSTOM_FIELD:
            return await add_field(database, cast)
        case Subject.CLASS:
            return await add_class(database, cast)
        case Subject.ENROLLMENT:
            return await enroll(database, class_id=await add_class(database, cast), user_id=cast.sam_id)
        case Subject.SUBSCRIPTION_PROFILE:
            return await add_profile(database, cast)
        case Subject.SUBSCRIPTION:
            return await add_subscription(database, profile_id=await add_profile(database, cast), user_id=cast.sam_id)
        case Subject.SUBSCRIPTION_TRAINING_KEY:
            return (await add_keys(database, cast, profile_id=await add_profile(database, cast)))[0].id


@pytest.mark.parametrize("subject", Subject)
async def test_everything_has_a_history_for_those_who_see_it(database: Database, subject: Subject) -> None:
    cast = await gather(database)
    subject_id = await make(database, cast, subject)

    page = await database.search(page_history, viewer=cast.ada.viewer, subject=subject, subject_id=subject_id)

    assert [subject.value] == [entry.kind.partition(".")[0] for entry in page.items]
    for viewer, asked_id in ((cast.olga.viewer, subject_id), (cast.ada.viewer, NOBODY)):
        with pytest.raises(NotFoundError):
            await database.search(page_history, viewer=viewer, subject=subject, subject_id=asked_id)


async def test_updates_of_results_are_told_in_their_turn_also_of_what_was_deleted(database: Database) -> None:
    cast = await gather(database)
    class_id, other_id = [await add_class(database, cast) for _ in range(2)]
    first, second = [await enroll(database, class_id=class_id, user_id=user_id) for user_id in (cast.sam_id, cast.sue_id)]
    for enrollment_id in (first, second):
        await change(database, enrollment_id, grade=1)
        await change(database, enrollment_id, class_id=other_id if enrollment_id == first else class_id, note="Moves.")
        await change(database, enrollment_id, grade=2, hours_spent=3)
        await change(database, enrollment_id, note=None)
        await change(database, enrollment_id, grade=4)
    await drop(database, second)

    histories = [
        (await database.search(page_history, viewer=cast.ada.viewer, subject=Subject.ENROLLMENT, subject_id=each)).items
        for each in (first, second)
    ]

    fields = [[sorted(entry.after or {}) for entry in told] for told in histories]
    updates = [["grade"], ["note"], ["grade", "hours_spent"], ["note"], ["grade"]]
    assert updates[:3] == fields[0][:3]
    assert [[], *updates] == fields[1][:6]
    assert [6, 7] == [len(told) for told in histories]
