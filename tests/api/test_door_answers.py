import asyncio
from typing import Any

import httpx
import pytest

from rollbook.api.tms.envelope import Answer, Envelope
from rollbook.api.tms.parsing import InvalidDeclarationError
from rollbook.errors import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    RollbookError,
    SeveralRefusalsError,
    UnavailableError,
)
from tests.api.door_sample import Opened

DELETE = "/DeleteSample?id=5"


class ClassFullError(ConflictError):
    rule = "P1"


class ClassNotFoundError(NotFoundError):
    field = "if_version"


class UserNotFoundError(NotFoundError):
    field = "user_id"


def call(path: str, *, opened: Opened | None = None, **request: Any) -> httpx.Response:
    return asyncio.run((opened or Opened()).call(path, **request))


def test_it_answers_in_the_documented_case() -> None:
    assert (
        call("/UpdateSample/5?placeId=0&title=x").text
        == '{"status":0,"error":null,"EchoId":5,"Told":"x","RowsAffected":1,"Results":["one"]}'
    )
    assert call("/GetNothing").text == '{"Status":0,"Error":null}'


def test_it_answers_what_a_search_found() -> None:
    assert call("/SearchSamples?pageSize=20&sort=Name").json() == {
        "Status": 0,
        "Error": None,
        "TotalCount": 1,
        "TotalPages": 1,
        "Results": [{"Id": 20, "ExternalId": "name", "trainingKey": "False"}],
    }


def test_it_answers_empty_values_when_a_command_fails() -> None:
    assert call("/SearchSamples?pageSize=0").json() == {
        "Status": 10,
        "Error": "pageSize: 0 is not a page size (1 to 1000)",
        "TotalCount": 0,
        "TotalPages": 0,
        "Results": [],
    }


@pytest.mark.parametrize(
    "error, status, text",
    [
        (NotFoundError("the sample does not exist"), 20, None),
        (ClassNotFoundError("no such class"), 10, "ifVersion: no such class"),
        (UserNotFoundError("no such user"), 10, "userId: no such user"),
        (ClassFullError("class 10 is full"), 10, "P1: class 10 is full"),
        (InvalidError('not "good"\n'), 10, 'not "good"\n'),
        (NotAllowedError("not yours"), 10, "not yours"),
        (SeveralRefusalsError([ClassFullError("full"), UserNotFoundError("no user")]), 10, "P1: full; userId: no user"),
    ],
)
def test_it_tells_a_refusal(error: RollbookError, status: int, text: str | None) -> None:
    answer = call(DELETE, opened=Opened(error=error))

    assert answer.status_code == 200
    assert answer.json() == {"Status": status, "Error": text}


def test_it_answers_503_when_the_database_is_away() -> None:
    answer = call(DELETE, opened=Opened(error=UnavailableError("the database is away; try again")))

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json() == {"Status": 10, "Error": "the database is away; try again"}


def test_it_keeps_an_unexpected_error_to_the_log() -> None:
    opened = Opened(error=RuntimeError("secret of the house"))
    answer = call(DELETE, opened=opened, headers={"x-request-id": "r-1"})

    assert answer.status_code == 500
    assert answer.json() == {"Status": 10, "Error": "an unexpected error; see the server's log for request r-1"}
    assert b"RuntimeError: secret of the house" in opened.lines.getvalue()


def test_it_warns_only_when_there_is_something_to_warn_of() -> None:
    assert call(DELETE, opened=Opened(warnings=("C3: late",))).json() == {"Status": 0, "Error": None, "warnings": ["C3: late"]}
    assert "warnings" not in call(DELETE).json()


def test_it_answers_what_a_dry_run_would_have_changed() -> None:
    changes = [{"object": "Sample", "id": 5, "field": "Grade", "before": None, "after": 80}]

    assert call("/UpdateSample/5?placeId=0&dryRun=true").json()["changes"] == changes
    assert call(f"{DELETE}&dryRun=1").json() == {"Status": 0, "Error": None, "changes": []}
    assert "changes" not in call("/UpdateSample/5?placeId=0&dryRun=false").json()


def test_it_never_keeps_an_answer() -> None:
    assert call("/GetNothing").headers["cache-control"] == "no-store"
    assert call("/GetNothing").headers["content-type"] == "application/json"


def test_it_refuses_to_declare_an_answer_that_has_no_empty_value() -> None:
    class Bad(Answer):
        name: str

    with pytest.raises(InvalidDeclarationError):
        Envelope(Bad)
