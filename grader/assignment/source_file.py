"""Takes a Python file's statements apart by what they use, without running them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.assignment.toml_file import shown
from grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class SourceFile:
    """A file that is being taken apart; every complaint names it and a line."""

    def __init__(self, path: Path) -> None:
        """Read the file; raises ``AssignmentError`` where it is no Python."""
        self.path = shown(path)
        try:
            self.text = path.read_text(encoding="utf-8")
            self.tree = ast.parse(self.text)
        except (OSError, UnicodeDecodeError) as error:
            raise AssignmentError(f"cannot read {self.path}: {error}") from None
        except (SyntaxError, ValueError) as error:
            said = getattr(error, "msg", error)
            raise self.error(getattr(error, "lineno", 1), f"not valid Python: {said}") from None
        self.binds = [(statement, bound(statement)) for statement in self.tree.body]

    def error(self, line: int | None, problem: str, hint: str | None = None) -> AssignmentError:
        """Return an error that names the file and a line."""
        return AssignmentError(f"{self.path}, line {line or 1}: {problem}", hint)

    def closure(self, names: Iterable[str]) -> list[ast.stmt]:
        """Return the statements that bind names, what these use, and so on."""
        wanted, found = list(names), []
        while wanted:
            name = wanted.pop()
            for statement, names_bound in self.binds:
                if name in names_bound and statement not in found:
                    found.append(statement)
                    wanted += sorted(used(statement))
        return found

    def half(self, statements: Iterable[ast.stmt]) -> str:
        """Return the text of some statements, each on its lines; the other lines are empty."""
        lines = self.text.splitlines()
        kept = {n for one in statements for n in range(first(one), (one.end_lineno or 0) + 1)}
        return "\n".join(line if n in kept else "" for n, line in enumerate(lines, start=1)) + "\n"


def bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def used(statement: ast.stmt) -> set[str]:
    """Return the names that a statement mentions."""
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def module(statement: ast.AST) -> str:
    """Return the first module that a statement imports, or nothing."""
    return next(iter(modules(statement)), "")


def modules(node: ast.AST) -> list[str]:
    """Return the modules that a statement imports; one beside the file has no name."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return ["" if node.level else str(node.module)]
    return []


def first(statement: ast.stmt) -> int:
    """Return a statement's first line, which may be a decorator's."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(one.lineno for one in decorators)])
