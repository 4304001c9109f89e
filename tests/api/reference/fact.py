"""What the public documentation of the TMS API 2.0 tells of a command: names alone, in its spelling."""

from collections.abc import Mapping

from msgspec import Struct

PAGING = ("pageIndex", "pageSize", "sort")
PAGES = ("TotalCount", "TotalPages", "Results")


class Fact(Struct, frozen=True, kw_only=True):
    """
    What is documented of a command.

    Attributes:
        group: The part of the documentation that it belongs to.
        parameters: Their names.
        answer: What stands beside status and error in its answer; None where no answer is shown.
        shows: The object of objects.py that it answers, or whose list.
        lower_case: The answer has ``status`` and ``error``.
        slips: Names that the vendor's collection of requests has by mistake, and what is meant by them.
        sorts: The keys that a search sorts by; empty where none is documented.
        sort: The key that it sorts by where none is given.
        page_size: How many results a page has where nothing is said.
    """

    group: str
    parameters: tuple[str, ...] = ()
    answer: tuple[str, ...] | None = ()
    shows: str = ""
    lower_case: bool = False
    slips: Mapping[str, str] = {}
    sorts: tuple[str, ...] = ()
    sort: str = ""
    page_size: int = 100

    @property
    def identity(self) -> str | None:
        """The parameter that may stand in the path instead."""
        return next((name for name in self.parameters if name.lower() in ("id", "courseassignmentid")), None)


def search(group: str, *filters: str, shows: str, sorts: tuple[str, ...] = (), sort: str = "", page_size: int = 100) -> Fact:
    """Give the fact of a search."""
    return Fact(group=group, parameters=(*PAGING, *filters), answer=PAGES, shows=shows, sorts=sorts, sort=sort, page_size=page_size)
