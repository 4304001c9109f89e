"""What can be said of an organization: of a new one, and of one that is to change."""

import msgspec
from msgspec import UNSET, UnsetType

from rollbook.organizations.time_zones import TimeZone


class NewOrganization(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is said of an organization that is to be created.

    Attributes:
        parent_id: The organization above; None for a root, which only a command on the server itself creates.
        time_zone: None for the parent's, and for UTC in a root.
        culture: None for the parent's, and for ``en-US`` in a root.
        default_role_id: The role of new users; None for the role of a student.
    """

    name: str
    parent_id: int | None
    external_id: str | None = None
    description: str | None = None
    time_zone: TimeZone | None = None
    culture: str | None = None
    default_role_id: int | None = None


class OrganizationChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of an organization: what is not given stays, and None clears."""

    name: str | UnsetType = UNSET
    parent_id: int | UnsetType | None = UNSET
    external_id: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    time_zone: TimeZone | UnsetType = UNSET
    culture: str | UnsetType = UNSET
    default_role_id: int | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET
