"""Which time zone a caller names."""

from zoneinfo import ZoneInfo

import pytest
from tzlocal.windows_tz import win_tz

from rollbook.organizations.time_zones import TimeZone, UnknownTimeZoneError, find_time_zone, list_zone_names, wall_time, zone_of


@pytest.mark.parametrize(
    "given, canonical, iana",
    [
        ("Eastern Standard Time", "Eastern Standard Time", "America/New_York"),
        ("eastern standard TIME", "Eastern Standard Time", "America/New_York"),
        ("W. Europe Standard Time", "W. Europe Standard Time", "Europe/Berlin"),
        ("Europe/Berlin", "Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin", "Europe/Berlin"),
        ("UTC", "UTC", "Etc/UTC"),
        ("utc", "UTC", "Etc/UTC"),
        ("Etc/UTC", "Etc/UTC", "Etc/UTC"),
    ],
)
def test_it_finds_a_zone_in_any_spelling_and_keeps_the_canonical_one(given: str, canonical: str, iana: str) -> None:
    assert TimeZone(given=canonical, iana=iana) == find_time_zone(given)


@pytest.mark.parametrize("name", sorted(win_tz))
def test_every_windows_zone_has_rules_to_compute_with(name: str) -> None:
    assert find_time_zone(name).iana == ZoneInfo(find_time_zone(name).iana).key


@pytest.mark.parametrize("given", ["", "Mars/Olympus", "EST5EDT4", "../etc/passwd", "Eastern", "localtime"])
def test_it_refuses_an_unknown_zone_and_says_what_to_give(given: str) -> None:
    with pytest.raises(UnknownTimeZoneError) as refusal:
        find_time_zone(given)

    assert given == refusal.value.given
    assert "time_zone" == refusal.value.field
    assert repr(given) in str(refusal.value)
    assert "Eastern Standard Time" in str(refusal.value)
    assert "America/New_York" in str(refusal.value)


def test_a_moment_is_told_as_a_clock_on_the_wall_shows_it() -> None:
    assert "2026-11-23 11:00 (America/New_York)" == wall_time(1_795_449_600, zone_of("America/New_York"))
    assert "9999-12-31 23:59 (UTC)" == wall_time(253_402_300_799, zone_of("Asia/Tokyo"))


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/Argentina/Ushuaia", "Etc/UTC"])
def test_it_takes_the_hours_of_every_name(name: str) -> None:
    assert name == zone_of(find_time_zone(name).iana).key


def test_the_names_to_choose_from_are_those_of_places_and_each_is_a_zone() -> None:
    names = list_zone_names()

    assert names[0] == "UTC"
    assert {"Europe/Berlin", "America/New_York", "Pacific/Auckland"} <= set(names)
    assert not {"EST", "Etc/GMT+5", "US/Eastern"} & set(names)
    assert all(find_time_zone(name) for name in names)
