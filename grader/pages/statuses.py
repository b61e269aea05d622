"""How a status looks on a page: words, a shape and a colour."""

from __future__ import annotations

from dataclasses import dataclass

from grader.report import Severity, Status


@dataclass(frozen=True)
class Look:
    """``colour`` names a family of variables in look.css, ``shape`` a macro in shapes.html."""

    words: str
    shape: str
    colour: str


LOOKS = {
    Status.PASSED: Look("passed", "tick", "ok"),
    Status.PARTIAL: Look("partly right", "half", "part"),
    Status.FAILED: Look("not right yet", "cross", "fail"),
    Status.NOT_ATTEMPTED: Look("not filled in", "dashes", "none"),
    Status.ERROR: Look("stopped with an error", "alert", "fail"),
    Status.TIMEOUT: Look("ran too long", "clock", "fail"),
    Status.OUT_OF_MEMORY: Look("ran out of memory", "alert", "fail"),
    Status.CRASHED: Look("crashed Python", "alert", "fail"),
    Status.NEEDS_GRADING: Look("graded by a person", "half", "none"),
    Status.INTERNAL_ERROR: Look("the grader failed", "diamond", "grave"),
}

COLOURS = {
    Severity.ERROR: "fail",
    Severity.PARTIAL: "part",
    Severity.WARNING: "part",
    Severity.INFO: "none",
}
