"""Deleting organizations to which nothing belongs."""

from typing import Final

from msgspec.structs import asdict
from sqlalchemy import Integer, bindparam, delete

from rollbook.access.actor import Actor
from rollbook.database.query import Command
from rollbook.database.references import counting_references
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, NotAllowedError, refuse
from rollbook.history.recording import entry, recorded
from rollbook.history.versions import check_version
from rollbook.organizations.actions.belongings import Belonging, listed, told
from rollbook.organizations.model import api_keys, organization_preferences, organizations
from rollbook.organizations.queries.keys import list_keys_of
from rollbook.organizations.queries.organizations import get_organization_as_stored, lock_organization, lock_trees
from rollbook.organizations.queries.preferences import list_own_preferences

_ORGANIZATION_ID: Final = bindparam("organization_id", type_=Integer())
_DELETE_PREFERENCES: Final = Command(delete(organization_preferences).where(organization_preferences.c.organization_id == _ORGANIZATION_ID))
_DELETE_KEYS: Final = Command(delete(api_keys).where(api_keys.c.organization_id == _ORGANIZATION_ID))
_DELETE: Final = recorded(delete(organizations).where(organizations.c.id == _ORGANIZATION_ID), identity=organizations.c.id)

_GOING_ALONG: Final = (organization_preferences, api_keys)
_NOT_TOLD: Final = {"id", "path", "time_zone_iana", "created_at", "modified_at", "version", "children_ids"}


class OwnOrganizationDeletedError(NotAllowedError):
    """An API key would delete the organization that it belongs to."""

    def __init__(self) -> None:
        super().__init__("a key cannot delete its own organization; use the key of an organization above it")


class OrganizationNotEmptyError(ConflictError):
    """
    Something belongs to the organization that would be deleted.

    Attributes:
        belongings: What, and how many.
    """

    def __init__(self, organization_id: int, belongings: tuple[Belonging, ...]) -> None:
        self.organization_id = organization_id
        self.belongings = belongings
        super().__init__(
            f"organization {organization_id} still has {listed(belongings)}; delete what belongs to it or give it another organization first"
        )


class OrganizationHasKeysError(ConflictError):
    """The organization that would be deleted has API keys that open."""

    def __init__(self, organization_id: int, count: int) -> None:
        self.count = count
        keys = "an API key that is" if count == 1 else f"{count} API keys that are"
        super().__init__(f"organization {organization_id} has {keys} neither revoked nor expired; revoke what still opens first")


async def delete_organization(transaction: Transaction, *, actor: Actor, organization_id: int, if_version: int | None = None) -> None:
    """
    Delete an organization to which nothing belongs; its preferences and its revoked and expired keys go along, its history stays.

    Raises:
        OrganizationNotFoundError: The actor sees no such organization.
        VersionChangedError: It is not at the version asked for.
        OwnOrganizationDeletedError: It is the key's own.
        OrganizationNotEmptyError: Something belongs to it.
        OrganizationHasKeysError: Keys of it still open.
        SeveralRefusalsError: More than one of these.
    """
    await lock_trees(transaction)
    await lock_organization(transaction, organization_id=organization_id)
    stored = await get_organization_as_stored(transaction, viewer=actor.viewer, organization_id=organization_id)
    check_version(noun="organization", subject_id=organization_id, version=stored.version, wanted=if_version)
    if organization_id == actor.viewer.organization_id:
        raise OwnOrganizationDeletedError
    belongings = told(await transaction.all(counting_references(organizations.c.id, going_along=_GOING_ALONG), referred_id=organization_id))
    keys = await list_keys_of(transaction, viewer=actor.viewer, organization_id=organization_id)
    opening = [key for key in keys if key.revoked_at is None and (key.expires_at is None or key.expires_at > transaction.now)]
    refuse(
        [
            OrganizationNotEmptyError(organization_id, belongings) if belongings else None,
            OrganizationHasKeysError(organization_id, len(opening)) if opening else None,
        ]
    )
    preferences = await list_own_preferences(transaction, viewer=actor.viewer, organization_id=organization_id)
    before = {name: value for name, value in asdict(stored).items() if name not in _NOT_TOLD and value is not None}
    if preferences:
        before["preferences"] = {preference.name: preference.value for preference in preferences}
    if keys:
        before["keys"] = [{"id": key.id, "name": key.name} for key in keys]
    record = entry(transaction, actor=actor, organization_id=organization_id, kind="organization.deleted", before=before)
    await transaction.run(_DELETE_PREFERENCES, organization_id=organization_id)
    await transaction.run(_DELETE_KEYS, organization_id=organization_id)
    await transaction.change(_DELETE, {"organization_id": organization_id}, record)
