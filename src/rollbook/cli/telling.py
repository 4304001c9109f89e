"""How a command ends: with an exit status, and one line on standard error where something went wrong."""

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError

from rollbook.errors import RollbookError

REFUSED = 1
WRONG_USE = 2
INTERRUPTED = 130


def tell_what_goes_wrong(work: Callable[[], Any]) -> int:
    """Do some work and give the exit status: the number that the work gives, or what stands for the error that it raises."""
    try:
        status = work()
        sys.stdout.flush()
    except NoArgsIsHelpError as error:
        error.show()
        return WRONG_USE
    except click.ClickException as error:
        return _tell(error.format_message(), error.exit_code)
    except RollbookError as error:
        return _tell(str(error), REFUSED)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has read enough; what is left must not fail again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except OSError as error:
        return _tell(f"{error.filename}: {(error.strerror or '').lower()}" if error.filename else str(error), REFUSED)
    except Exception as error:  # noqa: BLE001 - a mistake in the program: the one who runs it is told where
        place = traceback.extract_tb(error.__traceback__)[-1]
        return _tell(f"an unexpected error in {place.name}, {place.filename} line {place.lineno}: {error!r}", REFUSED)
    return status if isinstance(status, int) else 0


def _tell(sentence: str, status: int) -> int:
    print(f"rollbook: {' '.join(sentence.split())}", file=sys.stderr)  # noqa: T201 - this is where a command speaks
    return status
