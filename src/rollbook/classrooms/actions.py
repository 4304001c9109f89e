"""Creating classrooms. Changing one asks how many students sit in it, so that is an action of enrollments, built on what is here."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict
from sqlalchemy import Integer, bindparam, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.classrooms.model import classrooms
from rollbook.classrooms.queries import ClassroomRow, find_classroom_with_external_id
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, RollbookError, refuse
from rollbook.history.recording import differences, entry, recorded
from rollbook.organizations.queries.organizations import list_missing_organizations


class NewClassroom(Struct, frozen=True, kw_only=True):
    """
    A classroom to create.

    Attributes:
        capacity: Its seats; None is no limit.
    """

    organization_id: int
    name: str
    external_id: str | None = None
    description: str | None = None
    administrative_notes: str | None = None
    capacity: int | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    zip: str | None = None


class ClassroomChanges(Struct, frozen=True, kw_only=True):
    """What to change of a classroom: UNSET is left as it is, None is cleared."""

    organization_id: int | UnsetType = UNSET
    name: str | UnsetType = UNSET
    external_id: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    administrative_notes: str | UnsetType | None = UNSET
    capacity: int | UnsetType | None = UNSET
    address1: str | UnsetType | None = UNSET
    address2: str | UnsetType | None = UNSET
    city: str | UnsetType | None = UNSET
    state: str | UnsetType | None = UNSET
    country: str | UnsetType | None = UNSET
    zip: str | UnsetType | None = UNSET

    def given(self) -> dict[str, Any]:
        """Give the values that are to be what they say."""
        return {name: value for name, value in asdict(self).items() if value is not UNSET}


class ClassroomExternalIdTakenError(ConflictError):
    """Another classroom of the organization has the external id."""

    field = "external_id"

    def __init__(self, external_id: str, classroom_id: int) -> None:
        self.external_id = external_id
        self.classroom_id = classroom_id
        super().__init__(f"classroom {classroom_id} of the organization has {external_id} already; give another, or update that classroom")


_WRITTEN: Final = (*NewClassroom.__struct_fields__, "name_folded", "modified_at")
_values = {name: bindparam(name, type_=classrooms.c[name].type) for name in _WRITTEN}

_create = recorded(insert(classrooms).values(**_values, created_at=_values["modified_at"]), identity=classrooms.c.id)
_update = recorded(
    update(classrooms)
    .where(classrooms.c.id == bindparam("classroom_id", type_=Integer))
    .values(**_values, version=classrooms.c.version + literal_column("1", Integer())),
    identity=classrooms.c.id,
)


async def create_classroom(transaction: Transaction, *, actor: Actor, classroom: NewClassroom) -> int:
    """
    Create a classroom and give its id.

    Raises:
        OrganizationNotFoundError: The actor has no such organization.
        ClassroomExternalIdTakenError: Another classroom of the organization has the external id.
    """
    after = asdict(classroom)
    refuse(await check_classroom(transaction, actor=actor, wanted=after, changed=after.keys()))
    record = entry(
        transaction,
        actor=actor,
        organization_id=classroom.organization_id,
        kind="classroom.created",
        after={name: value for name, value in after.items() if value is not None},
    )
    return await transaction.settle(_create, _columns(transaction, after), record)


async def check_classroom(
    transaction: Transaction, *, actor: Actor, wanted: Mapping[str, Any], changed: Collection[str]
) -> list[RollbookError]:
    """Look up what the changed values of a classroom name, and give what refuses them: an unknown organization, a taken external id."""
    organization_id, external_id = wanted["organization_id"], wanted["external_id"]
    refusals: list[RollbookError] = []
    if "organization_id" in changed:
        refusals += await list_missing_organizations(
            transaction, viewer=actor.viewer, organization_ids=[organization_id], field="organization_id"
        )
    if not refusals and external_id is not None and not {"organization_id", "external_id"}.isdisjoint(changed):
        taken_by = await find_classroom_with_external_id(transaction, organization_id=organization_id, external_id=external_id)
        if taken_by is not None:
            refusals.append(ClassroomExternalIdTakenError(external_id, taken_by))
    return refusals


async def write_classroom(transaction: Transaction, *, actor: Actor, stored: ClassroomRow, wanted: Mapping[str, Any]) -> None:
    """Write a changed classroom; its row is locked, and whoever calls has found that nothing refuses the change."""
    before, after = differences(asdict(stored), wanted)
    record = entry(
        transaction, actor=actor, organization_id=wanted["organization_id"], kind="classroom.updated", before=before, after=after
    )
    await transaction.settle(_update, {**_columns(transaction, wanted), "classroom_id": stored.id}, record)


def _columns(transaction: Transaction, wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {**wanted, "name_folded": folded(wanted["name"]), "modified_at": transaction.now}
