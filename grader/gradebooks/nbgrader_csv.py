"""The CSV file that nbgrader exports, for scripts that read it.

UTF-8 without a byte order mark and with LF, as nbgrader writes it, but quoted where needed.
Unknown cells are empty, also the scores of students without a submission, for whom nbgrader writes
0: whoever imports the file would release a 0 to somebody whose work only could not be found.
"""

from __future__ import annotations

import csv
import io
from itertools import chain
from typing import TYPE_CHECKING

from grader.files import replacing
from grader.gradebooks.cells import score, text
from grader.gradebooks.releasable import total_points

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grader.classroom import Graded, Student

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


def write(path: Path, graded: Iterable[Graded], missing: Iterable[Student]) -> None:
    """Write every student's points, one at a time.

    The raw score are the work's points, a TA's decision included; the score is what is left of them
    after the penalty for late work. They are empty for students in ``missing``, for an unreadable
    file, and where a fault of the grader leaves them open. Raises ``GraderError`` when the file
    can't be written.
    """
    results = iter(graded)
    first = next(results, None)
    assignment = first.report.assignment if first else ""
    most = first.report.max_score if first else None
    with replacing(path) as file:
        lines = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        for one in chain([first] if first else [], results):
            total, most_points = total_points(one), one.report.max_score
            name, student = one.report.assignment, one.student
            writer.writerow(_row(name, student, total, most_points, one.lost))
        for student in missing:
            writer.writerow(_row(assignment, student, None, most))
        lines.detach()


def _row(
    assignment: str, student: Student, total: float | None, most: float | None, lost: float = 0.0
) -> list[str]:
    # "Kim, Minsu" names the family name first; for "Kim Minsu" it stays unknown.
    last, _, first = (part.strip() for part in student.name.partition(","))
    who = (student.id, last, first, student.email)
    return [
        *(text(assignment), "", "", *map(text, who)),
        score(None if total is None else total + lost),
        *(score(0.0 if total is None else lost), score(total), score(most)),
    ]
