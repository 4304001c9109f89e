"""What tests do with changes that are to be undone, in one line each."""

from rollbook.access.actor import Actor, ActorKind
from rollbook.database.transaction import Database
from rollbook.enrollments.actions.undoing import undo_changes
from rollbook.enrollments.queries.undoing import LastChange, list_last_changes, list_undoable
from tests.cast import Cast


def user(cast: Cast, user_id: int, name: str = "Ada") -> Actor:
    """Give the actor that a user is who works in the training organization."""
    return Actor(ActorKind.USER, user_id, name, cast.ada.viewer)


async def last_of(database: Database, actor: Actor, *enrollment_ids: int) -> dict[int, int]:
    """Give the last change of each of some enrollments, as one says which changes to undo."""
    found: list[LastChange] = await database.snapshot(list_last_changes, viewer=actor.viewer, enrollment_ids=enrollment_ids)
    return {each.id: each.change_id for each in found}


async def offered(database: Database, actor: Actor, class_id: int) -> list[int]:
    """Give the enrollments whose last change is offered to be undone, by ascending id."""
    return sorted(each.id for each in await database.snapshot(list_undoable, actor=actor, class_id=class_id))


async def undo(database: Database, actor: Actor, *enrollment_ids: int) -> int:
    """Undo the last changes of some enrollments, and tell how many."""
    return len(await database.write(undo_changes, actor=actor, changes=await last_of(database, actor, *enrollment_ids)))
