import asyncio
import re
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import settings
from jsonschema_rs import validator_for
from schemathesis.checks import CHECKS

from rollbook.api.tms.openapi import openapi_document
from tests.api.door_sample import COMMANDS, KEY, Opened

OPENED = Opened()


def get(path: str, **request: Any) -> httpx.Response:
    return asyncio.run(OPENED.call(path, key=None, **request))


def document() -> dict[str, Any]:
    found: dict[str, Any] = get("/openapi.json").json()
    return found


def test_it_describes_every_command_at_each_of_its_paths() -> None:
    assert set(document()["paths"]) == {
        "/DeleteSample",
        "/DeleteSample/{id}",
        "/GetNothing",
        "/SearchSamples",
        "/UpdateSample",
        "/UpdateSample/{id}",
    }


def test_it_marks_what_is_ours() -> None:
    told = document()["paths"]["/DeleteSample"]["get"]

    assert told["x-rollbook-ours"] is True
    assert [parameter["name"] for parameter in told["parameters"] if parameter.get("x-rollbook-ours")] == ["ifVersion", "dryRun"]
    assert "x-rollbook-ours" not in document()["paths"]["/UpdateSample"]["get"]


def test_it_describes_a_parameter() -> None:
    parameters = {parameter["name"]: parameter for parameter in document()["paths"]["/UpdateSample/{id}"]["get"]["parameters"]}

    assert parameters["id"] | {"description": ""} == {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "",
        "schema": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 2_147_483_647},
    }
    assert parameters["placeId"]["schema"]["enum"] == [0, 10, 60]
    assert "60 = No Show" in parameters["placeId"]["description"]


@pytest.mark.parametrize(
    "path, schema",
    [
        ("/UpdateSample/5?placeId=0&dryRun=1", "UpdateSampleAnswer"),
        ("/UpdateSample/5", "UpdateSampleAnswer"),
        ("/SearchSamples", "SearchSamplesAnswer"),
        ("/GetNothing", "GetNothingAnswer"),
        ("/Nope", "Refusal"),
    ],
)
def test_an_answer_is_what_its_schema_says(path: str, schema: str) -> None:
    answer = asyncio.run(OPENED.call(path)).json()
    found = document()
    described = {"$ref": f"#/components/schemas/{schema}", "components": found["components"]}

    assert validator_for(described).is_valid(answer)
    assert not validator_for(described).is_valid(answer | {"more": 1})


def test_it_opens_the_document_and_the_page_without_a_key_for_a_browser() -> None:
    page = get("/browse", headers={"sec-fetch-mode": "navigate"})

    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "'unsafe" not in page.headers["content-security-policy"]
    for asset in re.findall(r'(?:src|href)="/api/2\.0([^"]+)"', page.text):
        answer = get(asset)
        assert answer.status_code == 200
        assert len(answer.content) > 100
    assert get("/openapi.json", headers={"sec-fetch-mode": "navigate"}).status_code == 200


@pytest.mark.parametrize("path", ["", "/"])
def test_it_sends_a_browser_on_from_the_root(path: str) -> None:
    answer = get(path)

    assert answer.status_code == 302
    assert answer.headers["location"] == "/api/2.0/browse"


def test_the_document_is_the_same_every_time() -> None:
    assert openapi_document(COMMANDS) == openapi_document(reversed(COMMANDS))


SCHEMA = schemathesis.openapi.from_asgi("/api/2.0/openapi.json", OPENED.app)


@SCHEMA.parametrize()
@settings(max_examples=30, deadline=None)
def test_it_keeps_to_its_document(case: schemathesis.Case[Any]) -> None:
    names = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
    checks: Any = CHECKS.get_by_names(names)
    case.call_and_validate(headers={"api_key": KEY}, checks=checks)
