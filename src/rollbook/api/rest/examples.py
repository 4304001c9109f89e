"""Examples for the OpenAPI document: structs, so that they cannot say what the API does not."""

from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from rollbook.api.rest.performing import Change, Outcome

AnyOutcome = TypeVar("AnyOutcome", bound=Outcome)

SOME_TIME: Final = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
LATER_TIME: Final = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def example_of(kind: type[AnyOutcome], result: Any, *changes: Change, **others: Any) -> AnyOutcome:
    """Give an example of an outcome."""
    values: dict[str, Any] = {"result": result, **others}
    return kind(dry_run=False, changes=list(changes), warnings=[], **values)


def change(subject: str, field: str, before: Any, after: Any, *, subject_id: int | None = 1) -> Change:
    """Give an example of a change."""
    return Change(object=subject, id=subject_id, field=field, before=before, after=after)
