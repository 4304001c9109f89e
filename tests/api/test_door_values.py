from typing import Annotated, Any

import pytest
from msgspec import UNSET

from rollbook.api.tms.choices import SortOrder
from rollbook.api.tms.given import read_pairs
from rollbook.api.tms.lists import MeetingTimes
from rollbook.api.tms.numbers import Id
from rollbook.api.tms.parsing import InvalidDeclarationError, InvalidParametersError, Parameters, Parser
from tests.api.door_sample import Everything, Place, SampleSearch

PARSER = Parser(Everything, writes=True)
SEARCH = Parser(SampleSearch, writes=False)


def parse(query: str, parser: Parser = PARSER) -> Any:
    required = "id=5&placeId=0&" if parser is PARSER else ""
    return parser.parse(read_pairs((required + query).encode(), "query"), None).parameters


@pytest.mark.parametrize(
    "query, field, value",
    [
        ("classId=2147483647", "class_id", 2_147_483_647),
        ("classId=007", "class_id", 7),
        ("classId=null", "class_id", None),
        ("classId=", "class_id", UNSET),
        ("classId=+", "class_id", UNSET),
        ("classId=&classId=4", "class_id", 4),
        ("Grade=-5", "grade", -5),
        ("Grade=%2B5", "grade", 5),
        ("starts=0", "starts", 0),
        ("starts=253402300799", "starts", 253_402_300_799),
        ("retake=TRUE", "retake", True),
        ("retake=0", "retake", False),
        ("expires=1970-01-02", "expires", 86_400),
        ("title=+a+b+", "title", "a b"),
        ("title=null", "title", None),
        ("title=NULL", "title", "NULL"),
        ("title=++", "title", UNSET),
        ("title=%C3%A9", "title", "é"),
        ("htlmNotes=a%0D%0A%09b", "notes", "a\r\n\tb"),
        ("tabbed=%09b", "tabbed", "\tb"),
        ("password=+a+", "password", " a "),
        ("password=+", "password", " "),
        ("email=ada@example.org", "email", "ada@example.org"),
        ("zone=Europe/Paris", "zone", "EUROPE/PARIS"),
        ("roleId=0&roleId=2&ROLEID=20", "roles", (0, 2, 20)),
        ("roleId=2,+0,2", "roles", (2, 0)),
        ("roleId=null", "roles", None),
        ("keys=a,b", "keys", ("a", "b")),
        ("ClassMeetings=[{%22Start%22:1,%22End%22:2}]", "meetings", (MeetingTimes(start=1, end=2),)),
        ("ClassMeetings=[{%22end%22:2,%22START%22:1}]", "meetings", (MeetingTimes(start=1, end=2),)),
        ("ClassMeetings=[]", "meetings", ()),
        ("Address1=a&Address1=b", "address", "a"),
        ("Address1=a&Address1=b", "address2", "b"),
    ],
)
def test_it_reads_a_value(query: str, field: str, value: object) -> None:
    assert getattr(parse(query), field) == value


@pytest.mark.parametrize(
    "query",
    [
        "classId=0",
        "classId=2147483648",
        "classId=1.0",
        "classId=0x1",
        "classId=1_0",
        "classId=%EF%BC%91",
        "classId=true",
        "classId=+1+",
        f"classId={'0' * 5_000}1",
        "Grade=NULL",
        "starts=-1",
        "starts=253402300800",
        "starts=null",
        "retake=yes",
        "retake=null",
        "expires=2023-02-29",
        "expires=2023-2-1",
        "expires=1969-12-31",
        "expires=%D9%A1970-01-01",
        "title=12345678901",
        "title=a%00b",
        "title=a%0Ab",
        "title=%7F1",
        "tabbed=a%0Ab",
        "password=null",
        "email=ada",
        "email=a@b@c",
        "email=ada@example..org",
        "zone=Mars",
        "roleId=1,,2",
        "roleId=-1",
        "roleId=1&roleId=null",
        f"roleId={'1,' * 1_000}1",
        "keys=a,,b",
        "ClassMeetings={}",
        "ClassMeetings=[1]",
        "ClassMeetings=[{%22Start%22:1}]",
        "ClassMeetings=[{%22Start%22:1,%22End%22:2,%22x%22:3}]",
        "ClassMeetings=[{%22Start%22:1.5,%22End%22:2}]",
        "ClassMeetings=[{%22Start%22:[],%22End%22:2}]",
        "ClassMeetings=[{%22Start%22:1,%22start%22:1,%22End%22:2}]",
        "ClassMeetings=[{%22Start%22:1,%22start%22:[]}]",
        "ClassMeetings=no",
        "Address1=a&Address1=b&Address1=c",
        "dryRun=maybe",
    ],
)
def test_it_refuses_a_value_and_names_its_parameter(query: str) -> None:
    with pytest.raises(InvalidParametersError) as raised:
        parse(query)

    (problem,) = raised.value.problems
    assert problem.startswith(f"{query.partition('=')[0]}: ")


@pytest.mark.parametrize("text", ["60", "+60", "060", "no show", "NoShow", "NOSHOW"])
def test_it_takes_a_choice_by_number_or_name(text: str) -> None:
    found: Any = PARSER.parse([("id", "5"), ("placeId", text)], None).parameters

    assert found.place is Place.ENROLLED


def test_it_never_repeats_a_password() -> None:
    with pytest.raises(InvalidParametersError) as raised:
        parse("password=first&password=second%00&password=" + "x" * 300)

    assert "first" not in str(raised.value)
    assert "second" not in str(raised.value)


def test_it_repeats_no_more_of_a_value_than_helps() -> None:
    with pytest.raises(InvalidParametersError) as raised:
        parse("classId=" + "x" * 10_000)

    assert len(str(raised.value)) < 120


@pytest.mark.parametrize(
    "query, order",
    [
        ("", SortOrder("start", descending=True)),
        ("sort=name", SortOrder("name")),
        ("SORT=NAME++desc", SortOrder("name", descending=True)),
    ],
)
def test_it_reads_a_sort_key(query: str, order: SortOrder) -> None:
    assert parse(query, SEARCH).sort == order


def test_it_gives_a_search_its_defaults() -> None:
    found = parse("pageSize=&name=", SEARCH)

    assert (found.page_index, found.page_size, found.name) == (0, 100, None)


@pytest.mark.parametrize("query", ["pageSize=0", "pageSize=1001", "pageIndex=-1", "sort=Size", "sort=name+up", "pageSize=null"])
def test_it_refuses_what_no_search_knows(query: str) -> None:
    with pytest.raises(InvalidParametersError):
        parse(query, SEARCH)


def test_it_refuses_to_declare_a_parameter_without_a_kind_or_twice() -> None:
    class Bare(Parameters):
        id: int

    class Twice(Parameters):
        first: Annotated[int, Id("An id.", name="id")]
        second: Annotated[int, Id("An id.", name="ID")]

    with pytest.raises(InvalidDeclarationError):
        Parser(Bare, writes=False)
    with pytest.raises(InvalidDeclarationError):
        Parser(Twice, writes=False)
