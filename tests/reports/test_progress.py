"""The progress line: on a terminal's stderr, gone afterwards, and nowhere else."""

from __future__ import annotations

import io
import sys

import pytest

from grader.reports.progress import StatusLine


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
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
