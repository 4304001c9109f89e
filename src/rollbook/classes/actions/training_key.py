"""Giving a class the training key that it needs: one of its own on the whole server."""

from msgspec.structs import replace

from rollbook.access.training_keys import make_training_key
from rollbook.classes.details import ClassDetails
from rollbook.classes.queries.training_keys import is_training_key_taken
from rollbook.database.transaction import CrowdedError, Transaction
from rollbook.errors import ConflictError

_TRIES = 5


class ClassTrainingKeyTakenError(ConflictError):
    """Another class of the server has the training key."""

    field = "training_key"

    def __init__(self, training_key: str) -> None:
        super().__init__(f"{training_key} is the training key of another class already; give another one, or let one be made")


async def with_training_key(transaction: Transaction, wanted: ClassDetails) -> ClassDetails:
    """
    Give what a class says with a training key made for it, where it is to be opened by one and has none.

    Raises:
        CrowdedError: Every key that was made is another class's.
    """
    if not wanted.enable_training_key or wanted.training_key is not None:
        return wanted
    for _ in range(_TRIES):
        made = make_training_key()
        if not await is_training_key_taken(transaction, training_key=made):
            return replace(wanted, training_key=made)
    raise CrowdedError


async def check_training_key(
    transaction: Transaction, *, stored: ClassDetails | None, wanted: ClassDetails
) -> ClassTrainingKeyTakenError | None:
    """Decide whether a class may have the training key; one that is stored is its own."""
    if wanted.training_key is None or (stored is not None and wanted.training_key == stored.training_key):
        return None
    taken = await is_training_key_taken(transaction, training_key=wanted.training_key)
    return ClassTrainingKeyTakenError(wanted.training_key) if taken else None
