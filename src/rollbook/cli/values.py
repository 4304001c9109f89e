"""The sorts of values that commands take."""

import unicodedata

import click

from rollbook.organizations.limits import LARGEST_NUMBER

ID = click.IntRange(1, LARGEST_NUMBER)


class OneLine(click.ParamType[str]):
    """A text on one line: trimmed, not blank, without control characters."""

    name = "text"

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Give the text, or refuse it."""
        text = value.strip()
        if not text:
            self.fail("must not be blank", param, ctx)
        if len(text) > self.longest:
            self.fail(f"has {len(text)} characters, but may have {self.longest} at most", param, ctx)
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
            self.fail("must not contain control characters", param, ctx)
        return text
