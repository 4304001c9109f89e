"""A door with sample commands that stand for no noun, and a key that opens it."""

import enum
from io import BytesIO
from typing import Annotated, Any

import httpx
from litestar import Litestar
from msgspec import UNSET, Struct, UnsetType, field

from rollbook.access.errors import InvalidKeyError
from rollbook.access.keys import hash_of
from rollbook.access.scopes import Scope
from rollbook.api.rate_limit import RateLimit
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Choice, Choices, Sort, SortOrder
from rollbook.api.tms.command import command
from rollbook.api.tms.door import Door
from rollbook.api.tms.envelope import Answer, Change, Done, Pages, Record, Total
from rollbook.api.tms.kinds import InvalidValueError
from rollbook.api.tms.lists import Ids, Meetings, MeetingTimes, Texts
from rollbook.api.tms.numbers import Boolean, Date, Id, Integer, Time
from rollbook.api.tms.pages import mount, routes
from rollbook.api.tms.parsing import NoParameters, Parameters, SearchParameters
from rollbook.api.tms.texts import Email, Text
from rollbook.errors import RollbookError
from rollbook.telemetry import RequestMeter, open_log

KEY = "the-key-of-ada"


class Place(enum.Enum):
    REQUESTED = "requested"
    CANCELLED = "cancelled"
    ENROLLED = "enrolled"


PLACES = Choices("a place", {0: ("Request", Place.REQUESTED), 10: ("Cancel", Place.CANCELLED), 60: ("No Show", Place.ENROLLED)})


def read_zone(text: str) -> str:
    if text != "Europe/Paris":
        raise InvalidValueError("is not a zone")
    return text.upper()


class Everything(Parameters):
    """One parameter of every kind."""

    id: Annotated[int, Id("The object.", in_path=True)]
    class_id: Annotated[int | UnsetType | None, Id("The class.")] = UNSET
    place: Annotated[Place, Choice(PLACES, "The place.", name="placeId")]
    grade: Annotated[int | UnsetType | None, Integer("The grade.", name="Grade", minimum=-5, maximum=100)] = UNSET
    starts: Annotated[int | UnsetType, Time("The start.")] = UNSET
    expires: Annotated[int | UnsetType | None, Date("The day.")] = UNSET
    retake: Annotated[bool | UnsetType, Boolean("Again.")] = UNSET
    title: Annotated[str | UnsetType | None, Text("The title.", maximum=10)] = UNSET
    notes: Annotated[str | UnsetType | None, Text("The notes.", name="HtmlNotes", aliases=("HtlmNotes",), lines=True)] = UNSET
    tabbed: Annotated[str | UnsetType, Text("Values.", tabs=True)] = UNSET
    password: Annotated[str | UnsetType, Text("The password.", secret=True)] = UNSET
    email: Annotated[str | UnsetType, Email("The address.")] = UNSET
    zone: Annotated[str | UnsetType, Text("The zone.", convert=read_zone)] = UNSET
    roles: Annotated[tuple[int, ...] | UnsetType | None, Ids("The roles.", name="roleId", minimum=0)] = UNSET
    keys: Annotated[tuple[str, ...] | UnsetType, Texts("The keys.")] = UNSET
    meetings: Annotated[tuple[MeetingTimes, ...] | UnsetType | None, Meetings("The meetings.", name="ClassMeetings")] = UNSET
    address: Annotated[str | UnsetType, Text("The first line.", name="Address1", second_is="Address2")] = UNSET
    address2: Annotated[str | UnsetType, Text("The second line.", name="Address2")] = UNSET


class Echo(Answer):
    """What came in, as text."""

    echo_id: int | None
    told: str | None
    rows_affected: int
    results: list[str]


class SampleRecord(Record):
    id: int
    external_id: str | None
    training_key: str = field(name="trainingKey")


class Found(Answer):
    total_count: Total
    total_pages: Pages
    results: list[SampleRecord]


class SampleSearch(SearchParameters):
    sort: Annotated[SortOrder, Sort({"Name": "name", "Start": "start"}, default="Start DESC")]
    name: Annotated[str | None, Text("A part of the name.")] = None


class Versioned(Parameters):
    external_id: Annotated[str, Text("The object.", name="id", in_path=True)]
    if_version: Annotated[int | UnsetType, Integer("The version.", ours=True)] = UNSET


@command("UpdateSample", summary="Update a sample", lower_case=True, writes=Scope.ENROLL)
async def update_sample(call: Call, parameters: Everything) -> Echo:
    await call.actor()
    if call.dry_run:
        call.changes.append(Change(object="Sample", id=parameters.id, field="Grade", before=None, after=80))
    return Echo(echo_id=parameters.id, told=str(parameters.title), rows_affected=1, results=["one"])


@command("SearchSamples", summary="Search for samples")
async def search_samples(call: Call, parameters: SampleSearch) -> Found:
    await call.actor()
    record = SampleRecord(id=parameters.page_size, external_id=parameters.sort.key, training_key=str(parameters.sort.descending))
    return Found(total_count=1, total_pages=1, results=[record])


@command("DeleteSample", summary="Delete a sample", writes=Scope.ENROLL, ours=True)
async def delete_sample(call: Call, parameters: Versioned) -> Done:
    await call.actor()
    if not isinstance(call.database, SampleDatabase):
        raise TypeError
    call.warnings.extend(call.database.warnings)
    if call.database.error is not None:
        raise call.database.error
    return Done()


@command("GetNothing", summary="Get nothing")
async def get_nothing(call: Call, parameters: NoParameters) -> Done:
    call.log_as("told by the handler")
    return Done()


COMMANDS = (update_sample, search_samples, delete_sample, get_nothing)


class Ada(Struct, frozen=True):
    name: str = "Ada's key"
    scope: Scope = Scope.ADMIN


class SampleDatabase:
    """Knows one key, and what the handlers are to meet."""

    def __init__(self, *, error: Exception | None = None, warnings: tuple[str, ...] = ()) -> None:
        self.error = error
        self.warnings = warnings
        self.asked = 0


async def authenticate(database: Any, key_hash: str) -> Ada:
    database.asked += 1
    if key_hash != hash_of(KEY):
        raise InvalidKeyError
    return Ada()


class Opened:
    """A door that is open, and a caller in front of it."""

    def __init__(self, *, calls_per_minute: int | None = None, error: Exception | None = None, warnings: tuple[str, ...] = ()) -> None:
        self.database = SampleDatabase(error=error, warnings=warnings)
        self.lines = BytesIO()
        self.meter = RequestMeter()
        self.door = Door(
            COMMANDS,
            database=self.database,
            authenticate=authenticate,
            log=open_log(self.lines),
            meter=self.meter,
            rate_limit=None if calls_per_minute is None else RateLimit(calls_per_minute),
        )
        self.app = Litestar([mount(self.door), *routes(self.door)], openapi_config=None, logging_config=None)

    async def call(self, path: str, *, method: str = "GET", key: str | None = KEY, **request: Any) -> httpx.Response:
        headers = ({"api_key": key} if key else {}) | request.pop("headers", {})
        transport = httpx.ASGITransport(app=self.app)  # type: ignore[arg-type]  # Litestar types its scope more narrowly than httpx
        async with httpx.AsyncClient(transport=transport, base_url="http://rollbook.test") as caller:
            return await caller.request(method, f"/api/2.0{path}", headers=headers, **request)


class FullError(RollbookError):
    rule = "P1"
