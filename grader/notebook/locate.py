"""Finds the parts of an assignment and the blanks in them, in whatever form they were handed in."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.notebook import patterns
from grader.notebook.blanks import BlankSite, BlankState, blank_site
from grader.notebook.loops import callers, updates
from grader.notebook.names import called
from grader.notebook.salvage import neutral_text, salvage
from grader.notebook.statements import BrokenText, parse, statements_of
from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.assignment.model import Assignment, Part
    from grader.notebook.roles import Roles
    from grader.notebook.statements import Code, Statement, SyntaxProblem

_KEYWORDS = {"class": "class", "function": "def"}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class LocatedPart:
    """A part of the assignment as this submission has it.

    ``statements`` run it: a class or function statement, or the loop (for a loop inside a
    function: that function and the statement that calls it). ``problem`` is set when the part's
    text does not parse even with its blanks put aside.
    """

    part: Part
    name: str
    cell: int
    first: int
    last: int
    statements: tuple[Statement, ...]
    blanks: tuple[BlankSite, ...]
    problem: SyntaxProblem | None = None

    def blank(self, number: int) -> BlankSite | None:
        """Return the site of a blank, ``None`` when it is not one of this part's."""
        return next((site for site in self.blanks if site.number == number), None)

    @property
    def idle(self) -> bool:
        """Whether this is a loop inside a function that nothing calls."""
        if self.part.kind != "loop" or not self.statements:
            return False
        return isinstance(self.statements[-1].node, (ast.FunctionDef, ast.ClassDef))


def locate(code: Code, assignment: Assignment, roles: Roles) -> dict[str, LocatedPart]:
    """Return the parts that were found, by their ids; the last definition counts."""
    located = {}
    for part in assignment.parts:
        found = _statement_of(part, code, assignment, roles)
        if found is None:
            continue
        if isinstance(found, LocatedPart):
            located[part.id] = found
            continue
        located[part.id] = _located(part, found, code, assignment, {})
    return located


def neutralised(
    located: LocatedPart, assignment: Assignment, numbers: Iterable[int]
) -> LocatedPart | None:
    """Return the part with some blanks put aside, so that the others can be judged alone.

    ``None`` when a blank has no statement of its own to replace.
    """
    spans = []
    for number in numbers:
        site = located.blank(number)
        if site is None or site.statement is None:
            return None
        spans.append((site.statement, assignment.blank(number).neutral))
    if not located.statements:
        return None
    main = located.statements[0]
    text = main.source
    for span, neutral in spans:
        text = neutral_text(text, span.line, span.end_line, neutral)
    tree = parse(text)
    if not isinstance(tree, ast.Module) or len(tree.body) <= main.pick:
        return None
    changed = replace(main, text=text, above=0, node=tree.body[main.pick])
    return replace(located, statements=(changed, *located.statements[1:]))


def _statement_of(
    part: Part, code: Code, assignment: Assignment, roles: Roles
) -> Statement | LocatedPart | None:
    """Return the statement that is the part: by name, then by landmarks, last one first."""
    ranked: list[tuple[int, int, Statement | BrokenText]] = []
    for statement in code.statements:
        rank = _rank(part, statement.node, code, assignment, roles)
        if rank:
            ranked.append((rank, statement.order, statement))
    for text in code.broken:
        rank = _text_rank(part, text.text, roles)
        if rank:
            ranked.append((rank, text.order, text))
    if not ranked:
        return None
    running = [entry for entry in ranked if entry[0] > 1 and not _idle(part, entry[2], code)]
    best = max(running or ranked, key=lambda entry: entry[:2])[2]
    if isinstance(best, BrokenText):
        return _from_broken(part, best, code, assignment)
    return best


def _idle(part: Part, found: Statement | BrokenText, code: Code) -> bool:
    """Whether a loop lies in a function or class that nothing runs: one that runs goes first."""
    if part.kind != "loop" or isinstance(found, BrokenText):
        return False
    definition = isinstance(found.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    return definition and not callers(part, found, code)


def _from_broken(part: Part, text: BrokenText, code: Code, assignment: Assignment) -> LocatedPart:
    """Read a part whose text does not parse with as few blanks put aside as possible."""
    saved = salvage(text.source, assignment.blanks_of(part.id))
    if saved is None:
        sites = tuple(
            BlankSite(
                blank.number,
                BlankState.SYNTAX_ERROR,
                text.cell,
                text.problem.line,
                problem=text.problem,
            )
            for blank in assignment.blanks_of(part.id)
        )
        return LocatedPart(
            part, part.name, text.cell, text.first, text.last, (), sites, problem=text.problem
        )
    tree = parse(saved.source)
    assert isinstance(tree, ast.Module)
    statement = statements_of(text.cell, text.order, saved.source, tree)[0]
    problems = {number: (line, text.problem) for number, line in saved.lines.items()}
    return _located(part, statement, code, assignment, problems)


def _rank(part: Part, node: ast.stmt, code: Code, assignment: Assignment, roles: Roles) -> int:
    """Say how surely a statement is the part: 0 not at all, 3 by its name."""
    if part.kind == "class":
        if not isinstance(node, ast.ClassDef):
            return 0
        if node.name == part.name:
            return 3
        own = {
            n.attr
            for n in walk(node)
            if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)
        }
        return 2 if part.attributes and set(part.attributes) <= own else 0
    if part.kind == "function":
        if not isinstance(node, ast.FunctionDef):
            return 0
        if node.name == part.name:
            return 3
        # Where nothing that it calls tells the function, all of its blanks have to.
        needed = 1 if part.calls else max(len(assignment.blanks_of(part.id)), 1)
        matched = _blanks_matched(part, node, assignment)
        return 2 if called(node) >= set(part.calls) and matched >= needed else 0
    if not updates(part, node, roles, code):
        return 0
    # Among several loops the one with more of its blanks' statements is the training loop.
    return 1 + _blanks_matched(part, node, assignment)


def _blanks_matched(part: Part, node: ast.AST, assignment: Assignment) -> int:
    return sum(
        any(True for pattern in blank.patterns[:2] for _ in patterns.find(pattern, node))
        for blank in assignment.blanks_of(part.id)
    )


def _text_rank(part: Part, text: str, roles: Roles) -> int:
    """Say whether text that does not parse is the part, by the words it must contain."""
    # Never over line ends: a hundred thousand empty lines would be gone through once a line.
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


def _located(
    part: Part,
    statement: Statement,
    code: Code,
    assignment: Assignment,
    problems: dict[int, tuple[int, SyntaxProblem]],
) -> LocatedPart:
    sites = tuple(
        blank_site(blank, statement, code, problems.get(blank.number))
        for blank in assignment.blanks_of(part.id)
    )
    return LocatedPart(
        part=part,
        name=getattr(statement.node, "name", part.name),
        cell=statement.cell,
        first=statement.first,
        last=statement.last,
        statements=(statement, *(callers(part, statement, code) if part.kind == "loop" else ())),
        blanks=sites,
    )
