"""What an organization may decide for itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import fields

from rollbook.organizations.preferences import (
    PREFERENCES,
    Preferences,
    PreferenceValue,
    PreferenceValueError,
    StudentConflicts,
    UnknownPreferenceError,
    parse,
    resolve,
    to_text,
)

VALUES = {
    "freeze_enrolled_at_start": st.booleans(),
    "default_maximum": st.none() | st.integers(0, 2_147_483_647),
    "late_cancel_days": st.integers(0, 3650),
    "student_conflicts": st.sampled_from(StudentConflicts),
}


def preferences_and_values() -> st.SearchStrategy[tuple[str, PreferenceValue]]:
    return st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), VALUES[name]))


@pytest.mark.parametrize(
    "name, text, value",
    [
        ("freeze_enrolled_at_start", "on", True),
        ("freeze_enrolled_at_start", "TRUE", True),
        ("freeze_enrolled_at_start", "1", True),
        ("freeze_enrolled_at_start", " Off ", False),
        ("freeze_enrolled_at_start", "false", False),
        ("freeze_enrolled_at_start", "0", False),
        ("default_maximum", "none", None),
        ("default_maximum", "0", 0),
        ("default_maximum", "2147483647", 2_147_483_647),
        ("late_cancel_days", "0", 0),
        ("late_cancel_days", "007", 7),
        ("late_cancel_days", "3650", 3650),
        ("student_conflicts", "Refuse", StudentConflicts.REFUSE),
        ("student_conflicts", "allow", StudentConflicts.ALLOW),
    ],
)
def test_it_reads_a_value_as_a_person_writes_it(name: str, text: str, value: PreferenceValue) -> None:
    read = parse(name, text)

    assert value == read
    assert type(value) is type(read)


@pytest.mark.parametrize("name", sorted(PREFERENCES))
@pytest.mark.parametrize("text", ["", "  \t"], ids=["empty", "blank"])
def test_an_empty_value_unsets(name: str, text: str) -> None:
    assert parse(name, text) is UNSET


@pytest.mark.parametrize(
    "name, text",
    [
        ("freeze_enrolled_at_start", "2"),
        ("freeze_enrolled_at_start", "none"),
        ("default_maximum", "-1"),
        ("default_maximum", "2147483648"),
        ("default_maximum", "1.0"),
        ("default_maximum", "1_000"),
        ("late_cancel_days", "3651"),
        ("late_cancel_days", "none"),
        ("late_cancel_days", "\uff11"),
        ("late_cancel_days", "\u00b2"),
        ("late_cancel_days", "9" * 5_000),
        ("student_conflicts", "warn"),
    ],
)
def test_it_refuses_a_value_and_says_what_is_allowed(name: str, text: str) -> None:
    with pytest.raises(PreferenceValueError) as refusal:
        parse(name, text)

    assert (name, text, PREFERENCES[name].allowed) == (refusal.value.name, refusal.value.given, refusal.value.allowed)
    assert name in str(refusal.value)
    assert PREFERENCES[name].allowed in str(refusal.value)
    assert len(str(refusal.value)) < 200


def test_it_names_what_was_given() -> None:
    with pytest.raises(PreferenceValueError) as refusal:
        parse("late_cancel_days", "a week")

    assert "the preference late_cancel_days cannot be 'a week'; give a whole number from 0 to 3650, or nothing to unset it" == str(
        refusal.value
    )


def test_an_unknown_name_is_told_the_names_there_are() -> None:
    with pytest.raises(UnknownPreferenceError) as refusal:
        parse("late_cancel_weeks", "1")

    assert "late_cancel_weeks" == refusal.value.name
    for name in PREFERENCES:
        assert name in str(refusal.value)


@pytest.mark.parametrize(
    "name, value, text",
    [
        ("freeze_enrolled_at_start", True, "on"),
        ("freeze_enrolled_at_start", False, "off"),
        ("default_maximum", None, "none"),
        ("default_maximum", 30, "30"),
        ("late_cancel_days", 0, "0"),
        ("student_conflicts", StudentConflicts.ALLOW, "allow"),
    ],
)
def test_it_prints_a_value(name: str, value: PreferenceValue, text: str) -> None:
    assert text == to_text(name, value)


@given(preferences_and_values())
def test_it_reads_what_it_prints(preference: tuple[str, PreferenceValue]) -> None:
    name, value = preference

    assert value == parse(name, to_text(name, value))


@given(st.sampled_from(sorted(PREFERENCES)), st.text())
def test_it_reads_or_refuses_any_text(name: str, text: str) -> None:
    try:
        value = parse(name, text)
    except PreferenceValueError:
        return

    assert value is UNSET or value == parse(name, to_text(name, value))


def test_the_table_and_the_resolved_preferences_have_the_same_names() -> None:
    assert list(PREFERENCES) == [field.name for field in fields(Preferences)]


def test_every_preference_has_its_default_where_no_organization_sets_it() -> None:
    defaults = Preferences(
        freeze_enrolled_at_start=True, default_maximum=None, late_cancel_days=0, student_conflicts=StudentConflicts.REFUSE
    )

    assert defaults == resolve([])
    assert defaults == resolve([{}, {}])


def test_the_nearest_organization_that_sets_a_preference_decides() -> None:
    own = {"default_maximum": "none", "late_cancel_days": ""}
    parent = {"default_maximum": "30", "late_cancel_days": "7"}
    root = {"late_cancel_days": "14", "student_conflicts": "allow", "freeze_enrolled_at_start": "off"}

    assert Preferences(
        default_maximum=None, late_cancel_days=7, student_conflicts=StudentConflicts.ALLOW, freeze_enrolled_at_start=False
    ) == resolve([own, parent, root])


def test_a_stored_name_that_is_no_preference_is_passed_over() -> None:
    assert Preferences() == resolve([{"waitlist_music": "on"}])


@given(st.integers(0, 3), preferences_and_values())
def test_a_preference_set_at_the_root_reaches_every_organization(depth: int, preference: tuple[str, PreferenceValue]) -> None:
    name, value = preference

    assert value == getattr(resolve([*[{}] * depth, {name: to_text(name, value)}]), name)
