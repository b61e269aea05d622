"""One report as Gradescope's ``results.json``.

All text in it has Gradescope's format ``text``, which is shown without Markdown or HTML. What the
command prints stays with the instructors.

Source: gradescope-autograders.readthedocs.io/en/latest/specs, and .../troubleshooting: without a
valid file Gradescope says that the autograder failed, and gives no points.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader import points
from grader.report import Status
from grader.reports.terminal import findings_text, summary_line
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.report import CheckResult, Report


@dataclass(frozen=True)
class Circumstances:
    """What is known of a hand-in beside its report.

    ``lost`` points are taken off the whole, no check's. ``told`` are sentences for the student,
    ``facts`` what is kept with the submission and not shown.
    """

    lost: float = 0.0
    told: tuple[str, ...] = ()
    visibility: str = "visible"
    facts: Mapping[str, Any] = field(default_factory=dict)


def render(
    reports: Sequence[Report], unread: Sequence[tuple[str, str]] = (), *, broken: bool = False
) -> str | None:
    """Return the file's content for one notebook; for an unread one that is 0 points and why.

    ``None`` where the grader itself failed: any file would be taken for the student's points.
    """
    if broken or any(report.internal_error for report in reports):
        return None
    if not reports:
        return unread_results(unread[0][1])
    (report,) = reports
    return results(report, Circumstances())


def results(report: Report, known: Circumstances) -> str:
    """Return the file's content for a report in which the grader did not fail."""
    ran = report.environment
    facts = [f"graded as {report.assignment}"]
    facts += [f"{name} {value}" for name, value in (("seed", ran.seed), ("torch", ran.torch))]
    told = list(known.told)
    waiting = [c.max_score for c in report.checks if c.status is Status.NEEDS_GRADING]
    if waiting:
        told.append(f"{points.points(sum(waiting))} points are given by a person, and not in this.")
    tests = (_test(str(n), check) for n, check in enumerate(report.checks, 1))
    shown = {"visibility": known.visibility, "output_format": "text", "name_format": "text"}
    return _json(
        {
            "score": round(report.score - known.lost, 2),
            "execution_time": round(sum(check.seconds or 0 for check in report.checks), 3),
            "output": "\n".join([*told, ", ".join(facts)]),
            "tests": [{**test, **shown} for test in tests],
            "visibility": known.visibility,
            "extra_data": {
                "assignment": report.assignment,
                "sha256": report.submission.sha256,
                "seed": ran.seed,
                **known.facts,
            },
        }
    )


def unread_results(reason: str) -> str:
    """Return the file's content for what is no notebook that can be graded: no points, and why."""
    return _json({"score": 0, "output": printable(reason, 1000), "tests": []})


def _test(number: str, check: CheckResult) -> dict[str, Any]:
    words = "\n\n".join(filter(None, (summary_line(check), findings_text(check))))
    if check.status is Status.NEEDS_GRADING:  # its points are given in Gradescope's own rubric
        return {"number": number, "name": check.title, "output": words, "tags": [check.id]}
    passed = check.status is Status.PASSED and not points.lost_points(check)
    return {
        "number": number,
        "name": check.title,
        "status": "passed" if passed else "failed",
        "score": check.score,
        "max_score": check.max_score,
        "output": words,
        "tags": [check.id, check.status.value],
    }


def _json(content: dict[str, Any]) -> str:
    formats = dict.fromkeys(("output_format", "test_output_format", "test_name_format"), "text")
    whole = {**content, **formats, "stdout_visibility": "hidden"}
    return json.dumps(whole, indent=2) + "\n"
