"""The console's words for changes that the history keeps."""

from collections.abc import Sequence
from typing import Final

MOST_FIELDS: Final = 4

_WORDS: Final = {
    "enrollment.enrolled": "enrolled",
    "enrollment.audited": "let in to audit",
    "enrollment.requested": "asked for a place",
    "enrollment.approved": "approved",
    "enrollment.denied": "denied",
    "enrollment.waitlisted": "put on the waitlist",
    "enrollment.cancelled": "cancelled",
    "enrollment.moved": "moved to another class",
    "enrollment.replaced": "replaced by another student",
    "enrollment.moved_up": "moved up the waitlist",
    "enrollment.promoted": "let in from the waitlist",
    "enrollment.checked_in": "checked in",
    "enrollment.check_in_undone": "check-in undone",
    "enrollment.attendance_marked": "attendance marked",
}


def words_of(kind: str) -> str:
    """Tell what became of a thing, for the kind of a change such as ``enrollment.cancelled``."""
    return _WORDS.get(kind) or kind.partition(".")[2].replace("_", " ")


def sentence_of(kind: str, fields: Sequence[str]) -> str:
    """Tell what became of a thing and, where it was updated, which values were set."""
    words = words_of(kind)
    if not kind.endswith(".updated") or not fields:
        return words
    named = ", ".join(field.removesuffix("_id").replace("_", " ") for field in fields[:MOST_FIELDS])
    more = f" and {len(fields) - MOST_FIELDS} more" if len(fields) > MOST_FIELDS else ""
    return f"{words}: {named}{more}"
