"""Deleting organizations to which nothing belongs."""

import asyncio
import importlib
import subprocess
import sys

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table

from rollbook import clock
from rollbook.access.actor import Actor
from rollbook.access.errors import InvalidKeyError
from rollbook.access.keys import make_key
from rollbook.classes.model import class_organizations
from rollbook.courses.queries.courses import get_course
from rollbook.database.references import referring_columns
from rollbook.database.schema import metadata
from rollbook.database.transaction import Database
from rollbook.enrollments.model import enrollments
from rollbook.errors import SeveralRefusalsError
from rollbook.history.versions import VersionChangedError
from rollbook.organizations.actions.deleting import (
    OrganizationHasKeysError,
    OrganizationNotEmptyError,
    OwnOrganizationDeletedError,
    delete_organization,
)
from rollbook.organizations.actions.keys import create_key, revoke_key
from rollbook.organizations.actions.preferences import set_preference
from rollbook.organizations.model import organizations, system_announcements
from rollbook.organizations.queries.keys import authenticate, list_keys
from rollbook.organizations.queries.organizations import OrganizationNotFoundError, get_organization
from rollbook.people.model import managed_organizations, users
from tests.architecture.source_file import PACKAGE
from tests.cast import NOBODY, TESTS, add_class, add_company, add_course, add_key, add_organization, add_room, add_user, enroll, gather
from tests.recorded import history_of


async def remove(database: Database, organization_id: int, *, actor: Actor = TESTS, if_version: int | None = None) -> None:
    await database.write(delete_organization, actor=actor, organization_id=organization_id, if_version=if_version)


async def test_an_organization_to_which_nothing_belongs_is_gone_and_its_history_stays(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id, external_id="c")
    await database.write(set_preference, actor=TESTS, organization_id=child_id, name="late_cancel_days", text="3")

    await remove(database, child_id, actor=cast.ada)

    with pytest.raises(OrganizationNotFoundError):
        await database.read(get_organization, viewer=TESTS.viewer, organization_id=child_id)
    with pytest.raises(OrganizationNotFoundError):
        await remove(database, child_id, actor=cast.ada)
    last = (await history_of(database, "organization", child_id))[-1]
    assert ("organization.deleted", child_id, "Ada", None) == (last.kind, last.organization_id, last.actor_name, last.after)
    assert last.before is not None
    assert ("Child", "c", cast.organization_id, {"late_cancel_days": "3"}) == tuple(
        last.before[name] for name in ("name", "external_id", "parent_id", "preferences")
    )
    assert child_id < await add_organization(database, "Next", parent_id=cast.organization_id)


async def test_keys_that_open_nothing_go_along_and_one_that_opens_is_in_the_way(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    revoked = await add_key(database, organization_id=child_id)
    assert revoked.id is not None
    await database.write(revoke_key, actor=TESTS, key_id=revoked.id)
    expired, open_for_now = make_key(), make_key()
    for key, expires_at in ((expired, clock.now() - 1), (open_for_now, clock.now() + 3600)):
        await database.write(create_key, actor=TESTS, organization_id=child_id, name="k", key_hash=key.hash, expires_at=expires_at)

    with pytest.raises(OrganizationHasKeysError) as refused:
        await remove(database, child_id, actor=cast.ada)
    assert 1 == refused.value.count
    current = await database.read(authenticate, key_hash=open_for_now.hash)
    assert current.id is not None
    await database.write(revoke_key, actor=TESTS, key_id=current.id)
    await remove(database, child_id, actor=cast.ada)

    assert {"Ada", "Olga"} == {key.name for key in await database.read(list_keys, viewer=TESTS.viewer)}
    with pytest.raises(InvalidKeyError):
        await database.read(authenticate, key_hash=open_for_now.hash)


async def test_a_key_does_not_delete_its_own_organization_nor_one_that_it_does_not_see(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    child = await add_key(database, organization_id=child_id)

    with pytest.raises(OwnOrganizationDeletedError):
        await remove(database, child_id, actor=child)
    for unseen in (cast.organization_id, cast.other_organization_id, NOBODY):
        with pytest.raises(OrganizationNotFoundError):
            await remove(database, unseen, actor=child)


async def test_a_version_that_was_read_is_deleted_and_no_other(database: Database) -> None:
    organization_id = await add_organization(database, "Root")

    with pytest.raises(VersionChangedError):
        await remove(database, organization_id, if_version=2)
    await remove(database, organization_id, if_version=1)


async def test_it_tells_everything_that_is_in_the_way_and_how_many_of_it(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    await add_organization(database, "Grandchild", parent_id=child_id)
    user_id = await add_user(database, "Una", organization_id=child_id)
    await add_user(database, "Uwe", organization_id=child_id)
    await add_user(database, "Manager", organization_id=cast.organization_id, managed_organization_ids=(child_id,))
    await add_company(database, "Acme", organization_id=child_id)
    await add_room(database, cast, organization_id=child_id)
    course_id = await add_course(database, cast, organization_id=child_id)
    class_id = await add_class(database, cast, organization_id=child_id, course_id=course_id)
    await enroll(database, class_id=class_id, user_id=user_id)
    await add_class(database, cast, available_to_organization_ids=(child_id,))
    await add_key(database, organization_id=child_id)

    with pytest.raises(SeveralRefusalsError) as refused:
        await remove(database, child_id, actor=cast.ada)

    not_empty, has_keys = refused.value.refusals
    assert isinstance(has_keys, OrganizationHasKeysError)
    assert isinstance(not_empty, OrganizationNotEmptyError)
    assert {
        "1 organization beneath it",
        "2 users",
        "1 user who manages it",
        "1 company",
        "1 classroom",
        "1 course",
        "1 class",
        "1 class that is offered to it",
        "1 enrollment",
    } == {str(belonging) for belonging in not_empty.belongings}
    assert "1 enrollment, " in str(not_empty)
    assert " and " in str(not_empty)
    assert child_id == (await database.read(get_organization, viewer=TESTS.viewer, organization_id=child_id)).id


async def test_what_is_added_in_the_same_moment_is_never_left_without_its_organization(database: Database) -> None:
    cast = await gather(database)
    for number in range(8):
        child_id = await add_organization(database, f"Child {number}", parent_id=cast.organization_id)

        added, deleted = await asyncio.gather(
            add_course(database, cast, organization_id=child_id), remove(database, child_id, actor=cast.ada), return_exceptions=True
        )

        if deleted is None:
            assert isinstance(added, OrganizationNotFoundError)
        else:
            assert isinstance(deleted, OrganizationNotEmptyError)
            assert isinstance(added, int)
            course = await database.read(get_course, viewer=TESTS.viewer, course_id=added)
            assert child_id == course.organization_id


def test_a_table_that_is_added_later_is_counted_with_the_others() -> None:
    named = {(column.table.name, column.name) for column in referring_columns(organizations.c.id)}
    assert {
        ("organizations", "parent_id"),
        *(
            (table.name, "organization_id")
            for table in (users, enrollments, class_organizations, managed_organizations, system_announcements)
        ),
    } <= named

    others = MetaData()
    new = Table("vouchers", others, Column("id", Integer), Column("sold_by_id", Integer, ForeignKey("organizations.id")))
    assert [new.c.sold_by_id] == referring_columns(organizations.c.id, others)


def test_a_server_knows_every_table_there_is() -> None:
    of_a_server = "import rollbook.app; from rollbook.database.schema import metadata; print(*metadata.tables)"
    told = subprocess.run([sys.executable, "-c", of_a_server], check=True, capture_output=True, text=True).stdout.split()

    for model in PACKAGE.glob("*/model.py"):
        importlib.import_module(f"rollbook.{model.parent.name}.model")

    assert set(metadata.tables) == set(told)
