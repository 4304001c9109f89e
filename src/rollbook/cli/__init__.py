"""The command line: every command by its name, loaded when it is asked for."""

from collections.abc import Sequence
from importlib import import_module

import click
import rich_click

from rollbook.cli.telling import tell_what_goes_wrong
from rollbook.settings import program_version

COMMANDS = {
    "serve": ("rollbook.cli.serve", "Answer requests."),
    "migrate": ("rollbook.cli.migrate", "Make the database ready for this version."),
    "organization": ("rollbook.cli.organization", "Create and set up organizations."),
    "user": ("rollbook.cli.user", "Create users who sign in, and let them set their passwords."),
    "key": ("rollbook.cli.key", "Make, list and revoke API keys."),
    "backup": ("rollbook.cli.backup", "Copy an embedded database while it is in use."),
    "import": ("rollbook.cli.importing", "Create and update rows from a CSV file."),
    "import-tms": ("rollbook.cli.tms.importing", "Take over everything that another TMS holds."),
    "export": ("rollbook.cli.exporting", "Write rows to a CSV file that import reads."),
    "verify": ("rollbook.cli.verifying", "Check that everything holds that has to."),
    "demo": ("rollbook.cli.demo", "Make a training center to try things on."),
}
"""The module that holds each command, under the name ``command``, and what the command does in one sentence."""


class Commands(rich_click.RichGroup):
    """The commands, of which only the one that is asked for is loaded."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Give the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the signature is click's
        """Give what the help tells of a command, without loading it."""
        return click.Command(cmd_name, short_help=COMMANDS[cmd_name][1]) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Load the command that is to run."""
        name, _, rest = super().resolve_command(ctx, args)
        command: click.Command = import_module(COMMANDS[name or ""][0]).command
        return name, command, rest


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(program_version(), message="%(prog)s %(version)s")
def rollbook() -> None:
    """Enroll students in classes, through the TMS API 2.0."""


def run(arguments: Sequence[str]) -> int:
    """Run a command and give its exit status."""
    return tell_what_goes_wrong(lambda: rollbook.main(list(arguments), prog_name="rollbook", standalone_mode=False))
