"""What the OpenAPI document says of the commands, and which of it is marked as not part of the TMS."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from rollbook.api.tms.openapi import openapi_document
from rollbook.app import COMMANDS

OURS: Final = "Not part of the TMS."
ENVELOPE: Final = frozenset({"Status", "Error", "status", "error"})
DOCUMENT: Final[Mapping[str, Any]] = msgspec.json.decode(openapi_document(COMMANDS))

Schema = Mapping[str, Any]


def parameters_of(command: str) -> dict[str, bool]:
    """Give the names of a command's parameters, each with whether it is ours."""
    described = DOCUMENT["paths"][f"/{command}"]["get"]["parameters"]
    return {parameter["name"]: "x-rollbook-ours" in parameter for parameter in described}


def answer_of(command: str) -> dict[str, Schema]:
    """Give the fields of a command's answer and their schemas, without status and error."""
    described: dict[str, Schema] = DOCUMENT["components"]["schemas"][f"{command}Answer"]["properties"]
    return {name: schema for name, schema in described.items() if name not in ENVELOPE}


def envelope_of(command: str) -> set[str]:
    """Give what a command's answer calls status and error."""
    return {name for name in DOCUMENT["components"]["schemas"][f"{command}Answer"]["properties"] if name in ENVELOPE}


def is_ours(schema: Schema) -> bool:
    """Say whether a field is marked as not part of the TMS."""
    return OURS in schema.get("description", "")


def object_in(schema: Schema) -> Schema | None:
    """Give the schema of the object that a field is, may be, or lists; None where it holds none."""
    for inner in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        found = object_in(inner)
        if found is not None:
            return found
    if "$ref" in schema:
        described: Schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return described
    return schema if "properties" in schema else None


def unlike(schema: Schema, value: Any, place: str) -> Iterator[str]:
    """Give the places at which an answer has other names than its schema."""
    described = object_in(schema)
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from unlike(schema, each, f"{place}[{number}]")
    elif isinstance(value, dict) and described is not None:
        if set(value) != set(described["properties"]):
            yield f"{place}: {set(value) ^ set(described['properties'])}"
        for name in value.keys() & described["properties"].keys():
            yield from unlike(described["properties"][name], value[name], f"{place}.{name}")
