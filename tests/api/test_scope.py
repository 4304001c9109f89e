"""A key acts on its organization and everything beneath it; whatever lies outside does not exist for it."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from rollbook.access.keys import make_key
from rollbook.api.tms.lists import Ids
from rollbook.api.tms.numbers import Id
from rollbook.app import COMMANDS
from rollbook.database import open_database
from rollbook.database.transaction import Database
from rollbook.organizations.actions.keys import create_key, revoke_key
from rollbook.organizations.actions.organization_details import OrganizationChanges
from rollbook.organizations.actions.organizations import update_organization
from tests.api.estate import ABOUT, CALLS, FOUND, MAKING, NAMED, NAMING_NOTHING, SEARCHES, SHARED, Estate, build
from tests.api.front_of_door import FrontOfDoor
from tests.cast import NOBODY, TESTS, Cast, add_organization, gather

WRITING = [command for command in COMMANDS if command.writes]
NAMING = [
    pytest.param(command.name, parameter.name, id=f"{command.name}-{parameter.name}")
    for command in WRITING
    for parameter in command.parser.declared
    if isinstance(parameter.kind, Id | Ids) and not parameter.kind.in_path and parameter.name.lower() in NAMED
]


async def ours(database: Database, cast: Cast) -> Estate:
    """Give what an organization beneath Ada's has."""
    organization_id = await add_organization(database, "Ours", parent_id=cast.organization_id, external_id="ours")
    return await build(database, cast, organization_id=organization_id, mark="ours")


class Scene(Struct, frozen=True):
    """
    A database with what an organization beneath Ada's has, to be copied.

    Attributes:
        foreign: What Olga's organization has in another such database.
    """

    file: Path
    file_with_foreign: Path
    cast: Cast
    estate: Estate
    foreign: Estate

    def url(self, folder: Path, *, with_foreign: bool = False) -> str:
        """Copy it to a folder, and give the address of the copy."""
        return f"sqlite:///{shutil.copy(self.file_with_foreign if with_foreign else self.file, folder / 'scene.db')}"


@pytest.fixture(scope="module")
def scene(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("scene")
    file = Path(shutil.copy(migrated_file, folder / "ours.db"))

    async def furnish() -> tuple[Cast, Estate]:
        async with open_database(f"sqlite:///{file}") as database:
            cast = await gather(database)
            return cast, await ours(database, cast)

    async def furnish_others(file: Path) -> Estate:
        async with open_database(f"sqlite:///{file}") as database:
            return await build(database, cast, organization_id=cast.other_organization_id, mark="theirs")

    cast, estate = asyncio.run(furnish())
    file_with_foreign = Path(shutil.copy(file, folder / "ours_and_theirs.db"))
    return Scene(file, file_with_foreign, cast, estate, asyncio.run(furnish_others(file_with_foreign)))


async def beneath(database: Database, estate: Estate) -> FrontOfDoor:
    """Give a caller with the key of an organization beneath an estate's."""
    child_id = await add_organization(database, "Beneath", parent_id=estate.organization_id)
    return FrontOfDoor(database, await key_of(database, child_id))


async def key_of(database: Database, organization_id: int) -> str:
    key = make_key()
    await database.write(create_key, actor=TESTS, organization_id=organization_id, name="A key", key_hash=key.hash)
    return key.secret


def status_of(answer: dict[str, Any]) -> int:
    status: int = answer["status"] if "status" in answer else answer["Status"]
    return status


def error_of(answer: dict[str, Any]) -> str | None:
    error: str | None = answer["error"] if "error" in answer else answer["Error"]
    return error


def test_every_command_and_every_parameter_with_an_id_is_tried() -> None:
    assert {command.name for command in COMMANDS} == set(CALLS)
    ids = {
        parameter.name.lower()
        for command in COMMANDS
        for parameter in command.parser.declared
        if isinstance(parameter.kind, Id | Ids) and not parameter.kind.in_path
    }
    assert set() == ids - set(NAMED) - NAMING_NOTHING - {"studentid"}


@pytest.mark.parametrize("name", ABOUT)
async def test_an_object_of_another_organization_is_not_found(name: str, scene: Scene, tmp_path: Path) -> None:
    async with open_database(scene.url(tmp_path)) as database:
        cast, estate = scene.cast, scene.estate

        answer = await FrontOfDoor(database, cast.olga_key).call(name, **ABOUT[name](estate))

        assert (20, None) == (status_of(answer), error_of(answer))


@pytest.mark.parametrize("name", ABOUT)
async def test_an_object_of_an_organization_above_is_not_found(name: str, scene: Scene, tmp_path: Path) -> None:
    async with open_database(scene.url(tmp_path)) as database:
        estate = scene.estate

        answer = await (await beneath(database, estate)).call(name, **ABOUT[name](estate))

        assert (20, None) == (status_of(answer), error_of(answer))


@pytest.mark.parametrize("name", [*ABOUT, *MAKING])
async def test_a_key_reaches_what_is_beneath_its_organization(name: str, scene: Scene, tmp_path: Path) -> None:
    async with open_database(scene.url(tmp_path)) as database:
        cast, estate = scene.cast, scene.estate

        answer = await FrontOfDoor(database, cast.ada_key).call(name, **CALLS[name](estate))

        assert (0, None) == (status_of(answer), error_of(answer))


@pytest.mark.parametrize("name", SEARCHES)
async def test_a_search_finds_what_is_in_or_beneath_the_keys_organization_and_nothing_else(name: str, scene: Scene, tmp_path: Path) -> None:
    async with open_database(scene.url(tmp_path)) as database:
        cast, estate = scene.cast, scene.estate
        callers = [FrontOfDoor(database, cast.ada_key), FrontOfDoor(database, cast.olga_key), await beneath(database, estate)]

        found = [await caller.ask(name, **SEARCHES[name](estate)) for caller in callers]
        all_found = [await caller.ask(name) for caller in callers]

        assert [1, 0, 0] == [answer["TotalCount"] for answer in found]
        there = FOUND.get(name, 1)
        assert [there, 0, 0] == [answer["TotalCount"] for answer in all_found]
        assert [there, 0, 0] == [len(answer["Results"]) for answer in all_found]


@pytest.mark.parametrize("name", SHARED)
async def test_what_is_shared_is_there_in_above_and_beneath_its_organization_and_nowhere_else(
    name: str, scene: Scene, tmp_path: Path
) -> None:
    async with open_database(scene.url(tmp_path)) as database:
        cast, estate = scene.cast, scene.estate
        callers = [FrontOfDoor(database, cast.ada_key), FrontOfDoor(database, cast.olga_key), await beneath(database, estate)]

        answers = [await caller.ask(name, **SHARED[name](estate)) for caller in callers]

        assert [[estate.organization_id], [], [None]] == [[each["OrganizationId"] for each in answer["Results"]] for answer in answers]


@pytest.mark.parametrize("name, parameter", NAMING)
async def test_a_parameter_that_names_something_of_another_organization_is_refused_by_its_name(
    name: str, parameter: str, scene: Scene, tmp_path: Path
) -> None:
    async with open_database(scene.url(tmp_path, with_foreign=True)) as database:
        cast, estate, foreign = scene.cast, scene.estate, scene.foreign
        foreign_id = getattr(foreign, NAMED[parameter.lower()])
        values = {each: value for each, value in CALLS[name](estate).items() if each.lower() != parameter.lower()}
        door = FrontOfDoor(database, cast.ada_key)

        answer = await door.call(name, **(values | {parameter: foreign_id}))
        absent = await door.call(name, **(values | {parameter: NOBODY}))

        assert 10 == status_of(answer)
        assert str(error_of(answer)).startswith(f"{parameter}: ")
        assert error_of(answer) == str(error_of(absent)).replace(str(NOBODY), str(foreign_id))


@pytest.mark.parametrize("name", CALLS)
async def test_every_command_asks_for_a_key_that_is_known(name: str, scene: Scene, tmp_path: Path) -> None:
    async with open_database(scene.url(tmp_path)) as database:
        cast = scene.cast
        values = CALLS[name](scene.estate)

        for key in ("", "unknown", cast.ada_key[:-1], cast.ada_key.upper()):
            answer = await FrontOfDoor(database, key).call(name, **values)

            assert (30, None) == (status_of(answer), error_of(answer))
            assert all(value in (None, [], 0) for field, value in answer.items() if field.lower() != "status")


@pytest.mark.parametrize("name", CALLS)
async def test_a_key_that_was_revoked_or_whose_organization_was_disabled_is_out_at_the_next_request(
    name: str, scene: Scene, tmp_path: Path
) -> None:
    async with open_database(scene.url(tmp_path)) as database:
        cast, estate = scene.cast, scene.estate
        values = CALLS[name](estate)
        revoked = FrontOfDoor(database, cast.ada_key)
        disabled = FrontOfDoor(database, await key_of(database, estate.organization_id))
        before = [status_of(await caller.call(name, **values)) for caller in (revoked, disabled)]

        assert cast.ada.id is not None
        await database.write(revoke_key, actor=TESTS, key_id=cast.ada.id)
        await database.write(
            update_organization, actor=TESTS, organization_id=estate.organization_id, changes=OrganizationChanges(enabled=False)
        )

        assert 30 not in before
        assert [30, 30] == [status_of(await caller.call(name, **values)) for caller in (revoked, disabled)]
