"""Assigning courses to students, changing that, and taking it back."""

from typing import Any

import pytest

from rollbook import clock
from rollbook.assignments.actions.assignments import (
    AssignmentChanges,
    NewAssignment,
    create_assignment,
    delete_assignment,
    update_assignment,
)
from rollbook.assignments.queries.assignments import (
    AssignmentNotFoundError,
    get_assignment,
    list_assignments_by_external_id,
)
from rollbook.assignments.terms import (
    AssignedCourseArchivedError,
    AssigneeDisabledError,
    AssignmentCompletedError,
    AssignmentStartedError,
    CompletedBeforeStartError,
    CompletedWithoutStartError,
    CourseNotInSubscriptionError,
    CourseNotSelfPacedError,
    NotYetHappenedError,
    SubscriptionOfAnotherUserError,
)
from rollbook.courses.queries.courses import CourseNotFoundError
from rollbook.database.transaction import Database
from rollbook.errors import RollbookError, SeveralRefusalsError
from rollbook.history.versions import VersionChangedError
from rollbook.people.queries.users import UserNotFoundError
from rollbook.subscriptions.queries.subscriptions import SubscriptionNotFoundError
from tests.cast import DAY, NOBODY, TESTS, Cast, add_course, add_organization, add_user, gather
from tests.recorded import history_of
from tests.roster import change_user
from tests.self_paced import LONG_AGO, add_self_paced_course, assign, assignment_of, change_assignment, subscribe


async def test_it_keeps_everything_that_is_given(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_self_paced_course(database, cast, name="Welding")
    subscription_id = await subscribe(database, cast, user_id=cast.sam_id, course_id=course_id)
    given: dict[str, Any] = {
        "course_id": course_id,
        "user_id": cast.sam_id,
        "subscription_id": subscription_id,
        "external_id": "A",
        "expires_at": LONG_AGO + 4,
        "target_completion_at": LONG_AGO + 3,
        "started_at": LONG_AGO + 1,
        "completed_at": LONG_AGO + 2,
    }

    assignment_id = await assign(database, **given)

    row = await assignment_of(database, assignment_id)
    assert given == {name: getattr(row, name) for name in given}
    assert ("Welding", "Sam", "Example", cast.organization_id, 1) == (
        row.course_name,
        row.first_name,
        row.last_name,
        row.organization_id,
        row.version,
    )
    assert row.created_at == row.modified_at > LONG_AGO
    (made,) = await history_of(database, "assignment", assignment_id)
    assert ("assignment.created", cast.organization_id, None, given) == (made.kind, made.organization_id, made.before, made.after)


async def test_it_changes_what_is_given_and_records_only_that(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_self_paced_course(database, cast)
    assignment_id = await assign(database, course_id=course_id, user_id=cast.sam_id, external_id="A", expires_at=LONG_AGO)

    await change_assignment(database, assignment_id, external_id=None, expires_at=LONG_AGO)
    await change_assignment(database, assignment_id, expires_at=LONG_AGO, user_id=cast.sam_id)

    row = await assignment_of(database, assignment_id)
    assert (None, LONG_AGO, 2) == (row.external_id, row.expires_at, row.version)
    _, updated = await history_of(database, "assignment", assignment_id)
    assert ("assignment.updated", {"external_id": "A"}, {"external_id": None}) == (updated.kind, updated.before, updated.after)


async def test_the_history_tells_the_start_and_the_completion(database: Database) -> None:
    cast = await gather(database)
    assignment_id = await assign(database, course_id=await add_self_paced_course(database, cast), user_id=cast.sam_id)

    await change_assignment(database, assignment_id, started_at=LONG_AGO)
    await change_assignment(database, assignment_id, completed_at=LONG_AGO + DAY)
    await change_assignment(database, assignment_id, completed_at=LONG_AGO + 2 * DAY)
    await change_assignment(database, assignment_id, completed_at=None, started_at=None)
    await change_assignment(database, assignment_id, completed_at=LONG_AGO)

    kinds = [entry.kind.removeprefix("assignment.") for entry in await history_of(database, "assignment", assignment_id)]
    assert ["created", "started", "completed", "updated", "updated", "completed"] == kinds
    row = await assignment_of(database, assignment_id)
    assert (LONG_AGO, LONG_AGO) == (row.started_at, row.completed_at)


async def test_a_new_assignment_that_is_completed_was_started_then(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_self_paced_course(database, cast)

    assignment_id = await assign(database, course_id=course_id, user_id=cast.sam_id, completed_at=LONG_AGO)

    assert LONG_AGO == (await assignment_of(database, assignment_id)).started_at


async def test_what_is_not_there_cannot_be_named(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_self_paced_course(database, cast)
    theirs = await add_self_paced_course(database, cast, organization_id=cast.other_organization_id)
    subscription_id = await subscribe(database, cast, user_id=cast.olga_id, course_id=theirs, organization_id=cast.other_organization_id)
    assignment_id = await assign(database, course_id=course_id, user_id=cast.sam_id)
    missing: tuple[tuple[dict[str, Any], type[RollbookError]], ...] = (
        ({"user_id": cast.olga_id}, UserNotFoundError),
        ({"course_id": theirs}, CourseNotFoundError),
        ({"subscription_id": subscription_id}, SubscriptionNotFoundError),
        ({"subscription_id": NOBODY}, SubscriptionNotFoundError),
    )

    for values, error in missing:
        new = NewAssignment(**{"course_id": course_id, "user_id": cast.sam_id, **values})
        with pytest.raises(error) as refused:
            await database.write(create_assignment, actor=cast.ada, assignment=new)
        assert refused.value.field == next(iter(values))
        with pytest.raises(error):
            await database.write(update_assignment, actor=cast.ada, assignment_id=assignment_id, changes=AssignmentChanges(**values))


async def test_all_refusals_are_told_at_once(database: Database) -> None:
    cast = await gather(database)
    course_id = await add_course(database, cast)
    subscription_id = await subscribe(database, cast, user_id=cast.sue_id, course_id=course_id)
    await change_user(database, cast.sam_id, disabled=True)

    with pytest.raises(SeveralRefusalsError) as refused:
        await assign(
            database, course_id=course_id, user_id=cast.sam_id, subscription_id=subscription_id, completed_at=clock.now() + 2 * DAY
        )
    with pytest.raises(SeveralRefusalsError) as unnamed:
        await assign(database, course_id=NOBODY, user_id=NOBODY, subscription_id=subscription_id)

    assert [AssigneeDisabledError, CourseNotSelfPacedError, SubscriptionOfAnotherUserError, NotYetHappenedError] == [
        type(each) for each in refused.value.refusals
    ]
    assert [UserNotFoundError, CourseNotFoundError] == [type(each) for each in unnamed.value.refusals]


async def _scene(database: Database) -> tuple[Cast, int, int]:
    cast = await gather(database)
    course_id = await add_self_paced_course(database, cast)
    subscription_id = await subscribe(database, cast, user_id=cast.sam_id, course_id=course_id)
    return cast, course_id, await assign(database, course_id=course_id, user_id=cast.sam_id, subscription_id=subscription_id)


async def test_an_assignment_can_be_given_to_another_student_as_long_as_it_has_not_been_started(database: Database) -> None:
    cast, _, assignment_id = await _scene(database)
    west_id = await add_organization(database, "West", parent_id=cast.organization_id)
    wes_id = await add_user(database, "Wes", organization_id=west_id)

    with pytest.raises(SubscriptionOfAnotherUserError):
        await change_assignment(database, assignment_id, user_id=wes_id)
    await change_assignment(database, assignment_id, user_id=wes_id, subscription_id=None)
    await change_assignment(database, assignment_id, started_at=LONG_AGO)
    with pytest.raises(AssignmentStartedError):
        await change_assignment(database, assignment_id, user_id=cast.sue_id)
    await change_assignment(database, assignment_id, user_id=cast.sue_id, started_at=None)

    assert cast.sue_id == (await assignment_of(database, assignment_id)).user_id
    assert [cast.organization_id, west_id, west_id, cast.organization_id] == [
        entry.organization_id for entry in await history_of(database, "assignment", assignment_id)
    ]


async def test_an_assignment_can_become_one_of_another_course_as_long_as_it_has_not_been_started(database: Database) -> None:
    cast, _, assignment_id = await _scene(database)
    other_id = await add_self_paced_course(database, cast)

    with pytest.raises(CourseNotInSubscriptionError):
        await change_assignment(database, assignment_id, course_id=other_id)
    await change_assignment(database, assignment_id, course_id=other_id, subscription_id=None)
    await change_assignment(database, assignment_id, started_at=LONG_AGO)
    with pytest.raises(AssignmentStartedError):
        await change_assignment(database, assignment_id, course_id=await add_self_paced_course(database, cast))
    with pytest.raises(AssignedCourseArchivedError):
        await change_assignment(
            database, assignment_id, course_id=await add_self_paced_course(database, cast, archived=True), started_at=None
        )

    assert other_id == (await assignment_of(database, assignment_id)).course_id


async def test_what_has_been_assigned_goes_on_when_user_and_course_do_not(database: Database) -> None:
    cast, _, assignment_id = await _scene(database)
    await change_user(database, cast.sam_id, disabled=True)

    await change_assignment(database, assignment_id, started_at=LONG_AGO, expires_at=LONG_AGO + DAY)

    assert LONG_AGO == (await assignment_of(database, assignment_id)).started_at


async def test_start_and_completion_stay_in_order(database: Database) -> None:
    _, _, assignment_id = await _scene(database)
    await change_assignment(database, assignment_id, completed_at=LONG_AGO)

    for changes, error in (
        ({"started_at": None}, CompletedWithoutStartError),
        ({"started_at": LONG_AGO + DAY}, CompletedBeforeStartError),
        ({"completed_at": LONG_AGO - 1}, CompletedBeforeStartError),
        ({"completed_at": clock.now() + 2 * DAY}, NotYetHappenedError),
    ):
        with pytest.raises(error):
            await change_assignment(database, assignment_id, **changes)


async def test_an_assignment_is_deleted_until_it_has_been_completed(database: Database) -> None:
    cast, _, assignment_id = await _scene(database)
    await change_assignment(database, assignment_id, completed_at=LONG_AGO)

    with pytest.raises(AssignmentCompletedError):
        await database.write(delete_assignment, actor=cast.ada, assignment_id=assignment_id)
    await change_assignment(database, assignment_id, completed_at=None)
    await database.write(delete_assignment, actor=cast.ada, assignment_id=assignment_id)

    with pytest.raises(AssignmentNotFoundError):
        await database.read(get_assignment, viewer=cast.ada.viewer, assignment_id=assignment_id)
    deleted = (await history_of(database, "assignment", assignment_id))[-1]
    assert ("assignment.deleted", None) == (deleted.kind, deleted.after)
    assert {"user_id": cast.sam_id, "started_at": LONG_AGO}.items() <= (deleted.before or {}).items()


async def test_a_version_can_be_asked_for(database: Database) -> None:
    _, _, assignment_id = await _scene(database)

    with pytest.raises(VersionChangedError):
        await database.write(delete_assignment, actor=TESTS, assignment_id=assignment_id, if_version=2)
    changes = AssignmentChanges(external_id="A")
    with pytest.raises(VersionChangedError):
        await database.write(update_assignment, actor=TESTS, assignment_id=assignment_id, changes=changes, if_version=2)

    await database.write(delete_assignment, actor=TESTS, assignment_id=assignment_id, if_version=1)


async def test_any_number_may_share_an_external_id(database: Database) -> None:
    cast, course_id, _ = await _scene(database)
    ids = [await assign(database, course_id=course_id, user_id=user_id, external_id="A") for user_id in (cast.sue_id, cast.sam_id)]

    rows = await database.search(list_assignments_by_external_id, viewer=cast.ada.viewer, external_id="A")

    assert ids == [row.id for row in rows]


async def test_olga_sees_nothing_of_it(database: Database) -> None:
    cast, course_id, _ = await _scene(database)
    assignment_id = await assign(database, course_id=course_id, user_id=cast.sam_id, external_id="A")

    with pytest.raises(AssignmentNotFoundError):
        await database.read(get_assignment, viewer=cast.olga.viewer, assignment_id=assignment_id)
    with pytest.raises(AssignmentNotFoundError):
        await database.search(list_assignments_by_external_id, viewer=cast.olga.viewer, external_id="A")
    changes = AssignmentChanges(external_id="B")
    with pytest.raises(AssignmentNotFoundError):
        await database.write(update_assignment, actor=cast.olga, assignment_id=assignment_id, changes=changes)
    with pytest.raises(AssignmentNotFoundError):
        await database.write(delete_assignment, actor=cast.olga, assignment_id=assignment_id)
