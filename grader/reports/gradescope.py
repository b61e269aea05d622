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
    from grader.report import CheckResult, Report

_NOT_FINAL = (
    "The grader itself failed, not the notebook: this score is not final. "
    "Please tell your instructors, who can grade it again."
)


def to_text(report: Report) -> str:
    """Return the file's content for a notebook that was graded."""
    ran = report.environment
    facts = [f"{name} {value}" for name, value in (("seed", ran.seed), ("torch", ran.torch))]
    words = f"{_NOT_FINAL}\n" if report.internal_error else ""
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


def unread_to_text(reason: str) -> str:
    """Return the file's content for a notebook that could not be graded: 0 points and why."""
    return _json({"score": 0, "output": printable(reason, 1000), "tests": []})


def _test(number: str, check: CheckResult) -> dict[str, Any]:
    passed = check.status is Status.PASSED and not points.lost_points(check)
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
