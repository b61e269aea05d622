"""A student's page: points, checks, and the student's code with the findings."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from grader import points
from grader.classroom import file_name
from grader.files import save
from grader.gradebooks.releasable import total_points
from grader.pages.code import coloured, style_sheet
from grader.pages.late import late_notice
from grader.pages.mark import mark, mark_of
from grader.pages.notes import shortened
from grader.pages.statuses import COLOURS, LOOKS
from grader.pages.templating import style, template
from grader.pages.views import views
from grader.report import Severity, Status

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from grader.classroom import Graded
    from grader.pages.code import CodeLine
    from grader.report import Report

_NONE: Mapping[int, str] = MappingProxyType({})
_LONGEST_NAME = 120
_NO_POINTS = "\u2013"  # a dash, as in the class report: a 0 would be a grade
_LONGEST_REASON = 1000


def feedback_page(
    graded: Graded,
    *,
    show_answers: bool = False,
    answers: Mapping[int, str] = _NONE,
    title: str = "",
) -> str:
    """Return one student's page as HTML that needs no other file and runs nothing.

    It holds nothing about other students, and right answers only with ``show_answers``; ``answers``
    holds one for each blank. ``title`` names the assignment, by default as the report does.
    """
    rows, cells = views(graded)
    return template("feedback.html").render(
        style=style("look.css", "feedback.css", style_sheet()),
        rows=rows,
        cells=cells,
        answers=_answers(answers) if show_answers else {},
        **facts(graded, title),
    )


def facts(graded: Graded, title: str) -> dict[str, Any]:
    """Return what the template says of a student and the points, beside checks and code."""
    report = graded.report
    name, total = graded.student.shown, total_points(graded)
    return {
        "name": name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…",
        "title": title or report.title or report.assignment,
        "file": PurePosixPath(graded.origin.replace("\\", "/")).name[-_LONGEST_NAME:],
        "graded": graded,
        "score": _NO_POINTS if total is None else points.points(total),
        "most": points.points(report.max_score),
        "automatic": points.points(report.score),
        "work": points.points(graded.work_score),
        "late": late_notice(graded),
        "bar": _bar(graded),
        "passed": sum(check.status is Status.PASSED for check in report.checks),
        "override": graded.override,
        "given": graded.override is not None
        and graded.override.score is None
        and graded.given_by_hand >= graded.override.checks.keys(),
        "reason": (graded.override.reason if graded.override else "")[:_LONGEST_REASON],
        "remarks": _remarks(report),
        "unreadable": _why_unreadable(report) if not graded.readable else None,
        "ran": _ran(report),
    }


def write_feedback(
    folder: str | os.PathLike[str], graded: Iterable[Graded], **options: Any
) -> list[Path]:
    """Write ``<student>.html`` for every student, remove other students' pages, return the files.

    ``options`` are those of ``write_page``. Raises ``GraderError`` when one cannot be written.
    """
    written = [write_page(folder, one, **options) for one in graded]
    _remove_others(Path(folder), set(written))
    return written


def write_page(
    folder: str | os.PathLike[str],
    graded: Graded,
    *,
    show_answers: bool = False,
    answers: Mapping[int, str] = _NONE,
    title: str = "",
    version: str = "",
) -> Path:
    """Write one student's page and return the file; see ``feedback_page``.

    It is replaced whole or not at all, and kept if it was made from the same data by the same
    ``version`` of this code. Raises ``GraderError`` when it cannot be written.
    """
    target = feedback_file(folder, graded)
    made_from = mark(version, title, show_answers, sorted(answers.items()), graded)
    if mark_of(target) != made_from:
        page = feedback_page(graded, show_answers=show_answers, answers=answers, title=title)
        save(target, f"{page.rstrip()}\n{made_from}".encode())
    return target


def _remove_others(folder: Path, kept: set[Path]) -> None:
    """Remove our pages of students who are no longer in the class; other files stay."""
    for page in folder.glob("*.html"):
        if page not in kept and mark_of(page) is not None:
            page.unlink(missing_ok=True)


def feedback_file(folder: str | os.PathLike[str], graded: Graded) -> Path:
    """Return the path of a student's page in the folder of all pages."""
    return Path(folder) / f"{file_name(graded.student.id)}.html"


def _bar(graded: Graded) -> list[tuple[str, float, float, float]]:
    """Return (colour, left, width, filled width) of each check in a bar that is 1000 wide."""
    total = sum(check.max_score for check in graded.report.checks) or 1.0
    bar, left = [], 0.0
    for check in graded.report.checks:
        width = 1000 * check.max_score / total
        share = graded.checks[check.id] / check.max_score if check.max_score else 0.0
        filled = width * min(max(share, 0.0), 1.0)
        bar.append((LOOKS[check.status].colour, round(left, 1), round(width, 1), round(filled, 1)))
        left += width
    return bar


def _answers(answers: Mapping[int, str]) -> dict[int, list[CodeLine]]:
    return {
        blank: coloured(list(enumerate(answer.strip("\n").split("\n"), 1)))
        for blank, answer in sorted(answers.items())
    }


def _why_unreadable(report: Report) -> tuple[str, str]:
    """Return why the file could not be read, and the note's hint."""
    note = next(iter(report.notes), None)
    return (note.message, note.hint or "") if note else ("", "")


def _remarks(report: Report) -> list[tuple[str, str, str]]:
    """Return (colour, message, hint) of the notes that a student should read."""
    return [
        (COLOURS[note.severity], shortened(note.message, _LONGEST_REASON), note.hint or "")
        for note in report.notes
        if note.severity is not Severity.INFO
    ]


def _ran(report: Report) -> list[str]:
    """Return what a student needs to reproduce the numbers."""
    ran = report.environment
    facts = {"seed": ran.seed, "data": ran.dataset, "on": ran.device, "torch": ran.torch}
    return [f"{name} {value}" for name, value in facts.items() if value is not None]
