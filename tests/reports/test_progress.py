"""Progress: a line on a terminal's stderr, gone afterwards; of a class, lines in a log too."""

from __future__ import annotations

import io
import sys

import pytest

from grader.reports import progress as module
from grader.reports.progress import ClassProgress, StatusLine


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS", "JPY_PARENT_PID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def written(stream, *steps) -> str:
    with StatusLine(stream) as progress:
        for step in steps:
            progress.step(step)
    return stream.getvalue()


def test_shows_each_step_on_a_terminal_and_erases_itself():
    text = written(Terminal(), "starting", "running update order")
    assert text.index("starting") < text.index("running update order")
    assert text.endswith("\x1b[2K"), "the line is erased"
    assert "\x1b[?25h" in text, "the cursor is back"


def test_is_silent_without_a_terminal(monkeypatch):
    assert written(io.StringIO(), "starting") == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert written(io.StringIO(), "starting") == ""


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_is_silent_where_plainness_is_asked_for(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    assert written(Terminal(), "starting") == ""


@pytest.mark.parametrize(
    "environment",
    [{"JPY_PARENT_PID": "1"}, {"TERM": "xterm-color", "PAGER": "cat", "GIT_PAGER": "cat"}],
)
def test_is_silent_in_a_notebook_which_keeps_every_frame(environment, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert written(Terminal(), "starting") == ""


def test_is_shown_to_who_pages_with_cat(monkeypatch):
    monkeypatch.setenv("PAGER", "cat")
    assert "starting" in written(Terminal(), "starting")


def test_a_hostile_name_takes_one_line_and_gives_no_orders():
    text = written(Terminal(), "x\x1b]0;title\x07\n[bold]\u202e" + "y" * 5000)
    assert "\x1b]0" not in text
    assert "\u202e" not in text
    assert "[bold]" in text
    assert "y" * 200 not in text


def test_stdout_is_left_alone():
    before = sys.stdout
    with StatusLine(Terminal()) as progress:
        progress.step("running")
        assert sys.stdout is before


def test_the_line_goes_when_grading_fails():
    stream = Terminal()
    with pytest.raises(KeyboardInterrupt), StatusLine(stream):
        raise KeyboardInterrupt
    assert "\x1b[?25h" in stream.getvalue()


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test sets."""
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def said_of_class(clock, total, *steps):
    stream = io.StringIO()
    with ClassProgress(stream) as shown:
        shown.begin(total)
        for seconds, ended in steps:
            clock[0] += seconds
            shown.done(ended)
    return stream.getvalue().splitlines()


def test_a_line_every_so_often_and_none_at_the_end(clock):
    steps = [(16, "graded"), (1, "kept"), (16, "unread"), (100, "graded")]
    assert said_of_class(clock, 4, *steps) == [
        "1 of 4: 1 graded, 0.1 a second, about 48 s left",
        "3 of 4: 1 graded, 1 kept, 1 unread, 0.1 a second, about 11 s left",
    ]


def test_no_estimate_from_the_first_few(clock):
    lines = said_of_class(clock, 600, (20, "graded"), *[(2, "graded")] * 60)
    assert lines[0] == "1 of 600: 1 graded, 0.1 a second"
    assert lines[-1].endswith("about 21 min left")
