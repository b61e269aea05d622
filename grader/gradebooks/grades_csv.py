"""Our own ``grades.csv``: one row a student, for spreadsheets and scripts.

UTF-8 with a byte order mark: without one, Excel takes the file for the system's old encoding
(CP949 in Korea) and garbles every name that is not ASCII. pandas skips the mark by itself; from
Python's ``csv``, open the file with ``encoding="utf-8-sig"``.
"""

from __future__ import annotations

import codecs
import csv
import io
from itertools import chain
from typing import TYPE_CHECKING

from grader.classroom.model import is_by_hand
from grader.files import replacing
from grader.gradebooks.cells import score, text
from grader.gradebooks.releasable import check_points, points_lost, total_points
from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grader.classroom import Graded, Student

_WHO = ("id", "name", "email", "section", "score", "max_score")
_ABOUT = (
    *("status", "late", "override_reason", "override_by", "group", "file", "team"),
    *("handed_in", "days_late", "deduction"),
)
_SEVERITY = list(Status)


def write(path: Path, graded: Iterable[Graded], missing: Iterable[Student]) -> None:
    """Write a row for every student, one at a time; those in ``missing`` have no points.

    The columns: ``id, name, email, section, score, max_score``, the points of each check under
    its id, ``status`` (that of the worst check; ``needs_grading`` while a person has to
    enter points, ``partial`` where only answers for a person are empty, ``unreadable`` for a file
    that is no notebook, ``missing`` without a file), ``late``, ``override_reason``,
    ``override_by``, ``group``, ``file``, ``team``, and by the class's policy for late work
    ``handed_in``, ``days_late`` and ``deduction``, which ``score`` is without. Points are empty,
    not 0, for an unreadable file and where a fault of the grader leaves them open. Raises
    ``GraderError`` when the file can't be written; the previous file then stays.
    """
    results = iter(graded)
    first = next(results, None)
    checks = [check.id for check in first.report.checks] if first else []
    most = score(first.report.max_score if first else None)
    with replacing(path) as file:
        file.write(codecs.BOM_UTF8)
        lines = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(lines)
        writer.writerow([*_WHO, *map(text, checks), *_ABOUT])
        for one in chain([first] if first else [], results):
            writer.writerow(_row(one, checks))
        for student in missing:
            no_points, nothing = [""] * len(checks), [""] * (len(_ABOUT) - 1)
            writer.writerow([*_who(student), "", most, *no_points, "missing", *nothing])
        lines.detach()


def _row(graded: Graded, checks: list[str]) -> list[str]:
    scores, decision, late = check_points(graded), graded.override, graded.lateness
    return [
        *_who(graded.student),
        score(total_points(graded)),
        score(graded.report.max_score),
        *(score(scores.get(id_)) for id_ in checks),
        _status(graded),
        "yes" if graded.late else "no",
        text(decision.reason) if decision else "",
        text(decision.by) if decision else "",
        text(graded.group),
        text(graded.origin),
        text(graded.team),
        text(late.handed_in) if late else "",
        str(late.days) if late and late.handed_in else "",
        score(points_lost(graded)),
    ]


def _who(student: Student) -> list[str]:
    return [text(words) for words in (student.id, student.name, student.email, student.section)]


def _status(graded: Graded) -> str:
    if not graded.readable:
        return "unreadable"
    open_ones = {check.id for check in graded.to_grade}
    checks = [
        check
        for check in graded.report.checks
        if check.id not in graded.given_by_hand
        if check.status is not Status.NEEDS_GRADING or check.id in open_ones
    ]
    begun = any(check.status is not Status.NOT_ATTEMPTED for check in checks)
    statuses = [
        # Who left a text empty beside other work has handed in a part.
        Status.PARTIAL if begun and is_by_hand(c) and c.status is Status.NOT_ATTEMPTED else c.status
        for c in checks
    ]
    return max(statuses, key=_SEVERITY.index, default=Status.PASSED).value
