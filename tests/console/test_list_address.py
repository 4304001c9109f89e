from collections.abc import Sequence

import pytest

from rollbook.console import csv_export
from rollbook.console.csv_export import csv_answer, harmless
from rollbook.console.list_address import Column, ListAddress

COLUMNS = (
    Column(name="name", heading="Name", sort="name"),
    Column(name="starts", heading="Starts", sort="starts"),
    Column(name="note", heading="Note", is_usual=False),
)


def at(*given: tuple[str, str]) -> ListAddress:
    return ListAddress("/things", given, columns=COLUMNS, sort="starts")


def names(address: ListAddress) -> list[str]:
    return [column.name for column in address.columns]


def test_an_address_without_anything_has_the_usual_order_and_columns() -> None:
    address = at()

    assert ["name", "starts"] == names(address)
    assert ("starts", False, 1, 0) == (address.sort, address.descending, address.page, address.offset)
    assert "/things" == address.without("status")


def test_what_is_strange_in_an_address_counts_as_not_given() -> None:
    for page in ("0", "-1", "201", "x", "99999999999", "²"):
        assert 1 == at(("page", page)).page
    for sort in ("note", "-", "DROP TABLE", ""):
        assert ("starts", False) == (at(("sort", sort)).sort, at(("sort", sort)).descending)
    assert ["name", "starts"] == names(at(("columns", "nothing")))


def test_a_head_sorts_by_its_column_and_then_the_other_way_round() -> None:
    assert "/things?status=1&sort=name" == at(("status", "1"), ("page", "7")).sorted_by("name")
    assert "/things?sort=-name" == at(("sort", "name")).sorted_by("name")
    assert "/things?sort=name" == at(("sort", "-name")).sorted_by("name")
    assert "/things?sort=-starts" == at().sorted_by("starts")


def test_a_filter_goes_alone_and_so_does_one_of_its_values() -> None:
    address = at(("status", "1"), ("status", "2"), ("words", "a b"), ("sort", "name"), ("columns", "note"), ("page", "3"))

    assert "/things?status=2&words=a+b&sort=name&columns=note" == address.without("status", "1")
    assert "/things?words=a+b&sort=name&columns=note" == address.without("status")
    assert "/things?status=1&status=2&words=a+b&sort=name&columns=note&when=any" == address.with_value("when", "any")
    assert "/things?status=1&status=2&words=a+b&sort=name&columns=note&page=4" == address.at_page(4)
    assert "/things.csv?status=1&status=2&words=a+b&sort=name&columns=note" == address.as_csv


def test_a_form_keeps_what_it_does_not_set() -> None:
    address = at(("status", "1"), ("sort", "name"), ("columns", "note"), ("page", "3"), ("words", ""))

    assert [("status", "1"), ("sort", "name")] == address.filters
    assert [("sort", "name"), ("columns", "note")] == address.order_and_columns
    assert [False, False, True] == [is_shown for _, is_shown in address.choices]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1+1", '=HYPERLINK("x")'])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert f"'{cell}" == harmless(cell)


@pytest.mark.parametrize("cell", ["", "Sam", "1", "a=1", "x-1", "2026-11-24 09:00"])
def test_any_other_cell_stays_what_it_is(cell: str) -> None:
    assert cell == harmless(cell)


async def test_a_file_is_written_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_export, "ROWS_AT_ONCE", 2)
    read: list[Sequence[int]] = []

    async def rows(ids: Sequence[int]) -> list[list[str]]:
        read.append(ids)
        return [[str(number), '=x, "y"\nz'] for number in ids]

    answer = csv_answer("things.csv", ["Number", "-Text"], [1, 2, 3], rows)
    assert not isinstance(answer.content, bytes)
    pieces = [piece.decode() async for piece in answer.content]

    assert [[1, 2], [3]] == read
    assert ["\ufeffNumber,'-Text\r\n", '1,"\'=x, ""y""\nz"\r\n2,"\'=x, ""y""\nz"\r\n', '3,"\'=x, ""y""\nz"\r\n'] == pieces
    assert 'attachment; filename="things.csv"' == answer.headers["content-disposition"]
