"""What is done to the values of a body or a query after they were decoded: texts are trimmed, and what a pattern lets slip is refused."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import inspect
from msgspec.structs import replace

from rollbook.api.rest.values import LINES, SECRET

Tidier = Callable[[Any, str], Any]
"""From a value and its JSON path to the tidied value; raises UntidyError."""


class UntidyError(Exception):
    """
    A value that its schema refuses, and the decoder does not.

    Attributes:
        path: The value's JSON path.
    """

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        super().__init__(text)


def tidier_of(kind: type[msgspec.Struct]) -> Tidier:
    """Give the function that tidies structs of a type."""
    return _tidier(inspect.type_info(kind)) or _as_it_is


def _as_it_is(value: Any, _path: str) -> Any:
    return value


def _tidier(kind: inspect.Type) -> Tidier | None:
    if isinstance(kind, inspect.Metadata):
        return _tidier(kind.type)
    if isinstance(kind, inspect.StrType):
        return _lines if kind.pattern == LINES else _secret if kind.pattern == SECRET else _line
    if isinstance(kind, inspect.DateTimeType):
        return _moment
    if isinstance(kind, inspect.StructType):
        return _struct(kind)
    if isinstance(kind, inspect.ListType | inspect.VarTupleType):
        each = _tidier(kind.item_type)
        return each and _items(each)
    if isinstance(kind, inspect.UnionType):
        return _one_of([tidier for member in kind.types if (tidier := _tidier(member))])
    return None


def _line(text: str, path: str) -> str:
    return _secret(text, path).strip()


def _secret(text: str, path: str) -> str:
    # Python's $ takes a line break at the end, which a JSON schema's does not.
    if text.endswith("\n"):
        raise UntidyError("Expected a text without line breaks", path)
    return text


def _lines(text: str, _path: str) -> str:
    return text.strip()


def _moment(moment: datetime, path: str) -> datetime:
    if moment.timestamp() < 0:
        raise UntidyError("Expected a time since 1970-01-01T00:00:00Z", path)
    return moment


def _items(each: Tidier) -> Tidier:
    return lambda items, path: type(items)(each(item, f"{path}[{place}]") for place, item in enumerate(items))


def _struct(kind: inspect.StructType) -> Tidier | None:
    tidiers = {field.name: tidier for field in kind.fields if (tidier := _tidier(field.type))}

    def tidy(struct: msgspec.Struct, path: str) -> msgspec.Struct:
        changed = {}
        for name, tidier in tidiers.items():
            value = getattr(struct, name)
            if value is not None and value is not msgspec.UNSET:
                tidied = tidier(value, f"{path}.{name}")
                if tidied is not value:
                    changed[name] = tidied
        return replace(struct, **changed) if changed else struct

    return tidy if tidiers else None


def _one_of(tidiers: list[Tidier]) -> Tidier | None:
    """Tidy a value that may be null: beside that, a field of a body is of one type."""
    return tidiers[0] if tidiers else None
