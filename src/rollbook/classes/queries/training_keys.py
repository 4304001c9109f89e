"""Finding classes by their training keys, which are compared letter by letter, capitals apart from small ones."""

from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Text, bindparam, select

from rollbook.access.actor import Viewer
from rollbook.classes.model import classes
from rollbook.classes.queries.classes import CLASSES, ClassRow, TrainingClass, complete
from rollbook.database.expressions import within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.errors import NotFoundError
from rollbook.organizations.model import organizations


class UnknownClassTrainingKeyError(NotFoundError):
    """No class of the viewer is opened by the training key."""

    def __init__(self, *, field: str | None = None) -> None:
        self.field = field
        super().__init__("no class is opened by that training key; give the key of a class of your organization or of one beneath it")


class OpenedClass(Struct, frozen=True):
    """
    A class that a training key opens.

    Attributes:
        ends_at: The last meeting's end in epoch seconds; None where it has none.
    """

    id: int
    requires_approval: bool
    ends_at: int | None


class _IdRow(Struct, frozen=True):
    id: int


_KEY: Final[Any] = bindparam("training_key", type_=Text)
_OPENED: Final = (
    classes.c.training_key == _KEY,
    classes.c.enable_training_key,
    classes.c.enabled,
    within(organizations.c.path, bindparam("path", type_=Text)),
)
_class_of_key = Query(CLASSES.where(*_OPENED), ClassRow)
_opened = Query(
    select(classes.c.id, classes.c.requires_approval, classes.c.ends_at)
    .join(organizations, organizations.c.id == classes.c.organization_id)
    .where(*_OPENED),
    OpenedClass,
)
_holder = Query(select(classes.c.id).where(classes.c.training_key == _KEY), _IdRow)


async def get_class_by_training_key(transaction: Transaction, *, viewer: Viewer, training_key: str) -> TrainingClass:
    """
    Give the class that a training key opens.

    Raises:
        UnknownClassTrainingKeyError: The viewer has none.
    """
    rows = await transaction.all(_class_of_key, training_key=training_key, path=viewer.path)
    if not rows:
        raise UnknownClassTrainingKeyError
    (found,) = await complete(transaction, rows)
    return found


async def find_opened_class(transaction: Transaction, *, viewer: Viewer, training_key: str) -> OpenedClass | None:
    """Give what decides whether a training key lets somebody into the class that it opens; None where the viewer has none."""
    return await transaction.find(_opened, training_key=training_key, path=viewer.path)


async def is_training_key_taken(transaction: Transaction, *, training_key: str) -> bool:
    """Tell whether a class of the server, seen by the caller or not, has a training key, be it one that opens nothing now."""
    return await transaction.find(_holder, training_key=training_key) is not None
