"""Reading what a form or an address gives: every value is bounded, and what cannot be read is told by the field's name."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl

from rollbook.errors import InvalidError

MOST_FIELDS: Final = 20_000
LONGEST_TEXT: Final = 100_000
LARGEST_NUMBER: Final = 2_147_483_647

_NUMBER: Final = re.compile("-?[0-9]{1,10}")
_HIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class UnreadableError(InvalidError):
    """A value of a form cannot be read."""

    def __init__(self, field: str, wanted: str) -> None:
        self.field = field
        super().__init__(f"{field.replace('_', ' ')} must be {wanted}; correct it")


class Given:
    """The values that a form or an address gives, by their names; a name may come several times."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        """Tell whether a name is given, even if blank."""
        return name in self._values

    def pairs(self) -> list[tuple[str, str]]:
        """Give every name with every value."""
        return [(name, value) for name, values in self._values.items() for value in values]

    def every(self, name: str) -> list[str]:
        """Give every value of a name as it came."""
        return list(self._values.get(name, ()))

    def raw(self, name: str) -> str:
        """Give a value as it came, such as a password; blank where there is none."""
        return self._values.get(name, [""])[-1]

    def text(self, name: str, *, longest: int = LONGEST_TEXT) -> str | None:
        """
        Give a text without blanks around it; None where it is blank.

        Raises:
            UnreadableError: It is longer, or holds characters that cannot be shown.
        """
        return self._checked(name, self.raw(name), longest)

    def texts(self, name: str, *, longest: int = LONGEST_TEXT) -> list[str]:
        """
        Give every value of a name that is not blank.

        Raises:
            UnreadableError: One is longer, or holds characters that cannot be shown.
        """
        return [text for value in self._values.get(name, ()) if (text := self._checked(name, value, longest))]

    def number(self, name: str, *, least: int = 0, most: int = LARGEST_NUMBER) -> int | None:
        """
        Give a whole number; None where it is blank.

        Raises:
            UnreadableError: It is none, or out of these bounds.
        """
        text = self.text(name)
        return None if text is None else _number(name, text, least=least, most=most)

    def numbers(self, name: str, *, least: int = 0, most: int = LARGEST_NUMBER) -> list[int]:
        """
        Give every value of a name as a whole number.

        Raises:
            UnreadableError: One is none, or out of these bounds.
        """
        return [_number(name, text, least=least, most=most) for text in self.texts(name)]

    def is_ticked(self, name: str) -> bool:
        """Tell whether a box is ticked."""
        return bool(self.raw(name))

    def _checked(self, name: str, value: str, longest: int) -> str | None:
        text = value.strip().replace("\r\n", "\n")
        if len(text) > longest:
            raise UnreadableError(name, f"at most {longest:,} characters long")
        if _HIDDEN.search(text):
            raise UnreadableError(name, "free of control characters")
        return text or None


def read_given(encoded: bytes) -> Given:
    """
    Read the query of an address, or the body of a form.

    Raises:
        UnreadableError: It has too many fields, or is no UTF-8.
    """
    try:
        pairs = parse_qsl(encoded.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise UnreadableError("the_form", f"in UTF-8 and have at most {MOST_FIELDS:,} fields") from error
    return Given(pairs)


def _number(name: str, text: str, *, least: int, most: int) -> int:
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise UnreadableError(name, f"a whole number from {least:,} to {most:,}")
    return int(text)
