"""What an assignment lacks: it grades without, and is better with."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from grader.assignment.entries import BY_HAND
from grader.assignment.toml_file import read_toml, shown
from grader.decode import DecodingError
from grader.errors import GraderError
from grader.notebook.read import read_notebook
from grader.rubric.documents import FOLDER, documents, own_kinds
from grader.template import without_markers
from grader.words import knows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Assignment

ERROR: Literal["error"] = "error"
WARNING: Literal["warning"] = "warning"


@dataclass(frozen=True)
class LintProblem:
    """What is wrong (an error), or is missing and may be left out (a warning)."""

    level: Literal["error", "warning"]
    message: str
    hint: str | None = None
    file: str | None = None
    line: int | None = None


def lacks(assignment: Assignment) -> Iterator[LintProblem]:
    """Yield what an assignment can do without, and is better with."""
    file = read_toml(assignment.folder / "assignment.toml")

    def warning(problem: str, hint: str, *path: str | int) -> LintProblem:
        told = file.error(DecodingError(problem, hint, path))
        return LintProblem(WARNING, told.message, told.hint, told.file, told.line)

    lines = list(_solved_lines(assignment))
    for place, blank in enumerate(assignment.blanks):
        if not blank.hint:
            say = "a question that leads on: a student who has left it empty reads it"
            yield warning("it has no hint", say, "blanks", place)
        if blank.anchor and not any(re.search(blank.anchor, line) for line in lines):
            say = "make it fit the line of the answer: it is looked for where a cell is no Python"
            yield warning("no line of the solved notebook fits it", say, "blanks", place, "anchor")
    for place, check in enumerate(assignment.checks):
        by_hand = check.kind == BY_HAND
        if not by_hand and not any(check.id in one.verdict for one in assignment.mistakes):
            say = "list a wrong answer that it must notice: without one nothing proves that it does"
            yield warning("no listed mistake fails it", say, "checks", place)
    yield from _without_words(assignment)
    if not assignment.alternatives:
        yield LintProblem(
            WARNING,
            f"{shown(assignment.folder)} lists no right answer in other words",
            "add some to alternatives.toml: they keep the checks fair",
        )
    yield from _stale_schemas(assignment)


def _solved_lines(assignment: Assignment) -> Iterator[str]:
    """Yield the lines of the solved notebook's code; none of one that cannot be read."""
    with suppress(GraderError):
        for cell in read_notebook(assignment.reference).cells:
            yield from without_markers(cell.source).split("\n") if cell.kind == "code" else ()


def _without_words(assignment: Assignment) -> Iterator[LintProblem]:
    """Yield the first mistake of each code that a student would read nothing about."""
    spoken = {mistake.code for mistake in assignment.mistakes if mistake.words is not None}
    told: set[str] = set()
    for mistake in assignment.mistakes:
        code, source = mistake.code, mistake.source
        words = code in spoken or code in assignment.words or knows(code)
        if words or code in told or source is None:
            continue
        told.add(code)
        problem = "it has no words of its own: a student reads only what was observed"
        hint = "add summary, message, why and hint"
        at = (source.key, source.number)
        error = read_toml(source.path).error(DecodingError(problem, hint, at))
        yield LintProblem(WARNING, error.message, error.hint, error.file, error.line)


def _stale_schemas(assignment: Assignment) -> Iterator[LintProblem]:
    """Yield whether the schemas beside the assignments are another version's."""
    folder = assignment.folder.parent / FOLDER
    for document in documents(own=own_kinds(folder.parent)) if folder.is_dir() else ():
        path = folder / document.file
        if not path.is_file() or path.read_text(encoding="utf-8") != document.text:
            problem = f"{shown(path)} is not the schema of this version of the grader"
            yield LintProblem(WARNING, problem, "grade schema writes it anew", shown(path))
            return
