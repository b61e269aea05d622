"""Parses the code cells into top-level statements, and keeps what does not parse as text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from grader.locate import patterns
from grader.locate.calls import ReachedCalls
from grader.locate.derived import DerivedNames
from grader.locate.names import bound_names, call_assignments, changed_names
from grader.locate.needed import needed_names
from grader.locate.set_up import SetUpCalls
from grader.locate.split_cells import split_statement
from grader.locate.texts import SyntaxProblem, parsed_texts
from grader.locate.used_up import generators
from grader.notebook import syntax
from grader.notebook.bounds import Amount

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from grader.notebook.newer_syntax import Version
    from grader.notebook.read import Notebook


# Cells that begin in the middle of a statement: each is read together with the one above.
_MOST_SPLITS = 20


@lru_cache(maxsize=2)  # a cell of thousands of statements is cut into lines once
def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))


@dataclass(frozen=True)
class _CellText:
    """A text that was parsed by itself, and the lines of its cell that one thing in it takes up.

    ``order`` counts from 0 through the notebook. The text begins after ``above`` lines of the
    cell; ``first`` and ``last`` are the cell's line numbers, from 1.
    """

    cell: int
    order: int
    text: str
    above: int
    first: int
    last: int

    @property
    def source(self) -> str:
        """The text, padded so that its lines have the numbers they have in the cell."""
        return "\n" * self.above + self.text


@dataclass(frozen=True)
class Statement(_CellText):
    """One top-level statement: ``node`` is number ``pick`` of those that the text holds.

    The node has the cell's line numbers. ``first`` is the line of the first decorator, if any.
    """

    pick: int
    node: ast.stmt

    @cached_property
    def canonical(self) -> tuple[str, int]:
        """The same code as text that does not depend on layout, and its index in that text.

        A statement that Python cannot unparse is left as the student wrote it or, where that does
        not parse by itself, with the text around it.
        """
        written = syntax.unparse(self.node) or self._as_written()
        return (self.text, self.pick) if written is None else (written, 0)

    def _as_written(self) -> str | None:
        """Return the characters of the statement alone, ``None`` if they parse to another."""
        node = self.node
        lines = list(_lines(self.text)[self.first - self.above - 1 : self.last - self.above])
        # What has decorators begins with them, at the beginning of a line.
        start = node.col_offset if self.first == node.lineno else 0
        lines[-1] = lines[-1].encode()[: node.end_col_offset].decode("utf-8", "replace")
        lines[0] = lines[0].encode()[start:].decode("utf-8", "replace")
        text = "\n".join(lines)
        return text if syntax.same(text, node) else None

    @cached_property
    def node_lines(self) -> tuple[int, ...]:
        """The line of every node, in the order of ``ast.walk``."""
        last, lines = self.first, []
        for node in syntax.walk(self.node):
            last = getattr(node, "lineno", last)
            lines.append(last)
        return tuple(lines)

    @cached_property
    def binds(self) -> frozenset[str]:
        """The module-level names that it binds or changes."""
        return bound_names(self.node)

    @cached_property
    def changes(self) -> frozenset[str]:
        """The names whose objects it changes in place, if it binds nothing."""
        return changed_names(self.node)

    @cached_property
    def needs(self) -> frozenset[str]:
        """The names that it reads from elsewhere."""
        return needed_names(self.node)


@dataclass(frozen=True)
class BrokenText(_CellText):
    """A top-level piece of a cell that does not parse; ``problem`` has the cell's line numbers."""

    problem: SyntaxProblem


@dataclass(frozen=True)
class Code:
    """The code of a notebook in reading order, and the text of each code cell by its number.

    ``python`` is the version that the notebook names, if it names one.
    """

    statements: tuple[Statement, ...]
    broken: tuple[BrokenText, ...]
    cells: dict[int, str]
    python: Version | None = None

    def lines(self, cell: int) -> list[str]:
        """Return the lines of a cell as the student wrote them."""
        return self.cells.get(cell, "").split("\n")

    @cached_property
    def binders(self) -> dict[str, list[Statement]]:
        """The statements that bind or change a name, by that name, in order."""
        return _by_name((name, s) for s in self.statements for name in s.binds)

    @cached_property
    def changers(self) -> dict[str, list[Statement]]:
        """The statements that change a name's object, or use it up, by that name, in order."""
        once = generators(s.node for s in self.statements)
        set_up = SetUpCalls(s.node for s in self.statements)
        return _by_name(
            (name, s)
            for s in self.statements
            for name in s.changes | (s.needs & once) | set_up.by(s.node)
        )

    @cached_property
    def calls(self) -> ReachedCalls:
        """What the notebook's functions call, directly or not, by name."""
        return ReachedCalls(statement.node for statement in self.statements)

    @cached_property
    def derived(self) -> DerivedNames:
        """What the top-level assignments of a call make of what."""
        return DerivedNames(call_assignments(s.node for s in self.statements))

    @cached_property
    def top_level(self) -> tuple[Statement, ...]:
        """The statements that run when their cell does: all but definitions."""
        return tuple(s for s in self.statements if not isinstance(s.node, syntax.DEFINITIONS))

    @cached_property
    def definitions(self) -> frozenset[str]:
        """The names of the functions and classes that are defined at the top level."""
        nodes = (statement.node for statement in self.statements)
        return frozenset(node.name for node in nodes if isinstance(node, syntax.DEFINITIONS))

    def holding(self, some: tuple[str, ...]) -> list[Statement]:
        """Return the statements in which one of some patterns fits, in order."""
        if some not in self._holding:
            held = [s for s in self.statements if patterns.occurs(some, s.node)]
            self._holding[some] = held
        return self._holding[some]

    @cached_property
    def _holding(self) -> dict[tuple[str, ...], list[Statement]]:
        return {}


def _by_name(pairs: Iterable[tuple[str, Statement]]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for name, statement in pairs:
        found.setdefault(name, []).append(statement)
    return found


def parse_cells(notebook: Notebook) -> Code:
    """Return the statements of every code cell; a cell that does not parse is cut into blocks.

    Raises ``TooMuchCodeError`` for a notebook of thousands of statements: no course has one.
    """
    amount = Amount()
    statements: list[Statement] = []
    broken: list[BrokenText] = []
    cells: dict[int, str] = {}
    before = splits = 0
    for cell in notebook.cells:
        if cell.kind != "code":
            continue
        cells[cell.number] = cell.source
        split = None
        if splits < _MOST_SPLITS:
            split = split_statement(cells.get(before, ""), cell.source, cell.number)
        if split is not None:
            splits += 1
            first, text, problem = split
            for found in (statements, broken):
                while found and found[-1].cell == before and found[-1].first >= first:
                    found.pop()
            order, last = len(statements) + len(broken), len(cells[before].split("\n"))
            broken.append(BrokenText(before, order, text, first - 1, first, last, problem))
            continue
        before = cell.number
        for first, last, text, tree in parsed_texts(cell.source, notebook.python):
            order, above = len(statements) + len(broken), first - 1
            if isinstance(tree, SyntaxProblem):
                amount.add_broken()
                broken.append(BrokenText(cell.number, order, text, above, first, last, tree))
            else:
                amount.add_all(tree.body)
                statements += statements_of(cell.number, order, text, tree, above)
    return Code(tuple(statements), tuple(broken), cells, notebook.python)


def statements_of(
    cell: int, order: int, text: str, tree: ast.Module, above: int = 0
) -> list[Statement]:
    """Return the top-level statements of a parsed text; the tree has the cell's line numbers."""
    found = []
    for pick, node in enumerate(tree.body):
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        last = node.end_lineno or node.lineno
        found.append(Statement(cell, order + pick, text, above, first, last, pick, node))
    return found
