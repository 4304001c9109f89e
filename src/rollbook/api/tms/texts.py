"""Parameters that are texts."""

import re
from collections.abc import Callable
from typing import Any

from rollbook.api.tms.kinds import BlankValueError, InvalidValueError, Kind, Reader, Schema, quote

# A lone surrogate can be written in JSON but never stored or answered, so it is refused with the control characters.
CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"
NEVER_IN_A_LINE = re.compile(f"[{CONTROLS}\t\r\n]")
NEVER_IN_TABBED = re.compile(f"[{CONTROLS}\r\n]")
NEVER_IN_LINES = re.compile(f"[{CONTROLS}]")
MAILBOX = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")


class Text(Kind):
    """
    A text, trimmed, without control characters.

    Attributes:
        maximum: The most characters it may have.
        lines: It may hold line breaks and tabs.
        tabs: It may hold tabs.
        secret: It is a password: taken as it is, never trimmed.
        convert: Turns the trimmed text into the value; raises an InvalidError whose text follows the parameter's name.
    """

    def __init__(
        self,
        description: str,
        *,
        maximum: int = 255,
        lines: bool = False,
        tabs: bool = False,
        secret: bool = False,
        convert: Callable[[str], object] | None = None,
        **others: Any,
    ) -> None:
        super().__init__(description, **others)
        self.maximum = maximum
        self.lines = lines
        self.tabs = tabs
        self.secret = secret
        self.convert = convert
        self.trimmed = not secret

    def reader(self) -> Reader:
        """Give the function that reads a given text."""
        maximum, trimmed, convert = self.maximum, self.trimmed, self.convert
        refused = NEVER_IN_LINES if self.lines else NEVER_IN_TABBED if self.tabs else NEVER_IN_A_LINE
        # Tabs carry meaning in a tab-separated text: an empty first or last part is kept.
        blanks = " " if self.tabs else None

        def read(text: str) -> object:
            if trimmed:
                text = text.strip(blanks)
                if not text:
                    raise BlankValueError
            if len(text) > maximum:
                raise InvalidValueError(f"is {len(text)} characters long; give at most {maximum}")
            if not text.isprintable() and refused.search(text):
                raise InvalidValueError("holds a control character; leave it out")
            return text if convert is None else convert(text)

        return read

    def read_json(self, read: Reader, value: object) -> object:
        """
        Turn a value of a JSON body into the text; a number counts as the text it was written as.

        Raises:
            InvalidValueError: The value is neither a text nor a number, or not one that is accepted.
        """
        if isinstance(value, str):
            return read(value)
        raise InvalidValueError("is not a text")

    def schema(self) -> Schema:
        """Describe the accepted value as a JSON schema."""
        schema: Schema = {"type": "string", "maxLength": self.maximum}
        if self.secret:
            schema["format"] = "password"
        return schema


class Email(Text):
    """An e-mail address of at most 254 characters."""

    def __init__(self, description: str, *, maximum: int = 254, **others: Any) -> None:
        super().__init__(description, maximum=maximum, convert=read_email, **others)

    def schema(self) -> Schema:
        """Describe the accepted value as a JSON schema."""
        return {"type": "string", "format": "email", "maxLength": self.maximum}


def read_email(text: str) -> str:
    """
    Give the text back when it has the form of an e-mail address.

    Raises:
        InvalidValueError: It has not.
    """
    if MAILBOX.fullmatch(text):
        return text
    raise InvalidValueError(f"{quote(text)} is not an e-mail address")
