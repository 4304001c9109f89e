"""Everything that a database holds, to be searched for what must not be there."""

from collections.abc import Iterable
from pathlib import Path

import asyncpg

from rollbook.database import file_of, is_embedded


async def found_in(url: str, marks: Iterable[str]) -> list[str]:
    """Give the marks that are anywhere in the files of an embedded database, or in any row of a PostgreSQL database."""
    wanted = [mark.encode() for mark in marks]
    contents = _files(file_of(url)) if is_embedded(url) else await _rows(url)
    folded = contents.lower()
    return [mark.decode() for mark in wanted if mark in contents or mark.lower() in folded]


def _files(path: Path) -> bytes:
    wal = path.with_name(path.name + "-wal")
    return path.read_bytes() + (wal.read_bytes() if wal.exists() else b"")


async def _rows(url: str) -> bytes:
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch("SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'")
        rows = [row["text"] for table in tables for row in await connection.fetch(f"SELECT t::text AS text FROM {table['name']} t")]
    finally:
        await connection.close()
    return "\n".join(rows).encode()
