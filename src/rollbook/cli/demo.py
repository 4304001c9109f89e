"""The command ``demo``, and the call to try that it ends with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from rollbook.access.actor import EVERYTHING
from rollbook.access.errors import InvalidKeyError
from rollbook.access.keys import hash_of, make_key
from rollbook.cli.demo_center import TO_TRY, make_center
from rollbook.cli.demo_filling import steps_of_filling
from rollbook.cli.demo_sign_ins import SIGN_INS_FILE, keep_secret, list_sign_ins, make_password, show_sign_ins
from rollbook.cli.preparation import with_database
from rollbook.database.transaction import Database
from rollbook.enrollments.queries.sight import list_enrollments
from rollbook.enrollments.statuses import EnrollmentStatus
from rollbook.organizations.queries.keys import authenticate
from rollbook.organizations.queries.organizations import page_organizations
from rollbook.people.passwords import hash_password
from rollbook.settings import Settings, read_settings

KEY_FILE = "demo-key"


@click.command()
@click.option("--if-empty", is_flag=True, help="Make nothing where the database has an organization already.")
def command(*, if_empty: bool) -> None:
    """
    Make a training center to try things on, and show a call to try, and who can sign in.

    Its API key is kept in the file demo-key in the data folder, the sign-ins in demo-sign-ins.
    """
    settings = read_settings()
    click.echo(with_database(settings, lambda database: make_demo(database, settings, if_empty=if_empty), create=True), nl=False)


async def make_demo(database: Database, settings: Settings, *, if_empty: bool) -> str:
    """
    Make a demo training center, unless the database has to be empty and is not.

    Returns:
        The lines that show a call to try, and who can sign in; nothing where there is no demo.
    """
    if not if_empty or not await database.read(page_organizations, viewer=EVERYTHING, limit=1):
        key, password = make_key(), make_password()
        password_hash = await hash_password(password)
        with _progress() as on_step:
            organization_id = await make_center(database, key_hash=key.hash, password_hash=password_hash, on_step=on_step)
        keep_secret(f"{key.secret}\n", settings.data_folder / KEY_FILE)
        keep_secret(list_sign_ins(organization_id=organization_id, password=password), settings.data_folder / SIGN_INS_FILE)
    call = await _call_to_try(database, settings)
    return f"{call}{show_sign_ins(settings)}" if call else ""


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


@contextmanager
def _progress() -> Iterator[Callable[[], None]]:
    terminal = Console(stderr=True)
    columns = (TextColumn("making the demo"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal, redirect_stdout=False) as bar:
        task = bar.add_task("making", total=steps_of_filling())
        yield lambda: bar.advance(task)
