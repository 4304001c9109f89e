"""The command ``demo``, and the call to try that it ends with."""

import os
from pathlib import Path
from urllib.parse import urlencode

import click

from rollbook.access.actor import EVERYTHING
from rollbook.access.errors import InvalidKeyError
from rollbook.access.keys import hash_of, make_key
from rollbook.cli.demo_center import TO_TRY, make_center
from rollbook.cli.preparation import with_database
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.sight import list_enrollments
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.queries.keys import authenticate
from rollbook.organizations.queries.organizations import page_organizations
from rollbook.settings import Settings, read_settings

KEY_FILE = "demo-key"


@click.command()
@click.option("--if-empty", is_flag=True, help="Make nothing where the database has an organization already.")
def command(*, if_empty: bool) -> None:
    """
    Make a training center to try things on, and show a call to try.

    Its API key is kept in the file demo-key in the data folder.
    """
    settings = read_settings()
    click.echo(with_database(settings, lambda database: make_demo(database, settings, if_empty=if_empty), create=True), nl=False)


async def make_demo(database: Database, settings: Settings, *, if_empty: bool) -> str:
    """
    Make a demo training center, unless the database has to be empty and is not.

    Returns:
        The lines that show a call to try; nothing where there is no demo.
    """
    if not if_empty or not await database.read(page_organizations, viewer=EVERYTHING, limit=1):
        key = make_key()
        await make_center(database, key_hash=key.hash)
        _keep(key.secret, settings.data_folder / KEY_FILE)
    return await _call_to_try(database, settings)


async def _call_to_try(database: Database, settings: Settings) -> str:
    """Give the lines that tell how to confirm the request that waits in the demo; nothing where there is no demo, or no more."""
    try:
        key = (settings.data_folder / KEY_FILE).read_text().strip()
        actor = await database.read(authenticate, key_hash=hash_of(key))
    except (FileNotFoundError, InvalidKeyError):
        return ""
    requests = await database.read(list_enrollments, viewer=actor.viewer, external_id=TO_TRY)
    if not requests:
        return ""
    state = {
        "classId": requests[0].class_id,
        "userId": requests[0].user_id,
        "enrollmentStatusId": int(EnrollmentStatus.ENROLLED),
        "completionStatusId": int(requests[0].completion),
    }
    address = f"http://{settings.host}:{settings.port}/api/2.0/UpdateClassEnrollment/{requests[0].id}?{urlencode(state)}"
    return f"Enroll a student of the demo who has asked for it:\n\n  curl -H 'api_key: {key}' '{address}'\n\n"


def _keep(secret: str, file: Path) -> None:
    """Write a key to a file that nobody else may read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secret.encode() + b"\n")
    finally:
        os.close(descriptor)
    partial.replace(file)
