"""The templates: read once, and escaped always."""

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from rollbook.access.roles import Permission
from rollbook.classes.statuses import ClassStatus, Delivery
from rollbook.console import times, words
from rollbook.console.static_files import address_of
from rollbook.enrollments.placement import LocationType
from rollbook.enrollments.statuses import CompletionStatus, EnrollmentStatus


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rollbook.console"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        static=address_of,
        times=times,
        words=words,
        ClassStatus=ClassStatus,
        CompletionStatus=CompletionStatus,
        Delivery=Delivery,
        EnrollmentStatus=EnrollmentStatus,
        LocationType=LocationType,
        Permission=Permission,
    )
    return environment


_ENVIRONMENT: Final = _environment()


def rendered(template: str, values: Mapping[str, Any]) -> str:
    """Give a template's text, filled with values."""
    return _ENVIRONMENT.get_template(template).render(values)


def rendered_block(template: str, block: str, values: Mapping[str, Any]) -> str:
    """Give the text of one block of a template: what a script puts into a page that stands already."""
    found = _ENVIRONMENT.get_template(template)
    return "".join(found.blocks[block](found.new_context(dict(values))))
