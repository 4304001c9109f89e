"""The one place where errors of the domain become statuses and texts of the TMS API."""

from rollbook.access.errors import InvalidKeyError
from rollbook.api.tms.command import Command
from rollbook.api.tms.envelope import Status
from rollbook.api.tms.reply import BARE, Reply, error_reply
from rollbook.errors import NotFoundError, RollbookError, SeveralRefusalsError, UnavailableError

RETRY_SOON = (b"retry-after", b"1")


def told(error: RollbookError, command: Command | None) -> str:
    """Give an error's text as the documentation promises it: behind the number of the rule or the documented name of the parameter."""
    if isinstance(error, SeveralRefusalsError):
        return "; ".join(told(refusal, command) for refusal in error.refusals)
    if error.rule:
        return f"{error.rule}: {error}"
    if error.field and command is not None:
        return f"{command.parser.documented_name(error.field)}: {error}"
    return str(error)


def refusal(error: RollbookError, command: Command | None) -> Reply:
    """Make the answer to a call that was refused because of its key, the object that it is about, a value or a rule."""
    envelope = BARE if command is None else command.envelope
    if isinstance(error, InvalidKeyError):
        return Reply(envelope.invalid_key, Status.INVALID_KEY)
    if isinstance(error, NotFoundError) and error.field is None:
        return Reply(envelope.not_found, Status.NOT_FOUND)
    if isinstance(error, UnavailableError):
        return error_reply(envelope, told(error, command), 503, (RETRY_SOON,))
    return error_reply(envelope, told(error, command))
