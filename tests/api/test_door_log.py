import asyncio
import json
from typing import Any

from tests.api.door_sample import KEY, Opened


def lines(opened: Opened) -> list[dict[str, Any]]:
    return [json.loads(line) for line in opened.lines.getvalue().splitlines()]


def test_it_writes_one_line_for_each_request() -> None:
    opened = Opened()
    asyncio.run(opened.call("/UpdateSample/5?placeId=0", headers={"x-request-id": "r-1"}))
    (line,) = lines(opened)

    assert line.pop("time") > 1_700_000_000
    assert 0 < line.pop("milliseconds") < 5_000
    assert line == {
        "event": "request",
        "level": "info",
        "request": "r-1",
        "command": "UpdateSample",
        "key": "Ada's key",
        "http": 200,
        "status": 0,
        "client": "127.0.0.1",
    }


def test_it_names_the_key_as_the_handler_tells_it() -> None:
    opened = Opened()
    asyncio.run(opened.call("/GetNothing"))

    assert lines(opened)[0]["key"] == "told by the handler"


def test_it_never_writes_a_key_or_a_value() -> None:
    opened = Opened()
    for path in ("/UpdateSample/5?placeId=0&password=hush", "/UpdateSample?password=hush%00", "/hush?hush=hush"):
        asyncio.run(opened.call(path))

    assert len(lines(opened)) == 3
    assert KEY.encode() not in opened.lines.getvalue()
    assert b"hush" not in opened.lines.getvalue()


def test_it_counts_requests_by_command_and_status() -> None:
    opened = Opened()
    for path in ("/GetNothing", "/GetNothing", "/UpdateSample", "/Nope"):
        asyncio.run(opened.call(path))

    def counted(command: str, status: str) -> float | None:
        return opened.meter.registry.get_sample_value("rollbook_requests_total", {"command": command, "status": status})

    assert counted("GetNothing", "0") == 2
    assert counted("UpdateSample", "10") == 1
    assert counted("unknown", "404") == 1
    assert opened.meter.registry.get_sample_value("rollbook_request_seconds_count", {"command": "GetNothing"}) == 2
