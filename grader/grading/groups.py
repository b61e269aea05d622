"""Which submissions are the same program: what a group of a class is."""

from __future__ import annotations

import ast
import hashlib
import json
from typing import TYPE_CHECKING, Any

from grader.grading.submission import program_for
from grader.notebook.syntax import parse

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.grading.submission import Submission
    from grader.locate.blanks import BlankSite

# Nobody finds a program that shares another's id, and with it what a TA decided about that one.
_LETTERS = 16


def group_of(submission: Submission, assignment: Assignment) -> str:
    """Return the id of the group of all notebooks that will be run and judged alike.

    It says what is in the blanks and what every check would run, and nothing of layout, comments
    or order of cells. It does not depend on a seed or on the rubric's points, so that what a TA
    decides about a group holds the next time too.
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
    text = json.dumps([programs, parts, blanks], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LETTERS]


def _plain(site: BlankSite) -> list[Any]:
    """Return a blank's number, state and answer, the answer without its layout."""
    problem = site.problem and [site.problem.message, site.answer]
    return [site.number, site.state.value, site.own_statement, _relaid(site.answer), problem]


def _relaid(answer: str) -> str:
    try:
        return ast.unparse(parse(answer))
    except (SyntaxError, RecursionError):
        return " ".join(answer.split())
