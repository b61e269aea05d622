"""A notebook as a file of tests, a check as a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.assignment import all_assignments, load_assignment
from grader.errors import GraderError
from grader.grading.recognise import recognise
from grader.notebook.read import read_notebook
from grader.points import lost_points
from grader.report import Status
from grader.reports.terminal import findings_text, headline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.pytest_plugin.submission import SubmittedNotebook
    from grader.report import CheckResult, Report


class SubmissionFile(pytest.File):
    """The notebook; its tests are the assignment's checks."""

    submission: SubmittedNotebook

    @classmethod
    def of(cls, submission: SubmittedNotebook, parent: pytest.Collector) -> SubmissionFile:
        """Return the node of a submission."""
        node: SubmissionFile = cls.from_parent(parent, path=submission.path)
        node.submission = submission
        return node

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each check; a file that can't be graded is an error at once."""
        try:
            notebook = read_notebook(self.path)
            named = self.submission.assignment
            assignment = load_assignment(named) if named else recognise(notebook, all_assignments())
        except GraderError as error:
            raise self.CollectError(_reason(error)) from error
        for check in assignment.checks:
            yield CheckItem.from_parent(self, name=check.id)


class CheckItem(pytest.Item):
    """One check: passes with all its points, and fails with the words of its findings.

    A fault of the grader's is an error of the test's setup, and no failure.
    """

    check: CheckResult

    def setup(self) -> None:
        """Find the check in the report; the first test of a run grades the notebook here."""
        assert isinstance(self.parent, SubmissionFile)
        report = report_of(self.parent.submission)
        self.check = next(check for check in report.checks if check.id == self.name)
        self.user_properties += [
            ("check", self.name),
            ("score", self.check.score),
            ("max_score", self.check.max_score),
            ("seed", report.environment.seed),
        ]
        if self.check.status is Status.INTERNAL_ERROR:
            pytest.fail(self._words(), pytrace=False)

    def runtest(self) -> None:
        """Fail if points were lost, with words and no traceback."""
        if self.check.status is Status.NEEDS_GRADING:
            pytest.skip(headline(self.check))
        if lost_points(self.check):
            pytest.fail(self._words(), pytrace=False)

    def _words(self) -> str:
        return f"{headline(self.check)}\n\n{findings_text(self.check)}".rstrip()

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return the notebook's path, and the check's name."""
        return self.path, None, f"{self.path.name}: {self.name}"


def report_of(submission: SubmittedNotebook) -> Report:
    """Return the report of a submission; fail the test with a message if it cannot be graded."""
    try:
        return submission.report()
    except GraderError as error:
        reason = _reason(error)
    pytest.fail(reason, pytrace=False)  # outside the ``except``, so that no cause is shown


def _reason(error: GraderError) -> str:
    return f"{error.message}\n\nhint: {error.hint}" if error.hint else error.message
