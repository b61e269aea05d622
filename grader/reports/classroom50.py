"""One report as Classroom 50's ``result.json``, and as the Markdown of the submission's release.

Source: foundation50/classroom50 at 0b4bcc00, schemas/result-v1.schema.json, the wiki's "Advanced
Autograding", and ``validate_result`` in cli/gh-teacher/skeleton/dotgithub/scripts/runner.py. Points
are whole numbers, which ``whole_points`` says how to round. Its runner sets ``owner``,
``assignment_type`` and ``datetime`` itself, the last to the instant of the commit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.errors import GraderError
from grader.points import points
from grader.report import Status
from grader.reports.github_summary import to_markdown
from grader.reports.terminal import headline
from grader.reports.whole_points import whole_points
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from grader.report import CheckResult, Report

RESULT, RELEASE_BODY = "result.json", "release-body.md"
_SCHEMA = "classroom50/result/v1"
_MOST_BYTES = 100_000  # GitHub takes 125,000 characters for a release


@dataclass(frozen=True)
class RunIdentity:
    """Whose submission this is, as the runner says it."""

    classroom: str
    assignment: str
    submission: str
    commit: str
    release: str
    review: str
    owner: str
    assignment_type: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> RunIdentity:
        """Return what the runner set; raises ``GraderError`` where something is missing."""
        needed = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")
        owner = environment.get("OWNER") or environment.get("USERNAME") or ""
        missing = [name for name in needed if not environment.get(name)]
        if missing or not owner:
            names = ", ".join([*missing, *([] if owner else ["USERNAME"])])
            raise GraderError(
                f"the environment does not say whose submission this is: {names}",
                "Classroom 50's runner sets these; docs/github.md says how to try it without",
            )
        classroom, assignment, submission, commit, release = (environment[name] for name in needed)
        return cls(
            *(classroom, assignment, submission, commit, release),
            review=environment.get("REVIEW_URL") or commit,
            owner=owner,
            assignment_type=environment.get("ASSIGNMENT_TYPE") or "individual",
        )


def classroom50_files(report: Report, identity: RunIdentity, now: datetime) -> dict[str, str]:
    """Return the files' texts by their names, for a report in which the grader did not fail.

    ``now`` is in UTC. Answers that a person grades are not in the points.
    """
    checks = [check for check in report.checks if check.status is not Status.NEEDS_GRADING]
    rounded = whole_points(checks)
    score, most = sum(score for score, _ in rounded), sum(most for _, most in rounded)
    result = {
        "schema": _SCHEMA,
        "classroom": identity.classroom,
        "assignment": identity.assignment,
        "assignment_type": identity.assignment_type,
        "owner": identity.owner,
        "submission": identity.submission,
        "commit": identity.commit,
        "release": identity.release,
        "review": identity.review,
        "datetime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": score,
        "max-score": most,
        "tests": [_test(check, *whole) for check, whole in zip(checks, rounded, strict=True)],
    }
    body = _body(report, checks, score, most)
    return {RESULT: json.dumps(result, indent=2) + "\n", RELEASE_BODY: body}


def _test(check: CheckResult, score: int, most: int) -> dict[str, Any]:
    return {
        "test-name": printable(check.title, 100) or check.id,
        "passed": check.status is Status.PASSED,
        "score": score,
        "max-score": most,
        "check": check.id,
        "status": check.status.value,
        "message": "" if check.status is Status.PASSED else printable(headline(check), 500),
        "points": check.score,  # before rounding
    }


def _body(report: Report, checks: Sequence[CheckResult], score: int, most: int) -> str:
    """Return the release's Markdown, in which a student's text is no Markdown."""
    if report.submission.sha256 is None:  # no notebook was read, and the one note says why
        unread = [(report.submission.path, report.notes[0].message)]
        return to_markdown([], unread, _MOST_BYTES)
    told = []
    exact = sum(check.score for check in checks)
    if exact != score:
        told.append(f"{points(exact)} points are {score} of {most} as whole numbers.")
    waiting = report.max_score - sum(check.max_score for check in checks)
    if waiting:
        told.append(f"{points(waiting)} points are given by a person, and not in this.")
    said = "".join(f"{sentence}\n\n" for sentence in told)
    return to_markdown([report], [], _MOST_BYTES) + said
