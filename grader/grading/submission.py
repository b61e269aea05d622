"""A notebook as the engine sees it: its statements, its roles, the parts and blanks found in it."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.checks.kinds import KINDS
from grader.grading.borrowed import lenders
from grader.grading.lent import with_imports
from grader.locate.blanks import BlankSite, BlankState
from grader.locate.parts import LocatedPart, locate, neutralised
from grader.locate.program import Program, build_program
from grader.locate.roles import Roles, infer_roles, without_rivals
from grader.locate.statements import Code, parse_cells

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.assignment import Assignment, Check
    from grader.checks.remark import Remark
    from grader.notebook.read import Notebook


@dataclass(frozen=True)
class Submission:
    """One notebook, taken apart.

    ``alone`` names it where its programs shall be run for it only, not once for all that have
    the same. ``lent`` are the names it uses and never imports, though the solved notebook does.
    """

    notebook: Notebook
    code: Code
    roles: Roles
    parts: dict[str, LocatedPart]
    alone: str = ""
    lent: tuple[str, ...] = ()
    _programs: dict[tuple[str, tuple[str, ...], frozenset[int]], Program | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    def program(
        self, check: Check, assignment: Assignment, aside: frozenset[int]
    ) -> Program | None:
        """Return what ``program_for`` does, put together once: it is asked for again and again."""
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
        """Whether nothing was filled into any of the check's blanks.

        A statement that was not found is one that is not there; an expression that was not found
        stands somewhere in another form.
        """
        return all(
            site is not None
            and not site.outside
            and (
                site.state is BlankState.EMPTY
                or (site.state is BlankState.ABSENT and site.own_statement)
            )
            for site in (self.site(number) for number in check.blanks)
        )

    def _in_state(self, check: Check, state: BlankState) -> frozenset[int]:
        sites = [self.site(number) for number in check.blanks]
        return frozenset(site.number for site in sites if site is not None and site.state is state)


def open_submission(notebook: Notebook, assignment: Assignment) -> Submission:
    """Take a notebook apart and find the assignment's parts and blanks in it."""
    code, lent = with_imports(parse_cells(notebook), assignment)
    roles = infer_roles(code, assignment)
    parts = locate(code, assignment, roles)
    for located in parts.values():
        if located.part.about:
            roles = without_rivals(roles, located.part, located.statements, code)
    for role in assignment.roles:
        if role.part in parts:
            roles = roles.with_name(role.id, parts[role.part].name)
    return Submission(notebook, code, roles, parts, lent=lent)


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
    kind = KINDS[check.kind]
    put_together = functools.partial(
        build_program,
        submission.code,
        parts,
        submission.roles,
        kind.provided,
        together=kind.together,
    )
    program = put_together()
    if not kind.stands_in:
        return program
    beside = lenders(submission, check, program, assignment)
    return put_together(beside=beside) if beside else program


def blamed(remark: Remark, check: Check, submission: Submission, program: Program) -> Remark:
    """Say where an exception was raised: lines of the notebook, and the blank if it was one.

    Workers know entries and nodes of a program; here they become cells and lines.
    """
    if remark.error is None:
        return remark
    places = (program.location(frame) for frame in remark.error["frames"])
    frames = [place for place in places if place is not None]
    remark = replace(remark, error={**remark.error, "frames": frames})
    if remark.blank is not None:
        return remark
    for cell, line in reversed(frames):
        for number in check.blanks:
            site = submission.site(number)
            if site is None or site.statement is None or site.cell != cell:
                continue
            if site.statement.line <= line <= site.statement.end_line:
                return replace(remark, blank=number)
    return remark
