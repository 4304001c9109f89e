"""What a refusal looks like: a page with what would help, a notice on the page of the form, or JSON for a script."""

from collections.abc import Sequence
from typing import Final

from rollbook.console.answer import Answer
from rollbook.console.visit import Visit
from rollbook.errors import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    RollbookError,
    SeveralRefusalsError,
    UnavailableError,
)


class FormNotOursError(NotAllowedError):
    """A form does not bear the token of the visitor's session."""

    def __init__(self) -> None:
        super().__init__(
            "this form is too old, or was not made by this site, and nothing was changed; open the page again and send it once more"
        )


STATUSES: Final = ((NotFoundError, 404), (NotAllowedError, 403), (ConflictError, 409), (InvalidError, 422), (UnavailableError, 503))
TITLES: Final = {
    403: "Not for you",
    404: "Not found",
    405: "Not possible here",
    409: "Not possible now",
    413: "Too much at once",
    422: "Not readable",
    500: "Something went wrong",
    503: "Not answering now",
}


def status_of(error: RollbookError) -> int:
    """Give the HTTP status of a refusal."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def sentences_of(error: RollbookError) -> Sequence[str]:
    """Give every sentence of a refusal, as sentences begin and end."""
    refusals = error.refusals if isinstance(error, SeveralRefusalsError) else (error,)
    return [sentence(str(refusal)) for refusal in refusals]


def sentence(text: str) -> str:
    """Give an error's text with a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def refused(visit: Visit, error: RollbookError) -> Answer:
    """Answer a refusal with a page of its own."""
    return show_refusal(visit, status_of(error), sentences_of(error))


def refused_form(visit: Visit, error: RollbookError, *, back: str) -> Answer:
    """Answer a form that was refused: back to its page, which tells why; what the form is about may not be there at all."""
    if isinstance(error, UnavailableError) or (isinstance(error, NotFoundError) and error.field is None):
        return refused(visit, error)
    if visit.is_fetched:
        return show_refusal(visit, status_of(error), sentences_of(error))
    return visit.go(back, refused=sentences_of(error))


def show_refusal(visit: Visit, status: int, sentences: Sequence[str]) -> Answer:
    """Answer with the page of an error, or tell a script."""
    if visit.is_fetched:
        return visit.tell({"refused": sentences}, status=status)
    return visit.render("error.html", status=status, title=TITLES.get(status, TITLES[500]), code=status, sentences=sentences)
