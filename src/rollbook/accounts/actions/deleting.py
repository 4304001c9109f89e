"""Deleting users to whom nothing belongs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rollbook.access.actor import Actor
from rollbook.accounts.actions.removing import remove_user
from rollbook.accounts.queries.references import count_references
from rollbook.database.references import References
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError
from rollbook.history.versions import check_version
from rollbook.organizations.actions.belongings import Belonging, listed
from rollbook.people.queries.users import get_user_as_stored, lock_users_whole

_WORDS: Final[Mapping[tuple[str, str], tuple[str, str]]] = MappingProxyType(
    {
        ("activity_launches", "user_id"): ("launch of an activity", "launches of activities"),
        ("assignments", "user_id"): ("course assignment", "course assignments"),
        ("class_instructors", "user_id"): ("instructed class", "instructed classes"),
        ("classes", "primary_instructor_id"): ("class as its primary instructor", "classes as their primary instructor"),
        ("companies", "owning_user_id"): ("company to look after", "companies to look after"),
        ("course_feedback", "user_id"): ("feedback on a course", "feedbacks on courses"),
        ("custom_field_values", "integer_value"): ("custom field that names the user", "custom fields that name the user"),
        ("subscription_training_keys", "created_by_id"): ("training key made", "training keys made"),
        ("subscription_training_keys", "modified_by_id"): ("training key changed", "training keys changed"),
        ("user_activity", "impersonating_user_id"): ("act for somebody else", "acts for others"),
        ("users", "manager_id"): ("user to manage", "users to manage"),
    }
)


class UserNotEmptyError(ConflictError):
    """
    Something belongs to the user who would be deleted.

    Attributes:
        belongings: What, and how many.
    """

    def __init__(self, user_id: int, belongings: tuple[Belonging, ...]) -> None:
        self.user_id = user_id
        self.belongings = belongings
        super().__init__(
            f"user {user_id} still has {listed(belongings)}; merge the user into another one, close the account, or remove these first"
        )


async def delete_user(transaction: Transaction, *, actor: Actor, user_id: int, if_version: int | None = None) -> None:
    """
    Delete a user to whom nothing belongs, with roles, values of custom fields, and traces; the history stays.

    Raises:
        UserNotFoundError: The actor sees no such user.
        VersionChangedError: The user is not at the version asked for.
        UserNotEmptyError: Something belongs to the user.
    """
    await lock_users_whole(transaction, user_ids=[user_id])
    user = await get_user_as_stored(transaction, viewer=actor.viewer, user_id=user_id)
    check_version(noun="user", subject_id=user_id, version=user.version, wanted=if_version)
    belongings = tuple(_belonging(each) for each in await count_references(transaction, user_id=user_id))
    if belongings:
        raise UserNotEmptyError(user_id, belongings)
    await remove_user(transaction, actor=actor, user=user)


def _belonging(references: References) -> Belonging:
    plural = references.table.replace("_", " ")
    words = _WORDS.get((references.table, references.column), (plural.removesuffix("s"), plural))
    return Belonging(references.count, words[references.count != 1])
