"""One's own profile: who one is, how one is reached, one's time zone, and when one signed in lately."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from msgspec.structs import asdict

from rollbook.access.actor import Viewer
from rollbook.console.answer import Answer
from rollbook.console.audiences import SIGNED_IN
from rollbook.console.page import Page, form, page
from rollbook.console.refusals import sentence, sentences_of, status_of
from rollbook.console.visit import Visit
from rollbook.errors import RollbookError, SeveralRefusalsError
from rollbook.organizations.time_zones import TimeZone, find_time_zone, list_zone_names
from rollbook.people.actions.own_profile import LENGTHS, OwnProfile, change_own_profile
from rollbook.people.queries.own_profile import OwnProfileRow, get_own_profile
from rollbook.people.queries.sign_ins import SignInCriteria, search_sign_ins

SIGN_INS: Final = 10
FIELDS: Final = (
    ("first_name", "First name", "given-name"),
    ("middle_name", "Middle name", "additional-name"),
    ("last_name", "Last name", "family-name"),
    ("title", "Title", "organization-title"),
    ("phone", "Phone", "tel"),
    ("phone2", "Second phone", "tel"),
    ("address1", "Address", "address-line1"),
    ("address2", "Address, second line", "address-line2"),
    ("city", "City", "address-level2"),
    ("state", "State", "address-level1"),
    ("zip", "Postal code", "postal-code"),
    ("country", "Country", "country-name"),
)
"""The texts that one can change: their names, what they are called, and what browsers call them."""


@page("/my/profile", to=SIGNED_IN)
async def show_profile(visit: Visit) -> Answer:
    """Show one's own profile."""
    profile = await visit.database.read(get_own_profile, user_id=visit.user.user_id)
    return await _render(visit, profile, asdict(profile))


@form("/my/profile", to=SIGNED_IN, back="/my/profile")
async def change_profile(visit: Visit) -> Answer:
    """Change one's own profile."""
    user = visit.user
    profile = await visit.database.read(get_own_profile, user_id=user.user_id)
    given: dict[str, Any] = {name: visit.form.text(name) for name, _, _ in FIELDS}
    zone = visit.form.text("time_zone")
    try:
        said = given | {
            "first_name": given["first_name"] or "",
            "last_name": given["last_name"] or "",
            "time_zone": _chosen_zone(profile, zone),
        }
        version = visit.form.number("version", least=1)
        await visit.database.write(change_own_profile, actor=visit.actor, profile=OwnProfile(**said), if_version=version)
    except RollbookError as error:
        return await _render(visit, profile, given | {"time_zone_iana": zone}, error=error)
    return visit.go("/my/profile", done="Your profile is saved.")


def _chosen_zone(profile: OwnProfileRow, chosen: str | None) -> TimeZone | None:
    """Give the zone that is chosen: as it was given before, where it is the same one."""
    if chosen is None:
        return None
    if profile.time_zone is not None and chosen == profile.time_zone_iana:
        return TimeZone(profile.time_zone, chosen)
    return find_time_zone(chosen)


async def _render(visit: Visit, profile: OwnProfileRow, values: Mapping[str, Any], *, error: RollbookError | None = None) -> Answer:
    user = visit.user
    sign_ins = await visit.database.search(
        search_sign_ins,
        viewer=Viewer(user.organization_id, user.path),
        criteria=SignInCriteria(user_id=user.user_id),
        sort="at",
        descending=True,
        offset=0,
        limit=SIGN_INS,
    )
    refusals = error.refusals if isinstance(error, SeveralRefusalsError) else (error,)
    errors = {field: sentence(str(each)) for each in refusals if each is not None and (field := each.field)}
    return visit.render(
        "my_profile.html",
        status=status_of(error) if error else 200,
        title="Profile",
        profile=profile,
        fields=FIELDS,
        lengths=LENGTHS,
        values=values,
        zones=_zones(profile.time_zone_iana),
        sign_ins=sign_ins.rows,
        refused=sentences_of(error) if error else (),
        errors=errors,
    )


def _zones(present: str | None) -> Sequence[tuple[str, list[str]]]:
    """Give the zones to choose from, by their regions; the present one is among them."""
    names = list_zone_names()
    others = [] if present is None or present in names else [("Present", [present])]
    return others + [(region, list(group)) for region, group in groupby(names, key=lambda name: name.partition("/")[0])]


PAGES: Final[tuple[Page, ...]] = (show_profile, change_profile)
