"""The form of a page, filled as the page fills it: what a browser without scripts would send, to be changed and sent by a test."""

from collections.abc import Iterable
from html.parser import HTMLParser

import httpx

WRITES = frozenset({"text", "search", "hidden", "number", "date", "time", "url", "email", "checkbox", "radio", "password"})


class FilledForm:
    """The values of the form of a page that is sent to an address."""

    def __init__(self, answer: httpx.Response, action: str) -> None:
        reader = _Reader(action)
        reader.feed(answer.text)
        assert reader.found, f"no form is sent to {action}"
        self.action = action
        self.pairs = [(name, value) for name, value in reader.pairs if name != "form_token"]
        self.buttons = reader.buttons

    def value(self, name: str) -> str:
        """Give the value of a field."""
        return next(value for given, value in self.pairs if given == name)

    def having(self, *values: tuple[str, object], without: Iterable[str] = ()) -> list[tuple[str, object]]:
        """Give what is sent where some fields have other values, and some boxes are not ticked."""
        named = {name for name, _ in values} | {*without}
        return [
            *((name, value) for name, value in self.pairs if name not in named),
            *((name, value) for name, value in values if value != ""),
        ]

    def and_button(self, name: str, /, **others: object) -> list[tuple[str, object]]:
        """Give what is sent by the button of a name."""
        value = next(value for given, value in self.buttons if given == name)
        return [*self.having(*others.items()), (name, value)]


class _Reader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self.buttons: list[tuple[str, str]] = []
        self.found = False
        self._action = action
        self._is_inside = False
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._text: list[str] | None = None
        self._text_name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = given.get("action") == self._action and given.get("method") == "post"
            self.found |= self._is_inside
        if not self._is_inside or ("name" not in given and tag != "option"):
            return
        if tag == "input" and given.get("type", "text") in WRITES:
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self.pairs.append((given["name"], given.get("value", "")))
        elif tag == "button":
            self.buttons.append((given["name"], given.get("value", "")))
        elif tag == "select":
            self._select, self._options = given["name"], []
        elif tag == "option" and self._select is not None:
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self._text_name, self._text = given["name"], []

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "select" and self._select is not None:
            chosen = [value for value, is_chosen in self._options if is_chosen] or [value for value, _ in self._options[:1]]
            self.pairs += [(self._select, value) for value in chosen]
            self._select = None
        elif tag == "textarea" and self._text is not None:
            self.pairs.append((self._text_name, "".join(self._text)))
            self._text = None
