"""How many calls a key may make."""

from math import ceil
from typing import NamedTuple

from rollbook import clock

SECONDS = 60.0
MOST_BUCKETS = 10_000


class Allowance(NamedTuple):
    """
    What is left of a key's calls.

    Attributes:
        calls: Whole calls that can be made at once.
        seconds: After how many seconds there will be all of them again.
    """

    calls: int
    seconds: int


class RateLimit:
    """
    A bucket of calls for each key, which fills up evenly; each server process keeps its own.

    Only keys that were found valid get a bucket, so that unknown keys take no room.

    Attributes:
        calls_per_minute: How many calls a bucket holds.
    """

    def __init__(self, calls_per_minute: int) -> None:
        self.calls_per_minute = calls_per_minute
        self._capacity = float(calls_per_minute)
        self._per_second = calls_per_minute / SECONDS
        self._buckets: dict[str, tuple[float, float]] = {}

    def takes(self, key_hash: str) -> bool:
        """Take one call out of the key's bucket; False when there is no bucket for it yet or not a whole call in it."""
        bucket = self._buckets.get(key_hash)
        if bucket is None:
            return False
        now = clock.stopwatch()
        calls = self._calls(bucket, now)
        if calls < 1:
            return False
        self._buckets[key_hash] = (calls - 1, now)
        return True

    def admit(self, key_hash: str) -> int:
        """
        Take one call out of the bucket of a key that is valid, making the bucket where there is none.

        Returns:
            0, or the whole seconds after which there will be a call in it again.
        """
        if key_hash not in self._buckets:
            if len(self._buckets) >= MOST_BUCKETS:
                self._forget_full()
            self._buckets[key_hash] = (self._capacity, clock.stopwatch())
        if self.takes(key_hash):
            return 0
        return int((1 - self._calls(self._buckets[key_hash], clock.stopwatch())) / self._per_second) + 1

    def allowance(self, key_hash: str) -> Allowance | None:
        """Tell what is left in the bucket of a key; None where it has no bucket."""
        bucket = self._buckets.get(key_hash)
        if bucket is None:
            return None
        calls = self._calls(bucket, clock.stopwatch())
        return Allowance(int(calls), ceil((self._capacity - calls) / self._per_second))

    def _calls(self, bucket: tuple[float, float], now: float) -> float:
        calls, then = bucket
        return min(self._capacity, calls + (now - then) * self._per_second)

    def _forget_full(self) -> None:
        """Drop the buckets that have filled up: a new one would be the same."""
        now = clock.stopwatch()
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if self._calls(bucket, now) < self._capacity}
