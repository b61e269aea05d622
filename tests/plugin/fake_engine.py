"""Stands in for the engine in inner test runs: no torch, and a count of what was graded.

As a plugin (``-p tests.plugin.fake_engine``) it takes the engine's place in other processes.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import grader.grading.session
from grader.errors import GraderError, InternalError
from grader.report import Report, Status
from tests.reports import samples

IDS = ["layer_shapes", "forward_output", "eval_accuracy", "step_order", "learns"]
FAULTY = samples.report(
    samples.check("layer_shapes"),
    samples.check("forward_output", Status.NOT_ATTEMPTED, 0),
    samples.check("eval_accuracy", Status.PARTIAL, 10, samples.HARD_CODED_BATCH),
    samples.check("step_order", Status.ERROR, 0),
    samples.check("learns", Status.INTERNAL_ERROR, 0),
)
OUTCOMES = {"perfect": samples.PERFECT, "design": samples.DESIGN, "faulty": FAULTY}


def grade(path, **options) -> Report:
    """Return what the file's name says, and leave a file behind for each call."""
    Path(f"graded-{os.getpid()}-{time.monotonic_ns()}").write_text(repr(options))
    time.sleep(0.3)  # long enough for another worker to come by
    if path.stem == "device":
        raise GraderError("there is no device cuda:7 here", hint="use --device cpu")
    if path.stem == "broken":
        raise InternalError("the worker did not start")
    report = OUTCOMES[path.stem]
    return replace(report, submission=replace(report.submission, path=str(path)))


def pytest_configure() -> None:
    grader.grading.session.grade = grade
