import pytest

from rollbook.console.given import Given, UnreadableError, read_given
from rollbook.console.notices import LONGEST, Notice, decoded, encoded
from rollbook.console.times import is_same_clock, machine_time, moment, span, zone_label
from rollbook.console.tms_addresses import here

NOVEMBER = 1_795_525_200  # 2026-11-24 13:00 UTC


def test_a_form_gives_its_values_by_name_and_the_last_of_several() -> None:
    given = read_given(b"a=1&a=2&blank=&text=+two+words%0D%0Aof+it+&number=007")
    assert ["1", "2"] == given.texts("a")
    assert "2" == given.text("a")
    assert given.text("blank") is None
    assert "blank" in given
    assert "absent" not in given
    assert "two words\nof it" == given.text("text")
    assert 7 == given.number("number")
    assert given.number("absent") is None
    assert [1, 2] == given.numbers("a")
    assert given.is_ticked("a")
    assert not given.is_ticked("blank")


@pytest.mark.parametrize(
    "text", ["x", "1.5", "-1", "2147483648", "99999999999", "1e3", "\N{SUPERSCRIPT TWO}", "\N{ARABIC-INDIC DIGIT ONE}"]
)
def test_what_is_no_number_or_too_large_a_one_is_told_by_its_field(text: str) -> None:
    with pytest.raises(UnreadableError, match="maximum must be a whole number from 0 to 2,147,483,647") as told:
        Given([("maximum", text)]).number("maximum")
    assert "maximum" == told.value.field


@pytest.mark.parametrize("text", ["nul \x00 inside", "bell \x07 inside", "half a pair \ud800"])
def test_characters_that_nobody_can_see_are_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="control characters"):
        Given([("note", text)]).text("note")


def test_a_text_is_no_longer_than_it_may_be() -> None:
    assert "aaa" == Given([("note", " aaa ")]).text("note", longest=3)
    with pytest.raises(UnreadableError, match="at most 3 characters"):
        Given([("note", "aaaa")]).text("note", longest=3)


@pytest.mark.parametrize("body", [b"a=%ff", "a=\xe4".encode("latin-1"), b"a=1&" * 20_001])
def test_a_form_in_another_encoding_or_without_end_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_given(body)


def test_a_notice_comes_back_as_it_was() -> None:
    notice = Notice(done="Sam is \N{SNOWMAN} enrolled.", warnings=("w",), undo="/undo", undo_values={"change": "7"})
    assert notice == decoded(encoded(notice))


def test_a_notice_of_very_many_sentences_keeps_the_first_and_fits_a_cookie() -> None:
    text = encoded(Notice(refused=tuple(f"{number} " + "x" * 1_000 for number in range(500))))
    assert len(text) <= LONGEST
    notice = decoded(text)
    assert notice is not None
    assert notice.refused[0].startswith("0 x")
    short = decoded(encoded(Notice(refused=tuple(str(number) for number in range(500)))))
    assert short is not None
    assert "and 481 more" == short.refused[-1]
    assert 20 == len(short.refused)


@pytest.mark.parametrize("text", [None, "", "no base64 \N{SNOWMAN}", "AAAA", "bnVsbA=="])
def test_a_cookie_that_is_no_notice_says_nothing(text: str | None) -> None:
    assert decoded(text) is None


def test_moments_are_told_on_the_clock_of_a_zone() -> None:
    assert "Tue 24 Nov 2026, 08:00" == moment(NOVEMBER, "America/New_York")
    assert "Tue 24 Nov 2026, 08:00\N{EN DASH}09:00" == span(NOVEMBER, NOVEMBER + 3_600, "America/New_York")
    assert "Tue 24 Nov 2026, 08:00 \N{EN DASH} Wed 25 Nov 2026, 08:00" == span(NOVEMBER, NOVEMBER + 86_400, "America/New_York")
    assert "EST" == zone_label(NOVEMBER, "America/New_York")
    assert "UTC-03" == zone_label(NOVEMBER, "America/Sao_Paulo")
    assert "2026-11-24T13:00:00Z" == machine_time(NOVEMBER)
    assert "9999" in moment(253_402_300_799, "Pacific/Kiritimati")


def test_two_zones_agree_only_while_their_clocks_do() -> None:
    july = NOVEMBER - 140 * 86_400
    assert is_same_clock(NOVEMBER, "Europe/London", "UTC")
    assert not is_same_clock(july, "Europe/London", "UTC")


@pytest.mark.parametrize(
    "path, place",
    [
        ("/Class/Roster/5", "/classes/5/roster"),
        ("/class/5/", "/classes/5"),
        ("/Class/Schedule", "/schedule"),
        ("/User/CurrentTraining/3", "/my/training"),
        ("/ClassEnrollment/19", "/enrollments/19"),
        ("/Class/Roster/../5", None),
        ("/Elsewhere", None),
    ],
)
def test_the_addresses_of_a_tms_lead_to_the_pages_that_are_for_the_same(path: str, place: str | None) -> None:
    assert place == here(path)
