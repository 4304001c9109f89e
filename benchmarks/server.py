"""The server under load: ``rollbook serve`` itself, with one command more, which does nothing. Its rate is the door's constant."""

import sys

from rollbook import app
from rollbook.api.tms.call import Call
from rollbook.api.tms.command import command
from rollbook.api.tms.commands.enrollments import UpdatedEnrollmentValues
from rollbook.api.tms.envelope import Done
from rollbook.cli.supervisor import supervise
from rollbook.settings import read_settings


@command("DoNothing", summary="Do nothing", lower_case=True)
async def do_nothing(call: Call, parameters: UpdatedEnrollmentValues) -> Done:  # noqa: ARG001 - parsed, as they are for the command beside it
    """Answer as a command would that has nothing to ask of the database."""
    call.log_as("benchmark")
    return Done()


if __name__ == "__main__":
    app.COMMANDS = (*app.COMMANDS, do_nothing)
    sys.exit(supervise(read_settings(), demo=False))
