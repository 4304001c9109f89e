"""What the door itself refuses, before any action or query is asked."""

from collections.abc import Mapping


class RefusedError(Exception):
    """
    A request that cannot be taken as it came.

    Attributes:
        status: The HTTP status.
        code: What programs know it by.
        detail: The fact, and what to do behind the last ``; ``.
        field: The value at fault, where it is one.
        headers: Those that the answer needs.
    """

    def __init__(self, status: int, code: str, detail: str, *, field: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field
        self.headers = dict(headers or {})
        super().__init__(detail)


def malformed(code: str, detail: str, *, field: str | None = None) -> RefusedError:
    """Refuse what cannot be read at all: 400."""
    return RefusedError(400, code, detail, field=field)


def unprocessable(detail: str, *, field: str) -> RefusedError:
    """Refuse a value of a body: 422."""
    return RefusedError(422, "invalid_value", detail, field=field)
