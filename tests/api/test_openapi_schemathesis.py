"""Every command keeps to the document that describes it, whatever schemathesis makes of that."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS
from schemathesis.config import CoveragePhaseConfig, PhasesConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig

from rollbook.api.tms.openapi import openapi_document
from rollbook.app import COMMANDS
from tests.cli.server import Server, serving

LARGEST_ID = 12
"""Ids are tried up to here, so that most of them lead to something of the demo."""

DOCUMENT: dict[str, Any] = msgspec.json.decode(openapi_document(COMMANDS))


def with_small_ids(document: Any) -> Any:
    """Give a document in which the ids are few."""
    if isinstance(document, list):
        return [with_small_ids(each) for each in document]
    if not isinstance(document, dict):
        return document
    small = {"maximum": LARGEST_ID} if (document.get("minimum"), document.get("maximum")) == (1, 2_147_483_647) else {}
    return {name: with_small_ids(value) for name, value in document.items()} | small


# The phase that tries the bounds of every value takes a minute; the tests of the values try them too.
PHASES = PhasesConfig(coverage=CoveragePhaseConfig(enabled=False))
CONFIG = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(phases=PHASES)))
SCHEMA = schemathesis.openapi.from_dict(with_small_ids(DOCUMENT), config=CONFIG)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("schemathesis"), "--demo", ROLLBOOK_LOG_LEVEL="error") as running:
        yield running


@pytest.fixture(scope="module")
def session(server: Server) -> Iterator[requests.Session]:
    with requests.Session() as opened:
        opened.headers["api_key"] = server.key
        yield opened


@pytest.fixture
def enabled(server: Server) -> None:
    """Let the demo's key open again, where its organization was disabled on the way."""
    with closing(sqlite3.connect(server.folder / "data" / "rollbook.db", timeout=10)) as connection, connection:
        connection.execute("UPDATE organizations SET enabled = 1")


def test_the_server_serves_this_document(server: Server) -> None:
    assert DOCUMENT == requests.get(f"{server.url}/api/2.0/openapi.json", timeout=10).json()


@SCHEMA.parametrize()
# The fixture that is not made anew for each request is meant to be there once for each command.
@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_command_keeps_to_its_document(
    case: schemathesis.Case[Any], server: Server, session: requests.Session, enabled: None
) -> None:
    names = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
    checks: Any = CHECKS.get_by_names(names)
    response = case.call(base_url=f"{server.url}/api/2.0", session=session)
    # Beyond 64 KiB it is the HTTP server that refuses an address, before the program sees it.
    if response.status_code != 414 or response.content:
        case.validate_response(response, checks=checks)
