"""On which organization a command acts."""

from rollbook.access.actor import EVERYTHING, Viewer
from rollbook.database.transaction import Database, Transaction
from rollbook.errors import InvalidError
from rollbook.organizations.queries.organizations import get_organization, page_organizations


class NoOrganizationError(InvalidError):
    """There is nothing to act on."""

    def __init__(self) -> None:
        super().__init__("there is no organization yet; create one: rollbook organization create NAME")


class OrganizationNeededError(InvalidError):
    """There are several trees of organizations, and it is not said which is meant."""

    def __init__(self, roots: list[int]) -> None:
        self.roots = tuple(roots)
        super().__init__(f"there are several root organizations ({', '.join(map(str, roots))}); give --organization ID")


async def find_scope(database: Database, organization_id: int | None) -> Viewer:
    """
    Give the tree of an organization, or the only tree that there is.

    Raises:
        OrganizationNotFoundError: There is no such organization.
        NoOrganizationError: There is none at all.
        OrganizationNeededError: There is more than one tree.
    """
    if organization_id is None:
        organization_id = await database.search(_find_only_root)
    organization = await database.read(get_organization, viewer=EVERYTHING, organization_id=organization_id)
    return Viewer(organization.id, organization.path)


async def _find_only_root(transaction: Transaction) -> int:
    roots: list[int] = []
    page = await page_organizations(transaction, viewer=EVERYTHING)
    while page:
        roots.extend(organization.id for organization in page if organization.parent_id is None)
        page = await page_organizations(transaction, viewer=EVERYTHING, after_id=page[-1].id)
    if not roots:
        raise NoOrganizationError
    if len(roots) > 1:
        raise OrganizationNeededError(roots)
    return roots[0]
