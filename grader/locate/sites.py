"""Where a blank is in a submission, and what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from grader.locate.texts import SyntaxProblem


class BlankState(Enum):
    """What stands in a blank."""

    ANSWERED = "answered"
    EMPTY = "empty"
    ABSENT = "absent"
    SYNTAX_ERROR = "syntax error"


@dataclass(frozen=True)
class Span:
    """A stretch of a cell: lines from 1, columns in characters from 0, the end excluded."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class BlankSite:
    """One blank of a submission: where it is and what stands in it.

    ``span`` is the answer, ``statement`` the whole statement around it; both are ``None`` for a
    blank that was not found. ``line`` is where to look, 0 when nothing shows where. Three marks are
    only on absent blanks: ``own_statement`` where the answer is a whole statement, so that its
    absence means an empty blank; ``outside`` where it stands below the part and has no effect;
    ``quoted`` where it stands in quotes, which makes a text of it.
    """

    number: int
    state: BlankState
    cell: int
    line: int
    answer: str = ""
    span: Span | None = None
    statement: Span | None = None
    problem: SyntaxProblem | None = None
    own_statement: bool = False
    outside: bool = False
    quoted: bool = False

    @property
    def untouched(self) -> bool:
        """Whether nothing was filled in.

        A statement that was not found is not there. An expression that was not found may be there
        in another form, so it counts as filled in.
        """
        absent = self.state is BlankState.ABSENT and self.own_statement
        return not self.outside and (self.state is BlankState.EMPTY or absent)


def span_of(node: ast.AST, lines: Sequence[str]) -> Span:
    """Return a node's span; its columns are converted from UTF-8 bytes to characters."""
    first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None) or 1
    start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", None) or 0
    return Span(first, _characters(lines, first, start), last, _characters(lines, last, end))


def _characters(lines: Sequence[str], line: int, column: int) -> int:
    text = lines[line - 1] if line <= len(lines) else ""
    return len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "replace"))
