"""Compares an assignment's rubric with its solved notebook, without running anything.

A rubric that the solved notebook contradicts would judge every student by a reference that fails.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.assignment.entries import unknown
from grader.assignment.toml_file import read_toml, shown
from grader.checks.kinds import kind_of
from grader.decode import DecodingError
from grader.errors import AssignmentError
from grader.grading.known_options import named_blanks
from grader.locate.parts import neutralised
from grader.locate.sites import BlankState
from grader.template import find_answers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.assignment import Assignment, Blank
    from grader.decode import Place
    from grader.grading.submission import Submission
    from grader.notebook.answer_marks import MarkedAnswer

_DEFINED = {"class": (ast.ClassDef,), "function": (ast.FunctionDef, ast.AsyncFunctionDef)}


def misfits(assignment: Assignment, solved: Submission) -> Iterator[AssignmentError]:
    """Yield what the solved notebook contradicts, each with its line in ``assignment.toml``.

    ``solved`` is the solved notebook, taken apart. What is wrong with the notebook itself has its
    cell and line.
    """
    marked: dict[int, MarkedAnswer] = {}
    wrong = False
    for cell in solved.notebook.cells:
        try:
            answers = find_answers(cell.source, cell.number) if cell.kind == "code" else []
        except AssignmentError as malformed:
            wrong = True
            said = f"{shown(assignment.reference)}, {malformed.message}"
            yield AssignmentError(said, malformed.hint)
            continue
        for answer in answers:
            if answer.number in marked:
                wrong = True
                yield _twice(assignment, marked[answer.number], answer)
            marked[answer.number] = answer
    for text in solved.code.broken:
        wrong = True
        problem = text.problem
        where = f"cell {problem.cell or text.cell}, line {problem.line}"
        yield AssignmentError(
            f"{shown(assignment.reference)}, {where} is no Python: {problem.message}",
            "run the solved notebook once, from its first cell to its last",
        )
    if wrong:
        return
    yield from _unlisted(assignment, marked)
    found = [*_parts(assignment, solved), *_blanks(assignment, solved, marked)]
    found += _unseen(assignment, solved)
    code = {name: part.statements[0].node for name, part in solved.parts.items() if part.statements}
    for place, check in enumerate(assignment.checks):
        for error in kind_of(check).misfits(check, code):
            found.append(error.below("checks", place))
    for error in found:
        yield read_toml(assignment.folder / "assignment.toml").error(error)


def _twice(assignment: Assignment, first: MarkedAnswer, second: MarkedAnswer) -> AssignmentError:
    return AssignmentError(
        f"{shown(assignment.reference)}, cell {second.cell_number}, line {second.line}: "
        f"'# ANSWER {second.number}' stands in cell {first.cell_number}, line {first.line}, too",
        "give every blank its own number",
    )


def _unlisted(
    assignment: Assignment, marked: Mapping[int, MarkedAnswer]
) -> Iterator[AssignmentError]:
    listed = {blank.number for blank in assignment.blanks}
    for number, answer in marked.items():
        if number not in listed:
            where = f"cell {answer.cell_number}, line {answer.line}"
            yield AssignmentError(
                f"{shown(assignment.reference)}, {where}: assignment.toml has no blank {number}",
                f"describe it under [[blanks]] with number = {number}, or take the mark away",
            )


def _parts(assignment: Assignment, solved: Submission) -> Iterator[DecodingError]:
    """Yield an error for each part that is not there, or not under its name."""
    for place, part in enumerate(assignment.parts):
        found = solved.parts.get(part.id)
        path = ("parts", place, "name" if part.name else "id")
        nodes = [s.node for s in solved.code.statements]
        kinds = _DEFINED.get(part.kind, ())
        names = [node.name for node in nodes if isinstance(node, kinds)]
        if part.kind in _DEFINED and part.name and part.name not in names:
            error = unknown(part.kind, part.name, names, path)
            error.problem += " in the solved notebook"
            yield error
        elif found is None:
            what = part.kind if not part.name else f"{part.kind} {part.name}"
            hint = "name it, or say by what it is known: attributes, calls, iterates"
            yield DecodingError(f"the solved notebook has no such {what}", hint, path)


def _pattern_place(place: int, blank: Blank) -> Place:
    """Return where a blank says how it is found; a block may leave that out."""
    return ("blanks", place, "patterns") if blank.patterns else ("blanks", place)


def _unseen(assignment: Assignment, solved: Submission) -> Iterator[DecodingError]:
    """Yield an error for each blank of a check that names blanks in its options, but not this one.

    One that shares its statement with a named blank is judged by what the statement gives.
    """
    for place, check in enumerate(assignment.checks):
        named = {number for _, number in named_blanks(check.options)}
        sites = [solved.site(number) for number in named]
        seen = {(site.cell, site.statement) for site in sites if site is not None}
        for number in sorted(set(check.blanks) - named) if named else ():
            site = solved.site(number)
            if site is None or (site.cell, site.statement) not in seen:
                hint = f"say what blank {number} makes, or take it out of blanks"
                problem = (
                    f"nothing is looked at for blank {number}: it would earn its points anyhow"
                )
                yield DecodingError(problem, hint, ("checks", place, "blanks"))


def _blanks(
    assignment: Assignment, solved: Submission, marked: Mapping[int, MarkedAnswer]
) -> Iterator[DecodingError]:
    """Yield an error for each blank that is not marked, not found, or not to be put aside."""
    for place, blank in enumerate(assignment.blanks):
        answer, site = marked.get(blank.number), solved.site(blank.number)
        if answer is None:
            hint = f"end the line of its answer with '# ANSWER {blank.number}'"
            problem = f"the solved notebook has no '# ANSWER {blank.number}'"
            yield DecodingError(problem, hint, ("blanks", place, "number"))
            continue
        located = solved.parts.get(blank.part)
        if located is None or located.problem is not None:
            continue
        where = f"cell {answer.cell_number}, line {answer.line}"
        if site is None or site.state is not BlankState.ANSWERED:
            hint = 'write its statement, with __ in place of the answer: "name = __"'
            problem = f"none of them fits the answer in {where} of the solved notebook"
            yield DecodingError(problem, hint, _pattern_place(place, blank))
            continue
        lines = site.statement
        # The mark of a block stands above its first statement.
        meets = lines and lines.line <= answer.last and answer.line <= lines.end_line
        if lines is not None and not (site.cell == answer.cell_number and meets):
            problem = f"they find cell {site.cell}, line {site.line}, and the mark is in {where}"
            hint = "make them fit the marked line, and no other line of the part"
            yield DecodingError(problem, hint, _pattern_place(place, blank))
        elif neutralised(located, assignment, [blank.number]) is None:
            hint = "write a line that can stand in place of the answer's"
            problem = "the part is no Python any more with it in place of the answer"
            key = ("neutral",) * bool(blank.neutral)
            yield DecodingError(problem, hint, ("blanks", place, *key))
