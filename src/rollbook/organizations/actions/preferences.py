"""Setting what an organization decides for itself and for the organizations beneath it."""

from collections.abc import Mapping

from msgspec import UNSET
from sqlalchemy import BigInteger, Integer, bindparam, delete, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.database.query import Command
from rollbook.database.transaction import Transaction
from rollbook.errors import RollbookError, refuse
from rollbook.history.recording import entry, recorded
from rollbook.history.versions import check_version
from rollbook.organizations.model import organization_preferences, organizations
from rollbook.organizations.preferences import PreferenceValueError, UnknownPreferenceError, parse, to_text
from rollbook.organizations.queries.organizations import get_organization, lock_trees
from rollbook.organizations.queries.preferences import list_own_preferences

_NAME = bindparam("name", type_=organization_preferences.c.name.type)
_ORGANIZATION_ID = bindparam("organization_id", type_=organization_preferences.c.organization_id.type)
_VALUE = bindparam("value", type_=organization_preferences.c.value.type)

_ITS_ROW = (organization_preferences.c.organization_id == _ORGANIZATION_ID) & (organization_preferences.c.name == _NAME)

_SET = recorded(
    insert(organization_preferences).values(organization_id=_ORGANIZATION_ID, name=_NAME, value=_VALUE),
    identity=organization_preferences.c.organization_id,
)
_CHANGE = recorded(
    update(organization_preferences).where(_ITS_ROW).values(value=_VALUE), identity=organization_preferences.c.organization_id
)
_UNSET = recorded(delete(organization_preferences).where(_ITS_ROW), identity=organization_preferences.c.organization_id)
_RAISE_VERSION = Command(
    update(organizations)
    .where(organizations.c.id == _ORGANIZATION_ID)
    .values(version=organizations.c.version + literal_column("1", Integer()), modified_at=bindparam("now", type_=BigInteger()))
)


async def set_preference(transaction: Transaction, *, actor: Actor, organization_id: int, name: str, text: str) -> None:
    """
    Set a preference of an organization to what a person wrote; a blank text unsets it, so that the nearest ancestor's counts.

    Raises:
        OrganizationNotFoundError: The actor sees no such organization.
        UnknownPreferenceError: There is no preference of that name.
        PreferenceValueError: The preference does not take that value.
    """
    await set_preferences(transaction, actor=actor, organization_id=organization_id, texts={name: text})


async def set_preferences(
    transaction: Transaction, *, actor: Actor, organization_id: int, texts: Mapping[str, str], if_version: int | None = None
) -> None:
    """
    Set preferences of an organization to what a person wrote, each by its name; a blank text unsets one. They share the organization's version.

    Raises:
        OrganizationNotFoundError: The actor sees no such organization.
        VersionChangedError: It is not at the version asked for.
        UnknownPreferenceError: There is no preference of a name.
        PreferenceValueError: A preference does not take its value.
        SeveralRefusalsError: More than one of these two.
    """
    await lock_trees(transaction)
    organization = await get_organization(transaction, viewer=actor.viewer, organization_id=organization_id)
    check_version(noun="organization", subject_id=organization_id, version=organization.version, wanted=if_version)
    wanted = _read(texts)
    own = await list_own_preferences(transaction, viewer=actor.viewer, organization_id=organization_id)
    stored = {preference.name: preference.value for preference in own}
    changed = {name: after for name, after in wanted.items() if after != stored.get(name)}
    for name, after in changed.items():
        before = stored.get(name)
        record = entry(
            transaction,
            actor=actor,
            organization_id=organization_id,
            kind="organization.preference_set" if after is not None else "organization.preference_unset",
            before={name: before},
            after={name: after},
        )
        change = _UNSET if after is None else _SET if before is None else _CHANGE
        await transaction.change(change, {"organization_id": organization_id, "name": name, "value": after}, record)
    if changed:
        await transaction.run(_RAISE_VERSION, organization_id=organization_id, now=transaction.now)


def _read(texts: Mapping[str, str]) -> dict[str, str | None]:
    """Give what is to be stored by each name, None for what is unset, or refuse all that cannot be."""
    wanted: dict[str, str | None] = {}
    refusals: list[RollbookError | None] = []
    for name, text in texts.items():
        try:
            value = parse(name, text)
        except (UnknownPreferenceError, PreferenceValueError) as error:
            refusals.append(error)
        else:
            wanted[name] = None if value is UNSET else to_text(name, value)
    refuse(refusals)
    return wanted
