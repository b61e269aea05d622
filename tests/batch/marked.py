"""Notebooks with planted points, and an engine that reads them instead of running programs.

Everything but the running of student code is the real command: a class of a dozen takes a second,
and each point in an output can be traced to the very notebook that it came from.
``python -m tests.batch.marked ARGUMENT …`` is the command as a process of its own, to be killed.
"""

from __future__ import annotations

import copy
import json
import os
import re
import sys
import time
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest import mock

from grader.cli import main
from grader.fingerprint import installed, observing_environment
from grader.grading.grader import Grader
from grader.report import CheckResult, Environment, Report, Status, SubmissionInfo
from tests.batch.grading import Ran, grade
from tests.notebooks import solved, template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from grader.grading.submission import Submission

# How long the engine takes for a notebook, so that a test can kill it in between.
SECONDS = "MARKED_SECONDS"
_MARK = re.compile(r"# planted: (\d+)")


def notebook(points: int, *, blank: bool = False, assignment: str = "mlp") -> bytes:
    """Return an assignment's notebook that is worth ``points`` of 100; a ``blank`` one is worth 0.

    What is planted in a blank notebook shows which one was taken, and is not what it is worth.
    """
    made = copy.deepcopy((_template if blank else _filled)(assignment))
    made["cells"][-1]["source"] = f"# planted: {points}"
    return json.dumps(made).encode()


def planted(sources: str) -> int | None:
    """Return the points planted in a text, such as a notebook's cells or its file."""
    found = _MARK.search(sources)
    return int(found[1]) if found else None


def marked(*arguments: str | Path, home: Path | None = None, seed: str = "1") -> Ran:
    """Run the command line on marked notebooks in ``home``, as ``grade`` of this package does."""
    with engine():
        return grade(*arguments, usual=("--seed", seed), home=home)


@contextmanager
def engine() -> Iterator[None]:
    """Let this process's ``grade`` read points where it would run programs."""
    with (
        mock.patch.object(Grader, "grade_submission", _report),
        mock.patch.object(Grader, "prepare", return_value=None),
        mock.patch.object(Grader, "observe_own_programs", return_value=None),
        mock.patch("grader.cli.early.started_ahead", _nothing_ahead),
        mock.patch("grader.cli.class_run.LocalRunner", MarkedRunner),
    ):
        yield


class MarkedRunner:
    """A ``ClassRunner`` that runs nothing; what it says of itself is made up."""

    threads = 2

    def __init__(self, isolation: str) -> None:
        self.isolation = isolation
        self.started = False
        self.applied: Mapping[str, str] = {}
        self.unprotected: tuple[str, ...] = ()

    @property
    def machine(self) -> Mapping[str, Any]:
        return installed()

    def start(self) -> None:
        self.started = True

    def ready(self) -> dict[str, Any]:
        return {"python": "3", "torch": "2", "cuda_devices": 0, "threads": 1}

    def environment(self) -> str:
        return observing_environment(self.ready(), self.applied)

    def close(self) -> None:
        """There is nothing to end."""


@contextmanager
def _nothing_ahead(_arguments: object) -> Iterator[None]:
    yield None


def _report(
    grader: Grader,
    submission: Submission,
    path: str,
    progress: Callable[[str], None] = lambda _text: None,
) -> Report:
    """Stand in for ``Grader.grade_submission``."""
    progress("reading what is planted")
    time.sleep(float(os.environ.get(SECONDS, "0")))
    grader.runner.start()
    points = planted("\n".join(cell.source for cell in submission.notebook.cells)) or 0
    blank = all(submission.untouched(check) for check in grader.assignment.checks if check.blanks)
    share = 0.0 if blank else points / 100
    checks = tuple(
        CheckResult(
            id=check.id,
            title=check.title,
            status=Status.NOT_ATTEMPTED
            if blank
            else Status.PASSED
            if share == 1
            else Status.PARTIAL,
            score=round(share * check.points, 2),
            max_score=check.points,
            seconds=0.0,
        )
        for check in grader.assignment.checks
    )
    return Report(
        assignment=grader.assignment.id,
        title=grader.assignment.title,
        submission=SubmissionInfo(path, submission.notebook.sha256),
        environment=Environment(
            "3", "2", "cpu", 1, grader.seed, grader.dataset, grader.isolation, (), ()
        ),
        score=round(sum(check.score for check in checks), 2),
        max_score=sum(check.max_score for check in checks),
        checks=checks,
    )


@cache
def _template(assignment: str) -> dict[str, Any]:
    return _with_a_last_cell(template(assignment))


@cache
def _filled(assignment: str) -> dict[str, Any]:
    return _with_a_last_cell(solved(assignment))


def _with_a_last_cell(made: dict[str, Any]) -> dict[str, Any]:
    last = copy.deepcopy(next(c for c in made["cells"] if c["cell_type"] == "code"))
    last |= {"outputs": [], "execution_count": None, "id": "planted-points"}
    return {**made, "cells": [*made["cells"], last]}


if __name__ == "__main__":
    with engine():
        sys.exit(main())
