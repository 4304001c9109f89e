"""What may be said of a user, seen beside what there is already."""

from collections.abc import Mapping
from typing import Any

from rollbook.access.actor import Actor
from rollbook.access.roles import unknown_role
from rollbook.database.schema import folded
from rollbook.database.transaction import Transaction
from rollbook.errors import ConflictError, RollbookError
from rollbook.organizations.queries.organizations import (
    OrganizationNotFoundError,
    find_organization,
    list_missing_organizations,
)
from rollbook.people.queries.companies import CompanyNotFoundError, find_company
from rollbook.people.queries.users import UserNotFoundError, find_user, find_user_id, list_taken


class OrganizationDisabledError(ConflictError):
    """A user would be put in a disabled organization."""

    field = "organization_id"

    def __init__(self, organization_id: int) -> None:
        self.organization_id = organization_id
        super().__init__(f"organization {organization_id} is disabled and takes no users; enable it or give another one")


class UserValueTakenError(ConflictError):
    """
    Another user of the server has that user name or that e-mail address (N2).

    Attributes:
        user_id: The other user; None where the actor does not see that one.
    """

    def __init__(self, value: str, user_id: int | None, *, field: str) -> None:
        self.field = field
        self.user_id = user_id
        other = "another user" if user_id is None else f"user {user_id}"
        super().__init__(f"{value} is taken by {other} already; give another one")


class UserExternalIdTakenError(ConflictError):
    """Another user of the organization has that external id (N2)."""

    field = "external_id"

    def __init__(self, external_id: str, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(f"{external_id} is the external id of user {user_id} already; give another one")


class CompanyNotAssignableError(ConflictError):
    """A user would come to belong to a company that takes none."""

    field = "company_id"

    def __init__(self, company_id: int) -> None:
        self.company_id = company_id
        super().__init__(f"company {company_id} is not assignable to users; make it so or give another one")


class OwnManagerError(ConflictError):
    """A user would be their own manager."""

    field = "manager_id"

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        super().__init__(f"user {user_id} cannot be their own manager; give another user")


class AccountClosedError(ConflictError):
    """The user's account is closed: what identified the person is gone, and nothing more is said of them."""

    def __init__(self, user_id: int, *, field: str | None = None) -> None:
        self.user_id = user_id
        self.field = field
        super().__init__(f"the account of user {user_id} is closed; create a new user")


def check_open(*, user_id: int, closed_at: int | None, field: str | None = None) -> AccountClosedError | None:
    """Refuse to change a user whose account is closed; ``field`` names the caller's value where the user is not what the call is about."""
    return None if closed_at is None else AccountClosedError(user_id, field=field)


async def list_user_refusals(
    transaction: Transaction, *, actor: Actor, user_id: int | None, given: Mapping[str, Any], state: Mapping[str, Any]
) -> list[RollbookError | None]:
    """
    Give everything that refuses a new user, or a change of one.

    Args:
        transaction: Where it is looked up.
        actor: Whoever says it; what it does not see does not exist.
        user_id: The user who is to change; None for a new one.
        given: The values that are new, by their names. Only these are checked.
        state: All values as they would be.
    """
    refusals: list[RollbookError | None] = []
    no_organization = None
    if "organization_id" in given:
        no_organization = await _refuse_organization(transaction, actor, state["organization_id"])
    refusals.append(no_organization)
    if given.keys() & {"user_name", "email"}:
        refusals += await _refuse_taken(transaction, actor, user_id, given, state)
    # Who has an external id in an organization that the actor does not see is not for the actor to know.
    if no_organization is None and given.keys() & {"organization_id", "external_id"}:
        refusals.append(await _refuse_external_id(transaction, user_id, state["organization_id"], state["external_id"]))
    if given.get("company_id") is not None:
        refusals.append(await _refuse_company(transaction, actor, given["company_id"]))
    if given.get("manager_id") is not None:
        refusals.append(await _refuse_manager(transaction, actor, user_id, given["manager_id"]))
    refusals += [unknown_role(role_id, field="role_ids") for role_id in given.get("role_ids", ())]
    refusals += await list_missing_organizations(
        transaction,
        viewer=actor.viewer,
        organization_ids=given.get("managed_organization_ids", ()),
        field="managed_organization_ids",
    )
    return refusals


async def _refuse_organization(transaction: Transaction, actor: Actor, organization_id: int) -> RollbookError | None:
    organization = await find_organization(transaction, viewer=actor.viewer, organization_id=organization_id)
    if organization is None:
        return OrganizationNotFoundError(organization_id, field="organization_id")
    return None if organization.enabled else OrganizationDisabledError(organization_id)


async def _refuse_taken(
    transaction: Transaction, actor: Actor, user_id: int | None, given: Mapping[str, Any], state: Mapping[str, Any]
) -> list[UserValueTakenError]:
    user_name, email = state["user_name"], state["email"]
    others = [user for user in await list_taken(transaction, viewer=actor.viewer, user_name=user_name, email=email) if user.id != user_id]
    taken = {
        "user_name": [user for user in others if user.user_name_folded == folded(user_name)],
        "email": [user for user in others if user.email_folded == folded(email)],
    }
    return [
        UserValueTakenError(state[field], user.id if user.is_visible else None, field=field)
        for field, having in taken.items()
        for user in having
        if field in given
    ]


async def _refuse_external_id(
    transaction: Transaction, user_id: int | None, organization_id: int, external_id: str | None
) -> RollbookError | None:
    if external_id is None:
        return None
    taken_by = await find_user_id(transaction, organization_id=organization_id, external_id=external_id)
    return None if taken_by is None or taken_by == user_id else UserExternalIdTakenError(external_id, taken_by)


async def _refuse_company(transaction: Transaction, actor: Actor, company_id: int) -> RollbookError | None:
    company = await find_company(transaction, viewer=actor.viewer, company_id=company_id)
    if company is None:
        return CompanyNotFoundError(company_id, field="company_id")
    return None if company.assignable_to_users else CompanyNotAssignableError(company_id)


async def _refuse_manager(transaction: Transaction, actor: Actor, user_id: int | None, manager_id: int) -> RollbookError | None:
    if manager_id == user_id:
        return OwnManagerError(manager_id)
    manager = await find_user(transaction, viewer=actor.viewer, user_id=manager_id)
    return None if manager else UserNotFoundError(manager_id, field="manager_id")
