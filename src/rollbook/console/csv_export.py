"""Lists as files that spreadsheets open: written in pieces, and harmless."""

import csv
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from io import StringIO
from typing import Final

from rollbook.console.answer import Answer

MOST_ROWS: Final = 50_000
"""How many rows of a list a file has."""

ROWS_AT_ONCE: Final = 500
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK: Final = "\ufeff"
"""By which spreadsheets know that the file is UTF-8."""

Cells = Sequence[str]
ReadRows = Callable[[Sequence[int]], Awaitable[Sequence[Cells]]]


def csv_answer(name: str, headings: Cells, ids: Sequence[int], read: ReadRows) -> Answer:
    """Answer with a file of that name: the headings, and then the rows that ``read`` gives for some of the ids at a time."""
    return Answer(
        content=_pieces(headings, ids, read),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


def harmless(cell: str) -> str:
    """Give a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS_A_FORMULA) else cell


async def _pieces(headings: Cells, ids: Sequence[int], read: ReadRows) -> AsyncIterator[bytes]:
    yield (_BYTE_ORDER_MARK + _lines([headings])).encode()
    for begin in range(0, len(ids), ROWS_AT_ONCE):
        yield _lines(await read(ids[begin : begin + ROWS_AT_ONCE])).encode()


def _lines(rows: Sequence[Cells]) -> str:
    written = StringIO()
    csv.writer(written).writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue()
