"""Reading the records of another TMS by the same parameters by which its commands would be called here."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from msgspec import UNSET

from rollbook.api.tms.kinds import Members, Number
from rollbook.api.tms.parsing import Parameters, declared_parameters, read_given
from rollbook.cli.tms.source import Record
from rollbook.errors import InvalidError
from rollbook.organizations.time_zones import TimeZone

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class RecordReader:
    """Reads the records of one kind."""

    def __init__(self, parameters: type[Parameters], *, renamed: Mapping[str, str] = NOTHING) -> None:
        """
        Say what a record holds.

        Args:
            parameters: What is read, by the documented names.
            renamed: What the record calls a parameter that is called otherwise there, both in lower case.
        """
        self._declared = [(renamed.get(each.name.lower(), each.name.lower()), each) for each in declared_parameters(parameters)]

    def read(self, record: Record) -> tuple[dict[str, Any], list[str]]:
        """Give the values of a record by what the domain calls them, and what is wrong with those that cannot be taken."""
        values: dict[str, Any] = {}
        problems = []
        for name, parameter in self._declared:
            given = record.get(name)
            if given is None or given == []:
                continue
            try:
                value = read_given(parameter, [as_written(given)])
            except InvalidError as error:
                problems.append(f"{parameter.name}: {error}")
            else:
                if value is not UNSET:
                    values[parameter.field] = value
        return values, problems


def as_written(value: Any) -> object:
    """Give a decoded JSON value as the door's own reader decodes it: numbers as they are written, objects by their members."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | float):
        return Number(value)
    if isinstance(value, dict):
        return Members((name, as_written(member)) for name, member in value.items())
    return [as_written(member) for member in value]


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Give values as columns hold them."""
    columns: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, TimeZone):
            columns |= {name: value.given, f"{name}_iana": value.iana}
        else:
            columns[name] = value.value if isinstance(value, Enum) else value
    return columns
