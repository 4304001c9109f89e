from typing import Any

import pytest
from msgspec.structs import asdict

from rollbook.access.actor import Actor, ActorKind, Viewer
from rollbook.database.transaction import Database
from rollbook.errors import SeveralRefusalsError
from rollbook.history.versions import VersionChangedError
from rollbook.organizations.time_zones import find_time_zone
from rollbook.people.actions.own_profile import (
    NotAPersonError,
    OwnNameMissingError,
    OwnProfile,
    ProfileTextTooLongError,
    change_own_profile,
)
from rollbook.people.queries.own_profile import get_own_profile
from rollbook.people.queries.users import UserNotFoundError, get_user
from tests.cast import NOBODY, Cast, add_company, add_user, gather
from tests.recorded import history_of


def oneself(cast: Cast, user_id: int) -> Actor:
    return Actor(ActorKind.USER, user_id, "someone", Viewer(cast.organization_id, f"/{cast.organization_id}/"))


def profile(**values: Any) -> OwnProfile:
    return OwnProfile(**{"first_name": "Samantha", "last_name": "Rivera", **values})


async def test_users_change_how_they_are_called_and_reached_and_their_time_zone(database: Database) -> None:
    cast = await gather(database)
    company_id = await add_company(database, "Acme", organization_id=cast.organization_id)
    user_id = await add_user(database, "Carl", organization_id=cast.organization_id, company_id=company_id, role_ids=(1,), note="Kept.")
    before = await database.read(get_user, viewer=cast.ada.viewer, user_id=user_id)

    await database.write(
        change_own_profile,
        actor=oneself(cast, user_id),
        profile=profile(phone="555 0100", city="Albany", time_zone=find_time_zone("Europe/Berlin")),
    )

    after = await database.read(get_user, viewer=cast.ada.viewer, user_id=user_id)
    changed = {name for name, value in asdict(after).items() if asdict(before)[name] != value}
    assert changed <= {"first_name", "last_name", "phone", "city", "time_zone", "time_zone_iana", "version", "modified_at"}
    assert (after.first_name, after.phone, after.time_zone_iana) == ("Samantha", "555 0100", "Europe/Berlin")
    own = await database.read(get_own_profile, user_id=user_id)
    assert (own.company_name, own.organization_name, own.last_name) == ("Acme", "Contoso Training", "Rivera")
    history = await history_of(database, "user", user_id)
    assert history[-1].kind == "user.updated"


async def test_a_profile_has_no_place_for_what_decides_rights_or_how_one_signs_in() -> None:
    kept_away = {"email", "user_name", "organization_id", "company_id", "manager_id", "disabled", "role_ids", "managed_organization_ids"}

    assert not kept_away & set(OwnProfile.__struct_fields__)


async def test_a_profile_is_not_changed_by_a_key(database: Database) -> None:
    cast = await gather(database)

    with pytest.raises(NotAPersonError):
        await database.write(change_own_profile, actor=cast.ada, profile=profile())


async def test_a_name_that_is_blank_and_a_text_that_is_too_long_are_refused_together(database: Database) -> None:
    cast = await gather(database)

    with pytest.raises(SeveralRefusalsError) as refused:
        await database.write(change_own_profile, actor=oneself(cast, cast.sam_id), profile=profile(last_name=" ", zip="1" * 21))

    kinds = [(type(refusal), refusal.field) for refusal in refused.value.refusals]
    assert kinds == [(OwnNameMissingError, "last_name"), (ProfileTextTooLongError, "zip")]
    assert (await database.read(get_own_profile, user_id=cast.sam_id)).last_name == "Example"


async def test_a_profile_that_changed_meanwhile_is_not_overwritten(database: Database) -> None:
    cast = await gather(database)
    actor = oneself(cast, cast.sam_id)
    await database.write(change_own_profile, actor=actor, profile=profile(), if_version=1)

    with pytest.raises(VersionChangedError):
        await database.write(change_own_profile, actor=actor, profile=profile(first_name="Sam"), if_version=1)


async def test_who_is_not_there_has_no_profile(database: Database) -> None:
    await gather(database)

    with pytest.raises(UserNotFoundError):
        await database.read(get_own_profile, user_id=NOBODY)
