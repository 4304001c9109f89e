"""
The tables of ``docs/tms-api.md``, made from the declarations; run as a program (``make docs``) it writes them.

Whatever stands above the first table is written by hand and stays.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from rollbook.api.tms.command import Command
from rollbook.api.tms.parsing import DRY_RUN, Parameter
from rollbook.app import COMMANDS
from tests.api.reference.differences import DIFFERENCES
from tests.api.reference.facts import FACTS, NOT_HERE

PAGE: Final = Path(__file__).parents[3] / "docs" / "tms-api.md"
BEGINNING: Final = "## The commands of the TMS\n"
DECLARED: Final = {command.name: command for command in COMMANDS}


def page() -> str:
    """Give the text that the page should have."""
    by_hand = PAGE.read_text().partition(BEGINNING)[0]
    return "\n".join([by_hand + BEGINNING, *lines()])


def lines() -> Iterator[str]:
    """Give everything below the heading of the first table."""
    yield "Required parameters are **bold**. *Ours* is what a command takes beyond its documentation, besides `dryRun`."
    for group in dict.fromkeys(fact.group for fact in FACTS.values()):
        yield from ("", f"### {group}", "", "| command | parameters | ours | here |", "|---|---|---|---|")
        yield from (documented_row(name) for name, fact in FACTS.items() if fact.group == group)
    yield from ("", "## The commands of Rollbook's own", "", "| command | parameters | what it does |", "|---|---|---|")
    yield from (own_row(command) for command in sorted(COMMANDS, key=lambda command: (command.group, command.name)) if command.ours)
    yield ""


def documented_row(name: str) -> str:
    """Give the row of a command of the TMS."""
    command = DECLARED.get(name)
    if command is None:
        documented = ", ".join(f"`{parameter}`" for parameter in FACTS[name].parameters)
        return f"| `{name}` | {documented} | | {NOT_HERE.get(name, 'not here yet')} |"
    ours = listed(parameter for parameter in command.parser.declared if parameter.kind.ours and parameter.field != DRY_RUN)
    order = FACTS[name].parameters
    known = [parameter for parameter in command.parser.declared if parameter.name in order]
    documented = listed(sorted(known, key=lambda parameter: order.index(parameter.name)))
    return f"| `{name}` | {documented} | {ours} | {DIFFERENCES.get(name, 'as documented')} |"


def own_row(command: Command) -> str:
    """Give the row of a command that the TMS does not have."""
    taken = [parameter for parameter in command.parser.declared if parameter.field != DRY_RUN]
    return f"| `{command.name}` | {listed(sorted(taken, key=lambda parameter: not parameter.required))} | {command.summary} |"


def listed(parameters: Iterable[Parameter]) -> str:
    """Give parameters in their order, the required ones bold."""
    return ", ".join(f"**`{parameter.name}`**" if parameter.required else f"`{parameter.name}`" for parameter in parameters)


if __name__ == "__main__":
    PAGE.write_text(page())
