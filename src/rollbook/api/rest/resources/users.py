"""The users of the REST API."""

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import asdict

from rollbook.access.actor import Actor
from rollbook.access.scopes import Scope
from rollbook.api.rest.call import Call
from rollbook.api.rest.cursors import after_id
from rollbook.api.rest.endpoint import Endpoint, endpoint
from rollbook.api.rest.examples import SOME_TIME, change, example_of
from rollbook.api.rest.lists import ListQuery, Page, by_ids, page_of
from rollbook.api.rest.performing import Outcome, as_id, create, given_in, perform
from rollbook.api.rest.resources.organizations import RoleId
from rollbook.api.rest.values import (
    Email,
    Id,
    Line20,
    Line50,
    Line80,
    Line250,
    Name,
    Note,
    Password,
    Time,
    TimeZoneName,
    Url,
    moment_of,
    zone_named,
)
from rollbook.database.transaction import Transaction
from rollbook.people.actions import users as actions
from rollbook.people.actions.user_details import NewUser, UserChanges
from rollbook.people.passwords import hash_password
from rollbook.people.queries import user_lists
from rollbook.people.queries import users as queries
from rollbook.people.queries.user_lists import UserCriteria
from rollbook.people.queries.users import UserNotFoundError, UserRow

TAG: Final = "Users"

CountryCode = Annotated[str, Meta(pattern="^[A-Za-z]{2}$", max_length=2, description="The country, in two letters.")]


class User(Struct, frozen=True, kw_only=True):
    """A user."""

    id: int
    version: int
    organization_id: int
    external_id: str | None
    user_name: Annotated[str, Meta(description="The name to sign in with, given once on the whole server.")]
    email: Annotated[str, Meta(description="Given once on the whole server.")]
    title: str | None
    first_name: str
    middle_name: str | None
    last_name: str
    company_id: int | None
    manager_id: Annotated[int | None, Meta(description="Another user.")]
    disabled: Annotated[bool, Meta(description="No class takes the user.")]
    phone: str | None
    phone2: str | None
    address1: str | None
    address2: str | None
    city: str | None
    state: str | None
    country: str | None
    country_code: str | None
    zip: str | None
    profile_image_url: str | None
    time_zone: Annotated[str | None, Meta(description="An IANA name.")]
    force_password_change: Annotated[bool, Meta(description="The user has to choose another password when signing in.")]
    note: Annotated[str | None, Meta(description="For those who administer; never told to students.")] | UnsetType = UNSET
    role_ids: Annotated[list[int], Meta(description="Ascending.")]
    managed_organization_ids: Annotated[list[int], Meta(description="The organizations that the user may manage, ascending.")]
    created_at: Time
    modified_at: Time


class Users(Page, frozen=True, kw_only=True):
    """A page of users."""

    items: list[User]


class UserOutcome(Outcome, frozen=True, kw_only=True):
    """What became of a user."""

    result: User


class UserValues(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What creating and updating a user both take."""

    external_id: Name | UnsetType | None = UNSET
    title: Name | UnsetType | None = UNSET
    middle_name: Name | UnsetType | None = UNSET
    company_id: Id | UnsetType | None = UNSET
    manager_id: Id | UnsetType | None = UNSET
    disabled: bool | UnsetType = UNSET
    phone: Line50 | UnsetType | None = UNSET
    phone2: Line50 | UnsetType | None = UNSET
    address1: Line250 | UnsetType | None = UNSET
    address2: Line250 | UnsetType | None = UNSET
    city: Line80 | UnsetType | None = UNSET
    state: Line50 | UnsetType | None = UNSET
    country: Line80 | UnsetType | None = UNSET
    country_code: CountryCode | UnsetType | None = UNSET
    zip: Line20 | UnsetType | None = UNSET
    profile_image_url: Url | UnsetType | None = UNSET
    time_zone: TimeZoneName | UnsetType | None = UNSET
    force_password_change: bool | UnsetType = UNSET
    note: Note | UnsetType | None = UNSET


class CreateUser(UserValues, frozen=True, kw_only=True):
    """A user to create."""

    user_name: Name
    email: Email
    first_name: Name
    last_name: Name
    organization_id: Annotated[Id, Meta(description="The organization that the user belongs to; by default the key's.")] | UnsetType = UNSET
    password: Annotated[Password, Meta(description="None for a user who signs in elsewhere.")] | UnsetType = UNSET
    role_ids: Annotated[tuple[RoleId, ...], Meta(max_length=20, description="By default the organization's default role.")] | UnsetType = (
        UNSET
    )
    managed_organization_ids: (
        Annotated[tuple[Id, ...], Meta(max_length=1_000, description="The organizations that the user may manage.")] | UnsetType
    ) = UNSET


class UpdateUser(UserValues, frozen=True, kw_only=True):
    """What to change of a user."""

    user_name: Name | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    first_name: Name | UnsetType = UNSET
    last_name: Name | UnsetType = UNSET
    organization_id: Id | UnsetType = UNSET


class UserQuery(ListQuery, frozen=True, kw_only=True):
    """Which users are listed."""

    user_name: Annotated[Name, Meta(description="A part of the user name, in any case.")] | None = None
    email: Annotated[Email, Meta(description="The whole e-mail address, in any case.")] | None = None
    external_id: Name | None = None
    organization_id: Annotated[Id, Meta(description="The organization that the user belongs to, not those beneath.")] | None = None
    company_id: Id | None = None
    manager_id: Id | None = None
    role_id: RoleId | None = None
    disabled: bool | None = None


EXAMPLE: Final = User(
    id=1,
    version=1,
    organization_id=1,
    external_id="E-100",
    user_name="sam",
    email="sam@example.com",
    title=None,
    first_name="Sam",
    middle_name=None,
    last_name="Example",
    company_id=None,
    manager_id=None,
    disabled=False,
    phone=None,
    phone2=None,
    address1=None,
    address2=None,
    city=None,
    state=None,
    country=None,
    country_code="US",
    zip=None,
    profile_image_url=None,
    time_zone="America/New_York",
    force_password_change=False,
    note=None,
    role_ids=[0],
    managed_organization_ids=[],
    created_at=SOME_TIME,
    modified_at=SOME_TIME,
)
_OUTCOME: Final = example_of(UserOutcome, EXAMPLE, change("user", "country_code", None, "US"))


async def see_user(transaction: Transaction, actor: Actor, user_id: int) -> User:
    """
    Show the user with an id; a student sees nobody else.

    Raises:
        UserNotFoundError: There is no such user for whoever asks.
    """
    if actor.student is not None and actor.student.user_id != user_id:
        raise UserNotFoundError(user_id)
    return show(await queries.get_user(transaction, viewer=actor.viewer, user_id=user_id), for_student=actor.student is not None)


def show(row: UserRow, *, for_student: bool = False) -> User:
    """Show a user; the note is not for students."""
    values: dict[str, Any] = asdict(row)
    del values["closed_at"]
    values |= {
        "time_zone": values.pop("time_zone_iana"),
        "note": UNSET if for_student else row.note,
        "role_ids": sorted(row.role_ids),
        "managed_organization_ids": sorted(row.managed_organization_ids),
        "created_at": moment_of(row.created_at),
        "modified_at": moment_of(row.modified_at),
    }
    return User(**values)


@endpoint("GET", "/users", tag=TAG, scope=Scope.READ, answers=Users(items=[EXAMPLE], next="n.1"))
async def list_users(call: Call, query: UserQuery) -> Users:
    """List users, in the order of their ids."""
    criteria = UserCriteria(**{name: getattr(query, name) for name in UserCriteria.__struct_fields__})
    rows = await call.database.search(
        user_lists.list_users, viewer=call.actor.viewer, criteria=criteria, after_id=after_id(query.cursor), limit=query.limit + 1
    )
    return page_of(Users, by_ids(rows, limit=query.limit), show)


@endpoint(
    "POST",
    "/users",
    tag=TAG,
    scope=Scope.MANAGE,
    takes=CreateUser(user_name="sam", email="sam@example.com", first_name="Sam", last_name="Example", role_ids=(0,)),
    answers=_OUTCOME,
    creates="/users/{id}",
)
async def create_user(call: Call, body: CreateUser) -> UserOutcome:
    """
    Create a user.

    The password is kept as a hash only, and never answered.
    """
    given = {"organization_id": call.actor.viewer.organization_id, **_values(body)}
    # What takes time happens before the transaction.
    password = given.pop("password", None)
    given["password_hash"] = await hash_password(password) if password else None
    for name in ("role_ids", "managed_organization_ids"):
        given[name] = tuple(dict.fromkeys(given.get(name, ())))
    performed = await create(call, actions.create_user, see=see_user, id_of=as_id, actor=call.actor, user=NewUser(**given))
    return performed.told(UserOutcome)


@endpoint("GET", "/users/{user_id}", tag=TAG, scope=Scope.READ, students=True, answers=EXAMPLE)
async def get_user(call: Call, user_id: int) -> User:
    """Show a user."""
    return await call.database.read(see_user, call.actor, user_id)


@endpoint("PATCH", "/users/{user_id}", tag=TAG, scope=Scope.MANAGE, takes=UpdateUser(country_code="US", note=None), answers=_OUTCOME)
async def update_user(call: Call, user_id: int, body: UpdateUser) -> UserOutcome:
    """
    Change a user.

    Disabling one changes no enrollment.
    """
    performed = await perform(
        call,
        actions.update_user,
        see=see_user,
        subject_id=user_id,
        actor=call.actor,
        user_id=user_id,
        changes=UserChanges(**_values(body)),
    )
    return performed.told(UserOutcome)


def _values(body: UserValues) -> dict[str, Any]:
    given = given_in(body)
    if "time_zone" in given:
        given["time_zone"] = zone_named(given["time_zone"])
    if isinstance(given.get("country_code"), str):
        given["country_code"] = given["country_code"].upper()
    return given


ENDPOINTS: tuple[Endpoint, ...] = (list_users, create_user, get_user, update_user)
