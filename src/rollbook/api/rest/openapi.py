"""The OpenAPI 3.1 document of the door, made from nothing but the endpoints' declarations."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

import msgspec

from rollbook.api.rest.caller import ACTING_USER
from rollbook.api.rest.endpoint import Endpoint
from rollbook.api.rest.problems import PROBLEM_TYPE, Problem
from rollbook.api.rest.serving import ROOT
from rollbook.api.rest.values import time_zone_names
from rollbook.organizations.limits import LARGEST_NUMBER
from rollbook.settings import program_version

Schema = dict[str, Any]

REFERENCE: Final = "#/components/schemas/{name}"
ID: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER}
USER_ID: Final[Schema] = {"type": "string", "pattern": "^[1-9][0-9]{0,9}$"}
DESCRIPTION: Final = (
    "JSON over HTTP. Every call needs an API key as a bearer token. Times are RFC 3339; a `PATCH` changes what it names, and `null` clears. "
    "A thing's `ETag` is its version, which `If-Match` asks for; every write takes `dry_run=true` and answers everything that it changes. "
    "What is refused is a problem (RFC 9457) whose `code` is for programs and whose `remedy` says what would have to change."
)
REFUSALS: Final = {
    400: "The query, a header or the JSON text cannot be read.",
    401: "The key is missing, unknown, revoked or expired.",
    403: "The key, or the user for whom it acts, may not do this.",
    404: "There is no such thing in the key's tree of organizations.",
    409: "A rule refuses this as things stand now.",
    412: "The thing is at another version; `current` is what it is now.",
    413: "The body is larger than 1 MiB.",
    414: "The query is larger than 16 KiB.",
    415: "The body is not sent as JSON.",
    422: "A value cannot be taken, or names something that is not there.",
    429: "The key has used up its calls.",
    500: "A mistake in the program, told in the server's log.",
    503: "The database cannot answer now.",
}
ALWAYS: Final = (400, 401, 403, 414, 429, 500, 503)


def openapi_document(endpoints: Iterable[Endpoint]) -> bytes:
    """Give the document as JSON text."""
    known = sorted(endpoints, key=lambda each: (each.tag, each.path, each.method))
    kinds = [each.answer for each in known] + [each.body.kind for each in known if each.body] + [Problem]
    # A struct with a name of its own is a component, those of queries are not.
    _, schemas = msgspec.json.schema_components(list(dict.fromkeys(kinds)), ref_template=REFERENCE)
    schemas["TimeZoneName"] = {"type": "string", "enum": sorted(time_zone_names()), "description": "The IANA name of a time zone."}
    paths: dict[str, Schema] = {}
    for each in known:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Rollbook: REST API", "version": program_version(), "description": DESCRIPTION, "license": {"name": "MIT"}},
        "servers": [{"url": ROOT}],
        "security": [{"key": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(each.tag for each in known)],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key, such as `rb_...`."}},
            "schemas": schemas,
            "responses": {f"Problem{status}": _problem(status, text) for status, text in REFUSALS.items()},
            "headers": HEADERS,
        },
    }
    return msgspec.json.encode(document)


HEADERS: Final[Schema] = {
    "RequestId": {"schema": {"type": "string"}, "required": True, "description": "The request's id in the server's log."},
    "CacheControl": {"schema": {"type": "string", "const": "no-store"}, "required": True},
    "RateLimitPolicy": {"schema": {"type": "string"}, "description": "How many calls a key has, where they are limited."},
    "RateLimit": {
        "schema": {"type": "string"},
        "description": "How many are left, and after how many seconds there are all of them again.",
    },
    "Version": {"schema": {"type": "string", "pattern": '^"[1-9][0-9]*"$'}, "required": True, "description": "The thing's version."},
    "Link": {"schema": {"type": "string"}, "description": 'Where the next page is, with `rel="next"`; missing on the last one.'},
    "Location": {"schema": {"type": "string"}, "required": True, "description": "Where the new thing is."},
    "RetryAfter": {
        "schema": {"type": "string", "pattern": "^[1-9][0-9]*$"},
        "required": True,
        "description": "After how many seconds to come again.",
    },
    "Authenticate": {"schema": {"type": "string"}, "required": True, "description": "How to say who calls."},
}
_ALWAYS_TOLD: Final = {
    "X-Request-Id": "RequestId",
    "Cache-Control": "CacheControl",
    "RateLimit-Policy": "RateLimitPolicy",
    "RateLimit": "RateLimit",
}


def _operation(each: Endpoint) -> Schema:
    operation: Schema = {
        "operationId": each.name,
        "summary": each.summary,
        "description": " ".join(filter(None, [each.description, f"Needs a key with the scope `{each.scope}`."])),
        "tags": [each.tag],
        "parameters": _parameters(each),
        "responses": _responses(each),
    }
    if each.students:
        operation["description"] += f" May be called for a student, with `{ACTING_USER}`."
    if each.body is not None:
        operation["requestBody"] = {
            "required": each.body_needed,
            "content": {"application/json": _content(each.body.kind, each.taken)},
        }
    return operation


def _parameters(each: Endpoint) -> list[Schema]:
    parameters: list[Schema] = [{"name": name, "in": "path", "required": True, "schema": ID, "example": 1} for name in each.path_names]
    _, schemas = msgspec.json.schema_components([each.query.kind], ref_template=REFERENCE)
    declared = schemas[each.query.kind.__name__]
    for name, schema in declared["properties"].items():
        own = {**_without_null(schema)}
        description = own.pop("description", None)
        parameter = {"name": name, "in": "query", "required": name in declared.get("required", ()), "schema": own}
        parameters.append(parameter | ({"description": description} if description else {}))
    if each.students:
        parameters.append(
            _header(
                ACTING_USER, USER_ID, "The user for whom the key acts; what the call does is bounded by that user's rights.", example="1"
            )
        )
    if each.versioned:
        parameters.append(_header("If-Match", {"type": "string"}, "The ETags of the versions that may be changed.", example="*"))
    if each.shows_version and not each.writes:
        parameters.append(_header("If-None-Match", {"type": "string"}, "The ETags of the versions that are known already.", example='"1"'))
    return parameters


def _without_null(schema: Schema) -> Schema:
    """Give the schema of a parameter, which is left out where it is not given, and never null."""
    described = {name: value for name, value in schema.items() if name not in {"anyOf", "default"}}
    if "anyOf" in schema:
        (only,) = (member for member in schema["anyOf"] if member != {"type": "null"})
        return {**described, **only}
    return described | ({"default": schema["default"]} if schema.get("default") is not None else {})


def _header(name: str, schema: Schema, description: str, *, example: str) -> Schema:
    return {"name": name, "in": "header", "required": False, "schema": schema, "description": description, "example": example}


def _responses(each: Endpoint) -> Schema:
    told = [*ALWAYS]
    if each.path_names:
        told.append(404)
    if each.writes:
        told += [409, 422]
    if each.versioned:
        told.append(412)
    if each.body is not None:
        told += [413, 415, 422]
    headers = dict(_ALWAYS_TOLD)
    if each.shows_version:
        headers["ETag"] = "Version"
    if each.lists:
        headers["Link"] = "Link"
    success: Schema = {"content": {"application/json": _content(each.answer, each.answered)}}
    responses: Schema = {"200": {"description": "Done." if each.writes else "Found.", "headers": _headers(headers), **success}}
    if each.creates is not None:
        responses["200"]["description"] = "A dry run: nothing was kept."
        responses["201"] = {"description": "Created.", "headers": _headers(headers | {"Location": "Location"}), **success}
    if each.shows_version and not each.writes:
        responses["304"] = {"description": "It is still at a version that the caller knows.", "headers": _headers(headers)}
    for status in sorted(set(told)):
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    return responses


def _content(kind: type[msgspec.Struct], example: msgspec.Struct | None) -> Schema:
    return {"schema": {"$ref": REFERENCE.format(name=kind.__name__)}, "example": msgspec.to_builtins(example)}


def _headers(names: dict[str, str]) -> Schema:
    return {name: {"$ref": f"#/components/headers/{component}"} for name, component in names.items()}


def _problem(status: int, text: str) -> Schema:
    headers = dict(_ALWAYS_TOLD)
    if status == 401:
        headers["WWW-Authenticate"] = "Authenticate"
    if status in {429, 503}:
        headers["Retry-After"] = "RetryAfter"
    if status == 412:
        headers["ETag"] = "Version"
    example = {"title": HTTPStatus(status).phrase, "status": status, "detail": text, "code": "example"}
    return {
        "description": text,
        "headers": _headers(headers),
        "content": {PROBLEM_TYPE: {"schema": {"$ref": REFERENCE.format(name="Problem")}, "example": example}},
    }
