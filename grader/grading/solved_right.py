"""Holds the solved notebook against its own checks: where it fails one, nobody is judged by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.assignment.toml_file import read_toml
from grader.checks.kinds import kind_of
from grader.decode import DecodingError
from grader.report import Severity
from grader.text import printable
from grader.words import filled, words_for

if TYPE_CHECKING:
    from grader.assignment import Assignment, Check
    from grader.grading.observe import Observation

_COSTLY = (Severity.ERROR, Severity.PARTIAL)


def require_right(assignment: Assignment, check: Check, seen: Observation, challenge: Any) -> None:
    """Raise ``AssignmentError`` where a check takes points from the solved notebook.

    ``seen`` is what was observed of it; one that could not be observed is told elsewhere.
    """
    if seen.trouble is not None:
        return
    problem = None
    try:
        with np.errstate(all="ignore"):
            remarks = kind_of(check).judge(seen.value, seen.value, check, challenge)
        costly = next((one for one in remarks if one.severity in _COSTLY), None)
        if costly is not None:
            words = assignment.words.get(costly.code) or words_for(costly.code)
            problem = filled(words.message or words.summary, dict(costly.facts)) or costly.code
            problem = problem.replace("this line", "the notebook")
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        problem = f"what it does can't be compared ({type(error).__name__})"
    if problem is None:
        return
    file = read_toml(assignment.folder / "assignment.toml")
    place = assignment.checks.index(check)
    said = f"{assignment.reference.name} does not pass it: {printable(problem, 400)}"
    hint = "correct the solved notebook, or what the check is told of it"
    raise file.error(DecodingError(said, hint, ("checks", place)))
