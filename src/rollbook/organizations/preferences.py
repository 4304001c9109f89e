"""
What an organization may decide for itself and for the organizations beneath it.

One table holds every preference: its name, its default and the texts it takes. A preference that an organization does not set comes
from its nearest ancestor that sets it, and from the default where none does.
"""

import reprlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from rollbook.errors import InvalidError
from rollbook.organizations.limits import LARGEST_NUMBER

LONGEST_LATE_CANCEL_DAYS: Final = 3650
LONGEST_CLOSING_HOURS: Final = 24 * 366
LONGEST_TEXT: Final = 255


class StudentConflicts(StrEnum):
    """What becomes of a student who would attend two classes at the same time (C1)."""

    REFUSE = "refuse"
    ALLOW = "allow"


class WaitlistPromotion(StrEnum):
    """What lets those who wait into a class by itself (W2)."""

    OFF = "off"
    SELF_CANCEL = "self_cancel"
    ALWAYS = "always"


class Preferences(Struct, frozen=True, kw_only=True):
    """
    Every preference as it stands for one organization; without values, the defaults.

    Attributes:
        freeze_enrolled_at_start: Whether an Enrolled enrollment keeps its status once its class has started (S2).
        default_maximum: The maximum of a new class, in students; None is no limit (P1).
        late_cancel_days: How many days before a class starts a cancellation begins to be late (L1).
        late_cancel_warning: What a student who is about to cancel late is told; None for nothing of the organization's own.
        student_conflicts: Whether a student may attend two classes at the same time (C1).
        waitlist_promotion: What lets those who wait into a class by itself (W2).
        promote_requested: Whether Requested students are let in where no Wait-Listed one can be (W4).
        self_service_closes_hours: How many hours before a class starts students can no longer enter it by themselves (A4).
        class_training_keys: Whether a new class is opened by a training key (A6).
    """

    freeze_enrolled_at_start: bool = True
    default_maximum: int | None = None
    late_cancel_days: int = 0
    late_cancel_warning: str | None = None
    student_conflicts: StudentConflicts = StudentConflicts.REFUSE
    waitlist_promotion: WaitlistPromotion = WaitlistPromotion.SELF_CANCEL
    promote_requested: bool = True
    self_service_closes_hours: int = 0
    class_training_keys: bool = False


PreferenceValue: TypeAlias = bool | int | str | None


class Preference(Struct, frozen=True, kw_only=True):
    """
    The texts that one preference takes, and what they mean.

    Attributes:
        words: What each word means, in lower case; of several words with one meaning the first is the one that is printed.
        numbers: The whole numbers taken besides the words.
        longest_text: Characters of the texts taken besides the words, as they are written; 0 where no others are.
        allowed: The texts taken, as people are told them.
    """

    words: Mapping[str, PreferenceValue] = {}
    numbers: range = range(0)
    longest_text: int = 0
    allowed: str


_SWITCH: Final = Preference(
    words={"on": True, "off": False, "true": True, "false": False, "yes": True, "no": False, "1": True, "0": False},
    allowed="on or off",
)

PREFERENCES: Final[Mapping[str, Preference]] = MappingProxyType(
    {
        "freeze_enrolled_at_start": _SWITCH,
        "default_maximum": Preference(
            words={"none": None},
            numbers=range(LARGEST_NUMBER + 1),
            allowed=f"a whole number from 0 to {LARGEST_NUMBER}, or none",
        ),
        "late_cancel_days": Preference(
            numbers=range(LONGEST_LATE_CANCEL_DAYS + 1),
            allowed=f"a whole number from 0 to {LONGEST_LATE_CANCEL_DAYS}",
        ),
        "late_cancel_warning": Preference(
            longest_text=LONGEST_TEXT,
            allowed=f"a text of at most {LONGEST_TEXT} characters",
        ),
        "student_conflicts": Preference(
            words={"refuse": StudentConflicts.REFUSE, "allow": StudentConflicts.ALLOW},
            allowed="refuse or allow",
        ),
        "waitlist_promotion": Preference(
            words={choice.value: choice for choice in WaitlistPromotion},
            allowed="off, self_cancel or always",
        ),
        "promote_requested": _SWITCH,
        "self_service_closes_hours": Preference(
            numbers=range(LONGEST_CLOSING_HOURS + 1),
            allowed=f"a whole number from 0 to {LONGEST_CLOSING_HOURS}",
        ),
        "class_training_keys": _SWITCH,
    }
)


class UnknownPreferenceError(InvalidError):
    """There is no preference of that name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"there is no preference {reprlib.repr(name)}; give {', '.join(PREFERENCES)}")


class PreferenceValueError(InvalidError):
    """The preference does not take that value."""

    def __init__(self, name: str, given: str) -> None:
        self.name = name
        self.given = given
        self.allowed = PREFERENCES[name].allowed
        super().__init__(f"the preference {name} cannot be {reprlib.repr(given)}; give {self.allowed}, or nothing to unset it")


def parse(name: str, text: str) -> PreferenceValue | UnsetType:
    """
    Read the value of a preference as a person writes it, words in any case; UNSET where the text is blank, which unsets it.

    Raises:
        UnknownPreferenceError: There is no preference of that name.
        PreferenceValueError: The preference does not take that value.
    """
    preference = PREFERENCES.get(name)
    if preference is None:
        raise UnknownPreferenceError(name)
    word = text.strip().lower()
    if not word:
        return UNSET
    if word in preference.words:
        return preference.words[word]
    number = _whole_number(word)
    if number is not None and number in preference.numbers:
        return number
    if len(text.strip()) <= preference.longest_text:
        return text.strip()
    raise PreferenceValueError(name, text)


def to_text(name: str, value: PreferenceValue) -> str:
    """Print the value of a preference as ``parse`` reads it: ``on``, ``none``, ``30``. This is the form to store."""
    for word, meaning in PREFERENCES[name].words.items():
        if meaning is value:
            return word
    return str(value)


def resolve(levels: Iterable[Mapping[str, str]]) -> Preferences:
    """
    Give every preference as it stands for an organization.

    *levels* holds the texts that each organization sets itself, by the preference's name: the organization's own first, then its
    parent's, up to the root's. Names that are no preference are passed over.

    Raises:
        PreferenceValueError: A stored text is not one that ``to_text`` printed.
    """
    found: dict[str, PreferenceValue] = {}
    for level in levels:
        for name in PREFERENCES.keys() & level.keys() - found.keys():
            value = parse(name, level[name])
            if value is not UNSET:
                found[name] = value
    return replace(Preferences(), **found)


def _whole_number(text: str) -> int | None:
    # Longer texts are no number taken anywhere, and Python refuses to read very long ones.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else None
