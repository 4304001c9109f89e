"""The last place, the last seat and a student's time go to exactly one, through the real server."""

import uvloop

from benchmarks.last_place import run_races
from benchmarks.stage import make_organization, serving, verify


def test_the_last_place_goes_to_exactly_one(database_url: str) -> None:
    key = make_organization(database_url)

    with serving(database_url) as server:
        uvloop.run(run_races(server.port, key, students=150, places=30, connections=32))

    verify(database_url)
