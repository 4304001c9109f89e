"""The OpenAPI 3.1 document of the door, made from nothing but the commands' declarations."""

from collections.abc import Iterable
from http import HTTPStatus

import msgspec

from rollbook.api.tms.command import Command
from rollbook.api.tms.door import LARGEST_QUERY
from rollbook.api.tms.envelope import Answer, Change, Envelope, Status
from rollbook.api.tms.kinds import Kind, Schema
from rollbook.api.tms.lists import Meetings
from rollbook.api.tms.parsing import Parameter
from rollbook.api.tms.paths import PREFIX
from rollbook.api.tms.reply import BARE

REFERENCE = "#/components/schemas/{name}"
OURS = "Not part of the TMS."
FAILURES = {
    404: "The path is no command.",
    405: "The method is neither GET nor POST, or a browser made the request by itself.",
    413: "The body is larger than 1 MiB.",
    414: "The query is larger than 16 KiB; beyond 64 KiB the answer has no body.",
    429: "The key has used up its calls; Retry-After tells when to come again.",
    500: "An unexpected error; the text names the request in the server's log.",
    503: "The database is away.",
}
STATUS: Schema = {
    "type": "integer",
    "format": "int32",
    "enum": [int(status) for status in Status],
    "description": "- 0 = Success\n- 10 = Error\n- 20 = Not found\n- 30 = Invalid key",
}
ERROR: Schema = {"type": ["string", "null"], "description": "What is wrong; a text exactly when the status is 10."}
WARNINGS: Schema = {"type": "array", "items": {"type": "string"}, "description": f"What is worth knowing although it was done. {OURS}"}
DESCRIPTION = (
    "Commands are called by GET or POST; parameters come in the query, in a form or in a JSON object, and their names' case does not matter. "
    "Leave a parameter out, or empty, to keep a value; give exactly `null` to clear it, where it can be cleared."
)


def openapi_document(commands: Iterable[Command]) -> bytes:
    """Give the document as JSON text."""
    known = sorted(commands, key=lambda command: (command.group, command.name))
    _, schemas = msgspec.json.schema_components([command.answer for command in known] + [Change], ref_template=REFERENCE)
    # An answer's fields stand beside the status, so an answer is no object of its own in the document.
    payloads = {
        command.answer: schemas.pop(command.answer.__name__)["properties"] for command in {each.answer: each for each in known}.values()
    }
    schemas["Refusal"] = answer_schema(BARE, Answer.__name__, {})
    paths: dict[str, Schema] = {}
    for command in known:
        schemas[f"{command.name}Answer"] = answer_schema(command.envelope, command.name, payloads[command.answer], writes=command.writes)
        schemas[f"{command.name}Parameters"] = body_schema(
            [parameter for parameter in command.parser.declared if not parameter.kind.in_path]
        )
        paths[f"/{command.name}"] = path_item(command, with_id=False)
        in_path = command.parser.in_path
        if in_path is not None:
            paths[f"/{command.name}/{{{in_path.name}}}"] = path_item(command, with_id=True)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Rollbook: TMS API 2.0", "version": "2.0", "description": DESCRIPTION},
        "servers": [{"url": PREFIX.decode()}],
        "security": [{"key": []}],
        "tags": [{"name": group} for group in dict.fromkeys(command.group for command in known)],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "api_key"}},
            "schemas": schemas,
        },
    }
    return msgspec.json.encode(document)


def answer_schema(envelope: Envelope, title: str, payload: Schema, *, writes: bool = False) -> Schema:
    """Describe a whole answer: the envelope and what it carries."""
    always = {envelope.status_name: STATUS, envelope.error_name: ERROR, **payload}
    sometimes: Schema = {"warnings": WARNINGS}
    if writes:
        changes = {"type": "array", "items": {"$ref": REFERENCE.format(name=Change.__name__)}}
        sometimes["changes"] = changes | {"description": f"What a dry run would have changed. {OURS}"}
    return {"title": title, "type": "object", "properties": always | sometimes, "required": list(always), "additionalProperties": False}


def path_item(command: Command, *, with_id: bool) -> Schema:
    """Describe a command at one of its paths, by GET and by POST."""
    parameters = [parameter_object(parameter, with_id=with_id) for parameter in command.parser.declared]
    in_path = [parameter for parameter in parameters if parameter["in"] == "path"]
    body: Schema = {"$ref": REFERENCE.format(name=f"{command.name}Parameters")}
    if command.parser.in_path is not None and not with_id:
        body = {"allOf": [body, body_schema([command.parser.in_path])]}
    content = {media_type: {"schema": body} for media_type in ("application/x-www-form-urlencoded", "application/json")}
    suffix = "ById" if with_id else ""
    get = operation(command) | {"operationId": f"{command.name}{suffix}", "parameters": parameters}
    post = operation(command) | {"operationId": f"{command.name}{suffix}ByPost", "requestBody": {"content": content}}
    if in_path:
        post["parameters"] = in_path
    return {"get": get, "post": post}


def operation(command: Command) -> Schema:
    """Describe what both methods of a command have in common."""
    description = "\n\n".join(text for text in (command.description, OURS if command.ours else "") if text)
    told: Schema = {"tags": [command.group], "summary": command.summary, "responses": responses(command)}
    if description:
        told["description"] = description
    if command.ours:
        told["x-rollbook-ours"] = True
    return told


def responses(command: Command) -> Schema:
    """Describe a command's answers by HTTP status."""
    answer = response("The answer; `status` tells how it went.", f"{command.name}Answer")
    answer["headers"] = {
        "x-request-id": {"description": "Names the request in the server's log.", "schema": {"type": "string"}},
        "x-rollbook-ignored": {"description": "The names of parameters that the command does not know.", "schema": {"type": "string"}},
    }
    failures = {
        str(status): response(text, "Refusal" if status == HTTPStatus.NOT_FOUND else f"{command.name}Answer")
        for status, text in FAILURES.items()
    }
    return {"200": answer} | failures


def response(description: str, schema: str) -> Schema:
    """Describe one answer."""
    return {"description": description, "content": {"application/json": {"schema": {"$ref": REFERENCE.format(name=schema)}}}}


def parameter_object(parameter: Parameter, *, with_id: bool) -> Schema:
    """Describe a parameter of the path or the query."""
    place = "path" if parameter.kind.in_path and with_id else "query"
    told: Schema = {"name": parameter.name, "in": place, "description": description_of(parameter)}
    if place == "path" or parameter.required:
        told["required"] = True
    if isinstance(parameter.kind, Meetings):
        told["content"] = {"application/json": {"schema": parameter.kind.schema()}}
    else:
        told["schema"] = in_a_query(parameter.kind.schema())
    return told | extras(parameter.kind)


def in_a_query(schema: Schema) -> Schema:
    """Describe a value that has to fit into a query: a longer one goes into the body of a POST."""
    return schema | {"maxLength": LARGEST_QUERY} if schema.get("maxLength", 0) > LARGEST_QUERY else schema


def body_schema(parameters: Iterable[Parameter]) -> Schema:
    """Describe a body that holds the parameters."""
    listed = list(parameters)
    properties = {parameter.name: value_schema(parameter) | extras(parameter.kind) for parameter in listed}
    schema: Schema = {"type": "object", "properties": properties}
    required = [parameter.name for parameter in listed if parameter.required]
    return schema | {"required": required} if required else schema


def value_schema(parameter: Parameter) -> Schema:
    """Describe a parameter's value in a body."""
    schema = parameter.kind.schema()
    if parameter.clearable:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema | {"description": description_of(parameter)}


def description_of(parameter: Parameter) -> str:
    """Give a parameter's description with what its schema cannot say."""
    text = parameter.kind.documentation()
    return f"{text} `null` clears it." if parameter.clearable else text


def extras(kind: Kind) -> Schema:
    """Give what is said of a parameter only where it is so."""
    told: Schema = {"x-rollbook-ours": True} if kind.ours else {}
    return told if kind.example is None else told | {"example": kind.example}
