"""Finds the parts of an assignment and the blanks in them, in whatever form they were handed in."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.locate.aliases import stands_for
from grader.locate.blanks import blank_site
from grader.locate.block_texts import without_block
from grader.locate.blocks import block_site
from grader.locate.candidates import candidates_for, preference
from grader.locate.loops import callers
from grader.locate.outlines import outlines
from grader.locate.recovery import recover, with_neutral
from grader.locate.sites import BlankSite, BlankState
from grader.locate.slots import in_place, is_expression
from grader.locate.statements import BrokenText, statements_of
from grader.locate.stray_texts import stray_texts
from grader.locate.texts import LATE_MAGIC, parse
from grader.notebook.bounds import TooMuchCodeError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from grader.assignment.model import Assignment, Blank, Part
    from grader.locate.roles import Roles
    from grader.locate.statements import Code, Statement
    from grader.locate.texts import SyntaxProblem


@dataclass(frozen=True)
class LocatedPart:
    """A part of the assignment as this submission has it.

    ``statements`` run it: the class or function statement, or the loop (for a loop inside a
    function: that function and the statement that calls it). They are empty, and ``problem`` is
    set, when the text does not parse even with its blanks neutralised.
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
    def never_called(self) -> bool:
        """Whether this is a loop inside a function or class that nothing calls."""
        if self.part.kind != "loop" or not self.statements:
            return False
        return isinstance(self.statements[-1].node, (ast.FunctionDef, ast.ClassDef))


def locate(code: Code, assignment: Assignment, roles: Roles) -> dict[str, LocatedPart]:
    """Return the parts that were found, by their ids; the last definition counts."""
    every = {part.id: _locate(part, code, assignment, roles) for part in assignment.parts}
    found = {part_id: located for part_id, located in every.items() if located is not None}
    stray = stray_texts(code, [(part.cell, part.first, part.last) for part in found.values()])
    for part_id, located in found.items():
        cells = sorted({statement.cell for statement in located.statements} & set(stray))
        if cells and not _runs_before(stray[cells[0]], located):
            found[part_id] = _in_a_readable_cell(
                located.part, code, assignment, roles, stray
            ) or _stopped(located, cells[0], stray[cells[0]])
    return found


def neutralised(
    located: LocatedPart, assignment: Assignment, numbers: Collection[int]
) -> LocatedPart | None:
    """Return the part with some blanks neutralised, so that the others can be judged alone.

    Each blank's statement is replaced by its neutral one, see ``with_neutral``. ``None`` when a
    blank has no statement to replace, or when the result does not parse.
    """
    if not located.statements:
        return None
    main = located.statements[0]
    text = main.source
    blocks = outlines(assignment)
    # A block of which the lines around were changed may hold other blanks.
    for number in sorted(numbers, key=lambda number: number in blocks):
        site = located.blank(number)
        if site is not None and number in blocks and site.state is not BlankState.ABSENT:
            text = without_block(text, site, blocks[number].neutral)
            continue
        if site is None or site.statement is None:
            return None
        span = site.statement
        neutral = _neutral(site, located, assignment, numbers)
        if neutral is None:
            return None
        text = with_neutral(text, span.line, span.end_line, neutral)
    try:
        tree = parse(text)
    except TooMuchCodeError:  # by a blank's neutral statement
        return None
    if not isinstance(tree, ast.Module) or len(tree.body) <= main.pick:
        return None
    changed = replace(main, text=text, above=0, node=tree.body[main.pick])
    return replace(located, statements=(changed, *located.statements[1:]))


def _neutral(
    site: BlankSite, located: LocatedPart, assignment: Assignment, numbers: Collection[int]
) -> str | None:
    """Return what is put in the place of a blank's statement.

    One in a statement with others is replaced in it, with those of them that are put aside too.
    """
    blank = assignment.blank(site.number)
    shared = [other for other in located.blanks if other.statement == site.statement]
    alone = len(shared) == 1
    if alone or blank.kind != "expression" or not is_expression(blank.neutral):
        return blank.neutral
    assert site.statement is not None
    beside = [assignment.blank(other.number) for other in shared if other.number in numbers]
    return in_place(
        located.statements[0].node, site.statement, {one: one.neutral for one in beside}
    )


def _locate(part: Part, code: Code, assignment: Assignment, roles: Roles) -> LocatedPart | None:
    """Return the best candidate for a part as a located part."""
    candidates = candidates_for(part, code, assignment, roles)
    if not candidates:
        return None
    best = max(candidates, key=preference)
    if isinstance(best.found, BrokenText):
        # What does not parse defines nothing: a complete one elsewhere in the notebook counts.
        complete = [
            c
            for c in candidates
            if c.rank > 1 and c.about >= best.about and _complete(part, c.found, code, assignment)
        ]
        best = max(complete, key=preference, default=best)
    if isinstance(best.found, BrokenText):
        return _from_broken(part, best.found, code, assignment)
    return _located(part, best.found, code, assignment)


def _in_a_readable_cell(
    part: Part, code: Code, assignment: Assignment, roles: Roles, stray: Mapping[int, SyntaxProblem]
) -> LocatedPart | None:
    """Return a complete candidate of a cell that runs; ``stray`` are the problems of the others."""
    complete = [
        c
        for c in candidates_for(part, code, assignment, roles)
        if c.rank > 1 and c.found.cell not in stray and _complete(part, c.found, code, assignment)
    ]
    if not complete:
        return None
    best = max(complete, key=preference).found
    return None if isinstance(best, BrokenText) else _located(part, best, code, assignment)


def _runs_before(problem: SyntaxProblem, located: LocatedPart) -> bool:
    """Say whether a part has run by the time that IPython stops: at a magic, not at the start."""
    return problem.message == LATE_MAGIC and located.last < problem.line


def _stopped(located: LocatedPart, cell: int, problem: SyntaxProblem) -> LocatedPart:
    """Return a part as one that cannot be read: nothing of its cell exists for Python."""
    problem = replace(problem, cell=cell)
    sites = tuple(
        BlankSite(site.number, BlankState.SYNTAX_ERROR, cell, problem.line, problem=problem)
        for site in located.blanks
    )
    return replace(located, statements=(), blanks=sites, problem=problem)


def _complete(
    part: Part, found: Statement | BrokenText, code: Code, assignment: Assignment
) -> bool:
    """Say whether a statement has an answer in each of the part's blanks."""
    if isinstance(found, BrokenText):
        return False
    sites = _located(part, found, code, assignment).blanks
    return all(site.state is BlankState.ANSWERED for site in sites)


def _from_broken(part: Part, text: BrokenText, code: Code, assignment: Assignment) -> LocatedPart:
    """Return a part whose text does not parse, with as few blanks neutralised as possible."""
    blanks, problem = assignment.blanks_of(part.id), text.problem
    blocks = outlines(assignment)
    recovered = recover(text.source, blanks, problem, blocks) if problem.cell is None else None
    if recovered is None:
        state, cell = BlankState.SYNTAX_ERROR, problem.cell or text.cell
        sites = tuple(
            BlankSite(blank.number, state, cell, problem.line, problem=problem) for blank in blanks
        )
        return LocatedPart(part, part.name, text.cell, text.first, text.last, (), sites, problem)
    tree = parse(recovered.source)
    assert isinstance(tree, ast.Module)
    statement = statements_of(text.cell, text.order, recovered.source, tree)[0]
    lines = recovered.lines
    problems = {number: (lines[number], what) for number, what in recovered.problems.items()}
    return _located(part, statement, code, assignment, problems, recovered.empty)


def _located(
    part: Part,
    statement: Statement,
    code: Code,
    assignment: Assignment,
    problems: Mapping[int, tuple[int, SyntaxProblem]] | None = None,
    empty: Collection[int] = (),
) -> LocatedPart:
    """Return the part that a statement is; ``problems`` are the lines of its recovered blanks.

    In the ``empty`` ones a neutral statement was put.
    """
    blocks = outlines(assignment)

    def site(blank: Blank) -> BlankSite:
        problem = (problems or {}).get(blank.number)
        if blank.number not in blocks:
            return blank_site(blank, statement, code, problem)
        outline, what = blocks[blank.number], problem[1] if problem is not None else None
        empty_here = blank.number in empty
        return block_site(blank, outline, statement, code, what, empty=empty_here)

    named = part.kind == "function" and stands_for(statement.node, part.name, code)
    return LocatedPart(
        part=part,
        name=part.name if named else getattr(statement.node, "name", part.name),
        cell=statement.cell,
        first=statement.first,
        last=statement.last,
        statements=(statement, *callers(part, statement, code)),
        blanks=tuple(site(blank) for blank in assignment.blanks_of(part.id)),
    )
