"""Where the blocks of an assignment stand in its solved notebook: the given code around each."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from grader.errors import AssignmentError
from grader.locate.names import parameters
from grader.locate.statements import parse_cells
from grader.notebook.answer_marks import require_whole_marks, scan_answers
from grader.notebook.read import read_notebook
from grader.notebook.scan import is_code
from grader.notebook.syntax import DEFINITIONS, FUNCTIONS, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.assignment.model import Assignment, Blank
    from grader.locate.statements import Code
    from grader.notebook.answer_marks import MarkedAnswer

SUITES = ("body", "orelse", "finalbody")
_INNER = (*SUITES, "handlers", "cases")
_RAISES = "raise NotImplementedError"


@dataclass(frozen=True)
class GivenStatement:
    """A statement beside a block: as it is given, or another blank's.

    ``form`` is ``exact`` without the names of variables. A compound one is known by its first line.
    The answer of a "blank" is one statement, that of a "block" any number.
    """

    kind: Literal["given", "blank", "block"]
    exact: str = ""
    form: str = ""


@dataclass(frozen=True)
class Outline:
    """What surrounds a block in the solved notebook.

    ``owner`` is the statement whose suite holds it, ``None`` for a block that is a whole part, and
    ``inner`` says that it is not the part's own. ``method`` is the name of the function around it
    within a class. ``before`` and ``after`` are the statements beside it in that suite, ``above``
    and ``below`` the part's lines of code. ``neutral`` is put in its place while the other blanks
    are judged. ``marker`` is what a student finds there. ``parameters`` are those of a part that
    is a function, by which a renamed one is known; ``None`` for other parts.
    """

    owner: GivenStatement | None
    inner: bool
    method: str
    before: tuple[GivenStatement, ...]
    after: tuple[GivenStatement, ...]
    above: tuple[str, ...]
    below: tuple[str, ...]
    neutral: str
    marker: str = ""
    parameters: tuple[str, ...] | None = None


def outlines(assignment: Assignment) -> Mapping[int, Outline]:
    """Return the outline of each block of an assignment, by the number of its blank.

    Raises ``AssignmentError`` for a block that the solved notebook does not mark.
    """
    blocks = tuple(
        (blank, assignment.part(blank.part).name)
        for blank in assignment.blanks
        if blank.kind == "block"
    )
    if not blocks:
        return {}
    changed = assignment.reference.stat().st_mtime_ns
    return _outlines(assignment.reference, changed, blocks, assignment.marker)


@lru_cache(maxsize=8)  # it is asked for every notebook
def _outlines(
    reference: Path, _changed: int, blocks: tuple[tuple[Blank, str], ...], marker: str
) -> dict[int, Outline]:
    notebook = read_notebook(reference)
    code = parse_cells(notebook)
    marked = {
        one.number: (cell.number, one)
        for cell in notebook.cells
        if cell.kind == "code"
        for one in scan_answers(cell.source)[0]
    }
    found = {}
    for blank, part in blocks:
        cell, mark = marked.get(blank.number, (0, None))
        if mark is None:
            require_whole_marks(notebook.path.name, notebook.cells)
        if mark is None or not mark.block:
            raise AssignmentError(
                f"{reference.name} marks no block of the number {blank.number}",
                f"write '# ANSWER {blank.number}' above it and '# END {blank.number}' below it",
            )
        beside = [one for number, one in marked.values() if number == cell and one != mark]
        outline = _outline(blank, part, mark, beside, cell, code)
        found[blank.number] = replace(outline, marker=marker)
    return found


def _outline(
    blank: Blank,
    part: str,
    mark: MarkedAnswer,
    beside: Sequence[MarkedAnswer],
    cell: int,
    code: Code,
) -> Outline:
    lines = code.lines(cell)
    inside = range(mark.line + 1, mark.last)
    last = max((n for n in inside if is_code(lines[n - 1])), default=mark.line)
    here = [s for s in code.statements if s.cell == cell]
    statement = next((s for s in here if s.first < mark.line and last <= s.last), None)
    if statement is None:
        own = [s.node for s in here if s.first in inside]
        neutral = blank.neutral or _neutral_definition(own, part)
        return Outline(None, False, "", (), (), (), (), neutral)
    held = _holder(statement.node, inside, last)
    if held is None:
        raise AssignmentError(
            f"the block of blank {blank.number} holds no whole statements of one suite",
            f"move '# ANSWER {blank.number}' and '# END {blank.number}' around whole statements",
        )
    owner, suite, method = held
    others = [one for one in beside if statement.first <= one.line <= statement.last]
    before = [node for node in suite if node.lineno < mark.line]
    after = [node for node in suite if node.lineno > mark.last]
    ends = isinstance(owner, FUNCTIONS) and not after
    return Outline(
        owner=given(owner),
        inner=owner is not statement.node,
        method=method,
        before=tuple(_given_or_blank(without_docstring(before, owner), others)),
        after=tuple(_given_or_blank(after, others)),
        above=tuple(bare_lines(lines[statement.first - 1 : mark.line - 1])),
        below=tuple(bare_lines(lines[mark.last : statement.last])),
        neutral=blank.neutral or (_RAISES if ends else "pass"),
        parameters=parameters(statement.node),
    )


def _holder(
    statement: ast.stmt, inside: range, last: int
) -> tuple[ast.stmt, list[ast.stmt], str] | None:
    """Return the innermost statement that holds a block, the suite, and the method's name."""
    node: ast.stmt | None = statement
    method = ""
    while node is not None:
        if isinstance(node, FUNCTIONS) and node is not statement:
            method = node.name
        inner: ast.stmt | None = None
        for field in SUITES:
            suite: list[ast.stmt] = getattr(node, field, None) or []
            if any(one.lineno in inside for one in suite):
                return node, suite, method
            around = (s for s in suite if s.lineno < inside.start and last <= (s.end_lineno or 0))
            inner = inner or next(around, None)
        node = inner
    return None


def _neutral_definition(nodes: Sequence[ast.stmt], part: str) -> str:
    """Return a definition of the part's name that does nothing."""
    for node in nodes:
        if isinstance(node, ast.ClassDef) and node.name == part:
            return f"class {part}: pass"
        if isinstance(node, FUNCTIONS) and node.name == part:
            return f"def {part}(*args, **kwargs): {_RAISES}"
    return "pass"


def _given_or_blank(
    nodes: Sequence[ast.stmt], marks: Sequence[MarkedAnswer]
) -> Iterator[GivenStatement]:
    last = None
    for node in nodes:
        end = node.end_lineno or node.lineno
        block = next((m for m in marks if m.block and m.line < node.lineno < m.last), None)
        inside = any(node.lineno <= m.line <= end for m in marks)
        if block is not None:
            if block is not last:
                yield GivenStatement("block")
        elif inside and not any(getattr(node, field, None) for field in _INNER):
            yield GivenStatement("blank")
        else:
            yield given(node)
        last = block


def given(node: ast.stmt) -> GivenStatement:
    """Return a statement as something that can be compared, without the statements in it."""
    if isinstance(node, DEFINITIONS):
        name = f"{type(node).__name__} {node.name}"
        return GivenStatement("given", name, name)
    kept = [value for name, value in ast.iter_fields(node) if name not in _INNER]
    exact = f"{type(node).__name__} {'; '.join(map(_dumped, kept))}"
    return GivenStatement("given", exact, re.sub(r"\bid='\w+'", "id=''", exact))


def _dumped(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_dumped, value))}]"
    try:
        return ast.dump(value) if isinstance(value, ast.AST) else repr(value)
    except RecursionError:
        return f"{id(value)}"


def without_docstring(suite: Sequence[ast.stmt], owner: ast.AST) -> list[ast.stmt]:
    """Return the statements of a suite without the docstring of the definition that they are of."""
    if suite and isinstance(owner, DEFINITIONS) and isinstance(suite[0], ast.Expr):
        value = suite[0].value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return list(suite[1:])
    return list(suite)


def bare_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines that hold code, without their spaces and comments."""
    for line in lines:
        bare = "".join(line.partition("#")[0].split())
        if bare:
            yield bare


def suites_in(node: ast.AST) -> Iterator[tuple[ast.AST, list[ast.stmt]]]:
    """Yield every suite in a statement, with the statement that it is of."""
    for inner in walk(node):
        for field in SUITES:
            suite = getattr(inner, field, None)
            if isinstance(suite, list) and suite and isinstance(suite[0], ast.stmt):
                yield inner, suite
