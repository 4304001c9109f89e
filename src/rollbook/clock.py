"""The only reader of the system clock."""

import time


def now() -> int:
    """Give the time in whole Unix epoch seconds."""
    return int(time.time())


def microseconds() -> int:
    """Give the time in whole Unix epoch microseconds."""
    return time.time_ns() // 1_000


def stopwatch() -> float:
    """Give seconds on a clock that only moves forward, for measuring durations."""
    return time.perf_counter()
