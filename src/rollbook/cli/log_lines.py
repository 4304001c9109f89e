"""The log of what watches over the server's workers: the same JSON lines as the workers write, without loading what they need."""

import logging
import logging.config
from typing import Any

import msgspec

log = logging.getLogger("rollbook")


class JsonLine(logging.Formatter):
    """Turns a record into one line of JSON; what is given as ``extra={"facts": {...}}`` becomes fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        line: dict[str, Any] = {"event": record.getMessage(), **getattr(record, "facts", {})}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        line |= {"level": record.levelname.lower(), "time": record.created}
        return msgspec.json.encode(line).decode()


def configuration(level: str) -> dict[str, Any]:
    """Give the configuration of Python's logging under which every logger of the process writes JSON lines to standard output."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLine}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
        "loggers": {
            "rollbook": {"level": level.upper()},
            # Its notices repeat what the supervisor tells.
            "_granian": {"level": "WARNING"},
        },
        "root": {"handlers": ["lines"], "level": "WARNING"},
    }


def open_log(level: str) -> None:
    """Let every logger of this process write JSON lines to standard output, from a level on."""
    logging.config.dictConfig(configuration(level))
