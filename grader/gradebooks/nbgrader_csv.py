"""The CSV file of nbgrader's own export, for whoever has scripts that read it.

UTF-8 without a byte order mark and with LF, as nbgrader writes it, but quoted where it needs to
be. What is not known is empty.
"""

from __future__ import annotations

import csv
import io
from itertools import chain
from typing import TYPE_CHECKING

from grader.files import replacing
from grader.gradebooks.cells import points, text
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

    As in nbgrader, who handed in nothing has 0 and no timestamp. Both scores are the points that
    count, a TA's decision included, as no penalty is taken; they are empty where the grader's
    own failure leaves them open. Raises ``GraderError`` when the file can't be written.
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
            score, max_score = total_points(one), one.report.max_score
            writer.writerow(_row(one.report.assignment, one.student, score, max_score))
        for student in missing:
            writer.writerow(_row(assignment, student, 0.0, most))
        lines.detach()


def _row(assignment: str, student: Student, score: float | None, most: float | None) -> list[str]:
    # Which word of "Kim Minsu" is the family name is not ours to guess; "Kim, Minsu" says it.
    last, _, first = (part.strip() for part in student.name.partition(","))
    who = (student.id, last, first, student.email)
    return [
        *(text(assignment), "", "", *map(text, who)),
        *(points(score), points(0.0), points(score), points(most)),
    ]
