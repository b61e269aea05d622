"""The answers whose verdict an assignment's files tell: solved, empty, right and wrong ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.audit.model import Case, CaseKind
from grader.errors import AssignmentError
from grader.grading.solved import edited, variant
from grader.notebook.read import read_notebook
from grader.template import find_answers, without_markers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Alternative, Assignment, Edit, Mistake
    from grader.notebook.read import Notebook


def handed_in(
    assignment: Assignment,
    edits: Sequence[Edit] = (),
    entry: Mistake | Alternative | None = None,
) -> Notebook:
    """Return the solved notebook with ``edits`` or those of an ``entry``, as a submission.

    Raises ``AssignmentError`` for an edit that finds nothing to change.
    """
    solved = read_notebook(assignment.reference)
    if entry is None:
        changed = edited(solved, edits, assignment)
    else:
        changed = variant(solved, entry, assignment)
    cells = tuple(replace(cell, source=without_markers(cell.source)) for cell in changed.cells)
    return replace(changed, cells=cells)


def listed(assignment: Assignment) -> list[Case]:
    """Return the solved notebook, the template, every alternative and every mistake.

    Raises ``AssignmentError`` if there is no template, or an edit finds nothing to change.
    """
    if not assignment.template.is_file():
        raise AssignmentError(
            f"there is no student's notebook {assignment.template}",
            "grade template build makes it from the solved one",
        )
    cases = [
        Case(CaseKind.REFERENCE, "the solved notebook", "", handed_in(assignment)),
        Case(CaseKind.TEMPLATE, "the untouched template", "", read_notebook(assignment.template)),
    ]
    for alternative in assignment.alternatives:
        notebook = handed_in(assignment, entry=alternative)
        where = place(assignment, alternative.edits)
        cases.append(Case(CaseKind.ALTERNATIVE, alternative.title, where, notebook))
    right = right_answers(assignment)
    for mistake in assignment.mistakes:
        notebook = handed_in(assignment, entry=mistake)
        where = place(assignment, mistake.edits, mistake.blank)
        cases.append(Case(CaseKind.MISTAKE, mistake.label, where, notebook, (mistake,), right))
    return cases


def chosen(cases: Sequence[Case], only: Sequence[str], assignment: Assignment) -> list[Case]:
    """Return the solved notebook and the answers that ``only`` names; all if it names none.

    A name is a mistake's code, an alternative's title, or the part in which an answer differs.
    Raises ``AssignmentError`` for a name of none.
    """
    if not only:
        return list(cases)
    found = [case for case in cases if case.kind is CaseKind.REFERENCE]
    for name in only:
        here = [case for case in cases if name in _names(case, assignment)]
        if not here:
            raise AssignmentError(
                f"no listed answer of {assignment.id} is called {name[:60]!r}",
                "name a mistake's code, an alternative's title or a part",
            )
        found += [case for case in here if case not in found]
    return found


def _names(case: Case, assignment: Assignment) -> set[str]:
    if case.kind is CaseKind.ALTERNATIVE:
        return {case.label, *(part.id for part in assignment.parts if part.title in case.place)} | {
            part.id
            for part in assignment.parts
            if any(blank.title in case.place for blank in assignment.blanks_of(part.id))
        }
    return {m.code for m in case.mistakes}.union(*(parts_of(m, assignment) for m in case.mistakes))


def right_answers(assignment: Assignment) -> dict[int, str]:
    """Return the solved notebook's answers by the numbers of their blanks."""
    cells = (cell for cell in read_notebook(assignment.reference).cells if cell.kind == "code")
    found = (line for cell in cells for line in find_answers(cell.source, cell.number))
    return {line.number: line.text for line in found}


def place(assignment: Assignment, edits: Sequence[Edit], blank: int | None = None) -> str:
    """Return in a few words where an answer differs from the solved notebook."""
    numbers = {edit.blank for edit in edits if edit.blank is not None}
    if blank is not None or (len(numbers) == 1 and all(edit.blank for edit in edits)):
        number = blank if blank is not None else numbers.pop()
        return f"blank {number}: {assignment.blank(number).title}"
    parts = dict.fromkeys(edit.part or assignment.blank(edit.blank or 0).part for edit in edits)
    return " and ".join(assignment.part(part).title for part in parts)


def touched(mistake: Mistake) -> frozenset[int]:
    """Return the blanks that a mistake changes or is attributed to."""
    blanks = {edit.blank for edit in mistake.edits} | {mistake.blank}
    return frozenset(number for number in blanks if number is not None)


def parts_of(mistake: Mistake, assignment: Assignment) -> set[str]:
    """Return the parts that a mistake changes."""
    parts = {edit.part for edit in mistake.edits if edit.part is not None}
    return parts | {assignment.blank(number).part for number in touched(mistake)}
