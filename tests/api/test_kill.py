"""What was answered is there after the server was killed."""

from benchmarks.kill import survive


def test_every_answered_update_survives_a_kill_under_load(database_url: str) -> None:
    updates = survive(database_url, rounds=3)

    assert updates > 0
