"""Declaring a command of the TMS API: once, and everything else follows from it."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, get_type_hints

from rollbook.access.scopes import Scope
from rollbook.api.tms.call import Call
from rollbook.api.tms.envelope import Answer, Envelope
from rollbook.api.tms.parsing import InvalidDeclarationError, Parameters, Parser

P = TypeVar("P", bound=Parameters)
A = TypeVar("A", bound=Answer)
Handler = Callable[[Call, Any], Awaitable[Answer]]


class Command:
    """
    A command of the TMS API.

    Attributes:
        name: The documented name.
        summary: A few words on what it does.
        description: Whatever else the documentation says.
        group: The part of the documentation that it belongs to.
        ours: It is not part of the TMS.
        writes: It changes something, so it takes ``dryRun``.
        scope: What a key must have for it: ``read`` where it changes nothing.
        answer: The type of its answer.
        handler: Does it.
        parser: Reads its parameters.
        envelope: Encodes its answers.
    """

    def __init__(
        self, name: str, handler: Handler, *, summary: str, description: str, group: str, lower_case: bool, scope: Scope, ours: bool
    ) -> None:
        hints = get_type_hints(handler)
        if not issubclass(hints.get("parameters", object), Parameters) or not issubclass(hints.get("return", object), Answer):
            raise InvalidDeclarationError(f"the handler of {name} must take `parameters`, a Parameters struct, and return an Answer struct")
        self.name = name
        self.summary = summary
        self.description = description
        self.group = group
        self.ours = ours
        self.scope = scope
        self.writes = scope is not Scope.READ
        self.answer: type[Answer] = hints["return"]
        self.handler = handler
        self.parser = Parser(hints["parameters"], writes=self.writes)
        self.envelope = Envelope(self.answer, lower_case=lower_case)


def command(
    name: str,
    *,
    summary: str,
    description: str = "",
    group: str = "",
    lower_case: bool = False,
    writes: Scope | None = None,
    ours: bool = False,
) -> Callable[[Callable[[Call, P], Awaitable[A]]], Command]:
    """
    Make a command of a handler, ``async def handler(call: Call, parameters: SomeParameters) -> SomeAnswer``.

    Args:
        name: The documented name, such as ``UpdateClassEnrollment``.
        summary: A few words on what it does.
        description: Whatever else the documentation should say.
        group: The part of the documentation that it belongs to; by default its module's name.
        lower_case: The answer has ``status`` and ``error`` instead of ``Status`` and ``Error``.
        writes: What a key must have to change something by it, which then takes ``dryRun``; None where it only reads.
        ours: It is not part of the TMS.

    Raises:
        InvalidDeclarationError: The declaration contradicts itself.
    """

    def declare(handler: Callable[[Call, P], Awaitable[A]]) -> Command:
        section = group or handler.__module__.rpartition(".")[2].replace("_", " ").capitalize()
        return Command(
            name,
            handler,
            summary=summary,
            description=description,
            group=section,
            lower_case=lower_case,
            scope=writes or Scope.READ,
            ours=ours,
        )

    return declare
