"""Every endpoint keeps to the document that describes it, whatever schemathesis makes of that, by all its checks."""

import re
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
from schemathesis.config import (
    ChecksConfig,
    CoveragePhaseConfig,
    PhasesConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from rollbook.api.rest.endpoints import ENDPOINTS
from rollbook.api.rest.openapi import openapi_document
from tests.api.test_openapi_schemathesis import with_small_ids
from tests.cli.server import Server, serving

DOCUMENT: dict[str, Any] = msgspec.json.decode(openapi_document(ENDPOINTS))
BEARER = re.compile("Bearer +[!-~]+")
NOT_READ = {"invalid_value", "malformed_json", "malformed_query", "malformed_header"}
"""The codes of what the doorway itself cannot read; whatever the document allows is never refused with them."""

# What a document cannot tell is whether a version is the current one and whether what an id names is there.
ACCEPTED = ["2xx", "304", "401", "403", "404", "409", "412", "422"]
CONFIG = SchemathesisConfig(
    projects=ProjectsConfig(
        default=ProjectConfig(
            phases=PhasesConfig(coverage=CoveragePhaseConfig(enabled=False)),
            checks=ChecksConfig(positive_data_acceptance=PositiveDataAcceptanceConfig(expected_statuses=ACCEPTED)),
        )
    )
)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT, config=CONFIG)
SCHEMA_WITH_SMALL_IDS = schemathesis.openapi.from_dict(with_small_ids(DOCUMENT), config=CONFIG)
"""The document with ids that lead to something of the demo; an id beyond them is none that the server has to refuse."""

# The fixture that is not made anew for each request is meant to be there once for each endpoint; and whoever runs the tests again
# for another change gets the same requests.
UNTROUBLED = [HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow]
SETTINGS = settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=UNTROUBLED)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("rest-schemathesis"), "--demo", ROLLBOOK_LOG_LEVEL="error") as running:
        yield running


@pytest.fixture(scope="module")
def session(server: Server) -> Iterator[requests.Session]:
    with requests.Session() as opened:
        yield opened


@pytest.fixture
def enabled(server: Server) -> None:
    """Let the demo's key open again, where its organization was disabled on the way."""
    with closing(sqlite3.connect(server.folder / "data" / "rollbook.db", timeout=10)) as connection, connection:
        connection.execute("UPDATE organizations SET enabled = 1")


def test_the_server_serves_this_document(server: Server) -> None:
    assert DOCUMENT == requests.get(f"{server.url}/api/v1/openapi.json", timeout=10).json()


@SCHEMA.parametrize()
@SETTINGS
def test_every_endpoint_keeps_to_its_document(
    case: schemathesis.Case[Any], server: Server, session: requests.Session, enabled: None
) -> None:
    check(case, server, session, CHECKS.get_all())


@SCHEMA_WITH_SMALL_IDS.parametrize()
@SETTINGS
def test_every_endpoint_keeps_to_its_document_about_things_that_are_there(
    case: schemathesis.Case[Any], server: Server, session: requests.Session, enabled: None
) -> None:
    check(case, server, session, [each for each in CHECKS.get_all() if each.__name__ != "negative_data_rejection"])


def check(case: schemathesis.Case[Any], server: Server, session: requests.Session, checks: Any) -> None:
    """Send a request and look at the answer."""
    is_valid = case.meta is None or case.meta.generation.mode.is_positive
    # A key that is left out or spoilt on purpose stays so.
    given = dict[str, str](case.headers or {}).get("Authorization", "")
    headers = {"Authorization": f"Bearer {server.key}"} if is_valid or BEARER.fullmatch(given) else {}
    response = case.call(base_url=f"{server.url}/api/v1", session=session, headers=headers)
    case.validate_response(response, checks=checks)
    if is_valid and response.status_code in {400, 422}:
        assert response.json()["code"] not in NOT_READ, response.text
