"""
Turning what a caller gave into a command's parameters, by a parser that is compiled once for each command.

There are two ways through it. The plain way takes a query string without encoded characters and gives up at the first thing that is
out of the ordinary; the full way then reads everything again, and either finds the same values or tells every problem there is.
"""

from collections.abc import Callable, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from msgspec import UNSET
from msgspec.structs import fields

from rollbook.api.tms.declared import Declared
from rollbook.api.tms.given import Pairs, Unreadable
from rollbook.api.tms.kinds import BlankValueError, InvalidValueError, Kind, Reader, camel_case, listed, quote
from rollbook.api.tms.numbers import Boolean, PageIndex, PageSize
from rollbook.errors import InvalidError

DRY_RUN = "dry_run"
IF_VERSION = "ifVersion"


class Parameters(Declared):
    """The parameters of a command: each field is annotated with the Kind that reads it."""


class NoParameters(Parameters):
    """The parameters of a command that has none."""


class SearchParameters(Parameters):
    """The parameters that every search has; a search with another page size than 100 declares its own."""

    page_index: Annotated[int, PageIndex()]
    page_size: Annotated[int, PageSize()]


class InvalidParametersError(InvalidError):
    """
    Values of a request cannot be taken.

    Attributes:
        problems: One sentence for each, beginning with the parameter's documented name.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problems))


class Parameter(NamedTuple):
    """
    One declared parameter.

    Attributes:
        field: The name of the struct's field.
        name: The documented name.
        kind: What it takes.
        read: The kind's compiled reader.
        required: It cannot be left out.
        clearable: ``null`` clears it.
    """

    field: str
    name: str
    kind: Kind
    read: Reader
    required: bool
    clearable: bool


class Parsed(NamedTuple):
    """
    What a request asks for.

    Attributes:
        parameters: The command's parameters.
        dry_run: Everything is to be done and nothing kept.
        ignored: The names that the command does not know.
    """

    parameters: Parameters
    dry_run: bool
    ignored: tuple[str, ...] = ()


class InvalidDeclarationError(TypeError):
    """A command's declaration contradicts itself; told when its module is imported."""


def declared_parameters(parameters: type[Parameters]) -> list[Parameter]:
    """
    List the parameters that a struct declares, in its order.

    Raises:
        InvalidDeclarationError: A field has no Kind.
    """
    hints = get_type_hints(parameters, include_extras=True)
    declared = []
    for field in fields(parameters):
        hint = hints[field.name]
        kind = next((extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, Kind)), None)
        if kind is None:
            raise InvalidDeclarationError(f"{parameters.__name__}.{field.name} is not annotated with a Kind")
        declared.append(
            Parameter(
                field=field.name,
                name=kind.name or camel_case(field.name),
                kind=kind,
                read=kind.reader(),
                required=field.required and kind.default is UNSET,
                clearable=accepts_none(hint),
            )
        )
    return declared


def accepts_none(hint: Any) -> bool:
    """Say whether a type such as ``Annotated[str | None | UnsetType, ...]`` holds None."""
    bare = get_args(hint)[0]
    return get_origin(bare) in (Union, UnionType) and NoneType in get_args(bare)


def the_dry_run() -> Parameter:
    """Give the parameter that every writing command has."""
    kind = Boolean("Do everything but keep it, and answer what would have changed in `changes`.", ours=True)
    return Parameter(field=DRY_RUN, name="dryRun", kind=kind, read=kind.reader(), required=False, clearable=False)


class Parser:
    """The compiled parser of one command."""

    def __init__(self, parameters: type[Parameters], *, writes: bool) -> None:
        self.declared = declared_parameters(parameters) + ([the_dry_run()] if writes else [])
        self.in_path = next((parameter for parameter in self.declared if parameter.kind.in_path), None)
        self._make: Callable[..., Parameters] = parameters
        self._writes = writes
        self._names: dict[str, Parameter] = {}
        for parameter in self.declared:
            for name in (parameter.name, *parameter.kind.aliases):
                if name.lower() in self._names:
                    raise InvalidDeclarationError(f"{parameters.__name__} declares {name} twice")
                self._names[name.lower()] = parameter
        self._defaults = {parameter.field: parameter.kind.default for parameter in self.declared if parameter.kind.default is not UNSET}
        self.parse_plain = self._compile_plain()

    def _compile_plain(self) -> Callable[[bytes, str | None], Parsed | None]:
        """
        Build the parser of plain query strings.

        It reads a query and the last part of the path, and gives None for whatever the full parser has to look at: encoded characters,
        unknown names, a name given twice, ``null``, a value that is wrong or missing.
        """
        make, writes, defaults = self._make, self._writes, self._defaults
        readers = {name: (parameter.field, parameter.read) for name, parameter in self._names.items()}
        # The documented spelling is found at the first look, any other in lower case.
        readers |= {parameter.name: (parameter.field, parameter.read) for parameter in self.declared}
        in_path = self.in_path
        # Of these a second value means another parameter, even where the first one is blank.
        repeated = {parameter.field for parameter in self.declared if parameter.kind.second_is}

        def parse_plain(query: bytes, path_id: str | None) -> Parsed | None:
            if b"%" in query or b"+" in query:
                return None
            values: dict[str, object] = {}
            try:
                if path_id is not None and in_path is not None:
                    values[in_path.field] = in_path.read(path_id)
                if query:
                    for pair in query.decode("ascii").split("&"):
                        name, _, text = pair.partition("=")
                        found = readers.get(name) or readers.get(name.lower())
                        if found is None:
                            return None
                        field, read = found
                        if field in values or text == "null":
                            return None
                        if text:
                            values[field] = read(text)
                        elif field in repeated:
                            return None
                dry_run = writes and values.pop(DRY_RUN, False) is True
                return Parsed(make(**(defaults | values) if defaults else values), dry_run)
            # A required value that is missing is a TypeError of the struct; the full parser names it.
            except (InvalidError, ValueError, TypeError):
                return None

        return parse_plain

    def parse(self, pairs: Pairs, path_id: str | None) -> Parsed:
        """
        Read everything that was given, in full.

        Args:
            pairs: The names and values of the query and the body.
            path_id: The last part of the path, where the request has one.

        Raises:
            InvalidParametersError: Values are wrong or missing; it tells all of them.
        """
        given: dict[str, list[object]] = {}
        ignored: list[str] = []
        problems: list[str] = []
        if path_id is not None and self.in_path is not None:
            given[self.in_path.field] = [path_id]
        for name, value in pairs:
            parameter = self._names.get(name.lower())
            if parameter is not None:
                given.setdefault(parameter.field, []).append(value)
            elif isinstance(value, Unreadable):
                problems.append(f"{quote(name)}: {value}")
            elif name.lower() == IF_VERSION.lower():
                problems.append(f"{IF_VERSION}: this command has no version to compare with; leave it out")
            elif name:
                ignored.append(name)
        self._move_seconds(given)
        values: dict[str, Any] = dict(self._defaults)
        for parameter in self.declared:
            try:
                value = read_given(parameter, given.get(parameter.field, ()))
            except InvalidError as error:
                problems.append(f"{parameter.name}: {error}")
            else:
                if value is not UNSET:
                    values[parameter.field] = value
        if problems:
            raise InvalidParametersError(problems)
        dry_run = self._writes and values.pop(DRY_RUN, False) is True
        return Parsed(self._make(**values), dry_run, tuple(ignored))

    def _move_seconds(self, given: dict[str, list[object]]) -> None:
        """Take the second of two values to the parameter that it was meant for, where the vendor's collection repeats a name."""
        for parameter in self.declared:
            values = given.get(parameter.field, [])
            if parameter.kind.second_is and len(values) > 1:
                second = self._names[parameter.kind.second_is.lower()]
                given.setdefault(second.field, []).append(values.pop(1))

    def documented_name(self, field: str) -> str:
        """Give what the documentation calls a value of the domain, for an error that is about it."""
        return next((parameter.name for parameter in self.declared if parameter.field == field), camel_case(field))


def read_given(parameter: Parameter, raw_values: Sequence[object]) -> object:
    """
    Turn all values that were given for a parameter into its value, or UNSET when it was left out.

    Raises:
        InvalidError: They cannot be taken; the text follows the parameter's name.
    """
    values = [value for value in raw_values if not is_blank(parameter, value)]
    if not values:
        return left_out(parameter)
    for value in values:
        if isinstance(value, Unreadable):
            raise InvalidValueError(value)
    if any(value != values[0] for value in values) and (not parameter.kind.several or None in values):
        shown = [quote(str(value)) for value in values if isinstance(value, str)]
        told = f" ({listed(shown, 'and')})" if len(shown) > 1 and parameter.kind.trimmed else ""
        raise InvalidValueError(f"is given more than once with different values{told}; give one")
    if values[0] is None:
        if parameter.clearable:
            return None
        raise InvalidValueError(
            "cannot be cleared; give a value" if parameter.required else "cannot be cleared; give a value or leave it out"
        )
    try:
        return parameter.kind.read_several(parameter.read, values)
    except BlankValueError:
        return left_out(parameter)


def is_blank(parameter: Parameter, value: object) -> bool:
    """Say whether a value counts as left out."""
    return isinstance(value, str) and not isinstance(value, Unreadable) and not (value.strip() if parameter.kind.trimmed else value)


def left_out(parameter: Parameter) -> object:
    """
    Give UNSET for a value that was left out.

    Raises:
        InvalidValueError: It must not be.
    """
    if parameter.required:
        raise InvalidValueError("is required; give a value")
    return UNSET
