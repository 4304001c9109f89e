"""Users change what they may of themselves: how they are called and reached, and their time zone."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict

from rollbook.access.actor import Actor, ActorKind
from rollbook.database.transaction import Transaction
from rollbook.errors import InvalidError, NotAllowedError, RollbookError, refuse
from rollbook.organizations.time_zones import TimeZone
from rollbook.people.actions.user_details import UserChanges
from rollbook.people.actions.users import update_user

LENGTHS: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(("first_name", "last_name", "title", "middle_name"), 255),
        **dict.fromkeys(("phone", "phone2", "state"), 50),
        **dict.fromkeys(("address1", "address2"), 250),
        **dict.fromkeys(("city", "country"), 80),
        "zip": 20,
    }
)
"""How many characters are kept of each text of a profile."""


class OwnProfile(Struct, frozen=True, kw_only=True):
    """
    Everything that users can say of themselves; by what they sign in, and what decides their rights, is for those who administer.

    Attributes:
        time_zone: The one whose clock the user goes by; None for that of nobody.
    """

    first_name: str
    last_name: str
    title: str | None = None
    middle_name: str | None = None
    phone: str | None = None
    phone2: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    zip: str | None = None
    time_zone: TimeZone | None = None


class NotAPersonError(NotAllowedError):
    """A profile would be changed by what is no user."""

    def __init__(self) -> None:
        super().__init__("only users have a profile of their own; change a user as one who administers")


class OwnNameMissingError(InvalidError):
    """A user would be without a first or a last name."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"the {field.replace('_', ' ')} is missing; write it")


class ProfileTextTooLongError(InvalidError):
    """A text of a profile is longer than is kept."""

    def __init__(self, field: str, longest: int) -> None:
        self.field = field
        super().__init__(f"the {field.replace('_', ' ')} is longer than {longest} characters; shorten it")


async def change_own_profile(transaction: Transaction, *, actor: Actor, profile: OwnProfile, if_version: int | None = None) -> None:
    """
    Change what a user says of themselves.

    Raises:
        NotAPersonError: The actor is no user.
        OwnNameMissingError: The first or the last name is blank.
        ProfileTextTooLongError: A text is longer than is kept.
        VersionChangedError: The user is not at the version asked for.
        AccountClosedError: The user's account is closed.
        SeveralRefusalsError: More than one of these.
    """
    if actor.kind is not ActorKind.USER or actor.id is None:
        raise NotAPersonError
    said = asdict(profile)
    refusals: list[RollbookError | None] = [OwnNameMissingError(name) for name in ("first_name", "last_name") if not said[name].strip()]
    refusals += [ProfileTextTooLongError(name, longest) for name, longest in LENGTHS.items() if len(said[name] or "") > longest]
    refuse(refusals)
    await update_user(transaction, actor=actor, user_id=actor.id, changes=UserChanges(**said), if_version=if_version)
