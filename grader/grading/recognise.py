"""Recognises the assignment that a notebook belongs to, by the parts that are found in it.

A notebook that fits two assignments, or none, is refused: a wrong guess would grade it as another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import NotebookError
from grader.locate.parts import locate
from grader.locate.roles import infer_roles
from grader.locate.statements import parse_cells
from grader.quoting import file_name
from grader.quoting import name as name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from grader.assignment import Assignment
    from grader.locate.parts import LocatedPart
    from grader.locate.statements import Code
    from grader.notebook.read import Notebook

# A part of another assignment may be there by chance (a function called `train`, say), so the best
# assignment must have this many times the share of parts of the second best.
_CLEARLY = 2


class UnknownAssignmentError(NotebookError):
    """The notebook names an ``assignment`` that is not there: it must not be graded as another."""

    def __init__(self, file: str, assignment: str, known: Sequence[Assignment]) -> None:
        """Say where it is looked for."""
        self.assignment = name_of(assignment)
        super().__init__(
            f"{file_name(file, 80)} belongs to the assignment {self.assignment}, "
            "which is not known here",
            f"grade it where reference/{self.assignment}/ lies or name that folder with "
            f"--assignment; to grade it as another: {_options(known)}",
        )


class SeveralAssignmentsError(NotebookError):
    """The notebook holds parts of several assignments, and no single one fits clearly."""


def recognise(notebook: Notebook, assignments: Sequence[Assignment]) -> Assignment:
    """Return the assignment that a notebook belongs to.

    The template's mark in the notebook's metadata decides, if it names one of the assignments;
    else the parts that are found. Raises ``NotebookError`` where no single one fits, and where the
    mark names an assignment that is not there.
    """
    marked = [assignment for assignment in assignments if assignment.id == notebook.assignment]
    if len(marked) == 1:
        return marked[0]
    if notebook.assignment is not None:
        raise UnknownAssignmentError(notebook.path.name, notebook.assignment, assignments)
    code = parse_cells(notebook)
    every = [_Fit(assignment, _located(code, assignment)) for assignment in assignments]
    fitting = sorted((fit for fit in every if fit.found), key=lambda fit: fit.rank, reverse=True)
    name = file_name(notebook.path.name, 80)
    if not fitting:
        raise NotebookError(
            f"{name} holds no part of any known assignment",
            f"Say which one it is: {_options(assignments)}.",
        )
    best, *others = fitting
    rivals = [fit for fit in others if fit.rank == best.rank]
    if rivals or any(best.share < _CLEARLY * fit.share_beside(best) for fit in others):
        raise SeveralAssignmentsError(
            f"{name} holds parts of several assignments",
            f"Say which one it is: {_options([fit.assignment for fit in fitting])}.",
        )
    return best.assignment


def refuse_another(
    notebook: Notebook,
    mine: Assignment,
    assignments: Sequence[Assignment],
    found: Collection[str] | None = None,
    *,
    named: bool = False,
) -> None:
    """Raise ``NotebookError`` for a notebook that is clearly of another assignment.

    A notebook that fits no assignment is not refused: it may be a broken one of this. ``found`` are
    the parts that were found in it, where the caller has them. If the user ``named`` the
    assignment, a notebook may name one that is not there, such as a course's own name for it.
    """
    if notebook.assignment == mine.id:
        return
    known = {assignment.id for assignment in assignments}
    if not named and notebook.assignment is not None and notebook.assignment not in known:
        raise UnknownAssignmentError(notebook.path.name, notebook.assignment, assignments)
    share = (
        share_found(parse_cells(notebook), mine) if found is None else len(found) / len(mine.parts)
    )
    if notebook.assignment not in known and share == 1:
        return  # no other assignment can fit better
    others = [assignment for assignment in assignments if assignment.id != mine.id]
    try:
        other = recognise(notebook, [mine, *others])
    except NotebookError:
        return
    if other is mine:
        return
    raise NotebookError(
        f"{file_name(notebook.path.name, 80)} belongs to another assignment: {other.title}",
        f"The others were graded as {mine.id}. Grade it by itself: --assignment {other.id}.",
    )


def share_found(code: Code, assignment: Assignment) -> float:
    """Return the share of an assignment's parts that a notebook's code has, from 0 to 1."""
    return len(_located(code, assignment)) / len(assignment.parts)


def _located(code: Code, assignment: Assignment) -> Mapping[str, LocatedPart]:
    return locate(code, assignment, infer_roles(code, assignment))


@dataclass(frozen=True)
class _Fit:
    """The parts of an assignment that a notebook has.

    Assignments of one course have parts that look alike, such as a training loop: a part that lies
    where the better one's does tells nothing, and the names of classes and functions decide
    between assignments that have as much of theirs.
    """

    assignment: Assignment
    found: Mapping[str, LocatedPart]

    @property
    def share(self) -> float:
        return len(self.found) / len(self.assignment.parts)

    @property
    def rank(self) -> tuple[float, float]:
        named = sum(
            part.part.kind != "loop" and part.part.name == part.name for part in self.found.values()
        )
        return self.share, named / len(self.assignment.parts)

    def share_beside(self, best: _Fit) -> float:
        """Return the share of parts that lie where the ``best`` assignment has none."""
        taken = {_place(part) for part in best.found.values()}
        return sum(_place(part) not in taken for part in self.found.values()) / len(
            self.assignment.parts
        )


def _place(part: LocatedPart) -> tuple[int, int]:
    return part.cell, part.first


def _options(assignments: Sequence[Assignment]) -> str:
    return " or ".join(f"--assignment {assignment.id}" for assignment in assignments)
