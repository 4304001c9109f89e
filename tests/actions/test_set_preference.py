"""Setting preferences, and which of them count."""

import pytest

from rollbook.database.transaction import Database
from rollbook.organizations.actions.preferences import set_preference
from rollbook.organizations.preferences import Preferences, PreferenceValueError, UnknownPreferenceError
from rollbook.organizations.queries.organizations import OrganizationNotFoundError
from rollbook.organizations.queries.preferences import PreferenceRow, list_own_preferences, preferences_for
from tests.cast import TESTS, add_organization, gather
from tests.recorded import history_of


async def set_to(database: Database, organization_id: int, **texts: str) -> None:
    for name, text in texts.items():
        await database.write(set_preference, actor=TESTS, organization_id=organization_id, name=name, text=text)


async def test_the_defaults_count_where_nothing_is_set(database: Database) -> None:
    organization_id = await add_organization(database, "Root")

    assert Preferences() == await database.read(preferences_for, organization_id=organization_id)


async def test_the_nearest_organization_that_sets_a_preference_counts(database: Database) -> None:
    root_id = await add_organization(database, "Root")
    child_id = await add_organization(database, "Child", parent_id=root_id)
    grandchild_id = await add_organization(database, "Grandchild", parent_id=child_id)
    await set_to(database, root_id, late_cancel_days="9", default_maximum="30", freeze_enrolled_at_start="off")
    await set_to(database, child_id, late_cancel_days="5", default_maximum="none")
    await set_to(database, grandchild_id, late_cancel_days="1")

    found = await database.read(preferences_for, organization_id=grandchild_id)

    assert Preferences(late_cancel_days=1, default_maximum=None, freeze_enrolled_at_start=False) == found
    of_root = await database.read(preferences_for, organization_id=root_id)
    assert (9, 30) == (of_root.late_cancel_days, of_root.default_maximum)


async def test_a_blank_text_unsets(database: Database) -> None:
    cast = await gather(database)
    await set_to(database, cast.organization_id, late_cancel_days="3")
    await set_to(database, cast.organization_id, late_cancel_days=" ")

    assert [] == await database.read(list_own_preferences, viewer=cast.ada.viewer, organization_id=cast.organization_id)


async def test_a_preference_can_be_changed_and_is_stored_in_one_spelling(database: Database) -> None:
    cast = await gather(database)
    await set_to(database, cast.organization_id, freeze_enrolled_at_start="FALSE", student_conflicts="allow")
    await set_to(database, cast.organization_id, freeze_enrolled_at_start="Yes")

    own = await database.read(list_own_preferences, viewer=cast.ada.viewer, organization_id=cast.organization_id)

    assert [PreferenceRow("freeze_enrolled_at_start", "on"), PreferenceRow("student_conflicts", "allow")] == own


async def test_each_change_is_recorded_and_no_change_is_not(database: Database) -> None:
    organization_id = await add_organization(database, "Root")
    await set_to(database, organization_id, late_cancel_days="")
    await set_to(database, organization_id, late_cancel_days="3")
    await set_to(database, organization_id, late_cancel_days="03")
    await set_to(database, organization_id, late_cancel_days="4")
    await set_to(database, organization_id, late_cancel_days="")

    _, *entries = await history_of(database, "organization", organization_id)

    assert [
        ("organization.preference_set", {"late_cancel_days": None}, {"late_cancel_days": "3"}),
        ("organization.preference_set", {"late_cancel_days": "3"}, {"late_cancel_days": "4"}),
        ("organization.preference_unset", {"late_cancel_days": "4"}, {"late_cancel_days": None}),
    ] == [(entry.kind, entry.before, entry.after) for entry in entries]


async def test_it_refuses_what_is_no_preference(database: Database) -> None:
    cast = await gather(database)

    with pytest.raises(UnknownPreferenceError):
        await set_to(database, cast.organization_id, lateness="3")
    with pytest.raises(PreferenceValueError):
        await set_to(database, cast.organization_id, late_cancel_days="soon")


async def test_an_organization_outside_of_the_tree_does_not_exist(database: Database) -> None:
    cast = await gather(database)
    await set_to(database, cast.organization_id, late_cancel_days="3")

    with pytest.raises(OrganizationNotFoundError):
        await database.write(set_preference, actor=cast.olga, organization_id=cast.organization_id, name="late_cancel_days", text="1")
    assert [] == await database.read(list_own_preferences, viewer=cast.olga.viewer, organization_id=cast.organization_id)
