import asyncio
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rollbook.api.tms.given import UnreadableRequestError, header_of_ignored, read_body, read_pairs
from rollbook.api.tms.parsing import InvalidParametersError, Parsed, Parser
from tests.api.door_sample import Everything, Opened, SampleSearch

PARSERS = (Parser(Everything, writes=True), Parser(SampleSearch, writes=False))
NAMES = sorted({parameter.name for parser in PARSERS for parameter in parser.declared} | {"ifVersion", "other", "", "GRADE", "htlmnotes"})
VALUES = [
    "",
    "0",
    "5",
    "-1",
    "10",
    "60",
    "true",
    "null",
    "NoShow",
    "Name",
    "start desc",
    "1,2",
    "2020-01-01",
    "a@b.c",
    "[]",
    "[{]",
    "a b",
    "é",
    "%",
    "\0",
]

names = st.sampled_from(NAMES)
values = st.sampled_from(VALUES) | st.text(max_size=8)
pairs = st.lists(st.tuples(names, values), max_size=8)
queries = pairs.map(lambda given: "&".join(f"{name}={quote(value, safe='@,[]{}')}" for name, value in given).encode())
plain_queries = pairs.map(lambda given: "&".join(f"{name}={value}" for name, value in given).encode()) | queries
required = st.sampled_from([b"", b"id=5&placeId=0&"])


def parse_fully(parser: Parser, query: bytes, path_id: str | None) -> Parsed | None:
    try:
        return parser.parse(read_pairs(query, "query"), path_id)
    except (InvalidParametersError, UnreadableRequestError):
        return None


@example(PARSERS[0], b"id=5&placeId=0&", b"Address1=&Address1=0", None)
@given(st.sampled_from(PARSERS), required, plain_queries, st.sampled_from([None, "5", "x", "null"]))
def test_the_plain_way_finds_what_the_full_way_finds(parser: Parser, start: bytes, query: bytes, path_id: str | None) -> None:
    if parser.in_path is None:
        path_id = None
    plain = parser.parse_plain(start + query, path_id)

    assert plain is None or plain == parse_fully(parser, start + query, path_id)


@given(st.sampled_from(["5", "7", "2147483647"]), st.sampled_from(["0", "10", "60", "Request"]), st.sampled_from(["1", "80"]))
def test_the_plain_way_takes_what_is_plain(id_text: str, place: str, grade: str) -> None:
    query = f"id={id_text}&placeId={place}&Grade={grade}&dryRun=true".encode()
    plain = PARSERS[0].parse_plain(query, None)

    assert plain is not None
    assert plain == parse_fully(PARSERS[0], query, None)


@given(st.sampled_from(PARSERS), st.binary(max_size=60) | queries)
def test_a_query_of_any_bytes_is_read_or_refused(parser: Parser, query: bytes) -> None:
    parser.parse_plain(query, None)
    parse_fully(parser, query, None)


@given(
    st.sampled_from(PARSERS),
    st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.text(max_size=3), inner, max_size=4),
    ).map(lambda value: json.dumps(value).encode()),
    st.sampled_from([b"application/json", b"application/x-www-form-urlencoded", b"", b"\xff"]),
)
def test_a_body_of_any_bytes_is_read_or_refused(parser: Parser, body: bytes, content_type: bytes) -> None:
    try:
        parser.parse(read_body(body, content_type), None)
    except (InvalidParametersError, UnreadableRequestError) as error:
        # Whatever is told must be fit to be answered.
        str(error).encode()


@given(st.lists(st.text(max_size=100), max_size=30))
def test_ignored_names_never_break_out_of_their_header(ignored: list[str]) -> None:
    header = header_of_ignored(ignored)

    assert all(0x20 <= byte < 0x7F for byte in header)
    assert len(header) <= 20 * (64 * 3 + 2)


@given(st.binary(max_size=40), queries)
def test_the_door_answers_any_path_and_query(path: bytes, query: bytes) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        pytest.fail("a GET has no body to read")

    scope = {
        "type": "http",
        "method": "GET",
        "raw_path": b"/api/2.0/" + path,
        "query_string": query,
        "headers": [(b"api_key", b"the-key-of-ada")],
    }
    asyncio.run(OPENED.door(scope, receive, send))

    assert sent[0]["status"] in {200, 404}


OPENED = Opened()
