"""What can be said of a user: of a new one, and of one that is to change."""

import msgspec
from msgspec import UNSET, UnsetType

from rollbook.organizations.time_zones import TimeZone


class NewUser(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is said of a user who is to be created.

    Attributes:
        role_ids: Empty for the organization's default role, else the role of a student.
        managed_organization_ids: The organizations that the user may manage.
        note: What those who administer should know of the user, and the user does not see.
        password_hash: What ``people.passwords`` made of the password; None where the user signs in elsewhere.
        force_password_change: Whether the user has to choose another password when signing in.
    """

    organization_id: int
    user_name: str
    email: str
    first_name: str
    last_name: str
    external_id: str | None = None
    title: str | None = None
    middle_name: str | None = None
    company_id: int | None = None
    manager_id: int | None = None
    disabled: bool = False
    phone: str | None = None
    phone2: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    country_code: str | None = None
    zip: str | None = None
    profile_image_url: str | None = None
    time_zone: TimeZone | None = None
    role_ids: tuple[int, ...] = ()
    managed_organization_ids: tuple[int, ...] = ()
    password_hash: str | None = None
    note: str | None = None
    force_password_change: bool = False


class UserChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of a user: what is not given stays, and None clears."""

    organization_id: int | UnsetType = UNSET
    user_name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    first_name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET
    external_id: str | UnsetType | None = UNSET
    title: str | UnsetType | None = UNSET
    middle_name: str | UnsetType | None = UNSET
    company_id: int | UnsetType | None = UNSET
    manager_id: int | UnsetType | None = UNSET
    disabled: bool | UnsetType = UNSET
    phone: str | UnsetType | None = UNSET
    phone2: str | UnsetType | None = UNSET
    address1: str | UnsetType | None = UNSET
    address2: str | UnsetType | None = UNSET
    city: str | UnsetType | None = UNSET
    state: str | UnsetType | None = UNSET
    country: str | UnsetType | None = UNSET
    country_code: str | UnsetType | None = UNSET
    zip: str | UnsetType | None = UNSET
    profile_image_url: str | UnsetType | None = UNSET
    time_zone: TimeZone | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET
    force_password_change: bool | UnsetType = UNSET
