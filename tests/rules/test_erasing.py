"""What the history says once a person is erased."""

from itertools import islice
from typing import Any

import pytest

from rollbook.accounts.erasing import ERASED, Naming, RecordedRow, Replacement, erase_rows, is_remainder, numbers_of, remainder

NAMING = Naming(frozenset({"email", "company_id"}), frozenset({"colour"}), ("closed-{id}", "Closed"))
SARA, OTTO = 5, 6


def row(row_id: int = 1, subject: str = "user", subject_id: int = SARA, **values: Any) -> RecordedRow:
    told: dict[str, Any] = {"actor_kind": "key", "actor_id": 1, "actor_name": "Ada", "before": None, "after": None, **values}
    return RecordedRow(row_id, subject, subject_id, **told)


def erased(*rows: RecordedRow) -> list[Replacement]:
    return erase_rows(rows, user_ids={SARA}, naming=NAMING)


@pytest.mark.parametrize(
    "told, left",
    [
        ({"email": "s@example.com"}, {"email": ERASED}),
        ({"company_id": 7}, {"company_id": ERASED}),
        ({"nobody_knows": "s"}, {"nobody_knows": ERASED}),
        ({"12": 4711}, {"12": ERASED}),
        ({"custom_fields": {"12": True, "13": None}}, {"custom_fields": {"12": ERASED, "13": None}}),
        ({"words": ["a", 1]}, {"words": [ERASED, 1]}),
        ({"company_id": [7]}, {"company_id": [ERASED]}),
    ],
)
def test_what_identifies_a_user_gives_way_to_the_mark(told: dict[str, Any], left: dict[str, Any]) -> None:
    assert [Replacement(1, "Ada", left, left)] == erased(row(before=told, after=told))


@pytest.mark.parametrize(
    "told",
    [
        {"disabled": True, "role_ids": [0, 1], "at": 7, "email": None},
        {"colour": "red"},
        {"user_name": "closed-5", "email": "closed-5-2", "first_name": "Closed"},
        {"email": ERASED},
    ],
)
def test_what_identifies_nobody_stays(told: dict[str, Any]) -> None:
    assert [] == erased(row(before=told, after=told))


def test_of_other_things_texts_go_and_numbers_stay() -> None:
    told = {"user_id": SARA, "note": "n", "company_id": 7, "attendance": {"12": True}}

    assert [Replacement(1, "Ada", None, told | {"note": ERASED})] == erased(row(subject="enrollment", after=told))


def test_the_texts_of_who_had_a_thing_before_and_has_it_since_stay() -> None:
    rows = (
        row(1, "enrollment", 9, after={"user_id": OTTO, "note": "a"}),
        row(2, "enrollment", 9, before={"note": "a"}, after={"note": "b"}),
        row(3, "enrollment", 9, before={"user_id": OTTO, "note": "b"}, after={"user_id": SARA, "note": "c"}),
        row(4, "enrollment", 9, before={"note": "c"}, after={"note": "d"}),
        row(5, "enrollment", 9, before={"user_id": SARA, "note": "d"}, after={"user_id": OTTO, "note": "e"}),
        row(6, "enrollment", 9, before={"note": "e"}, after={"note": "f"}),
    )

    assert [
        (3, {"user_id": OTTO, "note": "b"}, {"user_id": SARA, "note": ERASED}),
        (4, {"note": ERASED}, {"note": ERASED}),
        (5, {"user_id": SARA, "note": ERASED}, {"user_id": OTTO, "note": "e"}),
    ] == [(each.id, each.before, each.after) for each in erased(*rows)]


def test_the_name_of_whoever_acted_goes_and_keys_and_others_keep_theirs() -> None:
    rows = (
        row(1, "class", 3, actor_kind="user", actor_id=SARA, actor_name="sara", after={"name": "Welding"}),
        row(2, "class", 3, actor_kind="user", actor_id=OTTO, actor_name="otto"),
        row(3, "class", 3, actor_kind="key", actor_id=SARA, actor_name="Ada"),
    )

    assert [Replacement(1, ERASED, None, {"name": "Welding"})] == erased(*rows)


def test_a_user_is_numbered_by_the_id_and_by_more_where_that_is_taken() -> None:
    assert ["5", "5-2", "5-3"] == list(islice(numbers_of(5), 3))
    assert "closed-5-2@closed.invalid" == remainder("closed-{id}@closed.invalid", "5-2")


@pytest.mark.parametrize(
    "value, pattern, stands_in",
    [
        (None, None, True),
        (None, "closed-{id}", True),
        ("x", None, False),
        ("closed-5", "closed-{id}", True),
        ("closed-5-12", "closed-{id}", True),
        ("closed-55", "closed-{id}", False),
        ("closed-5-x", "closed-{id}", False),
        ("closed-5@closedXinvalid", "closed-{id}@closed.invalid", False),
        (5, "{id}", False),
    ],
)
def test_what_stands_in_place_of_a_value_is_known_again(value: object, pattern: str | None, stands_in: bool) -> None:  # noqa: FBT001 - a case of a table
    assert stands_in == is_remainder(value, pattern, 5)
