"""
The one place where what went wrong becomes an answer: a problem as RFC 9457 has it.

A sentence of the domain says the fact and, behind its last ``; ``, what to do; the latter is told as ``remedy`` as well.
"""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from rollbook.access.errors import InvalidKeyError
from rollbook.api.rest.refused import RefusedError
from rollbook.enrollments.actions.many import RowsRefusedError
from rollbook.errors import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    RollbookError,
    SeveralRefusalsError,
    UnavailableError,
)
from rollbook.history.versions import VersionChangedError

PROBLEM_TYPE: Final = "application/problem+json"

Code = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*$", description="The kind of problem, for programs; it never changes.")]
Detail = Annotated[str, Meta(description="The fact, and what to do about it.")]
RuleNumber = Annotated[str, Meta(pattern="^[A-Z][0-9]$", description="The number of the rule that refuses.")]
Field = Annotated[
    str, Meta(description="The value at fault: a JSON path such as `$.name` in a body, or the name of a parameter or of a header.")
]
Remedy = Annotated[str, Meta(description="What would have to change.")]


class ProblemPart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of several things that refuse the same request."""

    code: Code
    detail: Detail
    rule: RuleNumber | UnsetType = UNSET
    field: Field | UnsetType = UNSET
    remedy: Remedy | UnsetType = UNSET
    row: Annotated[int, Meta(ge=0, description="The place of the row at fault, from 0, where many were sent.")] | UnsetType = UNSET


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong (RFC 9457)."""

    title: Annotated[str, Meta(description="The HTTP status in words.")]
    status: Annotated[int, Meta(ge=400, le=599, description="The HTTP status.")]
    detail: Detail
    code: Code
    type: Annotated[str, Meta(description="Always `about:blank`: the code tells what it is.")] | UnsetType = UNSET
    rule: RuleNumber | UnsetType = UNSET
    field: Field | UnsetType = UNSET
    remedy: Remedy | UnsetType = UNSET
    errors: Annotated[list[ProblemPart], Meta(description="Each single problem, where values or rules refuse.")] | UnsetType = UNSET
    current: Annotated[Any, Meta(description="With 412: what the thing is now.")] | UnsetType = UNSET
    request: Annotated[str, Meta(description="The request's id in the server's log.")] | UnsetType = UNSET


class StaleError(Exception):
    """
    What a caller would change is at another version than the caller read.

    Attributes:
        current: The thing as it is now.
        version: Its version.
    """

    def __init__(self, error: VersionChangedError, current: Any) -> None:
        self.error = error
        self.current = current
        self.version: int = error.version
        super().__init__(str(error))


class Told(msgspec.Struct, frozen=True):
    """A problem, and the headers that go with it."""

    problem: Problem
    headers: Mapping[str, str] = {}


Placing = Callable[[str], str]
"""From the name of a value in the domain to what the caller knows it by."""

_BEARER: Final = {"WWW-Authenticate": 'Bearer realm="rollbook"'}
_RETRY_SOON: Final = {"Retry-After": "1"}
_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")
_STATUSES: Final[tuple[tuple[type[RollbookError], int], ...]] = (
    (UnavailableError, 503),
    (InvalidKeyError, 401),
    (NotAllowedError, 403),
    (VersionChangedError, 412),
    (ConflictError, 409),
    (InvalidError, 422),
)
_GRAVEST_FIRST: Final = (503, 401, 403, 404, 412, 422, 409)


def as_it_is(name: str) -> str:
    """Place a value by the name that the domain has for it."""
    return name


def status_of(error: RollbookError) -> int:
    """Give the HTTP status of an error: that of its kind, and of several the gravest."""
    if isinstance(error, SeveralRefusalsError):
        return min((status_of(refusal) for refusal in error.refusals), key=_GRAVEST_FIRST.index)
    if isinstance(error, NotFoundError):
        return 404 if error.field is None else 422
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 409)


def code_of(error: RollbookError) -> str:
    """Give what programs know an error by: the name of its class in snake case, without ``Error``."""
    return _WORD.sub("_", type(error).__name__.removesuffix("Error")).lower()


def remedy_in(sentence: str) -> str | UnsetType:
    """Give what a sentence says to do."""
    return sentence.rpartition("; ")[2] if "; " in sentence else UNSET


def problem_of(error: RollbookError, placing: Placing = as_it_is) -> Told:
    """Tell an error of the domain."""
    status = status_of(error)
    if isinstance(error, RowsRefusedError):
        return Told(_problem_of_rows(error, placing))
    parts = _parts(error, placing)
    first = parts[0]
    several = len(parts) > 1
    problem = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=str(error),
        code="several_refusals" if several else first.code,
        rule=UNSET if several else first.rule,
        field=UNSET if several else first.field,
        remedy=UNSET if several else first.remedy,
        errors=parts if several or status in {409, 422} else UNSET,
    )
    return Told(problem, _BEARER if status == 401 else _RETRY_SOON if status == 503 else {})


def problem_of_refused(refused: RefusedError) -> Told:
    """Tell what the door itself refuses."""
    part = ProblemPart(code=refused.code, detail=refused.detail, field=refused.field or UNSET, remedy=remedy_in(refused.detail))
    problem = Problem(
        title=HTTPStatus(refused.status).phrase,
        status=refused.status,
        detail=refused.detail,
        code=refused.code,
        field=part.field,
        remedy=part.remedy,
        errors=[part] if refused.status in {400, 422} and refused.field else UNSET,
    )
    return Told(problem, refused.headers)


def problem_of_stale(stale: StaleError) -> Told:
    """Tell that a thing is at another version, and what it is now."""
    sentence = str(stale.error)
    problem = Problem(
        title=HTTPStatus.PRECONDITION_FAILED.phrase,
        status=412,
        detail=sentence,
        code=code_of(stale.error),
        field="If-Match",
        remedy=remedy_in(sentence),
        current=stale.current,
    )
    return Told(problem, {"ETag": f'"{stale.version}"'})


def problem_of_mistake(request_id: str) -> Told:
    """Tell that the program made a mistake, and nothing of it."""
    return Told(
        Problem(
            title=HTTPStatus.INTERNAL_SERVER_ERROR.phrase,
            status=500,
            detail=f"an unexpected error; see the server's log for request {request_id}",
            code="unexpected_error",
            request=request_id,
        )
    )


def _problem_of_rows(error: RowsRefusedError, placing: Placing) -> Problem:
    """Tell that rows were refused of which all were to be carried out, and of each why."""
    sentence = str(error)
    refused = [(outcome.index, outcome.refusal) for outcome in error.refused if outcome.refusal is not None]
    return Problem(
        title=HTTPStatus.CONFLICT.phrase,
        status=409,
        detail=sentence,
        code=code_of(error),
        remedy="correct or leave out the rows that are told",
        errors=[msgspec.structs.replace(part, row=index) for index, refusal in refused for part in _parts(refusal, placing)],
    )


def _parts(error: RollbookError, placing: Placing) -> list[ProblemPart]:
    return [_part(refusal, placing) for refusal in (error.refusals if isinstance(error, SeveralRefusalsError) else (error,))]


def _part(error: RollbookError, placing: Placing) -> ProblemPart:
    sentence = str(error)
    return ProblemPart(
        code=code_of(error),
        detail=sentence,
        rule=error.rule or UNSET,
        field=placing(error.field) if error.field else UNSET,
        remedy=remedy_in(sentence),
    )
