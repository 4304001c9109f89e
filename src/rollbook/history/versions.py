"""Whether a thing is still what the caller read."""

from rollbook.errors import ConflictError


class VersionChangedError(ConflictError):
    """What the caller would change is no longer at the version that the caller read."""

    field = "if_version"

    def __init__(self, *, noun: str, subject_id: int, version: int, wanted: int) -> None:
        self.subject_id = subject_id
        self.version = version
        # Versions begin at 1.
        other = f"not {wanted}" if wanted > 0 else "none of those asked for"
        super().__init__(f"{noun} {subject_id} is at version {version}, {other}; read it again and decide anew")


def check_version(*, noun: str, subject_id: int, version: int, wanted: int | None) -> None:
    """
    Return when a thing is at the wanted version, or any will do; asked after the lock that keeps it there.

    Raises:
        VersionChangedError: It is at another one.
    """
    if wanted is not None and wanted != version:
        raise VersionChangedError(noun=noun, subject_id=subject_id, version=version, wanted=wanted)
