"""Which of the documented commands are here."""

from collections.abc import Mapping
from typing import Final

from rollbook.api.tms.command import Command
from rollbook.app import COMMANDS
from tests.api.reference.facts import FACTS

HERE: Final[Mapping[str, Command]] = {command.name: command for command in COMMANDS if command.name in FACTS}
"""Their declarations by their names."""
