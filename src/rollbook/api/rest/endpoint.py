"""Declaring an endpoint: once, and its handler, its checks and its part of the OpenAPI document follow from that."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, get_args, get_type_hints

import msgspec
from msgspec import Struct

from rollbook.access.scopes import Scope
from rollbook.api.rest.lists import Page, Query
from rollbook.api.rest.performing import Outcome
from rollbook.api.rest.reading import BodyReader, QueryReader

Handler = Callable[..., Awaitable[Struct]]

IN_PATH: Final = re.compile(r"{(\w+)}")


class InvalidEndpointError(Exception):
    """An endpoint is declared in a way that does not fit together."""


class DryRun(Query, frozen=True, kw_only=True):
    """What every write takes."""

    dry_run: bool = False


class Endpoint:
    """
    One method of one path.

    Attributes:
        method: The HTTP method.
        path: The path beneath the API's root, with ``{name}`` for each id in it.
        name: The operation's id: the handler's name.
        summary: The first line of the handler's docstring.
        description: The rest of it.
        tag: The part of the document that it belongs to.
        scope: What a key must have for it.
        students: Whether it may be called for a student.
        creates: The path at which what it creates is found, with ``{id}``; None for whatever creates nothing.
        versioned: Whether ``If-Match`` counts.
        path_names: The ids in the path.
        query: Reads the query.
        body: Reads the body; None where there is none.
        body_needed: Whether a body has to be there.
        answer: What it answers.
        taken: An example of the body.
        answered: An example of the answer.
    """

    def __init__(
        self,
        method: str,
        path: str,
        handler: Handler,
        *,
        tag: str,
        scope: Scope,
        students: bool,
        creates: str | None,
        versioned: bool,
        taken: Struct | None,
        answered: Struct,
    ) -> None:
        self.method = method
        self.path = path
        self.handler = handler
        self.name = handler.__name__
        summary, _, description = (handler.__doc__ or "").strip().partition("\n")
        self.summary = summary.rstrip(".")
        self.description = " ".join(description.split())
        self.tag = tag
        self.scope = scope
        self.students = students
        self.creates = creates
        self.taken = taken
        self.answered = answered
        self.path_names: tuple[str, ...] = tuple(IN_PATH.findall(path))
        hints = get_type_hints(handler, include_extras=True)
        self.answer: type[Struct] = hints["return"]
        self.writes = issubclass(self.answer, Outcome)
        self.lists = issubclass(self.answer, Page)
        self.versioned = versioned and self.writes and bool(self.path_names) and creates is None
        query = hints.get("query")
        self.takes_query = query is not None
        self.query: QueryReader[Any] = QueryReader(_with_dry_run(query, self.name) if self.writes else query or Query)
        body = hints.get("body")
        self.body_needed = type(None) not in get_args(body)
        members = [member for member in get_args(body) if member is not type(None)]
        self.body: BodyReader[Any] | None = BodyReader(members[0] if members else body) if body else None
        self._check(hints)

    @property
    def shows_version(self) -> bool:
        """Whether the answer is a single thing with a version, so that it has an ETag."""
        shown = _result_of(self.answer) if self.writes else None if self.lists else self.answer
        return shown is not None and "version" in shown.__struct_fields__

    def _check(self, hints: dict[str, Any]) -> None:
        expected = {"call", "return", *self.path_names} | ({"query"} & hints.keys()) | ({"body"} & hints.keys())
        if expected != set(hints):
            raise InvalidEndpointError(f"{self.name} takes {sorted(hints)}, but its path says {sorted(expected)}")
        if (self.body is None) != (self.taken is None):
            raise InvalidEndpointError(f"{self.name} has a body and no example of it, or the other way round")
        if not isinstance(self.answered, self.answer) or not self.summary:
            raise InvalidEndpointError(f"{self.name} has no example of its answer, or no docstring")


def endpoint(
    method: str,
    path: str,
    *,
    tag: str,
    scope: Scope,
    answers: Struct,
    takes: Struct | None = None,
    students: bool = False,
    creates: str | None = None,
    versioned: bool = True,
) -> Callable[[Handler], Endpoint]:
    """
    Declare the endpoint that a function handles.

    The function takes ``call``, each id of the path by its name, and, where there are such, ``query`` and ``body``; their types, and that of
    what it answers, are the declaration: an Outcome is a write, which takes ``dry_run`` and ``If-Match`` as well, a Page is a list, a struct
    with a ``version`` has an ETag.

    Args:
        method: The HTTP method.
        path: The path beneath the API's root, such as ``/courses/{course_id}``.
        tag: The part of the document that it belongs to.
        scope: What a key must have for it.
        answers: An example of the answer.
        takes: An example of the body, where there is one.
        students: It may be called for a student.
        creates: The path at which what it creates is found, such as ``/courses/{id}``: it answers 201 with a ``Location``.
        versioned: A write whose path has an id takes ``If-Match``; not where what it changes has no version of its own.
    """

    def declare(handler: Handler) -> Endpoint:
        return Endpoint(
            method,
            path,
            handler,
            tag=tag,
            scope=scope,
            students=students,
            creates=creates,
            versioned=versioned,
            taken=takes,
            answered=answers,
        )

    return declare


def _result_of(outcome: type[Struct]) -> type[Struct] | None:
    """Give the struct that is the result of an outcome, null or not."""
    result = get_type_hints(outcome).get("result")
    members = get_args(result) or (result,)
    return next((member for member in members if isinstance(member, type) and issubclass(member, Struct)), None)


def _with_dry_run(query: type[Struct] | None, name: str) -> type[Struct]:
    """Give the struct of a write's query: what it takes of its own, and whether to keep anything."""
    if query is None:
        return DryRun
    return msgspec.defstruct(f"{name}_query", [("dry_run", bool, False)], bases=(query,), frozen=True, kw_only=True)
