"""One report as Gradescope's ``results.json``.

All of it has Gradescope's format ``text``, which is shown without Markdown or HTML. Its visibility
is left to the assignment's settings there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grader import points
from grader.report import Status
from grader.reports.terminal import findings_text, summary_line
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.report import CheckResult, Report

_NOT_FINAL = (
    "The grader itself failed, not the notebook: this score is not final. "
    "Please tell your instructors, who can grade it again."
)


def render(
    reports: Sequence[Report], unread: Sequence[tuple[str, str]] = (), *, broken: bool = False
) -> str | None:
    """Return the file's content for one notebook; for an unread one that is 0 points and why.

    ``None`` with ``broken``: Gradescope reports a missing file to the instructor, and would leave
    a zero for the grader's own fault with the student.
    """
    if broken:
        return None
    if not reports:
        return _json({"score": 0, "output": printable(unread[0][1], 1000), "tests": []})
    (report,) = reports
    ran = report.environment
    facts = [f"graded as {report.assignment}"]
    facts += [f"{name} {value}" for name, value in (("seed", ran.seed), ("torch", ran.torch))]
    words = f"{_NOT_FINAL}\n" if report.internal_error else ""
    waiting = [c.max_score for c in report.checks if c.status is Status.NEEDS_GRADING]
    if waiting:
        words += f"{points.points(sum(waiting))} points are given by a person, and not in this.\n"
    return _json(
        {
            "score": report.score,
            "execution_time": round(sum(check.seconds or 0 for check in report.checks), 3),
            "output": words + ", ".join(facts),
            "tests": [_test(str(n), check) for n, check in enumerate(report.checks, 1)],
            "extra_data": {
                "assignment": report.assignment,
                "sha256": report.submission.sha256,
                "seed": ran.seed,
            },
        }
    )


def _test(number: str, check: CheckResult) -> dict[str, Any]:
    passed = check.status is Status.PASSED and not points.lost_points(check)
    if check.status is Status.NEEDS_GRADING:  # its points are given in Gradescope's own rubric
        words = "\n\n".join(filter(None, (summary_line(check), findings_text(check))))
        return {"number": number, "name": check.title, "output": words, "tags": [check.id]}
    return {
        "number": number,
        "name": check.title,
        "status": "passed" if passed else "failed",
        "score": check.score,
        "max_score": check.max_score,
        "output": "\n\n".join(filter(None, (summary_line(check), findings_text(check)))),
        "tags": [check.id, check.status.value],
    }


def _json(results: dict[str, Any]) -> str:
    formats = dict.fromkeys(("output_format", "test_output_format", "test_name_format"), "text")
    return json.dumps({**results, **formats}, indent=2) + "\n"
