from rollbook.app import COMMANDS
from tests.api.reference.facts import FACTS, NOT_HERE
from tests.api.reference.values import VALUES


def test_every_documented_command_is_here_or_has_its_reason_not_to_be() -> None:
    here = {command.name for command in COMMANDS if not command.ours}

    assert set(FACTS) == here | set(NOT_HERE)


def test_every_command_that_is_here_is_called() -> None:
    assert set(FACTS) - set(NOT_HERE) == set(VALUES)
