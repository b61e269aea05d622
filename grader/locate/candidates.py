"""Ranks a notebook's statements by how surely each is a certain part of the assignment."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.locate.aliases import stands_for
from grader.locate.loops import callers, holds_loop
from grader.locate.names import called, parameters
from grader.locate.needed import reopens
from grader.locate.outlines import outlines
from grader.locate.patterns import occurs
from grader.locate.statements import BrokenText
from grader.notebook.syntax import DEFINITIONS, FUNCTIONS, walk

if TYPE_CHECKING:
    from grader.assignment.model import Assignment, Part
    from grader.locate.roles import Roles
    from grader.locate.statements import Code, Statement

_KEYWORDS = {"class": "class", "function": "def"}
# What may be a part is followed through the whole notebook; the likeliest and the last ones count.
_MOST = 50
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Candidate:
    """A statement, or text that does not parse, that may be the part.

    ``rank`` says how surely (1 and up, 3 by its name), ``about`` how many of the things that the
    part is about it uses.
    """

    rank: int
    about: int
    found: Statement | BrokenText


def preference(candidate: Candidate) -> tuple[int, int, int]:
    """Return the key of the best candidate's maximum: the surest, the closest, the last."""
    return candidate.rank, candidate.about, candidate.found.order


def candidates_for(part: Part, code: Code, assignment: Assignment, roles: Roles) -> list[Candidate]:
    """Return what may be the part; unlikely candidates only where there is no likely one."""
    ranked: list[tuple[int, Statement | BrokenText]] = [
        (rank, statement)
        for statement in code.statements
        if (rank := _rank(part, statement.node, code, assignment, roles))
    ]
    ranked += [(rank, text) for text in code.broken if (rank := _text_rank(part, text.text, roles))]
    if len(ranked) > _MOST:
        ranked = sorted(ranked, key=lambda pair: (pair[0], pair[1].order))[-_MOST:]
    candidates = [Candidate(rank, _about(part, one, code, roles), one) for rank, one in ranked]
    likely = [c for c in candidates if c.rank > 1 and not _never_called(part, c.found, code)]
    return likely or candidates


def _rank(part: Part, node: ast.stmt, code: Code, assignment: Assignment, roles: Roles) -> int:
    """Say how surely a statement is the part: 0 not at all, 3 by its name."""
    if part.kind == "class":
        if not isinstance(node, ast.ClassDef):
            return 0
        if node.name == part.name:
            return 1 if reopens(node) else 3
        own = {
            n.attr
            for n in walk(node)
            if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)
        }
        return 2 if part.attributes and set(part.attributes) <= own else 0
    if part.kind == "function":
        by_name = stands_for(node, part.name, code) and called(node) >= set(part.calls)
        if by_name and isinstance(node, ast.ClassDef):
            return 3
        if not isinstance(node, ast.FunctionDef):
            return 2 if _gives_name(node, part, assignment) else 0
        if node.name == part.name or by_name:
            return 3
        # Where the assignment lists no calls to know the function by, all its blanks must match.
        needed = 1 if part.calls else max(len(assignment.blanks_of(part.id)), 1)
        matched = _blanks_matched(part, node, assignment)
        matched += _blocks_matched(part, node, code, assignment)
        return 2 if called(node) >= set(part.calls) and matched >= needed else 0
    if not holds_loop(part, node, roles, code):
        return 0
    # Among several loops the one with more of its blanks' statements is the training loop.
    return 1 + _blanks_matched(part, node, assignment)


def _gives_name(node: ast.stmt, part: Part, assignment: Assignment) -> bool:
    """Whether an assignment, of a lambda mostly, makes a function that is a blank as a whole."""
    if not isinstance(node, ast.Assign):
        return False
    if not any(isinstance(t, ast.Name) and t.id == part.name for t in node.targets):
        return False
    whole = {number for number, one in outlines(assignment).items() if one.owner is None}
    return any(blank.number in whole for blank in assignment.blanks_of(part.id))


def _blanks_matched(part: Part, node: ast.AST, assignment: Assignment) -> int:
    blanks = assignment.blanks_of(part.id)
    return sum(occurs(blank.patterns[:2], node) for blank in blanks)


def _blocks_matched(part: Part, node: ast.stmt, code: Code, assignment: Assignment) -> int:
    """Count the blocks that may lie in a function: it has the parameters of the solved one.

    Without calls to know it by, it has to be the only function that does and is no other part.
    """
    known = {one.name for one in assignment.parts if one is not part}
    blanks = [blank.number for blank in assignment.blanks_of(part.id) if blank.kind == "block"]
    wanted = {outlines(assignment)[number].parameters for number in blanks} - {None}

    def alike(one: ast.stmt) -> bool:
        return isinstance(one, FUNCTIONS) and one.name not in known and parameters(one) in wanted

    if not wanted or not alike(node):
        return 0
    # A search that ends at the second one: every function of a long cell is asked about.
    others = (one for one in code.statements if one.node is not node and alike(one.node))
    return len(blanks) if part.calls or next(others, None) is None else 0


def _text_rank(part: Part, text: str, roles: Roles) -> int:
    """Say how surely text that does not parse is the part, by the words in it."""
    # No pattern crosses a line end: a search from each of 100,000 empty lines would be quadratic.
    if part.kind in _KEYWORDS:
        head = rf"^[ \t]*{_KEYWORDS[part.kind]}[ \t]+{re.escape(part.name)}\b"
        return 3 if re.search(head, text, re.MULTILINE) else 0
    names = set(roles.names(part.iterates))
    heads = re.findall(r"^[ \t]*for\b(.*)", text, re.MULTILINE)
    if not any(names & set(_WORD.findall(head)) for head in heads):
        return 0
    words = set(_WORD.findall(text))
    hits = sum(call in words for call in part.calls)
    return 1 + hits if hits else 0


def _never_called(part: Part, found: Statement | BrokenText, code: Code) -> bool:
    """Say whether a loop lies in a function or class that no top-level statement calls."""
    if part.kind != "loop" or isinstance(found, BrokenText):
        return False
    return isinstance(found.node, DEFINITIONS) and not callers(part, found, code)


def _about(part: Part, found: Statement | BrokenText, code: Code, roles: Roles) -> int:
    """Count the things the part is about that something uses, the notebook's own names twice.

    An experiment that a student adds trains a model of its own, with an optimizer of its own.
    """
    if not part.about:
        return 0
    if isinstance(found, BrokenText):
        read = set(_WORD.findall(found.text))
    else:
        running = (found, *callers(part, found, code))
        read = {name for statement in running for name in statement.needs}
    own = sum(bool(read & set(roles.own[role])) for role in part.about)
    return own + sum(bool(read & set(roles.names(role))) for role in part.about)
