"""Reading organizations."""

from collections.abc import Collection

import msgspec
from sqlalchemy import Integer, Select, Text, bindparam, case, null, select

from rollbook.access.actor import Viewer
from rollbook.database.expressions import any_of, numbers_of, within
from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, NotFoundError
from rollbook.organizations.model import organizations


class OrganizationNotFoundError(NotFoundError):
    """
    The viewer has no such organization.

    Attributes:
        organization_id: The id that was asked for.
    """

    def __init__(self, organization_id: int, *, field: str | None = None) -> None:
        self.organization_id = organization_id
        self.field = field
        super().__init__(f"there is no organization {organization_id}; give the id of one in the tree of the key's organization")


class NoOrganizationWithExternalIdError(NotFoundError):
    """The viewer has no organization with that external id."""

    def __init__(self, external_id: str) -> None:
        self.external_id = external_id
        super().__init__(f"no organization has the external id {external_id}; give that of one in the tree of the key's organization")


class SeveralOrganizationsError(ConflictError):
    """
    Several organizations of the viewer share an external id.

    Attributes:
        organization_ids: Their ids, ascending.
    """

    field = "external_id"

    def __init__(self, external_id: str, organization_ids: Collection[int]) -> None:
        self.organization_ids = tuple(organization_ids)
        listed = ", ".join(map(str, organization_ids))
        super().__init__(f"the organizations {listed} share the external id {external_id}; ask for one of them by its id")


class OrganizationRow(msgspec.Struct, frozen=True):
    """
    An organization.

    Attributes:
        parent_id: The organization above; None for a root, and for the root of the viewer's tree.
        path: The ids from the root down to this one, such as ``/1/5/``.
        time_zone: The zone's id as it is answered to callers.
        time_zone_iana: The zone's IANA name.
        default_role_id: The role of new users; None for the role of a student.
        created_at: Unix epoch seconds.
        modified_at: Unix epoch seconds.
        children_ids: The organizations directly beneath, in no order.
    """

    id: int
    external_id: str | None
    parent_id: int | None
    path: str
    name: str
    description: str | None
    time_zone: str
    time_zone_iana: str
    culture: str
    default_role_id: int | None
    default_user_name_pattern: str
    enabled: bool
    created_at: int
    modified_at: int
    version: int
    children_ids: list[int]


class IdRow(msgspec.Struct, frozen=True):
    """The id of a row, where nothing else is asked."""

    id: int


class NamesakeRow(msgspec.Struct, frozen=True):
    """
    What has a value that may be given once only.

    Attributes:
        visible_id: Its id; None where the viewer does not see it.
    """

    visible_id: int | None


_PATH = bindparam("path", type_=Text())
_IN_SCOPE = within(organizations.c.path, _PATH)
_ASKED_ID = bindparam("organization_id", type_=Integer())

_children = organizations.alias("children")
_children_ids = select(numbers_of(_children.c.id)).where(_children.c.parent_id == organizations.c.id).scalar_subquery()
_visible_parent_id = case((organizations.c.path == _PATH, null()), else_=organizations.c.parent_id)


def organizations_in_scope(*, as_stored: bool = False) -> Select[tuple[object, ...]]:
    """Select the organizations in the tree bound as ``path``; the columns are the fields of OrganizationRow."""
    return select(
        organizations.c.id,
        organizations.c.external_id,
        (organizations.c.parent_id if as_stored else _visible_parent_id).label("parent_id"),
        organizations.c.path,
        organizations.c.name,
        organizations.c.description,
        organizations.c.time_zone,
        organizations.c.time_zone_iana,
        organizations.c.culture,
        organizations.c.default_role_id,
        organizations.c.default_user_name_pattern,
        organizations.c.enabled,
        organizations.c.created_at,
        organizations.c.modified_at,
        organizations.c.version,
        _children_ids.label("children_ids"),
    ).where(_IN_SCOPE)


_get_organization = Query(organizations_in_scope().where(organizations.c.id == _ASKED_ID), OrganizationRow)
_get_organization_as_stored = Query(organizations_in_scope(as_stored=True).where(organizations.c.id == _ASKED_ID), OrganizationRow)
_list_by_external_id = Query(
    organizations_in_scope().where(organizations.c.external_id == bindparam("external_id", type_=Text())).order_by(organizations.c.id),
    OrganizationRow,
)
# SQLite would get a bound offset of its own where none is given.
_page_organizations = Query(
    organizations_in_scope()
    .where(organizations.c.id > bindparam("after_id", type_=Integer()))
    .order_by(organizations.c.id)
    .limit(bindparam("limit", type_=Integer())),
    OrganizationRow,
)
_list_visible_ids = Query(
    select(organizations.c.id).where(any_of(organizations.c.id, "organization_ids"), _IN_SCOPE).order_by(organizations.c.id), IdRow
)
_find_namesake = Query(
    select(case((_IN_SCOPE, organizations.c.id), else_=null()).label("visible_id")).where(
        organizations.c.parent_id.is_not_distinct_from(bindparam("parent_id", type_=Integer())),
        organizations.c.external_id == bindparam("external_id", type_=Text()),
    ),
    NamesakeRow,
)
_lock_trees = Query(
    select(organizations.c.id)
    .where(organizations.c.parent_id.is_(None))
    .order_by(organizations.c.id)
    .with_for_update(key_share=True, of=organizations),
    IdRow,
)

_lock_organization = Query(select(organizations.c.id).where(organizations.c.id == _ASKED_ID).with_for_update(of=organizations), IdRow)


async def get_organization(transaction: Transaction, *, viewer: Viewer, organization_id: int, field: str | None = None) -> OrganizationRow:
    """
    Give an organization; ``field`` names the caller's value where the organization is not what the caller asks about.

    Raises:
        OrganizationNotFoundError: The viewer has no such organization.
    """
    organization = await transaction.find(_get_organization, organization_id=organization_id, path=viewer.path)
    if organization is None:
        raise OrganizationNotFoundError(organization_id, field=field)
    return organization


async def get_organization_as_stored(transaction: Transaction, *, viewer: Viewer, organization_id: int) -> OrganizationRow:
    """
    Give an organization with its real parent, which lies outside of what the viewer sees where it is the tree's root: to compare with only.

    Raises:
        OrganizationNotFoundError: The viewer has no such organization.
    """
    organization = await transaction.find(_get_organization_as_stored, organization_id=organization_id, path=viewer.path)
    if organization is None:
        raise OrganizationNotFoundError(organization_id)
    return organization


async def find_organization(transaction: Transaction, *, viewer: Viewer, organization_id: int) -> OrganizationRow | None:
    """Give an organization, or None where the viewer has no such one."""
    return await transaction.find(_get_organization, organization_id=organization_id, path=viewer.path)


async def get_organization_by_external_id(transaction: Transaction, *, viewer: Viewer, external_id: str) -> OrganizationRow:
    """
    Give the one organization of the viewer that has an external id.

    Raises:
        NoOrganizationWithExternalIdError: There is none.
        SeveralOrganizationsError: There are several (N2).
    """
    found = await transaction.all(_list_by_external_id, external_id=external_id, path=viewer.path)
    if not found:
        raise NoOrganizationWithExternalIdError(external_id)
    if len(found) > 1:
        raise SeveralOrganizationsError(external_id, [organization.id for organization in found])
    return found[0]


async def page_organizations(transaction: Transaction, *, viewer: Viewer, after_id: int = 0, limit: int = 200) -> list[OrganizationRow]:
    """List the organizations with an id above ``after_id``, ascending, at most ``limit`` of them."""
    return await transaction.all(_page_organizations, after_id=after_id, limit=limit, path=viewer.path)


async def list_missing_organizations(
    transaction: Transaction, *, viewer: Viewer, organization_ids: Collection[int], field: str
) -> list[OrganizationNotFoundError]:
    """Give a refusal for each of the ids that the viewer has no organization of; ``field`` names the value they were given for."""
    if not organization_ids:
        return []
    rows = await transaction.all(_list_visible_ids, organization_ids=list(organization_ids), path=viewer.path)
    visible = {row.id for row in rows}
    return [OrganizationNotFoundError(asked, field=field) for asked in organization_ids if asked not in visible]


async def find_namesake(transaction: Transaction, *, viewer: Viewer, parent_id: int | None, external_id: str) -> NamesakeRow | None:
    """Find the organization that has an external id directly beneath a parent, None being above the roots, seen by the viewer or not."""
    return await transaction.find(_find_namesake, parent_id=parent_id, external_id=external_id, path=viewer.path)


async def lock_trees(transaction: Transaction) -> None:
    """Lock the roots of all trees, which whoever adds or moves an organization does: paths are written by one at a time."""
    await transaction.lock(_lock_trees)


async def lock_organization(transaction: Transaction, *, organization_id: int) -> None:
    """Lock an organization so that nothing comes to belong to it either: whoever adds something waits, or is waited for."""
    await transaction.lock(_lock_organization, organization_id=organization_id)
