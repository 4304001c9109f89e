"""What a password that somebody chooses has to be like."""

from typing import Final

from rollbook.errors import InvalidError, RollbookError

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 1_000
"""Both in characters."""


class PasswordLengthError(InvalidError):
    """A password is shorter or longer than one may be."""

    field = "password"

    def __init__(self) -> None:
        super().__init__(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD:,} characters; choose one, four words do well")


class PasswordsDifferError(InvalidError):
    """The password and its repetition are not the same."""

    field = "again"

    def __init__(self) -> None:
        super().__init__("the password and its repetition differ; type the same twice")


def list_password_refusals(password: str, *, again: str) -> list[RollbookError | None]:
    """Give what refuses a new password, and its repetition."""
    fits = SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD
    return [None if fits else PasswordLengthError(), None if password == again else PasswordsDifferError()]
