"""Finds the parts of an assignment and the blanks in them, in whatever form they were handed in."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.locate.blanks import BlankSite, BlankState, blank_site
from grader.locate.candidates import candidates_for, preference
from grader.locate.loops import callers
from grader.locate.recovery import neutral_text, salvage
from grader.locate.statements import BrokenText, parse, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.assignment.model import Assignment, Part
    from grader.locate.roles import Roles
    from grader.locate.statements import Code, Statement, SyntaxProblem


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
    candidates = candidates_for(part, code, assignment, roles)
    if not candidates:
        return None
    best = max(candidates, key=preference)
    if isinstance(best.found, BrokenText):
        # What does not parse defines nothing: a whole one elsewhere in the notebook stays in force.
        whole = [
            c
            for c in candidates
            if c.rank > 1 and c.about >= best.about and _whole(part, c.found, code, assignment)
        ]
        best = max(whole, key=preference, default=best)
    if isinstance(best.found, BrokenText):
        return _from_broken(part, best.found, code, assignment)
    return best.found


def _whole(part: Part, found: Statement | BrokenText, code: Code, assignment: Assignment) -> bool:
    """Whether a statement has an answer in each of the part's blanks."""
    if isinstance(found, BrokenText):
        return False
    sites = _located(part, found, code, assignment, {}).blanks
    return all(site.state is BlankState.ANSWERED for site in sites)


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
