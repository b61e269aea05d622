"""The hooks of a test run with a submission."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.points import points
from grader.pytest_plugin.items import SubmissionFile

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from grader.pytest_plugin.submission import SubmittedNotebook


_PROPERTIES = {"check", "score", "max_score", "seed"}


class Hooks:
    """Collects the notebook, and prints its points."""

    def __init__(self, submission: SubmittedNotebook) -> None:
        """Remember what is collected."""
        self._submission = submission

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> SubmissionFile | None:
        """Collect the notebook if it is named as an argument, as in ``x.ipynb::layer_shapes``."""
        named = file_path == self._submission.path and parent.session.isinitpath(file_path)
        return SubmissionFile.of(self._submission, parent) if named else None

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Collect the notebook first if no argument names it, wherever it is."""
        report = yield
        session = collector if isinstance(collector, pytest.Session) else None
        if session and report.passed and not session.isinitpath(self._submission.path):
            report.result.insert(0, SubmissionFile.of(self._submission, session))
        return report

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the points, and the seed that draws the same numbers again."""
        # From the reports, since the checks may have run in another process.
        tests = [
            dict(report.user_properties)
            for reports in terminalreporter.stats.values()
            for report in reports
            if isinstance(report, pytest.TestReport)
        ]
        checks = {str(test["check"]): test for test in tests if test.keys() >= _PROPERTIES}
        if not checks:
            return
        score = sum(_number(test["score"]) for test in checks.values())
        most = sum(_number(test["max_score"]) for test in checks.values())
        seeds = ", ".join(sorted({str(test["seed"]) for test in checks.values()}))
        count = f"{len(checks)} check{'' if len(checks) == 1 else 's'}"
        terminalreporter.write_sep("-", "grader")
        terminalreporter.write_line(
            f"{self._submission.path.name}: {points(score)} / {points(most)} in {count} "
            f"(seed {seeds})"
        )


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
