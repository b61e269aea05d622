"""How far a class is, where nothing can be drawn over: a line now and then."""

from __future__ import annotations

import io

import pytest

from grader.reports import progress
from grader.reports.progress import ClassProgress


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test sets."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def said(clock, total, *steps):
    stream = io.StringIO()
    with ClassProgress(stream) as progress:
        progress.begin(total)
        for seconds, ended in steps:
            clock[0] += seconds
            progress.done(ended)
    return stream.getvalue().splitlines()


def test_a_line_every_so_often_and_none_at_the_end(clock):
    steps = [(16, "graded"), (1, "kept"), (16, "unread"), (100, "graded")]
    assert said(clock, 4, *steps) == [
        "1 of 4: 1 graded, 0.1 a second, about 48 s left",
        "3 of 4: 1 graded, 1 kept, 1 unread, 0.1 a second, about 11 s left",
    ]


def test_no_estimate_from_the_first_few(clock):
    lines = said(clock, 600, (20, "graded"), *[(2, "graded")] * 60)
    assert lines[0] == "1 of 600: 1 graded, 0.1 a second"
    assert lines[-1].endswith("about 21 min left")
