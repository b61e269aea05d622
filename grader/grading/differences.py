"""Compares a program with the solved notebook's, statement by statement, to say where it differs.

With the solved notebook's lines alone a check passes. So where one statement is all that differs,
whatever is wrong comes from there, however far from it it shows.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from grader.grading.given_code import says_nothing
from grader.notebook.syntax import DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.locate.program import Program
    from grader.locate.statements import Code

Place = tuple[int, int]

_IMPORTS = (ast.Import, ast.ImportFrom)
_BODIES = ("body", "orelse", "handlers", "finalbody", "cases")
# More statements than any notebook's part and its helpers have; comparing them takes time.
_MOST = 400


@dataclass(frozen=True)
class Differences:
    """Where a program differs, as cells and lines.

    ``same`` are the lines of statements that the solved notebook's program has as well. ``only`` is
    the one statement that it has not, if it is one, with what stands in it. Where statements are
    missing and nothing else differs, ``lacking`` is the function in which they are.
    """

    same: frozenset[Place] = frozenset()
    only: Place | None = None
    lacking: Place | None = None


@dataclass(frozen=True)
class _Head:
    """A statement without the statements in it, and the function that it stands in."""

    key: str
    cell: int
    node: ast.AST
    owner: ast.AST | None
    own: bool

    @property
    def place(self) -> Place:
        return self.cell, getattr(self.node, "lineno", 0)

    @property
    def lines(self) -> range:
        """The lines of a simple statement, or the first of another one."""
        first = self.place[1]
        simple = not any(getattr(self.node, body, None) for body in _BODIES)
        last = getattr(self.node, "end_lineno", None) if simple else None
        return range(first, (last or first) + 1)


def differences(
    mine: Program, given: Program, solved: Code, aside: Iterable[Place] = ()
) -> Differences:
    """Compare a program with the solved notebook's, which stands in the ``solved`` code.

    The statements that begin ``aside`` are right in other words and tell nothing. What is only
    referred to may be in one program alone, if the solved notebook has it somewhere.
    """
    ignored = set(aside)
    known = {_key(statement.node) for statement in solved.statements}
    heads = [
        head
        for head in _heads(mine)
        if head.place not in ignored and (head.own or head.key not in known)
    ]
    wanted = [head for head in _heads(given) if head.own or isinstance(head.node, DEFINITIONS)]
    if max(len(heads), len(wanted)) > _MOST:
        return Differences()
    matcher = SequenceMatcher(None, [h.key for h in wanted], [h.key for h in heads], autojunk=False)
    other: list[_Head] = []
    gone: list[_Head] = []
    lost: list[_Head] = []
    same: set[Place] = set()
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            same |= {(h.cell, line) for h in heads[start:end] for line in h.lines}
        else:
            other += heads[start:end]
            gone += wanted[first:last]
            if start == end and not ignored:
                lost += wanted[first:last]
    # Of lines that were moved nothing shows which ones went where others belong.
    moved = {head.key for head in other} & {head.key for head in gone}
    one = bool(other) and not lost and not moved and _are_one(other)
    return Differences(
        frozenset(same),
        other[0].place if one else None,
        None if other else _lacking(lost, heads),
    )


def _are_one(heads: Sequence[_Head]) -> bool:
    """Whether statements are one alone, or one with all that stands in it."""
    whole = list(_of([heads[0].node], heads[0].cell, None, own=True))
    return len(heads) == 1 or {id(h.node) for h in whole} == {id(h.node) for h in heads}


def _lacking(gone: Sequence[_Head], heads: Sequence[_Head]) -> Place | None:
    names = {getattr(head.owner, "name", "") for head in gone}
    if len(names) != 1:
        return None
    name = names.pop()
    found = [h for h in heads if isinstance(h.node, DEFINITIONS) and h.node.name == name]
    return found[0].place if len(found) == 1 else None


def _heads(program: Program) -> Iterator[_Head]:
    for entry in program.entries:
        statement = entry.statement
        yield from _of([statement.node], statement.cell, None, own=entry.own)


def _of(
    nodes: Iterable[ast.AST], cell: int, owner: ast.AST | None, *, own: bool
) -> Iterator[_Head]:
    for node in nodes:
        if isinstance(node, _IMPORTS) or (isinstance(node, ast.stmt) and says_nothing(node)):
            continue
        yield _Head(_key(node), cell, node, owner, own)
        inner = node if isinstance(node, DEFINITIONS) else owner
        for body in _BODIES:
            yield from _of(getattr(node, body, None) or (), cell, inner, own=own)


def _key(node: ast.AST) -> str:
    """Return what a statement says, without the statements in it."""
    kept = [(name, value) for name, value in ast.iter_fields(node) if name not in _BODIES]
    try:
        said = [f"{name}={_dumped(value)}" for name, value in kept]
    except RecursionError:
        return f"{id(node)}"
    return f"{type(node).__name__}({', '.join(said)})"


def _dumped(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_dumped, value))}]"
    return ast.dump(value) if isinstance(value, ast.AST) else repr(value)
