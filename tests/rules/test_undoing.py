from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rollbook.changes.undoing import Recorded, as_of, undo
from rollbook.history.recording import differences

FIELDS = ("status", "grade", "room")

states = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {
            **{name: st.one_of(st.none(), st.integers(0, 3)) for name in FIELDS},
            "attendance": st.dictionaries(st.sampled_from("567"), st.booleans()),
        }
    ),
)


def recorded(before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any] | None:
    """Give what the history keeps as before: everything of what is deleted, nothing of what is made, else what differs."""
    if before is None or after is None:
        return before
    was, _ = differences({name: before[name] for name in FIELDS}, {name: after[name] for name in FIELDS})
    marks = {name: before["attendance"].get(name) for name in {**before["attendance"], **after["attendance"]}}
    changed = {name: mark for name, mark in marks.items() if mark != after["attendance"].get(name)}
    return {**was, "attendance": changed} if changed else was


@given(st.lists(st.tuples(states, st.integers(0, 2)), min_size=1, max_size=12))
def test_what_is_undone_is_what_was(steps: list[tuple[dict[str, Any] | None, int]]) -> None:
    changes: list[Recorded] = []
    at = 100
    before: dict[str, Any] | None = None
    known: dict[int, dict[str, Any] | None] = {99: None}
    for after, seconds in steps:
        at += seconds
        if before is not None or after is not None:
            changes.insert(0, Recorded(at, recorded(before, after)))
        known[at] = before = after

    for moment in range(99, at + 2):
        expected = known[max(each for each in known if each <= moment)]

        assert expected == as_of(before, changes, moment=moment)


def test_a_change_that_made_a_thing_leaves_nothing() -> None:
    assert undo({"status": 60}, None) is None


def test_what_was_deleted_comes_back_whole() -> None:
    assert {"status": 60, "attendance": {"7": True}} == undo(None, {"status": 60, "attendance": {"7": True}})


def test_what_was_left_behind_comes_back_beside_what_is_there() -> None:
    assert {"class_id": 4, "attendance": {"7": True, "8": False}} == undo(
        {"class_id": 5, "attendance": {"8": False, "9": True}}, {"class_id": 4, "attendance": {"7": True, "9": None}}
    )


def test_a_state_without_pieces_gets_them() -> None:
    assert {"status": 60, "attendance": {"7": True}} == undo({"status": 60}, {"attendance": {"7": True, "8": None}})
