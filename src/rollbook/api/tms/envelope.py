"""What every answer looks like: a status, an error text, and what was asked for."""

from collections.abc import Sequence
from enum import IntEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from msgspec import Meta
from msgspec.json import Encoder
from msgspec.structs import fields

from rollbook.api.tms.declared import Declared
from rollbook.api.tms.parsing import InvalidDeclarationError


class Status(IntEnum):
    """The documented codes of an answer."""

    SUCCESS = 0
    ERROR = 10
    NOT_FOUND = 20
    INVALID_KEY = 30


class Record(Declared, rename="pascal"):
    """An object in an answer; its fields are documented in Pascal case."""


class Answer(Record):
    """
    What a command answers beside status and error.

    Each field is a list, may be None, or is a count: that is what it becomes when the command fails.
    """


class Done(Answer):
    """The answer of a command that has nothing to say but that it is done."""


class Change(Declared):
    """
    One value that a dry run would have changed.

    Attributes:
        object: What kind of object has the value, such as ``ClassEnrollment``.
        id: The object's id; None for one that would have been created.
        field: The documented name of the value.
        before: What it is.
        after: What it would have become.
    """

    object: str
    id: int | None
    field: str
    before: str | int | bool | None
    after: str | int | bool | None


Total = Annotated[int, Meta(description="How many there are on all pages.")]
Pages = Annotated[int, Meta(description="How many pages there are.")]

encode = Encoder().encode


class Envelope:
    """
    The encoder of one command's answers; whatever does not depend on the call is encoded once.

    Attributes:
        status_name: ``status`` or ``Status``, as documented for the command.
        error_name: ``error`` or ``Error``.
    """

    def __init__(self, answer: type[Answer], *, lower_case: bool = False) -> None:
        self.status_name, self.error_name = ("status", "error") if lower_case else ("Status", "Error")
        nothing = encode(empty_payload(answer))
        self._nothing = b"," + nothing[1:] if nothing != b"{}" else b"}"
        self._done = self._head(Status.SUCCESS) + b"null}"
        self._success = self._done[:-1] + b","
        self._error = self._head(Status.ERROR)
        self.not_found = self._head(Status.NOT_FOUND) + b"null" + self._nothing
        self.invalid_key = self._head(Status.INVALID_KEY) + b"null" + self._nothing

    def _head(self, status: Status) -> bytes:
        return f'{{"{self.status_name}":{int(status)},"{self.error_name}":'.encode()

    def success(self, answer: Answer, warnings: Sequence[str], changes: Sequence[Change] | None) -> bytes:
        """
        Encode what a command answered.

        Args:
            answer: Its answer.
            warnings: Texts for the field ``warnings``, which is there only when there are any.
            changes: What a dry run would have changed; None when it is none.
        """
        payload = encode(answer)
        body = self._done if payload == b"{}" else self._success + payload[1:]
        if warnings:
            body = body[:-1] + b',"warnings":' + encode(warnings) + b"}"
        if changes is not None:
            body = body[:-1] + b',"changes":' + encode(changes) + b"}"
        return body

    def error(self, text: str) -> bytes:
        """Encode that a command was refused, and why."""
        return self._error + encode(text) + self._nothing


def empty_payload(answer: type[Answer]) -> dict[str, object]:
    """
    Give what an answer's fields are when the command fails: lists are empty, objects and ids null, counts 0.

    Raises:
        InvalidDeclarationError: A field is none of these.
    """
    hints = get_type_hints(answer)
    return {field.encode_name: empty_value(answer, field.name, hints[field.name]) for field in fields(answer)}


def empty_value(answer: type[Answer], field: str, hint: Any) -> object:
    """
    Give what one field of an answer is when the command fails.

    Raises:
        InvalidDeclarationError: Its type allows neither an empty list, null nor 0.
    """
    if get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint):
        return None
    if get_origin(hint) in (list, tuple, Sequence) or hint is list:
        return []
    if hint is int:
        return 0
    raise InvalidDeclarationError(f"{answer.__name__}.{field} must be a list, a count (int) or be able to be None, for a failed command")
