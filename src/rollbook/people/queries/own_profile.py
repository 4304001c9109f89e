"""What is known of a user, as they see it themselves."""

from msgspec import Struct
from sqlalchemy import Integer, bindparam, select

from rollbook.database.query import Query
from rollbook.database.transaction import Transaction
from rollbook.organizations.model import organizations
from rollbook.people.model import companies, users
from rollbook.people.queries.users import UserNotFoundError


class OwnProfileRow(Struct, frozen=True):
    """
    A user to themselves.

    Attributes:
        company_name: None where the user is of no company.
        time_zone: The zone's id as it was given.
        time_zone_iana: The zone's IANA name.
    """

    id: int
    organization_name: str
    company_name: str | None
    user_name: str
    email: str
    title: str | None
    first_name: str
    middle_name: str | None
    last_name: str
    phone: str | None
    phone2: str | None
    address1: str | None
    address2: str | None
    city: str | None
    state: str | None
    country: str | None
    zip: str | None
    time_zone: str | None
    time_zone_iana: str | None
    version: int


_own_profile = Query(
    select(
        users.c.id,
        organizations.c.name.label("organization_name"),
        companies.c.name.label("company_name"),
        *(users.c[name] for name in OwnProfileRow.__struct_fields__[3:]),
    )
    .select_from(users)
    .join(organizations, organizations.c.id == users.c.organization_id)
    .outerjoin(companies, companies.c.id == users.c.company_id)
    .where(users.c.id == bindparam("user_id", type_=Integer)),
    OwnProfileRow,
)


async def get_own_profile(transaction: Transaction, *, user_id: int) -> OwnProfileRow:
    """
    Give what a user sees of themselves; it takes no viewer, for it is nobody else's.

    Raises:
        UserNotFoundError: There is no such user, any more.
    """
    row = await transaction.find(_own_profile, user_id=user_id)
    if row is None:
        raise UserNotFoundError(user_id)
    return row
