"""
The command ``serve``.

Nothing here loads what answers requests: the process that runs this command only watches over those that do.
"""

import click
import msgspec

from rollbook.cli.supervisor import supervise
from rollbook.errors import InvalidError
from rollbook.settings import Settings, read_settings, site_of

DEFAULTS = Settings()


class OneWorkerError(InvalidError):
    """An embedded database is served by one worker, since it has one writer."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        super().__init__(
            f"an embedded database is served by one worker, not {workers}; leave --workers out, or set ROLLBOOK_DATABASE_URL to a PostgreSQL database"
        )


@click.command()
@click.option("--host", metavar="ADDRESS", help=f"Name or address to listen at (ROLLBOOK_HOST, or {DEFAULTS.host}).")
@click.option("--port", type=click.IntRange(1, 65_535), metavar="PORT", help=f"Port to listen at (ROLLBOOK_PORT, or {DEFAULTS.port}).")
@click.option(
    "--workers", type=click.IntRange(1, 64), metavar="NUMBER", help="Processes that answer (ROLLBOOK_WORKERS, or 1); more need PostgreSQL."
)
@click.option("--demo", is_flag=True, help="Make a demo training center first where the database is empty, and show a call to try.")
def command(host: str | None, port: int | None, workers: int | None, *, demo: bool) -> int:
    """
    Answer requests until SIGTERM or SIGINT, which finishes what is in flight.

    An embedded database is made and migrated by itself; a PostgreSQL database by `rollbook migrate`.
    """
    settings = read_settings()
    listening = msgspec.structs.replace(settings, host=host or settings.host, port=port or settings.port)
    if settings.public_url == site_of(settings.host, settings.port):
        listening = msgspec.structs.replace(listening, public_url=site_of(listening.host, listening.port))
    settings = msgspec.structs.replace(listening, workers=workers or settings.workers)
    if settings.database_file and settings.workers > 1:
        raise OneWorkerError(settings.workers)
    return supervise(settings, demo=demo)
