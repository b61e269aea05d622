"""Parses a cell's text, or the pieces of one that does not parse, each by itself."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from grader.locate.needed import needed_names
from grader.notebook import syntax
from grader.notebook.bounds import DEEPEST, check_amount
from grader.notebook.magics import to_python
from grader.notebook.newer_syntax import Version, in_older_words
from grader.notebook.scan import dedent, indent, is_code, top_level_blocks

# Characters of a cell that is kept: five times what the longest of a template has.
_SHORT = 5_000
# More than any cell of a course has; a hostile one must not cost minutes.
_MOST_BLOCKS = 500
# Lines that a student may have moved to the left margin, one after another.
_MOST_MOVED = 6
MARKS = re.compile(r"(?:<{7}|\|{7}|>{7})(?: .*)?|={7}")
_LEAVES = re.compile(r"\s*(?:return|raise|break|continue)\b")
UNEXPECTED = "unexpected indent"
TOO_DEEP = "nested too deeply"
CONFLICT = "the marks of a merge stand here"
LATE_MAGIC = "a cell magic below other code"
_CELL_MAGIC = re.compile(r"\s*%%\w")


@dataclass(frozen=True)
class SyntaxProblem:
    """Why some text is not Python: the parser's words, with line and column (from 0).

    ``cell`` is where the line stands, if that is not the text's own cell.
    """

    message: str
    line: int
    column: int
    end_column: int
    cell: int | None = None


Parsed = tuple[int, int, str, "ast.Module | SyntaxProblem"]


def parse(source: str) -> ast.Module | SyntaxProblem:
    """Parse Python text; a syntax error, or nesting too deep, is returned and never raised.

    Raises ``TooMuchCodeError`` for text that holds more than a notebook may.
    """
    try:
        tree = syntax.parse(source)
        check_amount(tree, len(source))
        for statement in tree.body:
            if syntax.depth(statement) > DEEPEST:
                return SyntaxProblem(TOO_DEEP, statement.lineno, 0, 1)
            needed_names(statement)
    except SyntaxError as error:
        line = error.lineno or 1
        column = max((error.offset or 1) - 1, 0)
        end = (error.end_offset or 0) - 1 if error.end_lineno == line else 0
        return SyntaxProblem(error.msg, line, column, max(end, column + 1))
    return tree


def parsed_texts(source: str, version: Version | None = None) -> tuple[Parsed, ...]:
    """Return first line, last line, text and tree of a cell, or of its blocks if it is broken.

    ``version`` is the notebook's Python: what only that one reads is read here, too. Raises
    ``TooMuchCodeError``.
    """
    return (_recent if len(source) < _SHORT else _parsed_texts)(source, version)


def _parsed_texts(source: str, version: Version | None) -> tuple[Parsed, ...]:
    source = dedent(to_python(source))
    tree = parse(source)
    if isinstance(tree, SyntaxProblem):
        source = in_older_words(source, version)
        tree = parse(source)
    lines = source.split("\n")
    whole = ((1, len(lines), source, tree),)
    if isinstance(tree, ast.Module):
        return whole
    # The marks of a merge stand at the margin, in the middle of statements.
    blocks = top_level_blocks("\n".join("" if MARKS.fullmatch(line) else line for line in lines))
    blocks = _with_conflicts(blocks, merge_marks(lines))
    if len(blocks) > _MOST_BLOCKS:
        return whole
    found: list[Parsed] = []
    for first, last in blocks:
        text = "\n".join(lines[first - 1 : last])
        found.append((first, last, text, _problem(text, first - 1)))
        _joined_with_the_block_above(found, lines)
    return tuple(found)


# It pays because most cells of most notebooks are the template's, and the notebook of a listed
# mistake is the solved one but for a cell. Long ones would take gigabytes.
_recent = lru_cache(maxsize=128)(_parsed_texts)


def _with_conflicts(
    blocks: list[tuple[int, int]], conflicts: list[tuple[int, int, int]]
) -> list[tuple[int, int]]:
    """Return blocks of which one holds each conflict, and both of its sides."""
    for start, _, end in conflicts:
        held = [block for block in blocks if block[0] <= end and start <= block[1]]
        first = min([start, *(block[0] for block in held)])
        last = max([end, *(block[1] for block in held)])
        blocks = sorted([*(block for block in blocks if block not in held), (first, last)])
    return blocks


def merge_marks(lines: list[str]) -> list[tuple[int, int, int]]:
    """Return the conflicts of a merge in some lines, each as three lines: <<<, === and >>>."""
    found, start, middle = [], 0, 0
    for number, line in enumerate(lines, start=1):
        if not MARKS.fullmatch(line):
            continue
        if line.startswith("<"):
            start, middle = number, 0
        elif line.startswith(("=", "|")):
            middle = middle or number
        elif start and middle:
            found.append((start, middle, number))
            start = 0
    return found


def _problem(text: str, above: int) -> ast.Module | SyntaxProblem:
    """Parse a block that stands below ``above`` lines of its cell; lines count as in the cell."""
    tree = parse(text)
    if isinstance(tree, ast.Module):
        for node in tree.body:
            ast.increment_lineno(node, above)
        return tree
    marks = merge_marks(text.split("\n"))
    if marks:
        return SyntaxProblem(CONFLICT, marks[0][0] + above, 0, 7)
    at = text.split("\n")[tree.line - 1 : tree.line]
    message = LATE_MAGIC if at and _CELL_MAGIC.match(at[0]) else tree.message
    return replace(tree, line=tree.line + above, message=message)


def _joined_with_the_block_above(found: list[Parsed], lines: list[str]) -> None:
    """Join the last block with those above it, if only its first line stands at the margin.

    The lines below that one are indented as the block above is, which they belong to: a line in
    the middle of a loop was moved to the left.
    """
    first, last, _, tree = found[-1]
    if not isinstance(tree, SyntaxProblem) or tree.message != UNEXPECTED:
        return
    for back in range(2, min(_MOST_MOVED, len(found)) + 1):
        above, end, _, _ = found[-back]
        if _LEAVES.match(lines[end - 1]):  # what is below could never run in that block
            return
        if indent(lines[end - 1]) or _is_header(lines[above - 1]):
            text = "\n".join(lines[above - 1 : last])
            found[-back:] = [(above, last, text, at_the_margin(tree, first, lines[first - 1]))]
            return


def at_the_margin(problem: SyntaxProblem, number: int, line: str) -> SyntaxProblem:
    """Return an unexpected indent as the fault of the line above it, which lost its own."""
    message = (
        f"unexpected indent in line {problem.line}, because this line stands at the left margin "
        "and ends the block above it"
    )
    return SyntaxProblem(message, number, 0, max(len(line.rstrip()), 1))


def _is_header(line: str) -> bool:
    return is_code(line) and line.partition("#")[0].rstrip().endswith(":")
