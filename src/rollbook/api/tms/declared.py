"""Structs that are declared field by field, required ones anywhere: frozen, their fields given by name."""

from typing import Any, dataclass_transform

import msgspec


class DeclaredMeta(msgspec.StructMeta):
    """Makes every struct frozen and its fields keyword-only, so that a declaration need not say so each time."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> "DeclaredMeta":
        """Make the struct."""
        return super().__new__(cls, name, bases, namespace, **{"frozen": True, "kw_only": True, **options})


# Type checkers take their defaults from here, not from the metaclass; they cannot be told that the fields are frozen, because
# msgspec's own Struct is not.
@dataclass_transform(kw_only_default=True, field_specifiers=(msgspec.field,))
class Declared(msgspec.Struct, metaclass=DeclaredMeta):
    """A frozen struct whose fields are given by name."""
