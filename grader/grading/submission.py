"""A notebook taken apart: its statements, its roles, the parts and blanks found in it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.checks.kind import TRAINING
from grader.checks.kinds import kind_of
from grader.grading.own_classes import of_other_classes
from grader.grading.running_along import (
    followers,
    hooked,
    lenders,
    makers_of_unused,
    names_read,
    reduced,
    wrappers,
)
from grader.locate.found import find_parts
from grader.locate.makers import makers
from grader.locate.parts import LocatedPart, neutralised
from grader.locate.program import Program, build_program
from grader.locate.roles import Roles, without_rivals
from grader.locate.sites import BlankSite, BlankState
from grader.locate.statements import Code, parse_cells
from grader.notebook.read import read_notebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.assignment import Assignment, Check
    from grader.checks.remark import Remark
    from grader.locate.statements import Statement
    from grader.notebook.read import Notebook

_IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Submission:
    """One notebook, taken apart.

    ``alone`` is its name if its programs shall be run for it only, and not once for all that have
    the same. ``lent`` are names that it uses without importing them, and that are imported for it
    because the solved notebook imports them. ``rivals`` are the roles with the names of others of
    the same kind, such as a second model's optimizer.
    """

    notebook: Notebook
    code: Code
    roles: Roles
    parts: dict[str, LocatedPart]
    alone: str = ""
    lent: tuple[str, ...] = ()
    rivals: Roles | None = None
    _programs: dict[tuple[str, tuple[str, ...], frozenset[int]], Program | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    def program(
        self, check: Check, assignment: Assignment, aside: frozenset[int]
    ) -> Program | None:
        """Return what ``program_for`` does; each program is put together once."""
        if not check.parts:  # nothing of it runs
            return None
        key = (check.kind, check.parts, aside)
        if key not in self._programs:
            self._programs[key] = _put_together(self, check, assignment, aside)
        return self._programs[key]

    def site(self, number: int) -> BlankSite | None:
        """Return where a blank is, ``None`` when its part was not found."""
        for part in self.parts.values():
            site = part.blank(number)
            if site is not None:
                return site
        return None

    @property
    def titles_by_cell(self) -> dict[int, tuple[str, ...]]:
        """Return the titles of the parts by the number of the cell that they stand in."""
        titles: dict[int, tuple[str, ...]] = {}
        for located in self.parts.values():
            titles[located.cell] = (*titles.get(located.cell, ()), located.part.title)
        return titles

    def missing_parts(self, check: Check) -> list[str]:
        """Return the ids of the parts of a check that this notebook does not have."""
        return [part for part in check.parts if part not in self.parts]

    def unreadable(self, check: Check) -> frozenset[int]:
        """Return the check's blanks that are no Python."""
        return self._in_state(check, BlankState.SYNTAX_ERROR)

    def empty(self, check: Check) -> frozenset[int]:
        """Return the check's expression blanks in which nothing stands."""
        return self._in_state(check, BlankState.EMPTY)

    def untouched(self, check: Check) -> bool:
        """Whether nothing was filled into any of the check's blanks, all of which are there."""
        sites = (self.site(number) for number in check.blanks)
        return all(site is not None and site.untouched for site in sites)

    def _in_state(self, check: Check, state: BlankState) -> frozenset[int]:
        sites = [self.site(number) for number in check.blanks]
        return frozenset(site.number for site in sites if site is not None and site.state is state)


def open_submission(notebook: Notebook, assignment: Assignment) -> Submission:
    """Take a notebook apart and find the assignment's parts and blanks in it."""
    code, lent = _with_lost_imports(parse_cells(notebook), assignment)
    roles, parts = find_parts(code, assignment)
    every = roles
    for located in parts.values():
        if located.part.about:
            roles = without_rivals(roles, located.part, located.statements, code)
    for role in assignment.roles:
        if role.part in parts:
            roles = roles.with_name(role.id, parts[role.part].name)
    return Submission(notebook, code, roles, parts, lent=lent, rivals=every)


def program_for(
    submission: Submission, check: Check, assignment: Assignment, aside: Iterable[int] = ()
) -> Program | None:
    """Return what to run for a check, with some blanks put ``aside``.

    ``None`` when a part is missing or unreadable, or when a blank cannot be put aside.
    """
    return submission.program(check, assignment, frozenset(aside))


def _put_together(
    submission: Submission, check: Check, assignment: Assignment, aside: frozenset[int]
) -> Program | None:
    parts = []
    for part_id in check.parts:
        located: LocatedPart | None = submission.parts.get(part_id)
        if located is None or not located.statements:
            return None
        numbers = sorted(aside & {site.number for site in located.blanks})
        if numbers:
            located = neutralised(located, assignment, numbers)
        if located is None:
            return None
        parts.append(located)
    kind = kind_of(check)

    after = followers(submission.code, parts, submission.roles) if kind.together else ()

    def put_together(roles: Roles, beside: tuple[Statement, ...] = ()) -> Program:
        return build_program(
            submission.code,
            parts,
            roles,
            kind.provided & set(roles.by_role),
            together=kind.together,
            beside=beside,
            after=after,
        )

    roles = submission.roles
    if kind.builds:
        found = makers(submission.code, submission.parts.values(), roles, assignment)
        return put_together(roles, found)
    program = put_together(roles)
    every = submission.rivals or roles
    several = {role for role in kind.single if len(names_read(program, every.names(role))) > 1}
    if several:
        kept = {role: names for role, names in roles.by_role.items() if role not in several}
        roles = replace(roles, by_role=kept)
        program = put_together(roles)
    beside: tuple[Statement, ...] = ()
    if kind.stands_in:
        beside += lenders(submission.parts, check, program, assignment)
        unused = makers_of_unused(submission.code, submission.roles, program, kind.single - several)
        beside += unused
        single = kind.single - several
        beside += of_other_classes(submission.code, submission.roles, program, single, assignment)
    if kind.provided >= TRAINING:
        beside += hooked(submission.code, submission.roles, program)
        beside += wrappers(submission.code, submission.roles, program)
        beside += reduced(submission.code, submission.roles, program)
    return put_together(roles, beside) if beside else program


def blamed(remark: Remark, check: Check, submission: Submission, program: Program) -> Remark:
    """Return a remark with the cells and lines that it was seen at, and the blank that they are of.

    A worker sends them as entries and nodes of the program. An exception has the lines that it
    passed through, another remark at most one, or those of a loop that did it.
    """
    if remark.lines:
        of_loop = (program.location(list(line)) for line in remark.lines)
        remark = replace(remark, lines=tuple((at[0], at[1]) for at in of_loop if at is not None))
    seen: Sequence[Sequence[int]] = [remark.at] if remark.at is not None else []
    if remark.error is not None:
        seen = remark.error["frames"]
    places = (program.location(list(frame)) for frame in seen)
    frames = [place for place in places if place is not None]
    if remark.error is not None:
        remark = replace(remark, error={**remark.error, "frames": frames})
    else:
        remark = replace(remark, at=frames[0] if frames else None)
    if remark.blank is not None or remark.error is None:
        return remark
    for cell, line in reversed(frames):
        for number in check.blanks:
            site = submission.site(number)
            if site is None or site.statement is None or site.cell != cell:
                continue
            if site.statement.line <= line <= site.statement.end_line:
                return replace(remark, blank=number)
    return remark


def _with_lost_imports(code: Code, assignment: Assignment) -> tuple[Code, tuple[str, ...]]:
    """Return the code with the solved notebook's imports of names it never binds, and those names.

    The student deleted the cell with the imports, or did not hand it in: that is given code, and no
    blank. The added imports stand in cell 0, before everything.
    """
    bound = {name for statement in code.statements for name in statement.binds}
    lost = {name for statement in code.statements for name in statement.needs} - bound
    # A star import may bind any name.
    if not lost or any(_is_star(statement) for statement in code.statements):
        return code, ()
    solved = parse_cells(read_notebook(assignment.reference)).statements
    found = [s for s in solved if isinstance(s.node, _IMPORTS) and s.binds & lost]
    lent = tuple(replace(s, cell=0, order=place - len(found)) for place, s in enumerate(found))
    names = sorted({name for statement in found for name in statement.binds & lost})
    return replace(code, statements=(*lent, *code.statements)), tuple(names)


def _is_star(statement: Statement) -> bool:
    return isinstance(statement.node, ast.ImportFrom) and statement.node.names[0].name == "*"
