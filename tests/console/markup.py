"""What may never be in a page's markup, whatever people write into its fields."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.headings = 0
        self.form: dict[str, str] | None = None
        self.has_token = False
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.faults += [f"<{tag} {fault}>" for fault in _faults_of_element(tag, given)]
        self.headings += tag == "h1"
        self._in_script = tag == "script"
        if tag == "form":
            if self.form is not None:
                self.faults.append("a form in a form")
            self.form, self.has_token = given, False
        elif tag == "input" and given.get("name") == "form_token":
            self.has_token = bool(given.get("value"))

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False
        if tag == "form":
            if self.form and self.form.get("method") == "post" and not self.has_token:
                self.faults.append(f"<form action={self.form.get('action')}> without a token")
            self.form = None

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.faults.append(f"inline script: {data[:40]}")


def _faults_of_element(tag: str, given: dict[str, str]) -> Iterator[str]:
    for name, value in given.items():
        if name == "style" or name.startswith("on"):
            yield f"{name}={value[:40]}"
    if tag in {"style", "iframe", "object", "embed", "base"}:
        yield "may not be"
    if tag in {"script", "img", "link"} and not (given.get("src") or given.get("href", "")).startswith("/static/"):
        yield f"from {given.get('src') or given.get('href')}"
    if tag in {"a", "form"}:
        target = urlsplit(given.get("href") or given.get("action") or "")
        if target.scheme not in {"", "https", "mailto", "tel"} or (tag == "form" and target.netloc):
            yield f"leads to {target.geturl()[:60]}"


def faults_of(page: str) -> list[str]:
    """Give what is wrong with the markup of a page, or of a part of one: script or style in it, a form without a token, not one first heading."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    wanted = 1 if page.startswith("<!DOCTYPE") else 0
    return reader.faults + ([] if reader.headings == wanted else [f"{reader.headings} first headings"])
