import asyncio

from rollbook.api.rate_limit import RateLimit
from tests.api.door_sample import Opened


def statuses(opened: Opened, calls: int, *, key: str = "the-key-of-ada", path: str = "/GetNothing") -> list[int]:
    async def several() -> list[int]:
        return [(await opened.call(path, key=key)).status_code for _ in range(calls)]

    return asyncio.run(several())


def test_it_lets_a_key_call_as_often_as_it_may() -> None:
    assert statuses(Opened(calls_per_minute=3), 5) == [200, 200, 200, 429, 429]
    assert statuses(Opened(), 5) == [200] * 5


def test_it_says_when_to_come_again() -> None:
    opened = Opened(calls_per_minute=1)
    statuses(opened, 1)
    answer = asyncio.run(opened.call("/UpdateSample"))

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 61
    assert answer.json()["status"] == 10


def test_it_tells_an_unknown_key_so_however_often_it_calls() -> None:
    opened = Opened(calls_per_minute=1)

    assert statuses(opened, 3, key="unknown") == [200, 200, 200]
    assert asyncio.run(opened.call("/Nope", key="unknown")).json()["Status"] == 30


def test_it_counts_calls_of_unknown_commands_too() -> None:
    assert statuses(Opened(calls_per_minute=1), 2, path="/Nope") == [404, 429]


def test_it_asks_whose_key_it_is_once_and_leaves_the_rest_to_the_handlers() -> None:
    opened = Opened(calls_per_minute=10)
    statuses(opened, 5)

    assert opened.database.asked == 1


def test_a_bucket_fills_up_evenly() -> None:
    limit = RateLimit(60_000_000)

    assert not limit.takes("a key that was never admitted")
    assert limit.admit("key") == 0
    assert limit.takes("key")
