"""Where a browser may be sent on to: a path of this site, and nothing else."""

from typing import Final
from urllib.parse import unquote

from rollbook.errors import InvalidError

LONGEST_DESTINATION: Final = 2048


class ElsewhereError(InvalidError):
    """A browser would be sent on to an address that is not one of this site."""

    def __init__(self, public_url: str, *, field: str | None = None) -> None:
        self.field = field
        super().__init__(
            f"the destination is not on this site; give a path that begins with one /, or an address that begins with {public_url}/, "
            f"of at most {LONGEST_DESTINATION:,} characters"
        )


def path_of(given: str, *, public_url: str) -> str | None:
    """
    Give the path, with its query, that a destination is on this site; None where it is none.

    ``public_url`` is the site's address without a slash at its end. Browsers and proxies take more for an address of another site than one
    would think: two slashes, backslashes, control characters in between, and each of them also where it is written with a percent sign.
    """
    path = given
    if given[: len(public_url)].lower() == public_url.lower():
        path = given[len(public_url) :] or "/"
    plain = unquote(path.partition("?")[0].partition("#")[0])
    is_on_this_site = (
        len(path) <= LONGEST_DESTINATION
        and path.startswith("/")
        and "//" not in plain
        and "\\" not in path + plain
        and " " not in path
        and (path + plain).isprintable()
    )
    return path if is_on_this_site else None


def get_path_of(given: str, *, public_url: str, field: str | None = None) -> str:
    """
    Give the path that a destination is on this site; ``field`` names the caller's value.

    Raises:
        ElsewhereError: It is not on this site.
    """
    path = path_of(given, public_url=public_url)
    if path is None:
        raise ElsewhereError(public_url, field=field)
    return path
