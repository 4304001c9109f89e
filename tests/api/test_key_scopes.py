"""A key does as much through the TMS API as its scope allows, until it expires."""

import pytest

from rollbook import clock
from rollbook.access.keys import make_key
from rollbook.access.scopes import Scope, ScopeError, check_scope
from rollbook.app import COMMANDS
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.organizations.actions.keys import create_key
from tests.api.estate import CALLS, NEVER_FOUND
from tests.api.front_of_door import FrontOfDoor
from tests.api.test_scope import error_of, ours, status_of
from tests.cast import TESTS, Cast, add_class, gather

GROUPS = {
    Scope.ENROLL: {
        "Class enrollments",
        "Course assignments",
        "Course feedback",
        "Course catalog",
        "Course launches",
        "Subscriptions",
        "Sign-ins",
    },
    Scope.MANAGE: {
        "System announcements",
        "Classes",
        "Courses",
        "Course activities",
        "Course tags",
        "Classrooms",
        "Users",
        "Companies",
        "Custom fields",
        "Subscription profiles",
        "Subscription training keys",
    },
    Scope.ADMIN: {"Organizations"},
}
BEYOND_ITS_GROUP = {"GetSsoRedirectUrl": Scope.ADMIN}


async def _in_front(database: Database, cast: Cast, scope: Scope, *, expires_at: int | None = None) -> FrontOfDoor:
    key = make_key()
    await database.write(
        create_key,
        actor=TESTS,
        organization_id=cast.organization_id,
        name="A key",
        key_hash=key.hash,
        scope=scope,
        expires_at=expires_at,
    )
    return FrontOfDoor(database, key.secret)


@pytest.mark.parametrize("scope", list(Scope))
async def test_every_command_asks_for_the_scope_of_what_it_changes(scope: Scope, sqlite_url: str) -> None:
    async with open_database(sqlite_url) as database:
        cast = await gather(database)
        estate = await ours(database, cast)
        door = await _in_front(database, cast, scope)

        for command in COMMANDS:
            needed = BEYOND_ITS_GROUP.get(command.name) or next(
                (each for each, groups in GROUPS.items() if command.writes and command.group in groups), Scope.READ
            )
            answer = await door.call(command.name, dryRun="true", **CALLS[command.name](estate))
            if scope.includes(needed):
                assert (20 if command.name in NEVER_FOUND else 0) == status_of(answer), (command.name, answer)
            else:
                text = f"the key has the scope {scope}, and this call needs {needed}; use a key that has it"
                assert (10, text) == (status_of(answer), error_of(answer)), command.name


async def test_an_expired_key_opens_nothing(database: Database) -> None:
    async with database:
        cast = await gather(database)
        now = clock.now()
        expired, valid = [await _in_front(database, cast, Scope.READ, expires_at=moment) for moment in (now, now + 3600)]

        assert [30, 0] == [status_of(await door.call("SearchClasses")) for door in (expired, valid)]
        enrollment = await expired.call("UpdateClassEnrollment/1", classId=1, userId=1, enrollmentStatusId=60, completionStatusId=0)
        assert 30 == status_of(enrollment)


async def test_a_class_can_require_an_approval(database: Database) -> None:
    async with database:
        cast = await gather(database)
        door = FrontOfDoor(database, cast.ada_key)
        class_id = await add_class(database, cast)
        (before,) = (await door.ask(f"GetClass/{class_id}"))["Results"]

        await door.ask(f"UpdateClass/{class_id}", CourseId=before["CourseId"], RequiresApproval="true")

        (after,) = (await door.ask(f"GetClass/{class_id}"))["Results"]
        assert (False, True) == (before["RequiresApproval"], after["RequiresApproval"])


def test_a_scope_includes_those_before_it() -> None:
    assert [[True, False, False, False], [True, True, False, False], [True, True, True, False], [True, True, True, True]] == [
        [scope.includes(other) for other in Scope] for scope in Scope
    ]
    with pytest.raises(ScopeError) as refused:
        check_scope(Scope.READ, needed=Scope.ADMIN)
    assert (Scope.READ, Scope.ADMIN) == (refused.value.scope, refused.value.needed)
