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
    """The notebook's path, and its report."""

    def __init__(self, path: Path, config: pytest.Config) -> None:
        """Keep the options; the notebook is not read yet."""
        self.path = path
        self.assignment: str | None = config.getoption("--submission-assignment")
        self._config = config
        self._outcome: Report | Exception | None = None

    def report(self) -> Report:
        """Return the report; raises what the grading raised, in each test that needs it."""
        if self._outcome is None:
            try:
                self._outcome = self._shared()
            except Exception as error:  # noqa: BLE001 - kept, since another try takes as long
                self._outcome = error
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome

    def _shared(self) -> Report:
        """Grade, or wait for the pytest-xdist worker that does, and take its report."""
        # xdist gives each worker a folder inside one of this run. A worker on another machine has
        # none, and grades by itself.
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
