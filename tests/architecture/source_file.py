"""The program's own source, read as syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[2]
PACKAGE: Final = PROJECT / "src" / "rollbook"
NOUNS: Final = (
    *(
        "accounts",
        "assignments",
        "changes",
        "classes",
        "classrooms",
        "courses",
        "custom_fields",
        "enrollments",
        "organizations",
        "people",
        "subscriptions",
    ),
    *("subscriptions", "access", "history"),
)


@dataclass(frozen=True)
class SourceFile:
    """
    One file of the package.

    Attributes:
        name: Its path inside the package, such as ``classes/model.py``.
        text: What it says.
    """

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def is_in(self, *places: str) -> bool:
        """Tell whether the file is one of these, or is in a folder that is."""
        return any(self.name == place or self.name.startswith(f"{place}/") for place in places)

    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes() if isinstance(node, ast.Call))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Give the line and the full dotted name of everything that is imported, such as ``sqlalchemy.select``."""
        for node in self.nodes():
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

    def texts(self) -> Iterator[tuple[int, str]]:
        """Give the line and the value of every string that is not a docstring."""
        bare = {id(node.value) for node in self.nodes() if isinstance(node, ast.Expr)}
        for node in self.nodes():
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
                yield node.lineno, node.value

    def at(self, line: int, fact: str) -> str:
        """Word a finding."""
        return f"src/rollbook/{self.name}:{line}: {fact}"


def source_files() -> list[SourceFile]:
    """Read the whole package."""
    return [SourceFile(path.relative_to(PACKAGE).as_posix(), path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))]
