"""A measured figure beside its limit."""

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """
    What was measured, and what it is measured against.

    Attributes:
        reach: The least ratio of figure to limit, or None where ``at_most`` or nothing is asked.
        at_most: The largest figure, or the largest ratio where there is a limit.
    """

    what: str
    figure: float
    unit: str = "/s"
    beside: str = "-"
    limit: float | None = None
    reach: float | None = None
    at_most: float | None = None

    @property
    def reached(self) -> float:
        """The ratio of figure to limit; the figure itself where it stands alone."""
        return self.figure if self.limit is None else self.figure / self.limit

    @property
    def is_missed(self) -> bool:
        """It does not reach what it is to reach."""
        return (self.reach is not None and self.reached < self.reach) or (self.at_most is not None and self.reached > self.at_most)

    def row(self) -> tuple[str, ...]:
        """Give the figure as a row of the table."""
        asked = f"≥ {self.reach:g}" if self.reach is not None else f"≤ {self.at_most:g}" if self.at_most is not None else "reported"
        return (
            self.what,
            f"{self.figure:,.1f} {self.unit}" if self.figure < 100 else f"{self.figure:,.0f} {self.unit}",
            self.beside,
            "" if self.limit is None else f"{self.limit:,.1f} {self.unit}" if self.limit < 100 else f"{self.limit:,.0f} {self.unit}",
            f"{self.reached:,.2f}",
            asked,
        )
