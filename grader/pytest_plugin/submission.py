"""The notebook of a test run, graded once, when the first test asks for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from grader.report import Report

if TYPE_CHECKING:
    import pytest


class SubmittedNotebook:
    """Where the notebook is, and its report."""

    def __init__(self, path: Path, config: pytest.Config) -> None:
        """Remember what was asked for; nothing is read yet."""
        self.path = path
        self.assignment: str | None = config.getoption("--submission-assignment")
        self._config = config
        self._outcome: Report | Exception | None = None

    def report(self) -> Report:
        """Return the report; raises what the grading raised, to each test that asks."""
        if self._outcome is None:
            try:
                self._outcome = self._shared()
            except Exception as error:  # noqa: BLE001 - kept: another try would take as long
                self._outcome = error
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome

    def _shared(self) -> Report:
        """Grade, or wait for the worker of pytest-xdist that does, and take its report."""
        # xdist gives each worker a folder of its own inside one that is this run's. Workers
        # elsewhere have none, and grade for themselves.
        base = self._config.option.basetemp if hasattr(self._config, "workerinput") else None
        if base is None:
            return self._graded()
        shared = Path(base).parent / "grader-report.json"
        with FileLock(shared.with_suffix(".lock")):
            if shared.is_file():
                return Report.from_json(json.loads(shared.read_text(encoding="utf-8")))
            report = self._graded()
            shared.write_text(json.dumps(report.to_json()), encoding="utf-8")
        return report

    def _graded(self) -> Report:
        # Takes long to import, and only the worker that grades needs it.
        from grader.grading.session import grade  # noqa: PLC0415

        return grade(
            self.path,
            assignment=self.assignment,
            seed=self._config.getoption("--submission-seed"),
            isolation=self._config.getoption("--submission-isolation"),
        )
