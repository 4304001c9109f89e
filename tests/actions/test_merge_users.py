"""Merging two users who are one person."""

from typing import Any

import pytest
from msgspec import Struct
from sqlalchemy import Column, Integer, Table, bindparam, select

from rollbook.access.actor import Actor
from rollbook.accounts.actions.merging import OutsideTreeError, merge_users
from rollbook.accounts.actions.merging_references import NOT_TAKEN_OVER, WITH_RULES_OF_THEIR_OWN, may_meet
from rollbook.accounts.merging import MergedWithItselfError
from rollbook.accounts.queries.references import goes_along
from rollbook.courses.model import course_feedback
from rollbook.custom_fields.model import custom_field_values, custom_fields
from rollbook.database.query import Query
from rollbook.database.transaction import Database, Transaction
from rollbook.errors import SeveralRefusalsError
from rollbook.history.versions import VersionChangedError
from rollbook.people.actions.rights import add_roles, let_manage
from rollbook.people.actions.user_checks import AccountClosedError
from rollbook.people.actions.user_details import UserChanges
from rollbook.people.actions.users import update_user
from rollbook.people.model import merged_users
from rollbook.people.queries.companies import get_company
from rollbook.people.queries.users import IdRow, UserNotFoundError, UserRow, get_user
from tests.actions.test_delete_user import others_of
from tests.actions.test_user_rights import close
from tests.cast import (
    NOBODY,
    TESTS,
    add_class,
    add_company,
    add_course,
    add_key,
    add_organization,
    add_user,
    enroll,
    gather,
)
from tests.recorded import history_of
from tests.referring import COLUMNS, count, make, name_of, refer
from tests.roster import breaches, see

_user_id = bindparam("user_id", type_=Integer())


class _Pair(Struct, frozen=True):
    first: int
    second: Any


def _pairs(first: Column[Any], second: Column[Any], owner: Column[int]) -> Query[_Pair]:
    return Query(select(first.label("first"), second.label("second")).where(owner == _user_id, second.is_not(None)), _Pair)


_feedback = _pairs(course_feedback.c.course_id, course_feedback.c.rating, course_feedback.c.user_id)
_values = custom_field_values.c
_texts = _pairs(_values.custom_field_id, _values.text_value, _values.subject_id)
_numbers = _pairs(_values.custom_field_id, _values.integer_value, _values.subject_id)
_successor = Query(
    select(merged_users.c.user_id.label("id")).where(merged_users.c.merged_id == bindparam("merged_id", type_=Integer())),
    IdRow,
)


async def _rows_of(transaction: Transaction, query: Query[_Pair], *, user_id: int) -> list[_Pair]:
    return await transaction.all(query, user_id=user_id)


async def successor(transaction: Transaction, merged_id: int) -> int | None:
    found = await transaction.find(_successor, merged_id=merged_id)
    return found.id if found else None


async def merge(database: Database, user_id: int, merged_user_id: int, *, actor: Actor = TESTS, **others: Any) -> None:
    await database.write(merge_users, actor=actor, user_id=user_id, merged_user_id=merged_user_id, **others)


async def user_of(database: Database, user_id: int) -> UserRow:
    return await database.read(get_user, viewer=TESTS.viewer, user_id=user_id)


async def test_the_other_user_is_gone_and_the_histories_of_both_say_why(database: Database) -> None:
    cast = await gather(database)
    await database.write(add_roles, actor=TESTS, user_id=cast.sue_id, role_ids=(2,))
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    await database.write(let_manage, actor=TESTS, user_id=cast.sue_id, organization_id=child_id)
    await database.write(let_manage, actor=TESTS, user_id=cast.sue_id, organization_id=cast.organization_id)
    await database.write(let_manage, actor=TESTS, user_id=cast.sam_id, organization_id=cast.organization_id)

    await merge(database, cast.sam_id, cast.sue_id, actor=cast.ada)

    with pytest.raises(UserNotFoundError):
        await user_of(database, cast.sue_id)
    stayer = await user_of(database, cast.sam_id)
    assert ([0, 2], [cast.organization_id, child_id], 3) == (
        sorted(stayer.role_ids),
        sorted(stayer.managed_organization_ids),
        stayer.version,
    )
    merged = (await history_of(database, "user", cast.sam_id))[-1]
    assert "user.merged" == merged.kind
    assert {"merged_user_id": None, "role_ids": [0], "managed_organization_ids": [cast.organization_id]} == merged.before
    assert {
        "merged_user_id": cast.sue_id,
        "role_ids": [0, 2],
        "managed_organization_ids": [cast.organization_id, child_id],
    } == merged.after
    deleted = (await history_of(database, "user", cast.sue_id))[-1]
    assert ("user.deleted", {"merged_into_id": cast.sam_id}) == (deleted.kind, deleted.after)
    assert cast.sam_id == await database.read(successor, cast.sue_id)


@pytest.mark.parametrize("column", COLUMNS, ids=name_of)
async def test_whatever_refers_to_the_one_who_goes_comes_to_the_one_who_stays(database: Database, column: Column[Any]) -> None:
    cast = await gather(database)
    others = await others_of(database, cast) | {"users": cast.ivan_id}
    await refer(database, column, user_id=cast.sue_id, others=others)
    came = await count(database, column, user_id=cast.sam_id)

    await merge(database, cast.sam_id, cast.sue_id)

    assert 0 == await count(database, column, user_id=cast.sue_id)
    # The merge itself is remembered too, and nobody stays signed in as the one who is no more.
    more = 0 if column in NOT_TAKEN_OVER else 2 if column.table is merged_users else 1
    assert came + more == await count(database, column, user_id=cast.sam_id)


def test_whatever_may_meet_has_a_rule_of_its_own() -> None:
    assert {column for column in COLUMNS if may_meet(column)} - {column for column in COLUMNS if column.table is merged_users} <= (
        WITH_RULES_OF_THEIR_OWN
    )
    assert WITH_RULES_OF_THEIR_OWN <= set(COLUMNS)
    assert {"user_roles.user_id", "sign_ins.user_id"} <= {name_of(column) for column in COLUMNS if goes_along(column)}


async def test_values_of_the_one_who_stays_remain_and_what_is_empty_is_taken(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id)
    sue = UserChanges(external_id="S-1", title="Dr", phone="1", city="Ulm", company_id=company_id, manager_id=cast.ivan_id, disabled=True)
    await database.write(update_user, actor=TESTS, user_id=cast.sue_id, changes=sue)
    await database.write(update_user, actor=TESTS, user_id=cast.sam_id, changes=UserChanges(title="Mr"))

    await merge(database, cast.sam_id, cast.sue_id)

    sam = await user_of(database, cast.sam_id)
    assert ("Mr", "S-1", "1", "Ulm") == (sam.title, sam.external_id, sam.phone, sam.city)
    assert (company_id, cast.ivan_id, False, "sam", "Sam") == (sam.company_id, sam.manager_id, sam.disabled, sam.user_name, sam.first_name)
    merged = (await history_of(database, "user", cast.sam_id))[-1]
    taken = {"external_id": "S-1", "phone": "1", "city": "Ulm", "company_id": company_id, "manager_id": cast.ivan_id}
    assert ({**dict.fromkeys(taken), "merged_user_id": None}, {**taken, "merged_user_id": cast.sue_id}) == (merged.before, merged.after)


async def test_an_external_id_that_is_taken_where_the_one_who_stays_is_is_not_taken(database: Database) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    await database.write(update_user, actor=TESTS, user_id=cast.sue_id, changes=UserChanges(external_id="S-1", organization_id=child_id))
    await database.write(update_user, actor=TESTS, user_id=cast.ivan_id, changes=UserChanges(external_id="S-1"))

    await merge(database, cast.sam_id, cast.sue_id)

    assert (await user_of(database, cast.sam_id)).external_id is None


async def test_managers_instructors_and_owners_become_the_one_who_stays(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id, owning_user_id=cast.sue_id)
    managed_id = await add_user(database, "Max", organization_id=cast.organization_id, manager_id=cast.sue_id)
    await database.write(update_user, actor=TESTS, user_id=cast.sam_id, changes=UserChanges(manager_id=cast.sue_id))
    alone = await add_class(database, cast, instructor_ids=(cast.ivan_id, cast.sue_id), primary_instructor_id=cast.sue_id)
    both = await add_class(database, cast, instructor_ids=(cast.sue_id, cast.sam_id))

    await merge(database, cast.sam_id, cast.sue_id)

    assert cast.sam_id == (await database.read(get_company, viewer=TESTS.viewer, company_id=company_id)).owning_user_id
    assert cast.sam_id == (await user_of(database, managed_id)).manager_id
    assert (await user_of(database, cast.sam_id)).manager_id is None
    changes = [(await history_of(database, "class", class_id))[-1] for class_id in (alone, both)]
    assert {"instructor_ids": [cast.ivan_id, cast.sue_id], "primary_instructor_id": cast.sue_id} == changes[0].before
    assert {"instructor_ids": [cast.ivan_id, cast.sam_id], "primary_instructor_id": cast.sam_id} == changes[0].after
    assert {"instructor_ids": [cast.sue_id, cast.sam_id], "primary_instructor_id": cast.sue_id} == changes[1].before
    assert {"instructor_ids": [cast.sam_id], "primary_instructor_id": cast.sam_id} == changes[1].after
    kinds = [(await history_of(database, subject, each))[-1].kind for subject, each in (("company", company_id), ("user", managed_id))]
    assert ["company.updated", "user.updated"] == kinds
    assert [] == await breaches(database)


async def test_both_users_are_of_the_tree_open_and_not_the_same(database: Database) -> None:
    cast = await gather(database)

    for unseen in (cast.olga_id, NOBODY):
        with pytest.raises(UserNotFoundError) as missing:
            await merge(database, unseen, cast.sam_id, actor=cast.ada)
        assert missing.value.field is None
        with pytest.raises(UserNotFoundError) as named:
            await merge(database, cast.sam_id, unseen, actor=cast.ada)
        assert "merged_user_id" == named.value.field
    with pytest.raises(MergedWithItselfError):
        await merge(database, cast.sam_id, cast.sam_id, actor=cast.ada)
    with pytest.raises(VersionChangedError):
        await merge(database, cast.sam_id, cast.sue_id, actor=cast.ada, if_version=2)
    await database.write(close, cast.sue_id)
    for user_id, merged_user_id, field in ((cast.sam_id, cast.sue_id, "merged_user_id"), (cast.sue_id, cast.sam_id, None)):
        with pytest.raises(AccountClosedError) as closed:
            await merge(database, user_id, merged_user_id, actor=cast.ada)
        assert field == closed.value.field
    await database.write(close, cast.sam_id)
    with pytest.raises(SeveralRefusalsError):
        await merge(database, cast.sam_id, cast.sue_id, actor=cast.ada)


@pytest.mark.parametrize("what", ["enrollment", "instructed class", "company", "managed user", "managed organization"])
async def test_what_lies_outside_of_the_tree_is_not_changed(database: Database, what: str) -> None:
    cast = await gather(database)
    child_id = await add_organization(database, "Child", parent_id=cast.organization_id)
    child = await add_key(database, organization_id=child_id)
    stays, goes = [await add_user(database, name, organization_id=child_id) for name in ("One", "Two")]
    if what == "enrollment":
        await enroll(database, class_id=await add_class(database, cast), user_id=goes)
    elif what == "instructed class":
        await add_class(database, cast, instructor_ids=(goes,))
    elif what == "company":
        await add_company(database, "Acme", organization_id=cast.organization_id, owning_user_id=goes)
    elif what == "managed user":
        await add_user(database, "Max", organization_id=cast.organization_id, manager_id=goes)
    else:
        await database.write(let_manage, actor=TESTS, user_id=goes, organization_id=cast.organization_id)

    with pytest.raises(OutsideTreeError):
        await merge(database, stays, goes, actor=child)
    await merge(database, stays, goes, actor=cast.ada)

    assert stays == (await user_of(database, stays)).id


async def test_users_who_were_merged_before_follow(database: Database) -> None:
    cast = await gather(database)
    class_id = await add_class(database, cast)
    enrollment_id = await enroll(database, class_id=class_id, user_id=cast.ivan_id)

    await merge(database, cast.sue_id, cast.ivan_id)
    await merge(database, cast.sam_id, cast.sue_id)

    assert cast.sam_id == (await see(database, enrollment_id)).user_id
    assert [cast.sam_id, cast.sam_id] == [await database.read(successor, user_id) for user_id in (cast.ivan_id, cast.sue_id)]


async def test_of_two_values_of_a_field_and_two_feedbacks_on_a_course_that_of_the_one_who_stays_remains(database: Database) -> None:
    cast = await gather(database)
    course_ids = [await add_course(database, cast) for _ in range(2)]
    rows: list[tuple[Table, dict[str, Any]]] = [
        (course_feedback, {"user_id": cast.sam_id, "course_id": course_ids[0], "rating": 5}),
        (course_feedback, {"user_id": cast.sue_id, "course_id": course_ids[0], "rating": 1}),
        (course_feedback, {"user_id": cast.sue_id, "course_id": course_ids[1], "rating": 2}),
        (custom_fields, {"id": 1, "organization_id": cast.organization_id}),
        (custom_fields, {"id": 2, "organization_id": cast.organization_id}),
        (custom_fields, {"id": 3, "organization_id": cast.organization_id, "data_type": 60}),
        (custom_field_values, {"custom_field_id": 1, "subject_id": cast.sam_id, "text_value": "Sam's"}),
        (custom_field_values, {"custom_field_id": 1, "subject_id": cast.sue_id, "text_value": "Sue's"}),
        (custom_field_values, {"custom_field_id": 2, "subject_id": cast.sue_id, "text_value": "Sue's other"}),
        # Of a class that has the number of a user, and of one that has a number which is no user.
        (custom_field_values, {"custom_field_id": 2, "subject_id": cast.sue_id, "subject": "class", "text_value": "a class's"}),
        (custom_field_values, {"custom_field_id": 2, "subject_id": cast.ivan_id, "integer_value": cast.sue_id}),
        (custom_field_values, {"custom_field_id": 3, "subject_id": cast.ivan_id, "integer_value": cast.sue_id}),
    ]
    for table, values in rows:
        await make(database, table, **values)

    await merge(database, cast.sam_id, cast.sue_id)

    assert {(course_ids[0], 5), (course_ids[1], 2)} == {
        (row.first, row.second) for row in await database.read(_rows_of, _feedback, user_id=cast.sam_id)
    }
    assert [] == await database.read(_rows_of, _feedback, user_id=cast.sue_id)
    kinds = [[entry.kind for entry in await history_of(database, "feedback", number)] for number in (1, 2, 3)]
    assert [[], ["feedback.deleted"], ["feedback.updated"]] == kinds
    assert {(1, "Sam's"), (2, "Sue's other")} == {
        (row.first, row.second) for row in await database.read(_rows_of, _texts, user_id=cast.sam_id)
    }
    assert {(2, "a class's")} == {(row.first, row.second) for row in await database.read(_rows_of, _texts, user_id=cast.sue_id)}
    assert {(2, cast.sue_id), (3, cast.sam_id)} == {
        (row.first, row.second) for row in await database.read(_rows_of, _numbers, user_id=cast.ivan_id)
    }
