"""Asking another TMS by its API."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Final, Self

import httpx
import msgspec

from rollbook.api.tms.envelope import Status
from rollbook.api.tms.paths import PREFIX
from rollbook.errors import ConflictError, InvalidError, UnavailableError

PAGE: Final = 1_000
TRIES: Final = 6
FIRST_PAUSE_SECONDS: Final = 0.5
LONGEST_PAUSE_SECONDS: Final = 60.0
TIMEOUT_SECONDS: Final = 60.0
AT_ONCE: Final = 8
BUSY: Final = frozenset(
    {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.BAD_GATEWAY, httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.GATEWAY_TIMEOUT}
)
"""What an answer says that may be another one in a moment."""


Record = dict[str, Any]


class NoTmsError(InvalidError):
    """What answers at the address is no TMS API 2.0."""

    def __init__(self, url: str, command: str, said: str) -> None:
        super().__init__(
            f"{url} does not answer {command} as a TMS does ({said}); give the address of its API, such as https://host/api/2.0"
        )


class KeyRefusedError(InvalidError):
    """The other system does not take the key."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} does not take the API key; give one that is valid there")


class NoAddressError(InvalidError):
    """What is given as the address of the other system is none."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} is not the address of a TMS; give one such as https://host/api/2.0")


class SourceRefusedError(ConflictError):
    """The other system refused a call."""

    def __init__(self, command: str, text: str) -> None:
        super().__init__(f"the other system refused {command}: {text}")


class SourceAwayError(UnavailableError):
    """The other system does not answer."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url} does not answer ({reason}); run the same command again later, it goes on where it stopped")


class Source:
    """
    Another TMS.

    Attributes:
        url: The address of its API.
    """

    def __init__(self, url: str, key: str, *, at_once: int = AT_ONCE) -> None:
        """
        Name the other system.

        Args:
            url: The address of its API, or of its host.
            key: An API key that is valid there.
            at_once: How many calls are made at the same time.

        Raises:
            NoAddressError: The address is none of http or https.
        """
        address = httpx.URL(url)
        if address.scheme not in {"http", "https"} or not address.host:
            raise NoAddressError(url)
        self.url = str(address if address.path.strip("/") else address.copy_with(path=PREFIX.decode())).rstrip("/")
        limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
        # A redirect is not followed: the key would go to whoever it names.
        self._client = httpx.AsyncClient(headers={"api_key": key}, timeout=TIMEOUT_SECONDS, limits=limits, follow_redirects=False)
        self._turns = asyncio.Semaphore(at_once)

    async def __aenter__(self) -> Self:
        """Give the other system."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the connections to it."""
        await self._client.aclose()

    async def ask(self, command: str, **parameters: Any) -> Record | None:
        """
        Call a command and give its answer; None where it does not find what it is about, or does not know the command.

        Raises:
            KeyRefusedError: The key is not valid there.
            SourceRefusedError: It refuses the call.
            SourceAwayError: It does not answer, again and again.
            NoTmsError: What answers is no TMS.
        """
        async with self._turns:
            response = await self._get(command, parameters)
        try:
            answer = {name.lower(): value for name, value in msgspec.json.decode(response.content, type=Record).items()}
            status = Status(answer["status"])
        except (msgspec.DecodeError, KeyError, ValueError):
            raise NoTmsError(self.url, command, f"HTTP {response.status_code}") from None
        if response.status_code == httpx.codes.NOT_FOUND or status is Status.NOT_FOUND:
            return None
        if status is Status.INVALID_KEY:
            raise KeyRefusedError(self.url)
        if status is Status.ERROR:
            raise SourceRefusedError(command, str(answer.get("error")))
        return answer

    async def search(self, command: str, **parameters: Any) -> AsyncIterator[tuple[list[Record], int]]:
        """Give the pages of a search, each with the number of results on all of them; nothing where the command is not known."""
        page = 0
        while (answer := await self.ask(command, pageIndex=page, pageSize=PAGE, **parameters)) is not None:
            yield answer["results"], answer["totalcount"]
            page += 1
            if page >= answer["totalpages"]:
                return

    async def _get(self, command: str, parameters: Mapping[str, Any]) -> httpx.Response:
        """Send a call, and again after a pause where the other system is busy or away: all calls of an import only read."""
        pause, reason = FIRST_PAUSE_SECONDS, ""
        for left in reversed(range(TRIES)):
            try:
                response = await self._client.get(f"{self.url}/{command}", params=dict(parameters))
            except httpx.TransportError as error:
                reason = str(error) or type(error).__name__
            else:
                if response.status_code not in BUSY:
                    return response
                reason = f"HTTP {response.status_code}"
                pause = max(pause, _wished_pause(response))
            if left:
                await asyncio.sleep(min(pause, LONGEST_PAUSE_SECONDS))
                pause *= 2
        raise SourceAwayError(self.url, reason)


def _wished_pause(response: httpx.Response) -> float:
    """Give how many seconds the other system wants to be left alone; 0 where it does not say."""
    wished = response.headers.get("retry-after", "")
    return float(wished) if wished.isdecimal() else 0.0
