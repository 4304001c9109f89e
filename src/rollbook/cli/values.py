"""The sorts of values that commands take."""

import unicodedata
from datetime import UTC, date, datetime

import click

from rollbook import clock
from rollbook.api.tms.texts import MAILBOX
from rollbook.organizations.limits import LARGEST_NUMBER, LONGEST_EMAIL

ID = click.IntRange(1, LARGEST_NUMBER)
MOST_DAYS = 36_500
SECONDS_OF_DAY = 86_400


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


class EmailAddress(OneLine):
    """A text of the form of an e-mail address."""

    name = "e-mail address"

    def __init__(self) -> None:
        super().__init__(LONGEST_EMAIL)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Give the address, or refuse it."""
        text = super().convert(value, param, ctx)
        if not MAILBOX.fullmatch(text):
            self.fail(f"{text!r} is not an e-mail address", param, ctx)
        return text


class Expiry(click.ParamType[int]):
    """A moment to come, in epoch seconds: so many days from now, or the beginning of a day in UTC."""

    name = "days or date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Give the moment, or refuse it."""
        if value.isascii() and value.isdigit() and len(value) < 8:
            days = int(value)
            if not 1 <= days <= MOST_DAYS:
                self.fail(f"must be 1 to {MOST_DAYS:,} days", param, ctx)
            return clock.now() + days * SECONDS_OF_DAY
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail("must be a number of days, or a date such as 2027-01-31", param, ctx)
        moment = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        if moment <= clock.now():
            self.fail("must be a day to come", param, ctx)
        return moment
