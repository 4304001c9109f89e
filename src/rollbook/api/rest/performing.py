"""Performing what an endpoint changes, or rehearsing it, and telling the outcome."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import Annotated, Any, Final, Generic, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct
from msgspec.structs import asdict

from rollbook.access.actor import Actor
from rollbook.api.rest.call import Call
from rollbook.api.rest.conditions import NO_VERSION, Versions
from rollbook.api.rest.problems import StaleError
from rollbook.api.rest.values import moment_of, precise_moment_of
from rollbook.api.rest.words import word_of
from rollbook.classes.clashes import ScheduleWarning
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.courses.activity_types import ActivityType, Availability
from rollbook.custom_fields.values import DataType
from rollbook.database.transaction import Recorded, Transaction
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus
from rollbook.history.versions import VersionChangedError

Result = TypeVar("Result")
Seen = TypeVar("Seen")
AnyOutcome = TypeVar("AnyOutcome", bound="Outcome")

See = Callable[[Transaction, Actor, int], Awaitable[Seen]]
"""Gives a thing by its id as an answer shows it to the one who calls."""

WORDS: Final[Mapping[tuple[str, str], type[IntEnum]]] = MappingProxyType(
    {
        ("activity", "activity_type"): ActivityType,
        ("activity", "availability"): Availability,
        ("class", "delivery"): Delivery,
        ("class", "status"): ClassStatus,
        ("custom_field", "data_type"): DataType,
        ("enrollment", "completion"): CompletionStatus,
        ("enrollment", "location"): LocationType,
        ("enrollment", "status"): EnrollmentStatus,
    }
)
"""The words of this API for what the history keeps as numbers."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Change(Struct, frozen=True, kw_only=True):
    """One value that was changed, or would have been."""

    object: Annotated[str, Meta(description="What it belongs to, such as `class` or `enrollment`.")]
    id: Annotated[int | None, Meta(description="Its id; null for what is created.")]
    field: str
    before: Annotated[Any, Meta(description="The value before; null where there was none.")]
    after: Annotated[Any, Meta(description="The value after; null where there is none.")]


class ToldWarning(Struct, frozen=True, kw_only=True):
    """Something worth knowing that refuses nothing."""

    rule: Annotated[str | None, Meta(description="The number of the rule that warns, where one does.")]
    text: str


class Outcome(Struct, frozen=True, kw_only=True):
    """
    What a write did, or would have done; each resource declares its own with the field ``result``.

    Attributes:
        dry_run: Whether nothing was kept.
        changes: Every value that the write changed, of whatever object.
    """

    dry_run: Annotated[bool, Meta(description="True where nothing was kept.")]
    changes: Annotated[list[Change], Meta(description="Every value that was changed, of whatever object.")]
    warnings: list[ToldWarning]


class Performed(Struct, Generic[Result, Seen], frozen=True):
    """
    What an action did, or would have done.

    Attributes:
        result: What it answered.
        seen: The thing that the call is about, after it.
        recorded: What it recorded.
    """

    dry_run: bool
    result: Result
    seen: Seen
    recorded: Sequence[Recorded]

    def told(self, kind: type[AnyOutcome], *, warnings: Iterable[ScheduleWarning] = (), **others: Any) -> AnyOutcome:
        """Tell the outcome, as a struct that has the thing itself as ``result``."""
        told = [ToldWarning(rule=warning.rule, text=warning.text) for warning in warnings]
        values: dict[str, Any] = {"result": self.seen, **others}
        return kind(dry_run=self.dry_run, changes=list(changes_of(self.recorded)), warnings=told, **values)


async def create(
    call: Call, action: Callable[..., Awaitable[Result]], *, see: See[Seen], id_of: Callable[[Result], int], **values: Any
) -> Performed[Result, Seen]:
    """
    Run an action that creates something, or rehearse it.

    Args:
        call: The call.
        action: What to run; it gets ``values``.
        see: Shows the new thing.
        id_of: Gives the new thing's id out of what the action answers.
        values: The action's arguments.
    """
    if call.dry_run:

        async def act_and_see(transaction: Transaction) -> tuple[Result, Seen]:
            result = await action(transaction, **values)
            return result, await see(transaction, call.actor, id_of(result))

        rehearsal = await call.database.rehearse(act_and_see)
        result, seen = rehearsal.result
        return Performed(dry_run=True, result=result, seen=seen, recorded=rehearsal.recorded)

    async def act(transaction: Transaction) -> tuple[Result, list[Recorded]]:
        return await action(transaction, **values), transaction.recorded

    result, recorded = await call.database.write(act)
    # A change may be a transaction's last statement, so that the thing is read in another one.
    seen = await call.database.read(see, call.actor, id_of(result))
    return Performed(dry_run=False, result=result, seen=seen, recorded=recorded)


async def perform(
    call: Call, action: Callable[..., Awaitable[Result]], *, see: See[Seen], subject_id: int, **values: Any
) -> Performed[Result, Seen]:
    """
    Run an action that changes a thing, or rehearse it, where the thing is at a version that the caller asks for.

    The action gets ``values``, and ``if_version`` where the caller asks for one.

    Raises:
        StaleError: It is at another version.
    """
    if call.if_match is not None:
        values["if_version"] = await _version_wanted(call, call.if_match, see, subject_id)
    try:
        return await create(call, action, see=see, id_of=lambda _: subject_id, **values)
    except VersionChangedError as error:
        raise StaleError(error, await call.database.read(see, call.actor, subject_id)) from error


async def _version_wanted(call: Call, versions: Versions, see: See[Any], subject_id: int) -> int:
    """Give the version to ask the action for: of several the current one, which the action finds again or refuses."""
    if len(versions) == 1:
        return next(iter(versions))
    current: int = (await call.database.read(see, call.actor, subject_id)).version
    return current if current in versions else NO_VERSION


def as_id(result: int) -> int:
    """Take what an action answers for the id of what it created, which it is."""
    return result


def given_in(body: Struct) -> dict[str, Any]:
    """Give the values that a body holds, without those that it leaves out."""
    return {name: value for name, value in asdict(body).items() if value is not UNSET}


def changes_of(recorded: Iterable[Recorded]) -> Iterator[Change]:
    """Give every value that recorded changes change; what is created has no id yet."""
    for change in recorded:
        record = change.record
        before = _decode(record["before"]) if record["before"] is not None else {}
        after = _decode(record["after"]) if record["after"] is not None else {}
        subject = record["subject"]
        for field in {**before, **after}:
            was, becomes = before.get(field), after.get(field)
            if was != becomes:
                yield Change(
                    object=subject,
                    id=change.subject_id if before else None,
                    field=field,
                    before=told_value(subject, field, was),
                    after=told_value(subject, field, becomes),
                )


def told_value(subject: str, field: str, value: Any) -> Any:
    """Tell a value of the history as this API does: times in words of RFC 3339, statuses in words."""
    if isinstance(value, dict):
        # Of what is kept by id, such as the attendance of meetings, the field says what it is.
        return {name: told_value(subject, field if name.isdigit() else name, each) for name, each in value.items()}
    if isinstance(value, list):
        return [told_value(subject, field, each) for each in value]
    if isinstance(value, int) and not isinstance(value, bool):
        if field == "waiting_since":
            return precise_moment_of(value)
        if field.endswith("_at"):
            return moment_of(value)
        kind = WORDS.get((subject, field))
        return word_of(kind(value)) if kind else value
    return value
