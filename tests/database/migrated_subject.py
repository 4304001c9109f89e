"""A database as the tests of migrations see it."""

import sqlite3

from rollbook.database import file_of, is_embedded
from tests.postgresql_server import PostgresqlServer


class Subject:
    """A database looked at and disturbed from outside of the program."""

    def __init__(self, url: str, server: PostgresqlServer | None = None) -> None:
        self.url = url
        self._server = server

    def run(self, sql: str) -> str:
        """Run a statement, and give what it answers as psql prints it."""
        if self._server:
            return self._server.run_sql(sql, self.url.split("/")[3].partition("?")[0])
        connection = sqlite3.connect(file_of(self.url), isolation_level=None)
        rows = connection.execute(sql).fetchall()
        connection.close()
        return "\n".join("|".join(str(value) for value in row) for row in rows)

    def schema(self) -> str:
        """Describe every column and every index there is."""
        if is_embedded(self.url):
            return self.run("SELECT type, name, sql FROM sqlite_schema ORDER BY name")
        columns = self.run(
            "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY table_name, column_name"
        )
        indexes = self.run("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname")
        checks = self.run("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY conname")
        return f"{columns}\n{indexes}\n{checks}"
