"""Finding assignments: every condition, every order, every page."""

from typing import Any, Final

import pytest

from rollbook.assignments.model import assignments
from rollbook.assignments.progress import Payment, Progress
from rollbook.assignments.queries.assignments import AssignmentRow
from rollbook.assignments.queries.finding import AssignmentCriteria, list_assignments, search_assignments
from rollbook.database.query import Command
from rollbook.database.transaction import Database, Transaction
from rollbook.people.actions.user_details import UserChanges
from rollbook.people.actions.users import update_user
from tests.cast import TESTS, Cast, add_organization, add_user, gather
from tests.self_paced import LONG_AGO, add_self_paced_course, assign, subscribe

ORDERS: Final = {
    "created": ("bacd", "dcab"),
    "modified": ("dcba", "abcd"),
    "user": ("bcad", "dacb"),
    "user_external_id": ("cabd", "dbac"),
    "last_name": ("dabc", "cbad"),
    "course": ("cdba", "abdc"),
    "course_name": ("dacb", "bcad"),
    "expires": ("acbd", "dbca"),
    "target_completion": ("adbc", "cbda"),
    "started": ("bdac", "adbc"),
    "completed": ("dabc", "adbc"),
}
"""What each sort key makes of the four assignments, ascending and descending: no two keys do the same."""

TIMES: Final = {
    "created_at": "bacd",
    "modified_at": "dcba",
    "expires_at": "acbd",
    "target_completion_at": "adbc",
    "started_at": "bda",
    "completed_at": "da",
}
"""In which order the assignments have each of these times, a second from one to the next; those left out have none."""


async def furnish(database: Database) -> Cast:
    """Make four assignments, known by their external ids, and one of another tree."""
    cast = await gather(database)
    west_id = await add_organization(database, "West", parent_id=cast.organization_id)
    wes_id = await add_user(database, "Wes", organization_id=west_id)
    named = {cast.sue_id: ("u2", "Bell"), cast.ivan_id: ("U3", "bells"), cast.sam_id: ("U1", "ärmel"), wes_id: ("u4", "adams")}
    for user_id, (external_id, last_name) in named.items():
        changes = UserChanges(external_id=external_id, last_name=last_name)
        await database.write(update_user, actor=TESTS, user_id=user_id, changes=changes)
    courses = {known: await add_self_paced_course(database, cast, name=name) for known, name in zip("cdba", COURSES, strict=True)}
    for known, user_id in zip("abcd", named, strict=True):
        subscription_id = None
        if known in "ab":
            subscription_id = await subscribe(database, cast, user_id=user_id, course_id=courses[known], by_key=known == "b")
        assignment_id = await assign(
            database, course_id=courses[known], user_id=user_id, external_id=known, subscription_id=subscription_id
        )
        times = {name: LONG_AGO + order.index(known) for name, order in TIMES.items() if known in order}
        await _move_in_time(database, assignment_id, times)
    theirs = await add_self_paced_course(database, cast, organization_id=cast.other_organization_id)
    await assign(database, course_id=theirs, user_id=cast.olga_id, external_id="x", started_at=LONG_AGO, completed_at=LONG_AGO)
    return cast


COURSES: Final = ("Casting", "Alloys", "drilling", "brazing")


async def _move_in_time(database: Database, assignment_id: int, times: dict[str, int]) -> None:
    statement = assignments.update().where(assignments.c.id == assignment_id).values(**times)

    async def write(transaction: Transaction) -> None:
        await transaction.run(Command(statement))

    await database.write(write)


async def rows(database: Database, cast: Cast, **asked: Any) -> list[AssignmentRow]:
    """List Ada's assignments."""
    criteria = AssignmentCriteria(**asked)
    return await database.search(list_assignments, viewer=cast.ada.viewer, criteria=criteria, after_id=0, limit=10)


def known(found: list[AssignmentRow]) -> str:
    """Give by which external ids the assignments are known."""
    return "".join(str(row.external_id) for row in found)


NOT_STARTED, INCOMPLETE, COMPLETE = (frozenset({each}) for each in Progress)
FOUND: list[tuple[dict[str, Any], str]] = [
    ({}, "abcd"),
    ({"user_external_id": "u2"}, "a"),
    ({"user_external_id": "U2"}, ""),
    ({"external_id": "b"}, "b"),
    ({"progress": NOT_STARTED}, "c"),
    ({"progress": INCOMPLETE}, "b"),
    ({"progress": COMPLETE}, "ad"),
    ({"progress": NOT_STARTED | INCOMPLETE}, "bc"),
    ({"created_after": LONG_AGO + 2}, "cd"),
    ({"created_before": LONG_AGO + 1}, "ab"),
    ({"expires_after": LONG_AGO + 2}, "bd"),
    ({"expires_before": LONG_AGO + 1}, "ac"),
    ({"started_after": LONG_AGO + 1}, "ad"),
    ({"started_before": LONG_AGO + 1}, "bd"),
    ({"completed_after": LONG_AGO + 1}, "a"),
    ({"completed_before": LONG_AGO}, "d"),
    ({"progress": NOT_STARTED | INCOMPLETE, "created_before": LONG_AGO + 1, "expires_after": LONG_AGO}, "b"),
]


async def test_each_condition_finds_what_meets_it(database: Database) -> None:
    cast = await furnish(database)
    (some,) = await rows(database, cast, external_id="d")
    (subscribed,) = await rows(database, cast, external_id="b")
    cases = [
        *FOUND,
        ({"organization_id": cast.organization_id}, "abcd"),
        ({"organization_id": some.organization_id}, "d"),
        ({"organization_id": cast.other_organization_id}, ""),
        ({"user_id": cast.sam_id}, "c"),
        ({"user_id": cast.olga_id}, ""),
        ({"course_id": some.course_id}, "d"),
        ({"subscription_id": subscribed.subscription_id}, "b"),
    ]

    for asked, expected in cases:
        page = await database.search(
            search_assignments,
            viewer=cast.ada.viewer,
            criteria=AssignmentCriteria(**asked),
            sort="modified",
            descending=True,
            offset=0,
            limit=10,
        )
        assert (len(expected), expected) == (page.total, known(page.rows)), asked
        assert expected == known(await rows(database, cast, **asked)), asked


@pytest.mark.parametrize("sort", ORDERS)
async def test_each_order_is_kept_in_both_directions_over_all_pages(sort: str, database: Database) -> None:
    cast = await furnish(database)

    for descending, order in enumerate(ORDERS[sort]):
        pages = [
            await database.search(
                search_assignments,
                viewer=cast.ada.viewer,
                criteria=AssignmentCriteria(),
                sort=sort,
                descending=bool(descending),
                offset=offset,
                limit=3,
            )
            for offset in (0, 3, 6)
        ]
        assert order == "".join(known(page.rows) for page in pages)
        assert [4, 4, 4] == [page.total for page in pages]


def test_no_two_orders_are_the_same() -> None:
    assert len(ORDERS) == len(set(ORDERS.values()))


async def test_a_list_goes_on_behind_an_id(database: Database) -> None:
    cast = await furnish(database)
    first, *_ = await rows(database, cast)

    rest = await database.search(list_assignments, viewer=cast.ada.viewer, criteria=AssignmentCriteria(), after_id=first.id, limit=2)

    assert "bc" == known(rest)


async def test_it_tells_what_an_assignment_came_through_and_how_far_it_is(database: Database) -> None:
    cast = await furnish(database)

    assert [Payment.SUBSCRIPTION, Payment.TRAINING_KEY, None, None] == [row.payment for row in await rows(database, cast)]
    assert [Progress.COMPLETE, Progress.INCOMPLETE, Progress.NOT_STARTED, Progress.COMPLETE] == [
        row.progress for row in await rows(database, cast)
    ]
