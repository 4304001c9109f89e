"""What the server tells about itself: one JSON line for each event, and metrics."""

import sys
from collections.abc import MutableMapping
from typing import Any, BinaryIO

import msgspec
import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from structlog.typing import FilteringBoundLogger

from rollbook import clock

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

encode = msgspec.json.Encoder(enc_hook=repr).encode


def stamp_time(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the time in Unix epoch seconds, to the microsecond."""
    event["time"] = clock.microseconds() / 1_000_000
    return event


def render(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> bytes:
    """Turn an event into its line."""
    return encode(event)


def open_log(file: BinaryIO | None = None, *, level: str = "info") -> FilteringBoundLogger:
    """
    Give a log that writes one JSON line for each event.

    Args:
        file: Where to; standard output by default.
        level: The least level that is written: ``debug``, ``info``, ``warning`` or ``error``.
    """
    log: FilteringBoundLogger = structlog.wrap_logger(
        structlog.BytesLogger(file or sys.stdout.buffer),
        processors=[structlog.processors.add_log_level, stamp_time, structlog.processors.format_exc_info, render],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        context_class=dict,
    )
    # Bound once, for an unbound logger assembles itself anew at every call.
    return log.bind()


class RequestMeter:
    """
    Counts the requests of a doorway and how long they took.

    Attributes:
        registry: Holds the metrics, for whoever exposes them.
    """

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._requests = Counter("rollbook_requests", "Requests by command and status.", ("command", "status"), registry=self.registry)
        self._seconds = Histogram("rollbook_request_seconds", "Duration by command.", ("command",), buckets=BUCKETS, registry=self.registry)
        # Looking a child up by its labels costs more than counting.
        self._counters: dict[tuple[str, int], Counter] = {}
        self._histograms: dict[str, Histogram] = {}

    def count(self, command: str, status: int, seconds: float) -> None:
        """
        Count one request.

        Args:
            command: The command's documented name, or ``unknown``.
            status: The HTTP status where it is not 200, otherwise the status in the answer.
            seconds: How long it took.
        """
        counter = self._counters.get((command, status))
        if counter is None:
            counter = self._counters[command, status] = self._requests.labels(command, str(status))
        histogram = self._histograms.get(command)
        if histogram is None:
            histogram = self._histograms[command] = self._seconds.labels(command)
        counter.inc()
        histogram.observe(seconds)
