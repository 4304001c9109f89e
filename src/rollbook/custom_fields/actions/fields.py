"""Creating, changing and deleting custom fields."""

from typing import Any, Final

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict
from sqlalchemy import Integer, bindparam, delete, insert, literal_column, update

from rollbook.access.actor import Actor
from rollbook.custom_fields.model import custom_fields
from rollbook.custom_fields.queries.fields import find_custom_field_id, get_custom_field, lock_custom_fields
from rollbook.custom_fields.queries.values import count_values, find_repeated
from rollbook.custom_fields.values import DataType, FieldPlan, Subject, refusals_of
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, RollbookError, refuse
from rollbook.history.recording import differences, entry, recorded
from rollbook.history.versions import check_version
from rollbook.organizations.queries.organizations import get_organization


class NewCustomField(Struct, frozen=True, kw_only=True):
    """
    A custom field to create.

    Attributes:
        subject: What has values of it.
        choices: What there is to choose from, of a list.
        required: A value is never cleared.
        is_unique: No two have the same value.
        cascades: The classes of a course have its value too.
        position: Where it stands among others.
    """

    organization_id: int
    subject: Subject
    name: str
    data_type: DataType
    description: str | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    is_unique: bool = False
    enabled: bool = True
    cascades: bool = False
    position: int = 0


class CustomFieldChanges(Struct, frozen=True, kw_only=True):
    """What to change of a custom field: UNSET is left as it is, None is cleared. Whose it is and what it holds stays for ever."""

    name: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    choices: tuple[str, ...] | UnsetType = UNSET
    required: bool | UnsetType = UNSET
    is_unique: bool | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    cascades: bool | UnsetType = UNSET
    position: int | UnsetType = UNSET


class CustomFieldNameTakenError(ConflictError):
    """The organization has a field of that name for the same things."""

    field = "name"

    def __init__(self, name: str, custom_field_id: int) -> None:
        self.custom_field_id = custom_field_id
        super().__init__(
            f"custom field {custom_field_id} of the organization is called {name} already; give another name, or update that field"
        )


class CustomFieldHasValuesError(ConflictError):
    """A field would be deleted, or no longer cascade, while there are values of it."""

    def __init__(self, custom_field_id: int, count: int, *, field: str | None = None) -> None:
        self.custom_field_id = custom_field_id
        self.count = count
        self.field = field
        super().__init__(f"custom field {custom_field_id} has {count} values that would be lost; clear them first, or disable the field")


class ValuesRepeatedError(ConflictError):
    """A field would be unique, and several things have the same value."""

    field = "is_unique"

    def __init__(self, subject_id: int) -> None:
        self.subject_id = subject_id
        super().__init__(f"the value that {subject_id} has is another one's too; make the values different first")


_WRITTEN: Final = (*NewCustomField.__struct_fields__, "name_folded", "modified_at")
_values = {name: bindparam(name, type_=custom_fields.c[name].type) for name in _WRITTEN}
_the_field = custom_fields.c.id == bindparam("custom_field_id", type_=Integer)

_create = recorded(insert(custom_fields).values(**_values, created_at=_values["modified_at"]), identity=custom_fields.c.id)
_update = recorded(
    update(custom_fields).where(_the_field).values(**_values, version=custom_fields.c.version + literal_column("1", Integer())),
    identity=custom_fields.c.id,
)
_delete = recorded(delete(custom_fields).where(_the_field), identity=custom_fields.c.id)


async def create_custom_field(transaction: Transaction, *, actor: Actor, new: NewCustomField) -> int:
    """
    Create a custom field of an organization and of everything beneath it, and give its id.

    Raises:
        OrganizationNotFoundError: The actor has no such organization.
        InvalidError: There can be no such field.
        CustomFieldNameTakenError: The organization has one of that name for the same things.
        SeveralRefusalsError: More than one of these.
    """
    after = asdict(new)
    await get_organization(transaction, viewer=actor.viewer, organization_id=new.organization_id, field="organization_id")
    refuse([*refusals_of(_plan(after)), await _name_taken(transaction, after)])
    record = entry(
        transaction,
        actor=actor,
        organization_id=new.organization_id,
        kind="custom_field.created",
        after={name: value for name, value in after.items() if value not in {None, ()}},
    )
    return await transaction.settle(_create, _columns(transaction, after), record)


async def update_custom_field(
    transaction: Transaction, *, actor: Actor, custom_field_id: int, changes: CustomFieldChanges, if_version: int | None = None
) -> None:
    """
    Change a custom field. Values stay as they are, also where what they chose is no choice any more.

    Raises:
        CustomFieldNotFoundError: The actor has no such custom field.
        VersionChangedError: It is not at the version asked for.
        InvalidError: There can be no such field.
        CustomFieldNameTakenError: The organization has another one of that name for the same things.
        CustomFieldHasValuesError: It would no longer cascade, and classes have values of their own.
        ValuesRepeatedError: It would be unique, and values are not.
        SeveralRefusalsError: More than one of these.
    """
    await lock_custom_fields(transaction, [custom_field_id])
    row = await get_custom_field(transaction, viewer=actor.viewer, custom_field_id=custom_field_id)
    check_version(noun="custom field", subject_id=custom_field_id, version=row.version, wanted=if_version)
    stored = {name: value for name, value in asdict(row).items() if name in NewCustomField.__struct_fields__}
    stored["choices"] = tuple(row.choices)
    before, after = differences(stored, {name: value for name, value in asdict(changes).items() if value is not UNSET})
    if not after:
        return
    wanted = stored | after
    refusals: list[RollbookError | None] = [*refusals_of(_plan(wanted))]
    if "name" in after and folded(wanted["name"]) != folded(row.name):
        refusals.append(await _name_taken(transaction, wanted))
    if before.get("cascades"):
        count = await count_values(transaction, subject=Subject.CLASS, custom_field_id=custom_field_id)
        refusals.append(CustomFieldHasValuesError(custom_field_id, count, field="cascades") if count else None)
    if after.get("is_unique"):
        repeated = await find_repeated(transaction, custom_field_id=custom_field_id)
        refusals.append(None if repeated is None else ValuesRepeatedError(repeated))
    refuse(refusals)
    record = entry(transaction, actor=actor, organization_id=row.organization_id, kind="custom_field.updated", before=before, after=after)
    await transaction.settle(_update, _columns(transaction, wanted) | {"custom_field_id": custom_field_id}, record)


async def delete_custom_field(transaction: Transaction, *, actor: Actor, custom_field_id: int, if_version: int | None = None) -> None:
    """
    Delete a custom field of which there are no values.

    Raises:
        CustomFieldNotFoundError: The actor has no such custom field.
        VersionChangedError: It is not at the version asked for.
        CustomFieldHasValuesError: There are values of it.
    """
    await lock_custom_fields(transaction, [custom_field_id])
    row = await get_custom_field(transaction, viewer=actor.viewer, custom_field_id=custom_field_id)
    check_version(noun="custom field", subject_id=custom_field_id, version=row.version, wanted=if_version)
    counts = [await count_values(transaction, subject=subject, custom_field_id=custom_field_id) for subject in Subject]
    if sum(counts):
        raise CustomFieldHasValuesError(custom_field_id, sum(counts))
    before = {name: value for name, value in asdict(row).items() if name in NewCustomField.__struct_fields__}
    record = entry(transaction, actor=actor, organization_id=row.organization_id, kind="custom_field.deleted", before=before)
    await transaction.settle(_delete, {"custom_field_id": custom_field_id}, record)


def _plan(values: dict[str, Any]) -> FieldPlan:
    return FieldPlan(**{name: values[name] for name in FieldPlan.__struct_fields__})


async def _name_taken(transaction: Transaction, values: dict[str, Any]) -> CustomFieldNameTakenError | None:
    taken_by = await find_custom_field_id(
        transaction, organization_id=values["organization_id"], subject=values["subject"], name=values["name"]
    )
    return None if taken_by is None else CustomFieldNameTakenError(values["name"], taken_by)


def _columns(transaction: Transaction, values: dict[str, Any]) -> dict[str, Any]:
    return {
        **values,
        "subject": values["subject"].value,
        "data_type": values["data_type"].value,
        "choices": msgspec.json.encode(values["choices"]).decode(),
        "name_folded": folded(values["name"]),
        "modified_at": transaction.now,
    }
