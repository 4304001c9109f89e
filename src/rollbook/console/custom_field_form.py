"""The form of a class's custom fields: what it holds, and what the class is to have."""

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

from rollbook.console.given import LARGEST_NUMBER, Given, UnreadableError
from rollbook.console.refusals import sentence
from rollbook.custom_fields.queries.fields import CustomFieldRow
from rollbook.custom_fields.queries.values import ShownValue
from rollbook.custom_fields.values import LONGEST_TEXT, SEPARATOR, DataType, GivenValue
from rollbook.errors import RollbookError, SeveralRefusalsError
from rollbook.people.actions.custom_field_values import NewValue

ANSWERS: Final[Mapping[str, bool]] = {"yes": True, "no": False}
"""What a checkbox can be, other than untold."""

LISTED: Final = "custom_field_id"
"""The name under which a form says which fields it has, so that one added since is not taken for cleared."""


class Entry(Struct, kw_only=True):
    """
    A custom field in the form.

    Attributes:
        texts: What is entered: one text, or what is ticked of a list.
        stored: What the class has, of a list with tabs between what is ticked.
        meanwhile: What the class has by now, where somebody else changed what is entered here too; blank for nothing.
        inherited: What the class shows while it has no value of its own: its course's.
        error: What is wrong with it.
    """

    field: CustomFieldRow
    texts: list[str]
    stored: str = ""
    meanwhile: str | None = None
    inherited: str | None = None
    error: str | None = None

    @property
    def name(self) -> str:
        """The name of what is entered."""
        return f"field_{self.field.id}"

    @property
    def name_of_stored(self) -> str:
        """The name under which a form says what the class had when the form was made."""
        return f"was_{self.field.id}"

    @property
    def text(self) -> str:
        """What is entered, of a field that takes one value."""
        return next(iter(self.texts), "")

    @property
    def choices(self) -> list[str]:
        """What there is to choose from, with what is chosen though it is none of them any more."""
        return [*self.field.choices, *(text for text in self.texts if text not in self.field.choices)]


class CustomFieldForm(Struct, kw_only=True):
    """
    What the form holds.

    Attributes:
        version: The version of the class that the form was made of.
        problems: What stands against it, other than what is wrong with one field.
    """

    entries: list[Entry]
    version: int
    problems: list[str] = []

    @property
    def is_wrong(self) -> bool:
        """Something has to be corrected."""
        return bool(self.problems or any(entry.error for entry in self.entries))


def form_of(fields: Iterable[CustomFieldRow], shown: Iterable[ShownValue], *, version: int) -> CustomFieldForm:
    """Make the form that shows what a class has."""
    by_id = {each.custom_field_id: each for each in shown}
    return CustomFieldForm(entries=[_entry_of(field, by_id.get(field.id)) for field in fields], version=version)


def read_form(form: CustomFieldForm, given: Given) -> list[NewValue]:
    """
    Put what was changed in a form into one of what the class has, and give the values that it means.

    What cannot be read is told at its field. What nobody touched stays what it is by now.
    """
    listed = {*given.texts(LISTED)}
    values = []
    for entry in form.entries:
        texts = [_plain(text) for text in given.every(entry.name) if text.strip()]
        was = _plain(given.raw(entry.name_of_stored))
        if str(entry.field.id) not in listed or SEPARATOR.join(texts) == was:
            continue
        entry.texts = texts
        if was != entry.stored:
            entry.meanwhile = entry.stored.replace(SEPARATOR, ", ")
        try:
            values.append(NewValue(entry.field.id, _read(entry, given)))
        except UnreadableError as error:
            entry.error = sentence(str(error))
            if entry.field.data_type is DataType.USER_SELECTOR:
                # What is no id names nobody who could be shown as chosen.
                entry.texts = []
    return values


def tell_refusal(form: CustomFieldForm, error: RollbookError) -> None:
    """Tell at each field why it does not take its value."""
    by_id = {entry.field.id: entry for entry in form.entries}
    problems = []
    for refusal in error.refusals if isinstance(error, SeveralRefusalsError) else (error,):
        entry = by_id.get(getattr(refusal, "custom_field_id", 0))
        if entry is None:
            problems.append(sentence(str(refusal)))
        else:
            entry.error = sentence(str(refusal))
    form.problems = [*form.problems, *problems]


def told(shown: ShownValue, people: Mapping[int, str]) -> str:
    """Give a value in words, with the names of people by their ids."""
    value = shown.value.told()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and shown.data_type is DataType.USER_SELECTOR:
        return people.get(value, f"No. {value}")
    return "" if value is None else str(value).replace(SEPARATOR, ", ")


def _entry_of(field: CustomFieldRow, shown: ShownValue | None) -> Entry:
    if shown is None:
        return Entry(field=field, texts=[])
    if shown.is_inherited:
        return Entry(field=field, texts=[], inherited=told(shown, {}))
    value = shown.value.told()
    text = ("yes" if value else "no") if isinstance(value, bool) else _plain(str(value))
    return Entry(field=field, texts=text.split(SEPARATOR) if field.data_type is DataType.CHECKBOX_LIST else [text], stored=text)


def _plain(text: str) -> str:
    """Give a text as it stands in a form, whose lines a browser ends in its own way."""
    return text.strip().replace("\r\n", "\n")


def _read(entry: Entry, given: Given) -> GivenValue:
    """
    Read what was entered for a field.

    Raises:
        UnreadableError: It is too long, or no number where one is wanted.
    """
    match entry.field.data_type:
        case DataType.CHECKBOX_LIST:
            return GivenValue(separated_list_values=tuple(given.texts(entry.name, longest=LONGEST_TEXT)))
        case DataType.CHECKBOX:
            return GivenValue(boolean_value=ANSWERS.get(given.raw(entry.name)))
        case DataType.NUMBER:
            return GivenValue(numeric_value=given.number(entry.name, least=-LARGEST_NUMBER))
        case DataType.USER_SELECTOR:
            return GivenValue(numeric_value=given.number(entry.name, least=1))
        case DataType.TEXTBOX | DataType.DROPDOWN_LIST:
            return GivenValue(text_value=given.text(entry.name, longest=LONGEST_TEXT))
