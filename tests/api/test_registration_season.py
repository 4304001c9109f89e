"""A registration season in small: sections that fill, waitlist, empty, and change their number of places."""

import uvloop

from benchmarks.registration_season import Season, replay
from benchmarks.stage import make_organization, serving, verify

SEASON: Season = {
    "Welding 1": [(1, 0, 0, 2), (3, 2, 0, 2), (5, 2, 2, 2), (7, 4, 0, 4), (11, 1, 0, 2), (12, 2, 1, 2), (14, 2, 3, 2)],
    "Welding 2": [(2, 0, 0, 3), (4, 3, 1, 3), (6, 3, 0, 3), (9, 0, 0, 0), (10, 2, 0, 5), (13, 5, 0, 5), (15, 0, 0, 5)],
}


def test_a_season_comes_out_as_it_happened(database_url: str) -> None:
    key = make_organization(database_url)
    seen: list[int] = []

    with serving(database_url) as server:
        calls, _ = uvloop.run(replay(server.port, key, SEASON, students=6, connections=4, on_progress=seen.append))

    verify(database_url)
    assert 14 == seen[-1]
    assert sorted(set(seen)) == seen
    assert 35 == calls
