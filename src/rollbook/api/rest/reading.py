"""Reading a request: its query and its body, each into the struct that declares it."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, Generic, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import inspect

from rollbook.api.rest.refused import RefusedError, malformed, unprocessable
from rollbook.api.rest.tidying import UntidyError, tidier_of

S = TypeVar("S", bound=msgspec.Struct)

LARGEST_QUERY: Final = 16_384
MOST_PARAMETERS: Final = 200
INTEGER: Final = re.compile("-?(0|[1-9][0-9]{0,17})")
JSON_TYPE: Final = re.compile(r'application/json\s*(;\s*charset="?utf-8"?\s*)?', re.IGNORECASE)
PLACE: Final = re.compile(r"(?P<fact>.*?)( - at `(?P<path>.*)`)?", re.DOTALL)
IN_LIST: Final = re.compile(r"\[.*")
UNKNOWN_FIELD: Final = re.compile("Object contains unknown field `(?P<name>.*)`", re.DOTALL)
MISSING_FIELD: Final = re.compile("Object missing required field `(?P<name>.*)`", re.DOTALL)
TRUTHS: Final = {"true": True, "false": False}


class BodyReader(Generic[S]):
    """Reads bodies of one struct."""

    def __init__(self, kind: type[S]) -> None:
        self.kind = kind
        self._decode = msgspec.json.Decoder(kind).decode
        self._tidy = tidier_of(kind)

    def read(self, body: bytes, content_type: str | None) -> S:
        """
        Read a body.

        Raises:
            RefusedError: It is not JSON, 415 or 400, or not what is declared, 422.
        """
        if content_type is None or not JSON_TYPE.fullmatch(content_type.strip()):
            raise RefusedError(415, "unsupported_media_type", "the body is not sent as JSON; send it as Content-Type: application/json")
        try:
            decoded: S = self._tidy(self._decoded(body), "$")
        except msgspec.ValidationError as error:
            raise told(str(error)) from error
        except UntidyError as error:
            raise unprocessable(f"{error}; correct {error.path}", field=error.path) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise malformed("malformed_json", f"the body is not JSON ({error}); send one JSON object in UTF-8") from error
        except RecursionError as error:
            raise malformed("malformed_json", "the body is nested too deep; send one JSON object as documented") from error
        return decoded

    def _decoded(self, body: bytes) -> S:
        """Decode a body, in which a whole number may be written as ``1.0``: to JSON, and to its schemas, that is the same number."""
        try:
            return self._decode(body)
        except msgspec.ValidationError as error:
            if "`float`" not in str(error):
                raise
        return msgspec.convert(_with_whole_numbers(msgspec.json.decode(body)), self.kind)


def _with_whole_numbers(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _with_whole_numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(each) for each in value]
    return value


def told(text: str) -> RefusedError:
    """Tell what a decoder refuses."""
    found = PLACE.fullmatch(text)
    assert found is not None  # noqa: S101 - it takes any text
    fact, path = found["fact"], found["path"] or "$"
    if unknown := UNKNOWN_FIELD.fullmatch(fact):
        return unprocessable(f"there is no field {unknown['name']!r} here; leave it out", field=f"{path}.{unknown['name']}")
    if missing := MISSING_FIELD.fullmatch(fact):
        return unprocessable(f"the field {missing['name']} is missing; give it", field=f"{path}.{missing['name']}")
    return unprocessable(f"{fact} at {path}; correct it", field=path)


class QueryReader(Generic[S]):
    """Reads queries of one struct."""

    def __init__(self, kind: type[S]) -> None:
        self.kind = kind
        self._tidy = tidier_of(kind)
        declared = inspect.type_info(kind)
        assert isinstance(declared, inspect.StructType)  # noqa: S101 - a struct's type is a struct's
        self._readers = {field.encode_name: _reader(field.type) for field in declared.fields}
        self._lists = {field.encode_name for field in declared.fields if _list_in(field.type)}

    def read(self, query: bytes) -> S:
        """
        Read a query.

        Raises:
            RefusedError: It is too long, 414, or not what is declared, 400.
        """
        given: dict[str, Any] = {}
        for name, text in read_pairs(query):
            reader = self._readers.get(name)
            if reader is None:
                known = ", ".join(self._readers) or "none"
                raise malformed(
                    "unknown_parameter", f"there is no query parameter {name!r} here; give only those there are: {known}", field=name
                )
            if name in self._lists:
                given.setdefault(name, []).append(reader(name, text))
            elif name in given:
                raise malformed("repeated_parameter", f"the query parameter {name} is given twice; give it once", field=name)
            else:
                given[name] = reader(name, text)
        try:
            converted: S = self._tidy(msgspec.convert(given, self.kind, strict=True, str_keys=True), "$")
        except msgspec.ValidationError as error:
            found = PLACE.fullmatch(str(error))
            assert found is not None  # noqa: S101 - it takes any text
            name = IN_LIST.sub("", (found["path"] or "$").removeprefix("$."))
            raise malformed("invalid_parameter", f"query parameter {name}: {found['fact']}; correct it", field=name) from error
        except UntidyError as error:
            name = error.path.removeprefix("$.")
            raise malformed("invalid_parameter", f"query parameter {name}: {error}; correct it", field=name) from error
        return converted


def read_pairs(query: bytes) -> Iterable[tuple[str, str]]:
    """
    Take a query apart.

    Raises:
        RefusedError: It is too long, 414, or cannot be taken apart, 400.
    """
    if len(query) > LARGEST_QUERY:
        raise RefusedError(414, "query_too_large", "the query is larger than 16 KiB; give fewer or shorter values")
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise malformed("malformed_query", "the query cannot be read; send names and values in UTF-8, percent-encoded") from error


def _list_in(kind: inspect.Type) -> inspect.ListType | inspect.VarTupleType | None:
    if isinstance(kind, inspect.Metadata):
        return _list_in(kind.type)
    members = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return next((member for member in members if isinstance(member, inspect.ListType | inspect.VarTupleType)), None)


def _reader(kind: inspect.Type) -> Callable[[str, str], Any]:
    """Give the function that reads a parameter's text as far as a query has no types; the struct checks the rest."""
    if isinstance(kind, inspect.Metadata):
        return _reader(kind.type)
    if isinstance(kind, inspect.UnionType):
        (kind,) = (member for member in kind.types if not isinstance(member, inspect.NoneType))
        return _reader(kind)
    if isinstance(kind, inspect.ListType | inspect.VarTupleType):
        return _reader(kind.item_type)
    if isinstance(kind, inspect.BoolType):
        return _read_truth
    if isinstance(kind, inspect.IntType) or (isinstance(kind, inspect.LiteralType) and isinstance(kind.values[0], int)):
        return _read_integer
    return _read_text


def _read_text(_name: str, text: str) -> str:
    return text


def _read_integer(name: str, text: str) -> int:
    if not INTEGER.fullmatch(text):
        raise malformed("invalid_parameter", f"query parameter {name}: the value is not a whole number; give one", field=name)
    return int(text)


def _read_truth(name: str, text: str) -> bool:
    if text not in TRUTHS:
        raise malformed("invalid_parameter", f"query parameter {name}: the value is neither true nor false; give one of them", field=name)
    return TRUTHS[text]
