"""What a page says once, at its top, after a form was taken or refused: carried over the redirect by a cookie."""

import base64
import binascii
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct

NAME: Final = "rollbook_notice"
MOST_SENTENCES: Final = 20
LONGEST_SENTENCE: Final = 400
LONGEST: Final = 3_000
"""Characters that the cookie may have: browsers keep 4,096 bytes."""


class Notice(Struct, frozen=True, kw_only=True):
    """
    What is said once.

    Attributes:
        done: What has been done; None where it was refused.
        refused: Why it was not done.
        warnings: What is worth knowing besides.
        undo: What the form "undo" of the notice is sent to; None where nothing can be undone.
        undo_values: What that form sends.
    """

    done: str | None = None
    refused: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    undo: str | None = None
    undo_values: dict[str, str] = {}


def encoded(notice: Notice) -> str:
    """Give the cookie's value; of very many sentences it keeps the first ones, and says how many there are more."""
    refused, warnings = _shortened(notice.refused), _shortened(notice.warnings)
    while True:
        text = base64.urlsafe_b64encode(
            msgspec.json.encode(msgspec.structs.replace(notice, refused=tuple(refused), warnings=tuple(warnings)))
        ).decode()
        if len(text) <= LONGEST or not (refused or warnings):
            return text
        longer = warnings if len(warnings) > len(refused) else refused
        del longer[-1]


def decoded(text: str | None) -> Notice | None:
    """Read a cookie's value; None where there is none that can be read."""
    if not text:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text.encode()), type=Notice)
    except (binascii.Error, ValueError):
        return None


def _shortened(sentences: Sequence[str]) -> list[str]:
    told = [sentence[:LONGEST_SENTENCE] for sentence in sentences[:MOST_SENTENCES]]
    if len(sentences) > MOST_SENTENCES:
        told[-1] = f"and {len(sentences) - MOST_SENTENCES + 1} more"
    return told
