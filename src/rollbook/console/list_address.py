"""The address of a list: its filters, its order, its columns and its page, all of which a bookmark keeps."""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlencode

from msgspec import Struct

PAGE_SIZE: Final = 50
FARTHEST: Final = 10_000
"""How many rows of a list can be paged through."""

_COLUMNS: Final = "columns"
_SORT: Final = "sort"
_PAGE: Final = "page"


class Column(Struct, frozen=True, kw_only=True):
    """
    A column that a list can have.

    Attributes:
        sort: What the list is sorted by where the column's head is pressed; None where it cannot be.
        is_usual: The column is shown where nobody has chosen any.
        is_number: It holds numbers.
    """

    name: str
    heading: str
    sort: str | None = None
    is_usual: bool = True
    is_number: bool = False


class Chip(Struct, frozen=True):
    """A filter that is on, and the address of the list without it."""

    text: str
    address: str


class ListAddress:
    """
    The address of a list.

    Attributes:
        columns: Those that are shown.
        sort: What the list is sorted by.
        descending: The other way round.
        page: The number of the page, from 1.
    """

    def __init__(self, path: str, given: Iterable[tuple[str, str]], *, columns: Sequence[Column], sort: str) -> None:
        """Read an address; what is strange in it counts as not given."""
        self._path = path
        self._given = [(name, value) for name, value in given if value]
        self._every_column = columns
        chosen = {value for name, value in self._given if name == _COLUMNS}
        self.columns = [column for column in columns if column.name in chosen] or [column for column in columns if column.is_usual]
        asked = self._last(_SORT)
        key = asked.removeprefix("-")
        is_known = any(column.sort == key for column in columns if column.sort is not None)
        self.sort, self.descending = (key, asked.startswith("-")) if is_known else (sort, False)
        number = self._last(_PAGE)
        self.page = (
            int(number) if number.isascii() and number.isdigit() and len(number) < 6 and 0 < int(number) <= FARTHEST // PAGE_SIZE else 1
        )

    @property
    def offset(self) -> int:
        """How many rows there are before the page."""
        return (self.page - 1) * PAGE_SIZE

    @property
    def choices(self) -> Sequence[tuple[Column, bool]]:
        """Every column, and whether it is shown."""
        return [(column, column in self.columns) for column in self._every_column]

    @property
    def filters(self) -> Sequence[tuple[str, str]]:
        """The values of the filters and of the order, which the choice of the columns keeps."""
        return [(name, value) for name, value in self._given if name not in {_COLUMNS, _PAGE}]

    @property
    def order_and_columns(self) -> Sequence[tuple[str, str]]:
        """The values of the order and of the columns, which the filters keep."""
        return [(name, value) for name, value in self._given if name in {_COLUMNS, _SORT}]

    @property
    def as_csv(self) -> str:
        """The address of the same list as a file."""
        return self._joined(f"{self._path}.csv", [(name, value) for name, value in self._given if name != _PAGE])

    def at_page(self, number: int) -> str:
        """Give the address of another page of the list."""
        return self._changed(page=str(number))

    def sorted_by(self, key: str) -> str:
        """Give the address of the list in the order of a key, or the other way round where that is the order now."""
        return self._changed(page="", sort=f"-{key}" if key == self.sort and not self.descending else key)

    def without(self, name: str, value: str | None = None) -> str:
        """Give the address of the list without a filter, or without one of its values."""
        left = [(each, given) for each, given in self._given if each != _PAGE and not (each == name and value in {None, given})]
        return self._joined(self._path, left)

    def with_value(self, name: str, value: str) -> str:
        """Give the address of the list with a filter of one value."""
        return self._changed(**{_PAGE: "", name: value})

    def _changed(self, **values: str) -> str:
        left = [(name, value) for name, value in self._given if name not in values]
        return self._joined(self._path, [*left, *((name, value) for name, value in values.items() if value)])

    def _last(self, name: str) -> str:
        return next((value for each, value in reversed(self._given) if each == name), "")

    @staticmethod
    def _joined(path: str, pairs: Sequence[tuple[str, str]]) -> str:
        return f"{path}?{urlencode(pairs)}" if pairs else path
