"""
Declaring pages and forms: an address, for whom it is, and the handler.

A handler gets the visit and the ids of the address, and gives an answer::

    @page("/classes/{class_id}/roster", to=STAFF)
    async def show_roster(visit: Visit, class_id: int) -> Answer: ...

    @form("/classes/{class_id}/roster/statuses", to=COORDINATORS, back="/classes/{class_id}/roster")
    async def change_statuses(visit: Visit, class_id: int) -> Answer: ...

What a form's action refuses sends the browser back to ``back`` with the sentence; a form that wants to show what was entered again catches
the error itself. Names of ids end in ``_id`` and are numbers; other names, such as ``token``, are texts.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from rollbook.console.answer import Answer
from rollbook.console.audiences import Audience

IN_PATH: Final = re.compile(r"\{(\w+)\}")

Handler = Callable[..., Awaitable[Answer]]


class Page:
    """
    A page or a form.

    Attributes:
        method: ``GET`` for a page, ``POST`` for a form.
        path: Its address, with the names of ids in braces.
        audience: For whom it is.
        handler: Gives the answer.
        back: Where a refused form leads, with the names of ids in braces; None for a page.
    """

    def __init__(self, method: str, path: str, audience: Audience, handler: Handler, *, back: str | None) -> None:
        self.method = method
        self.path = path
        self.audience = audience
        self.handler = handler
        self.back = back

    def back_from(self, values: Mapping[str, Any]) -> str:
        """Give where a refused form leads, for the ids of an address."""
        return IN_PATH.sub(lambda found: str(values[found[1]]), self.back or "/")


def page(path: str, *, to: Audience) -> Callable[[Handler], Page]:
    """Declare a page, which changes nothing."""

    def declare(handler: Handler) -> Page:
        return Page("GET", path, to, handler, back=None)

    return declare


def form(path: str, *, to: Audience, back: str) -> Callable[[Handler], Page]:
    """Declare what a form is sent to: it may change something, and needs the form's token."""

    def declare(handler: Handler) -> Page:
        return Page("POST", path, to, handler, back=back)

    return declare
