"""What both engines promise."""

import asyncio
import time
from typing import Any

import pytest

from rollbook import clock
from rollbook.database import open_database
from rollbook.database.transaction import ClosedError, CrowdedError, Database, StartAgainError, Transaction
from rollbook.errors import UnavailableError
from tests.database import organization_actions as organizations
from tests.database.organization_actions import RefusedError


async def test_what_an_action_wrote_is_there_for_everybody(database: Database, database_url: str) -> None:
    organization_id = await database.write(organizations.create, name="Ada")

    async with open_database(database_url) as another:
        row = await another.read(lambda transaction: transaction.one(organizations.BY_PATH, path="/Ada/"))

    assert (organization_id, "Ada") == (row.id, row.name)
    assert ["organization.created"] == await database.read(organizations.kinds)


async def test_an_exception_undoes_all_that_its_action_did(database: Database) -> None:
    with pytest.raises(RefusedError):
        await database.write(organizations.create_and_refuse, name="Ada")

    assert [] == await database.read(organizations.names)
    assert [] == await database.read(organizations.kinds)


async def test_an_exception_undoes_an_insert_that_answered_its_id(database: Database) -> None:
    with pytest.raises(RefusedError):
        await database.write(organizations.insert_and_refuse, name="Ada")

    assert [] == await database.read(organizations.names)


async def test_an_exception_undoes_its_action_alone_among_sixty_four(database: Database) -> None:
    async def act(number: int) -> int | None:
        if number % 3 == 1:
            await database.write(organizations.create_and_refuse, name=f"refused{number}")
        return await database.write(organizations.create, name=f"kept{number}")

    outcomes = await asyncio.gather(*(act(number) for number in range(64)), return_exceptions=True)

    refused = [number for number, outcome in enumerate(outcomes) if isinstance(outcome, RefusedError)]
    assert list(range(1, 64, 3)) == refused
    kept = {f"kept{number}" for number in range(64) if number not in refused}
    assert kept == set(await database.read(organizations.names))
    assert len(kept) == len(await database.read(organizations.kinds))


async def test_a_rehearsal_keeps_nothing_and_tells_what_would_be_recorded(database: Database) -> None:
    rehearsal = await database.rehearse(organizations.create, name="Ada")

    assert [rehearsal.result] == [recorded.subject_id for recorded in rehearsal.recorded]
    assert "organization.created" == rehearsal.recorded[0].record["kind"]
    assert 0 == await database.read(organizations.count)
    assert [] == await database.read(organizations.kinds)


async def test_a_rehearsal_of_what_settles_keeps_nothing(database: Database) -> None:
    organization_id = await database.write(organizations.create, name="Ada")
    assert organization_id is not None

    rehearsal = await database.rehearse(organizations.append_to_name, organization_id=organization_id, letter="!")

    assert organization_id == rehearsal.result
    assert ["Ada"] == await database.read(organizations.names)
    assert ["organization.created"] == await database.read(organizations.kinds)


async def test_a_rehearsal_that_is_refused_keeps_nothing(database: Database) -> None:
    with pytest.raises(RefusedError):
        await database.rehearse(organizations.create_and_refuse, name="Ada")

    assert 0 == await database.read(organizations.count)


async def test_rehearsals_among_writes_undo_no_write(database: Database) -> None:
    await asyncio.gather(
        *(
            database.rehearse(organizations.create, name=f"rehearsed{number}")
            if number % 2
            else database.write(organizations.create, name=f"written{number}")
            for number in range(20)
        )
    )

    assert {f"written{number}" for number in range(0, 20, 2)} == set(await database.read(organizations.names))


async def test_a_change_that_meets_no_row_records_nothing(database: Database) -> None:
    assert await database.write(organizations.rename, organization_id=999, name="Ada") is None
    assert await database.write(organizations.create_like, organization_id=999, name="Ada") is None
    assert [] == await database.read(organizations.kinds)


async def test_a_change_that_cannot_be_recorded_is_not_made(database: Database) -> None:
    async def create_unrecordable(transaction: Transaction) -> None:
        record = organizations.record_of(transaction, "organization.created") | {"actor_name": None}
        await transaction.change(organizations.INSERT, organizations.values_of(transaction, "Ada"), record)

    with pytest.raises(Exception, match="actor_name"):
        await database.write(create_unrecordable)

    assert [] == await database.read(organizations.names)


async def test_a_guard_that_never_holds_ends_as_crowded(database: Database) -> None:
    organization_id = await database.write(organizations.create, name="Ada")

    async def settle_with_an_old_version(transaction: Transaction) -> None:
        values = {"organization_id": organization_id, "name": "Bea", "read_version": -1}
        await transaction.settle(organizations.RENAME_GUARDED, values, organizations.record_of(transaction, "organization.updated"))

    with pytest.raises(CrowdedError):
        await database.write(settle_with_an_old_version)
    with pytest.raises(CrowdedError):
        await database.rehearse(settle_with_an_old_version)

    assert ["Ada"] == await database.read(organizations.names)
    assert ["organization.created"] == await database.read(organizations.kinds)


async def test_an_action_that_wants_to_start_again_for_ever_is_told_to_come_later(database: Database) -> None:
    async def never(transaction: Transaction) -> None:
        await organizations.create(transaction, name="Ada")
        raise StartAgainError

    with pytest.raises(CrowdedError):
        await database.write(never)

    assert [] == await database.read(organizations.names)


async def test_it_finds_a_row_or_none_and_insists_on_one(database: Database) -> None:
    await database.write(organizations.create, name="Ada")

    found = await database.read(lambda transaction: transaction.find(organizations.BY_PATH, path="/Ada/"))
    missing = await database.read(lambda transaction: transaction.find(organizations.BY_PATH, path="/Bea/"))

    assert found is not None
    assert "Ada" == found.name
    assert missing is None
    with pytest.raises(ValueError, match="not enough values"):
        await database.read(lambda transaction: transaction.one(organizations.BY_PATH, path="/Bea/"))


async def test_a_command_tells_how_many_rows_it_changed(database: Database) -> None:
    for name in ("Ada", "Bea", "Cid"):
        await database.write(organizations.create, name=name)

    assert 3 == await database.write(lambda transaction: transaction.run(organizations.RENAME_ALL, name="all"))
    assert ["all", "all", "all"] == await database.read(organizations.names)


async def test_a_change_that_answers_many_rows_leaves_nothing_open(database: Database) -> None:
    for name in ("Ada", "Bea", "Cid"):
        await database.write(organizations.create, name=name)

    async def rename_twice(transaction: Transaction) -> Any:
        await transaction.find(organizations.RENAME_ALL_AND_TELL, name="first")
        return await transaction.all(organizations.RENAME_ALL_AND_TELL, name="second")

    assert 3 == len(await database.write(rename_twice))
    assert ["second"] * 3 == await database.search(organizations.names)


async def test_it_reads_and_searches_what_is_there(database: Database) -> None:
    for name in ("Ada", "Bea"):
        await database.write(organizations.create, name=name)

    assert ["Ada", "Bea"] == await database.read(organizations.names)
    assert ["Ada", "Bea"] == await database.search(organizations.names)


async def test_what_a_reading_raises_is_raised_and_the_next_one_works(database: Database) -> None:
    async def refuse(transaction: Transaction) -> None:
        await transaction.one(organizations.COUNT)
        raise RefusedError("no")

    for _ in range(3):
        with pytest.raises(RefusedError):
            await database.read(refuse)
        with pytest.raises(RefusedError):
            await database.search(refuse)
        with pytest.raises(RefusedError):
            await database.snapshot(refuse)

    assert 0 == await database.read(organizations.count)
    assert 0 == await database.snapshot(organizations.count)
    assert 0 == await database.search(organizations.count)


async def test_a_search_and_a_snapshot_change_nothing(database: Database) -> None:
    with pytest.raises(Exception, match="read-only"):
        await database.search(organizations.create, name="Ada")
    with pytest.raises(Exception, match="read-only"):
        await database.snapshot(organizations.create, name="Ada")

    assert 0 == await database.read(organizations.count)


async def test_a_mistake_in_a_statement_is_raised_as_it_is(database: Database) -> None:
    with pytest.raises(Exception, match="name_length") as refusal:
        await database.write(organizations.create, name="A" * 256)

    assert not isinstance(refusal.value, UnavailableError)
    assert refusal.value.__cause__ is not refusal.value
    assert await database.write(organizations.create, name="Ada") is not None


async def test_a_value_of_the_wrong_kind_is_no_trouble_of_the_database(database: Database) -> None:
    with pytest.raises(Exception, match=r"type|range|int") as refusal:
        await database.write(organizations.rename, organization_id=2**80, name="Ada")
    with pytest.raises(Exception, match=r"type|range|int") as refusal_to_settle:
        await database.write(organizations.append_to_name, organization_id=2**80, letter="!")

    assert not isinstance(refusal.value, UnavailableError)
    assert not isinstance(refusal_to_settle.value, UnavailableError)
    assert 0 == await database.read(organizations.count)


async def test_a_transaction_has_one_time_and_every_moment_its_own(database: Database) -> None:
    async def times(transaction: Transaction) -> tuple[int, int, int]:
        first = transaction.moment()
        time.sleep(0.001)  # noqa: ASYNC251 - an action waits for nothing but its transaction
        return transaction.now, first, transaction.moment()

    before = clock.now()
    now, first, second = await database.write(times)

    assert before <= now <= clock.now()
    assert now * 1_000_000 <= first < second < (now + 2) * 1_000_000


async def test_it_answers_whether_it_works_and_which_migration_it_stands_at(database: Database) -> None:
    await database.check()

    assert await database.revision() is not None


async def test_a_cancelled_request_hinders_nobody(database: Database) -> None:
    tasks = [asyncio.create_task(database.write(organizations.create, name=f"{number}")) for number in range(30)]
    await asyncio.sleep(0)
    for task in tasks[::3]:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    there = set(await database.read(organizations.names))
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes[::3])
    assert {f"{number}" for number in range(30) if number % 3} <= there
    assert await database.write(organizations.create, name="after") is not None


async def test_closing_finishes_what_is_in_flight_and_takes_nothing_more(database: Database, database_url: str) -> None:
    tasks = [asyncio.create_task(database.write(organizations.create, name=f"{number}")) for number in range(40)]
    await asyncio.sleep(0)
    await database.close()

    assert all(isinstance(organization_id, int) for organization_id in await asyncio.gather(*tasks))
    with pytest.raises(ClosedError):
        await database.write(organizations.create, name="late")
    async with open_database(database_url) as another:
        assert 40 == await another.read(organizations.count)
