"""The sign-ins of the demo: who has one, the password that all of them share, and the file in which it is kept."""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rollbook.access.roles import ROLES, STUDENT
from rollbook.cli.demo_filling import INSTRUCTOR, STAFF, email_of
from rollbook.cli.demo_planning import FIRST_INSTRUCTORS, SAM
from rollbook.settings import Settings

SIGN_INS_FILE: Final = "demo-sign-ins"
_SYLLABLES: Final = tuple(consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou")


def make_password() -> str:
    """Make a password that can be read out and typed: four times three syllables."""
    return "-".join("".join(secrets.choice(_SYLLABLES) for _ in range(3)) for _ in range(4))


def list_sign_ins(*, organization_id: int, password: str) -> str:
    """List who can sign in, one a line: the role, the user name, the password."""
    roles = {SAM: STUDENT, FIRST_INSTRUCTORS[0]: INSTRUCTOR, **{staff.name: staff.role_id for staff in STAFF}}
    rows = [(ROLES[role_id].name, email_of(name, organization_id=organization_id), password) for name, role_id in roles.items()]
    return "".join(f"{line}\n" for line in _columns(rows))


def show_sign_ins(settings: Settings) -> str:
    """Give the lines that tell who can sign in to the demo; nothing where that is not known."""
    try:
        listed = (settings.data_folder / SIGN_INS_FILE).read_text()
    except FileNotFoundError:
        return ""
    indented = "".join(f"  {line}\n" for line in listed.splitlines())
    return f"Sign in to the demo at http://{settings.host}:{settings.port}/sign-in:\n\n{indented}\n"


def keep_secret(text: str, file: Path) -> None:
    """Write a text to a file that nobody else may read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
    partial.replace(file)


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
