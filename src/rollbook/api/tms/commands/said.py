"""Handing on to an action what a caller said."""

from typing import Any, TypeVar

from msgspec import UNSET, Struct

from rollbook.api.tms.parsing import Parameters

Details = TypeVar("Details", bound=Struct)


def said(parameters: Parameters, details: type[Details], **others: Any) -> Details:
    """
    Make what an action takes of the parameters with the same names; ``others`` are given by the command itself.

    What the caller left out is left out here too, so that the action's own defaults count.
    """
    given = {name: getattr(parameters, name, UNSET) for name in details.__struct_fields__}
    return details(**{name: value for name, value in given.items() if value is not UNSET}, **others)
