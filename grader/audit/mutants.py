"""The mutants of the solved notebook: every small change to one of its parts, as a notebook."""

from __future__ import annotations

import ast
import builtins
import copy
import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from grader.audit.operators import BODY_OPERATORS, NODE_OPERATORS, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.grading.submission import Submission
    from grader.locate.parts import LocatedPart
    from grader.locate.statements import Statement
    from grader.notebook.read import Notebook

_MOST_LINES = 8
_DEFINED = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
# The path from a tree's root to a node: field names, with an index where the field is a list.
_Path = tuple[tuple[str, "int | None"], ...]


@dataclass(frozen=True)
class Mutant:
    """The solved notebook with one small change in one part.

    ``was`` and ``becomes`` are the lines that differ, as ``ast.unparse`` writes them, dedented and
    shortened; ``within`` holds the first lines of the enclosing statements. ``line`` counts the
    lines of ``cell`` from 1. ``blank`` is the blank that was changed, ``None`` outside of them.
    """

    part: str
    operator: str
    cell: int
    line: int
    blank: int | None
    was: str
    becomes: str
    within: frozenset[str]
    notebook: Notebook

    @property
    def text(self) -> str:
        """The change as a diff without context."""
        lines = [f"- {line}" for line in self.was.splitlines()]
        return "\n".join(lines + [f"+ {line}" for line in self.becomes.splitlines()])

    @property
    def line_of_text(self) -> str:
        """The change on one line: ``a + b → a - b``."""
        was, becomes = (" ".join(text.split()) for text in (self.was, self.becomes))
        return f"{was or 'nothing'} → {becomes or 'nothing'}"


@dataclass(frozen=True)
class _Change:
    operator: str
    path: _Path
    line: int
    tree: ast.AST


def mutants(solved: Submission) -> list[Mutant]:
    """Return the mutants of all parts of the solved notebook, in its order.

    Mutants that do not parse are left out, and those with the same code as another mutant or the
    solved notebook.
    """
    return [mutant for part in solved.parts.values() for mutant in _of_part(part, solved)]


def _of_part(part: LocatedPart, solved: Submission) -> Iterator[Mutant]:
    statement = part.statements[0]
    # A module of its own, so that the statement has a block to be moved and broken up in.
    root = ast.Module([statement.node], [])
    seen = {ast.dump(root)}
    original = ast.unparse(root)
    for change in _changed(root, _ignored(solved)):
        text = ast.unparse(change.tree)
        try:
            # The text is graded, and different trees may have the same text.
            same = ast.dump(ast.parse(text))
            compile(text, "<mutant>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        if same in seen:
            continue
        seen.add(same)
        was, becomes = _difference(original, text)
        yield Mutant(
            part=part.part.id,
            operator=change.operator,
            cell=statement.cell,
            line=change.line,
            blank=_blank_at(part, change.line),
            was=was,
            becomes=becomes,
            within=_around(root, change.path),
            notebook=_with_text(solved.notebook, statement, text),
        )


def _changed(root: ast.Module, ignored: set[str]) -> Iterator[_Change]:
    """Yield the result of every operator on every node."""
    attributes = _attributes(root)
    scopes: dict[_Path, Scope] = {(): Scope(_names(root, ignored), attributes)}
    for path, node in _walk(root, ()):
        if isinstance(node, ast.FunctionDef):
            scopes[path] = Scope(_names(node, ignored), attributes)
        scope = scopes[max((known for known in scopes if path[: len(known)] == known), key=len)]
        line = getattr(node, "lineno", 0)
        for operator in NODE_OPERATORS:
            for new in operator(node, scope):
                yield _Change(operator.__name__, path, line, _put(root, path, new))
        for field in ("body", "orelse"):
            body = getattr(node, field, None)
            if isinstance(body, list) and body:
                yield from _changed_body(root, (*path, (field, None)), body)


def _changed_body(root: ast.Module, path: _Path, body: list[ast.stmt]) -> Iterator[_Change]:
    """Yield the result of every operator on a block of statements; a docstring stays."""
    words = [body[0]] if _is_docstring(body[0]) else []
    rest = body[len(words) :]
    for operator in BODY_OPERATORS:
        for new in operator(rest):
            line = _first_difference(rest, new)
            yield _Change(operator.__name__, path, line, _put(root, path, [*words, *new]))


def _walk(node: ast.AST, path: _Path) -> Iterator[tuple[_Path, ast.AST]]:
    """Yield every node from ``node`` down with its path, without annotations and texts."""
    yield path, node
    for field, value in ast.iter_fields(node):
        for k, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not (
                isinstance(child, ast.JoinedStr) or _is_docstring(child) or field == "annotation"
            ):
                yield from _walk(child, (*path, (field, k)))


def _put(root: Any, path: _Path, new: Any) -> Any:
    """Return a copy of the tree with ``new`` at the path; nodes beside the path are shared."""
    if not path:
        return new
    (field, k), rest = path[0], path[1:]
    value = getattr(root, field)
    changed = _put(value if k is None else value[k], rest, new)
    copied = copy.copy(root)
    setattr(copied, field, changed if k is None else [*value[:k], changed, *value[k + 1 :]])
    return copied


def _around(root: Any, path: _Path) -> frozenset[str]:
    """Return the first lines of the statements on a path."""
    lines, node = [], root
    for field, k in path:
        if isinstance(node, ast.stmt):
            lines.append(ast.unparse(node).split("\n")[0])
        value = getattr(node, field)
        node = value if k is None else value[k]
    if isinstance(node, ast.stmt):
        lines.append(ast.unparse(node).split("\n")[0])
    return frozenset(lines)


def _names(node: ast.AST, ignored: set[str]) -> tuple[str, ...]:
    """Return the variables of a function or loop, in the order in which they first appear."""
    given = [a.arg for a in ast.walk(node) if isinstance(a, ast.arg)]
    named = sorted(
        (n for n in ast.walk(node) if isinstance(n, ast.Name)),
        key=lambda n: (n.lineno, n.col_offset),
    )
    names = dict.fromkeys([*given, *(n.id for n in named)])
    return tuple(name for name in names if name not in ignored)


def _attributes(root: ast.AST) -> tuple[str, ...]:
    stored = (n for n in ast.walk(root) if isinstance(n, ast.Attribute))
    return tuple(dict.fromkeys(n.attr for n in stored if isinstance(n.ctx, ast.Store)))


def _ignored(solved: Submission) -> set[str]:
    """Return names that are no variables: replacing one only raises an exception."""
    defined = [s for s in solved.code.statements if isinstance(s.node, _DEFINED)]
    return {*dir(builtins), "self"} | {name for s in defined for name in s.binds}


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _first_difference(old: list[ast.stmt], new: list[ast.stmt]) -> int:
    pairs = zip(old, [*new, None], strict=False)
    return next((one.lineno for one, other in pairs if one is not other), old[-1].lineno)


def _difference(old: str, new: str) -> tuple[str, str]:
    """Return the lines that differ, before and after, dedented."""
    was, becomes, before = old.split("\n"), new.split("\n"), ""
    while was and becomes and was[0] == becomes[0]:
        was, becomes, before = was[1:], becomes[1:], was[0]
    while was and becomes and was[-1] == becomes[-1]:
        was, becomes = was[:-1], becomes[:-1]
    if not was:
        # An addition shows its place only beside an existing line.
        was, becomes = [before], [before, *becomes]
    lines = textwrap.dedent("\n".join(was + becomes)).split("\n")
    return _cut(lines[: len(was)]), _cut(lines[len(was) :])


def _cut(lines: list[str]) -> str:
    """Return the lines as text, only the beginning of many."""
    shown = lines if len(lines) <= _MOST_LINES else [*lines[:3], "..."]
    return "\n".join(shown)


def _blank_at(part: LocatedPart, line: int) -> int | None:
    """Return the blank whose answer contains a line, or None."""
    for site in part.blanks:
        if site.span is not None and site.span.line <= line <= site.span.end_line:
            return site.number
    return None


def _with_text(notebook: Notebook, statement: Statement, text: str) -> Notebook:
    """Return the notebook with a statement replaced by ``text``."""
    cells = []
    for cell in notebook.cells:
        changed = cell
        if cell.number == statement.cell:
            lines = cell.source.split("\n")
            lines[statement.first - 1 : statement.last] = text.split("\n")
            changed = replace(cell, source="\n".join(lines))
        cells.append(changed)
    return replace(notebook, cells=tuple(cells))
