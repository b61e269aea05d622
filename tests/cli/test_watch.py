"""grade --watch: a report at once and after each save, and an end in order."""

from __future__ import annotations

import os
from itertools import islice

import pytest

from grader.cli import main, watch
from grader.cli.process import StoppedError

from .stand_in import error_of


@pytest.fixture
def saving(monkeypatch):
    """Replace the waiting for a save: the notebook is "saved" so often, then Ctrl+C is pressed."""

    def saves(times, end=KeyboardInterrupt):
        def stand_in(_path):
            yield from ((number, 0) for number in range(times))
            raise end

        monkeypatch.setattr(watch, "saves", stand_in)

    return saves


def test_every_save_prints_a_report(engine, saving, capsys):
    saving(3)
    assert main(["ok.ipynb", "--watch"]) == 0
    said = capsys.readouterr().out
    assert said.count("20 / 20") >= 3
    assert said.count("since the last save: the same points") == 2
    assert said.count("watching: save the notebook to grade it again, Ctrl+C ends") == 3
    assert engine.closed


@pytest.mark.parametrize(("name", "status"), [("ok", 0), ("fail", 1), ("html", 2), ("bug", 3)])
def test_the_status_is_that_of_the_last_grading(name, status, engine, saving, capsys):  # noqa: ARG001
    saving(1)
    assert main([f"{name}.ipynb", "--watch"]) == status
    assert "watching" in capsys.readouterr().out


def test_a_signal_ends_it_with_the_signals_status(engine, saving, capsys):  # noqa: ARG001
    saving(1, StoppedError(15))
    assert main(["ok.ipynb", "--watch"]) == 143


@pytest.mark.parametrize(
    "arguments",
    [
        ["a.ipynb", "b.ipynb"],
        ["a.ipynb", "--json", "-"],
        ["a.ipynb", "--junit", "x.xml"],
        ["a.ipynb", "--github"],
        ["a.ipynb", "--annotated", "pages"],
        ["a.ipynb", "-o", "out"],
    ],
)
def test_what_is_written_once_does_not_fit(arguments, engine, capsys):  # noqa: ARG001
    assert main([*arguments, "--watch"]) == 2
    assert "--watch" in error_of(capsys)[0]


def test_a_save_is_seen_however_an_editor_saves(tmp_path, monkeypatch):
    path = tmp_path / "work.ipynb"
    steps = []

    def write(text):
        path.write_text(text, encoding="utf-8")

    def replace(text):
        (tmp_path / "new").write_text(text, encoding="utf-8")
        os.replace(tmp_path / "new", path)  # noqa: PTH105

    def sleep(_seconds):
        if steps:
            steps.pop(0)()

    monkeypatch.setattr(watch.time, "sleep", sleep)
    write("1")
    seen = watch.saves(str(path))
    assert next(seen)[1] == 1
    nothing = lambda: None  # noqa: E731
    steps += [nothing, lambda: write("22"), nothing]
    assert next(seen)[1] == 2
    steps += [path.unlink, nothing, lambda: replace("333"), nothing]
    assert next(seen)[1] == 3
    # Written in pieces: only what has come to rest is graded.
    steps += [lambda: write("4444"), lambda: write("55555"), nothing, nothing]
    assert [size for _, size in islice(seen, 1)] == [5]
