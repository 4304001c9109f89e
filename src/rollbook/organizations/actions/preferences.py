"""Setting what an organization decides for itself and for the organizations beneath it."""

from msgspec import UNSET
from sqlalchemy import bindparam, delete, insert, update

from rollbook.access.actor import Actor
from rollbook.database.transaction import Transaction
from rollbook.history.recording import entry, recorded
from rollbook.organizations.model import organization_preferences
from rollbook.organizations.preferences import parse, to_text
from rollbook.organizations.queries.organizations import get_organization
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


async def set_preference(transaction: Transaction, *, actor: Actor, organization_id: int, name: str, text: str) -> None:
    """
    Set a preference of an organization to what a person wrote; a blank text unsets it, so that the nearest ancestor's counts.

    Raises:
        OrganizationNotFoundError: The actor sees no such organization.
        UnknownPreferenceError: There is no preference of that name.
        PreferenceValueError: The preference does not take that value.
    """
    await get_organization(transaction, viewer=actor.viewer, organization_id=organization_id)
    value = parse(name, text)
    after = None if value is UNSET else to_text(name, value)
    own = await list_own_preferences(transaction, viewer=actor.viewer, organization_id=organization_id)
    before = next((preference.value for preference in own if preference.name == name), None)
    if before == after:
        return
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
