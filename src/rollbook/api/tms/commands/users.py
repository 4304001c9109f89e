"""The commands about users."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.choices import Choice
from rollbook.api.tms.command import Command, command
from rollbook.api.tms.commands.custom_field_records import CustomFieldValue, values_of
from rollbook.api.tms.commands.organizations import USER_ROLES
from rollbook.api.tms.commands.said import said
from rollbook.api.tms.envelope import Answer, Done, Record
from rollbook.api.tms.kinds import InvalidValueError, quote
from rollbook.api.tms.lists import Ids, Separated
from rollbook.api.tms.numbers import Boolean, Id
from rollbook.api.tms.parsing import Parameters
from rollbook.api.tms.performing import perform
from rollbook.api.tms.texts import Email, Text
from rollbook.custom_fields.queries.values import ShownValue
from rollbook.organizations.limits import LONGEST_EMAIL, LONGEST_EXTERNAL_ID
from rollbook.organizations.time_zones import TimeZone, find_time_zone
from rollbook.people.actions.user_details import NewUser, UserChanges
from rollbook.people.actions.users import create_user, update_user
from rollbook.people.passwords import hash_password
from rollbook.people.queries.custom_field_values import show_user
from rollbook.people.queries.users import UserRow, get_user, get_user_by_email, get_user_by_external_id

OptionalText = str | UnsetType | None


def read_country_code(text: str) -> str:
    """
    Give a two-letter country code in capitals.

    Raises:
        InvalidValueError: It is none.
    """
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    raise InvalidValueError(f"{quote(text)} is not a country code of two letters, such as US")


class UserValues(Parameters):
    """What creating and updating a user both take."""

    organization_id: Annotated[
        int | UnsetType, Id("The organization; a new user's is by default the one that the key belongs to.", name="OrganizationId")
    ] = UNSET
    external_id: Annotated[OptionalText, Text("The id in the calling system.", name="ExternalId", maximum=LONGEST_EXTERNAL_ID)] = UNSET
    middle_name: Annotated[OptionalText, Text("The middle name.", name="MiddleName")] = UNSET
    title: Annotated[OptionalText, Text("The title.", name="Title")] = UNSET
    company_id: Annotated[int | UnsetType | None, Id("The company that the user belongs to.", name="CompanyId")] = UNSET
    manager_id: Annotated[int | UnsetType | None, Id("The user's manager, another user.", name="ManagerId")] = UNSET
    disabled: Annotated[bool | UnsetType, Boolean("The account is disabled: no class takes the user.", name="Disabled")] = UNSET
    phone: Annotated[OptionalText, Text("The telephone number.", name="Phone", maximum=50)] = UNSET
    phone2: Annotated[OptionalText, Text("Another telephone number.", name="Phone2", maximum=50)] = UNSET
    address1: Annotated[OptionalText, Text("The first line of the address.", name="Address1", maximum=250, second_is="Address2")] = UNSET
    address2: Annotated[OptionalText, Text("The second line of the address.", name="Address2", maximum=250)] = UNSET
    city: Annotated[OptionalText, Text("The city.", name="City", maximum=80)] = UNSET
    state: Annotated[OptionalText, Text("The state.", name="State", maximum=50)] = UNSET
    country: Annotated[OptionalText, Text("The country; deprecated, give CountryCode.", name="Country", maximum=80)] = UNSET
    country_code: Annotated[
        OptionalText, Text("The country, in two letters.", name="CountryCode", maximum=2, convert=read_country_code)
    ] = UNSET
    zip: Annotated[OptionalText, Text("The postal code.", name="Zip", maximum=20)] = UNSET
    profile_image_url: Annotated[OptionalText, Text("Where the user's picture is.", name="ProfileImageUrl", maximum=2048)] = UNSET
    time_zone: Annotated[
        TimeZone | UnsetType | None,
        Text("A Windows zone id or an IANA name.", name="TimeZoneId", maximum=100, convert=find_time_zone),
    ] = UNSET
    force_password_change: Annotated[
        bool | UnsetType, Boolean("The user has to choose another password when signing in.", name="ForcePasswordChange")
    ] = UNSET


class NewUserValues(UserValues):
    """What creating a user takes."""

    user_name: Annotated[str, Text("The name to sign in with, given once on the whole server.", name="UserName")]
    password: Annotated[str | UnsetType, Text("The password; none for a user who signs in elsewhere.", name="Password", secret=True)] = (
        UNSET
    )
    email: Annotated[str, Email("The e-mail address, given once on the whole server.", name="Email", maximum=LONGEST_EMAIL)]
    first_name: Annotated[str, Text("The first name.", name="FirstName")]
    last_name: Annotated[str, Text("The last name.", name="LastName")]
    role_ids: Annotated[
        tuple[int, ...] | UnsetType,
        Separated("The user's roles; by default the organization's default role.", entry=Choice(USER_ROLES, ""), name="RoleId"),
    ] = UNSET
    managed_organization_ids: Annotated[
        tuple[int, ...] | UnsetType, Ids("The organizations that the user may manage.", name="ManagedOrganizationId")
    ] = UNSET


class ChangedUserValues(UserValues):
    """What updating a user takes."""

    id: Annotated[int, Id("The user.", name="Id", in_path=True)]
    user_name: Annotated[str | UnsetType, Text("The name to sign in with, given once on the whole server.", name="UserName")] = UNSET
    email: Annotated[str | UnsetType, Email("The e-mail address, given once on the whole server.", name="Email", maximum=LONGEST_EMAIL)] = (
        UNSET
    )
    first_name: Annotated[str | UnsetType, Text("The first name.", name="FirstName")] = UNSET
    last_name: Annotated[str | UnsetType, Text("The last name.", name="LastName")] = UNSET


class OneUser(Parameters):
    """Which user."""

    id: Annotated[int, Id("The user.", in_path=True)]


class UsersEmail(Parameters):
    """Which user, by the e-mail address."""

    email: Annotated[str, Text("The e-mail address, in any case.", maximum=LONGEST_EMAIL)]


class UsersExternalId(Parameters):
    """Which user, by the id in the calling system."""

    external_id: Annotated[str, Text("The id in the calling system.", name="id", maximum=LONGEST_EXTERNAL_ID, in_path=True)]


class UserRecord(Record):
    """A user as the TMS shows one."""

    id: int
    external_id: str | None
    title: str | None
    first_name: str
    middle_name: str | None
    last_name: str
    user_name: str
    organization_id: int
    company_id: int | None
    manager_id: int | None
    disabled: bool
    email: str
    phone: str | None
    phone2: str | None
    address1: str | None
    address2: str | None
    city: str | None
    state: str | None
    country: Annotated[str | None, Meta(description="Deprecated; see CountryCode.")]
    country_code: str | None
    zip: str | None
    profile_image_url: str | None
    time_zone_id: str | None
    role_ids: list[int]
    managed_organization_ids: list[int]
    custom_field_values: list[CustomFieldValue]


class FoundUser(Answer):
    """A user."""

    user: UserRecord | None


class CreatedUser(Answer):
    """The id of a new user."""

    user_id: int | None


_SHOWN_AS_STORED = set(UserRecord.__struct_fields__) & set(UserRow.__struct_fields__) - {"role_ids", "managed_organization_ids"}


def record_of(row: UserRow, values: Iterable[ShownValue]) -> UserRecord:
    """Show a user as the TMS does, with the values of custom fields."""
    return UserRecord(
        time_zone_id=row.time_zone,
        role_ids=sorted(row.role_ids),
        managed_organization_ids=sorted(row.managed_organization_ids),
        custom_field_values=values_of(values),
        **{name: getattr(row, name) for name in _SHOWN_AS_STORED},
    )


@command("GetUser", summary="Get a user by id")
async def get_user_by_id(call: Call, parameters: OneUser) -> FoundUser:
    """Show a user."""
    actor = await call.actor()
    # The user and the values of custom fields do not follow from each other, so that they need not be of one state.
    row, values = await call.database.read(show_user, get_user, viewer=actor.viewer, user_id=parameters.id)
    return FoundUser(user=record_of(row, values))


@command("GetUserByEmail", summary="Get a user by the e-mail address")
async def get_user_by_its_email(call: Call, parameters: UsersEmail) -> FoundUser:
    """Show the user with an e-mail address."""
    actor = await call.actor()
    row, values = await call.database.read(show_user, get_user_by_email, viewer=actor.viewer, email=parameters.email)
    return FoundUser(user=record_of(row, values))


@command("GetUserByExternalId", summary="Get a user by the id in the calling system")
async def get_user_by_its_external_id(call: Call, parameters: UsersExternalId) -> FoundUser:
    """Show the one user with an external id."""
    actor = await call.actor()
    row, values = await call.database.read(show_user, get_user_by_external_id, viewer=actor.viewer, external_id=parameters.external_id)
    return FoundUser(user=record_of(row, values))


@command("CreateUser", summary="Create a user", writes=Scope.MANAGE)
async def create(call: Call, parameters: NewUserValues) -> CreatedUser:
    """Create a user; the password is hashed before anything is written, and never kept, logged or recorded itself."""
    actor = await call.actor()
    others: dict[str, Any] = {}
    if parameters.organization_id is UNSET:
        others["organization_id"] = actor.viewer.organization_id
    if parameters.password is not UNSET:
        others["password_hash"] = await hash_password(parameters.password)
    user_id = await perform(call, create_user, actor=actor, user=said(parameters, NewUser, **others))
    return CreatedUser(user_id=None if call.dry_run else user_id)


@command("UpdateUser", summary="Update a user by id", writes=Scope.MANAGE)
async def update(call: Call, parameters: ChangedUserValues) -> Done:
    """Change a user."""
    await perform(call, update_user, actor=await call.actor(), user_id=parameters.id, changes=said(parameters, UserChanges))
    return Done()


COMMANDS: tuple[Command, ...] = (get_user_by_id, get_user_by_its_email, get_user_by_its_external_id, create, update)
