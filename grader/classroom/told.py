"""A student's result as the student is to read it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.detail import told

if TYPE_CHECKING:
    from grader.classroom.model import Graded


def as_told(graded: Graded, detail: str | None) -> Graded:
    """Return a result with as much as the student is told; why a file is unreadable always is."""
    return replace(graded, report=told(graded.report, detail)) if graded.readable else graded
