"""PostgreSQL's figures."""

from collections.abc import Iterator

from benchmarks import batches, pgbench
from benchmarks.dataset import fill
from benchmarks.figures import Figure
from benchmarks.load import load, rollbook
from tests.postgresql_server import DURABLE, running_server

ENROLLMENTS = 10_000
CONNECTIONS = 16


def figures(*, seconds: int) -> Iterator[Figure]:
    """Measure a durable PostgreSQL with 10,000 enrollments."""
    with running_server(DURABLE) as postgresql:
        postgresql.create_database("benchmark")
        url = postgresql.url("benchmark")
        fill(url, enrollments=ENROLLMENTS)
        limit = pgbench.rate(url, programs=postgresql.programs, connections=CONNECTIONS, seconds=seconds, enrollments=ENROLLMENTS)
        with rollbook(url) as server:
            load(server, "update", connections=CONNECTIONS, seconds=2, enrollments=ENROLLMENTS)
            result = load(server, "update", connections=CONNECTIONS, seconds=seconds, enrollments=ENROLLMENTS)
        yield Figure(
            what=f"UpdateClassEnrollment, PostgreSQL, {CONNECTIONS} connections",
            figure=result.rate,
            beside="pgbench with the same statements",
            limit=limit,
            reach=0.40,
        )
        postgresql.create_database("batches")
        url = postgresql.url("batches")
        fill(url, enrollments=ENROLLMENTS)
        with rollbook(url) as server:
            yield from batches.figures(server, engine="PostgreSQL", connections=CONNECTIONS, seconds=seconds, enrollments=ENROLLMENTS)
