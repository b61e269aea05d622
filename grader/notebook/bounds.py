"""How much code a notebook may hold, counted in its syntax trees at every level.

What is done with a tree takes time and memory in proportion to it, and some of it in proportion to
its depth: a course's notebook has some hundred statements, the longest that students hand in some
thousand.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from grader.errors import NotebookError
from grader.notebook.syntax import children, walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

MAX_CODE_BYTES = 500_000
MAX_LINES = 50_000
# Python before 3.12 goes through a formatted string again for each field in it.
MAX_BRACES = 5_000
MAX_TOKENS = 100_000  # Python makes a kilobyte of objects of each
MOST_STATEMENTS = 5_000
MOST_NODES = 60_000
# Python's own functions for trees call themselves three times a level, a thousand times at most.
DEEPEST = 150

_TOKEN = re.compile(r"\w+|[^\w\s]|(?<=\S)\n")
_STATEMENTS = (ast.stmt, ast.ExceptHandler, ast.match_case)
# A character makes two nodes at most, so a shorter text cannot exceed the limits.
_SHORT = MOST_STATEMENTS // 2


class TooMuchCodeError(NotebookError):
    """A notebook holds more code than a person wrote, in one cell or in all."""

    def __init__(self, what: str) -> None:
        """Take what there is too much of."""
        super().__init__(
            f"the notebook holds more than {what}",
            "Is it the right file? If it is, a person has to grade it.",
        )


class Amount:
    """The statements and nodes that were counted so far."""

    def __init__(self) -> None:
        """Count from 0."""
        self.statements = 0
        self.nodes = 0

    def add_broken(self) -> None:
        """Count a piece of text that does not parse, as a statement."""
        self.statements += 1
        _refuse(self.statements, self.nodes)

    def add_all(self, trees: Iterable[ast.AST]) -> None:
        """Count trees that were checked; raises ``TooMuchCodeError`` where all are too many."""
        for tree in trees:
            nodes = walk(tree)
            self.nodes += len(nodes)
            self.statements += sum(isinstance(node, _STATEMENTS) for node in nodes)
            _refuse(self.statements, self.nodes)


def _refuse(statements: int, nodes: int) -> None:
    if statements > MOST_STATEMENTS:
        raise TooMuchCodeError(f"{MOST_STATEMENTS:,} statements")
    if nodes > MOST_NODES:
        raise TooMuchCodeError(f"{MOST_NODES:,} names, values and operators")


def refuse_much(code: Collection[str], name: str) -> None:
    """Raise ``NotebookError`` for cells whose text is too long to be parsed; ``name`` is shown."""
    size = sum(len(source.encode()) for source in code)
    if sum(source.count("\n") for source in code) > MAX_LINES:
        raise TooMuchCodeError(f"{MAX_LINES:,} lines of code")
    what = f"{MAX_CODE_BYTES // 1000} kB" if size > MAX_CODE_BYTES else ""
    if sum(source.count("{") for source in code) > MAX_BRACES:
        what = f"{MAX_BRACES:,} braces"
    if not what and size > MAX_TOKENS:
        tokens = sum(1 for source in code for _ in _TOKEN.finditer(source))
        what = f"{MAX_TOKENS:,} words and signs" if tokens > MAX_TOKENS else ""
    if what:
        raise NotebookError(
            f"{name} holds more than {what} of code",
            "Load data from a file instead of writing it into a cell.",
        )


def check_amount(tree: ast.AST, length: int) -> None:
    """Raise ``TooMuchCodeError`` for a tree that is too large; ``length`` is that of its text.

    Nothing is kept of the tree: to keep what is too large would take the memory that the limits
    are there for.
    """
    if length < _SHORT:
        return
    statements = nodes = 0
    level = [tree]
    while level:
        nodes += len(level)
        statements += sum(isinstance(node, _STATEMENTS) for node in level)
        _refuse(statements, nodes)
        level = [child for node in level for child in children(node)]
