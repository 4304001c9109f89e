"""People with a browser, and whatever goes wrong in it."""

from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, Response

from tests.console.center import Center, Role

LONGEST_WAIT: Final = 10_000
"""Milliseconds that anything on a page may take."""


class Site:
    """
    A site in a browser.

    Attributes:
        center: Who may come, and what is there; None where it has been filled in another way.
        url: Its address, without a slash at its end.
        faults: What has gone wrong in any page: told by a script, not thrown to it, not loaded, or refused by the site's own policy.
    """

    def __init__(self, browser: Browser, url: str, center: Center | None = None) -> None:
        self.url = url
        self.faults: list[str] = []
        self._browser = browser
        self.center = center
        self._contexts: list[BrowserContext] = []

    def visitor(self, role: Role = Role.NOBODY, **options: Any) -> Page:
        """Give the window of somebody of the training center who is signed in; ``options`` are the browser's, such as ``java_script_enabled``."""
        context = self._browser.new_context(base_url=self.url, **options)
        context.set_default_timeout(LONGEST_WAIT)
        self._contexts.append(context)
        if role is not Role.NOBODY and self.center is not None:
            context.add_cookies([{"name": "rollbook_session", "value": self.center.secrets[role], "url": self.url}])
        page = context.new_page()
        self._watch(page)
        return page

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()

    def _watch(self, page: Page) -> None:
        def tell(fault: str) -> None:
            self.faults.append(f"{page.url}: {fault}")

        def hear(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                tell(f"{message.type}: {message.text}")

        def see_end(request: Request) -> None:
            # What a script asks for again, or a page that is left meanwhile, is given up by the browser itself.
            if request.failure != "net::ERR_ABORTED":
                tell(f"{request.url} failed: {request.failure}")

        def see_answer(response: Response) -> None:
            if response.status >= 400:
                tell(f"{response.url} answered {response.status}")

        def close(dialog: Dialog) -> None:
            tell(f"dialog: {dialog.message}")
            dialog.dismiss()

        page.on("console", hear)
        page.on("pageerror", lambda error: tell(f"thrown: {error}"))
        page.on("requestfailed", see_end)
        page.on("response", see_answer)
        page.on("dialog", close)
