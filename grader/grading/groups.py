"""Groups the submissions that are the same program."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from grader.checks.kinds import kind_of
from grader.grading.by_hand import answers_by_hand
from grader.grading.submission import program_for
from grader.notebook.read import read_notebook
from grader.notebook.syntax import parse, written

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.grading.submission import Submission
    from grader.locate.sites import BlankSite

# Enough that nobody finds a program with another's id, to get what a TA decided about that one.
_LETTERS = 16


def group_of(submission: Submission, assignment: Assignment) -> str:
    """Return the id of the group of all notebooks that will be run and judged alike.

    It is a digest of the blanks and of what every check would run; layout, comments and the order
    of cells make no difference. It does not depend on the seed or the rubric's points, so that a
    TA's decision about a group holds in the next run too.
    """
    programs = {
        check.id: program.to_plain()
        for check in assignment.checks
        if (program := program_for(submission, check, assignment, submission.empty(check)))
    }
    parts = {
        name: [located.never_called, located.problem and located.problem.message]
        for name, located in submission.parts.items()
    }
    blanks = [_plain(site) for part in submission.parts.values() for site in part.blanks]
    facts = [programs, parts, blanks]
    if any(kind_of(check).by_hand for check in assignment.checks):
        # The same code beside other words is other work.
        cells = [part.cell for part in submission.parts.values()]
        solved = read_notebook(assignment.reference)
        facts.append(answers_by_hand(submission.notebook, assignment, solved, cells))
    text = json.dumps(facts, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LETTERS]


def _plain(site: BlankSite) -> list[Any]:
    """Return a blank's number, state and answer, the answer without its layout."""
    problem = site.problem and [site.problem.message, site.answer]
    return [site.number, site.state.value, site.own_statement, _relaid(site.answer), problem]


def _relaid(answer: str) -> str:
    try:
        text = written(parse(answer))
    except SyntaxError:
        text = None
    return " ".join(answer.split()) if text is None else text
