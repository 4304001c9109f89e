"""Reading JSON so that nothing of what the caller wrote is lost: numbers stay as written, names given twice stay."""

import json
from typing import NoReturn

from rollbook.api.tms.kinds import Members, Number
from rollbook.errors import InvalidError


class InvalidJsonError(InvalidError):
    """The text is not JSON."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def refuse_constant(name: str) -> NoReturn:
    """
    Refuse ``NaN`` and the infinities, which Python would take.

    Raises:
        InvalidJsonError: Always.
    """
    raise InvalidJsonError(f"{name} is not JSON")


def read_json_text(text: str) -> object:
    """
    Decode a JSON text into str, Number, bool, None, list and Members.

    Raises:
        InvalidJsonError: It is malformed.
    """
    try:
        return json.loads(text, object_pairs_hook=Members, parse_int=Number, parse_float=Number, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        raise InvalidJsonError(f"{error.msg.lower()} at character {error.pos + 1}") from None
    except RecursionError:
        raise InvalidJsonError("it is nested too deeply") from None
