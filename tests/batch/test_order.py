"""What may take long is begun first; all else stays in its order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from grader.batch.run import long_first
from grader.errors import NotebookError
from grader.intake import Archives, find_submissions, read_attempt
from tests.notebooks import code

if TYPE_CHECKING:
    from pathlib import Path

    from grader.classroom import Attempt


def order(folder: Path) -> list[str]:
    with Archives() as archives:
        found = find_submissions([str(folder)], roster=None, archives=archives)
        return [attempt.student.id for attempt in long_first(found.counted, archives)]


def hand_in(folder: Path, name: str, *sources: str, lines: bool = True) -> None:
    notebook = code(list(sources))
    if not lines:  # the other way in which a cell may be written down
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize(
    "source",
    [
        "while True: pass",
        "x = 1\nfor batch in train_iter:\n        while x:  # on and on\n            pass",
        "if True:\n\twhile (x > 0):\n\t\tx += 1",
        "import time\ntime.sleep(1000)",
        "from time import sleep; sleep(5)",
    ],
)
def test_what_may_go_on_for_long_comes_first(source: str, lines: bool, tmp_path: Path) -> None:
    hand_in(tmp_path, "ann", "x = 1")
    hand_in(tmp_path, "bob", "x = 2")
    hand_in(tmp_path, "cem", "x = 3", source, lines=lines)
    hand_in(tmp_path, "dee", "x = 4")
    assert order(tmp_path) == ["cem", "ann", "bob", "dee"]


@pytest.mark.parametrize(
    "source",
    ["# wait a while: it trains", "meanwhile = {1: 2}", "print('a while', x)", "asleep = 1"],
)
def test_words_are_no_loops(source: str, tmp_path: Path) -> None:
    hand_in(tmp_path, "ann", "x = 1")
    hand_in(tmp_path, "bob", source)
    assert order(tmp_path) == ["ann", "bob"]


def test_a_notebook_full_of_the_word_is_looked_at_in_no_time(tmp_path: Path) -> None:
    """Without bounds every occurrence would be compared with all that follows it."""
    hand_in(tmp_path, "ann", "x = 1")
    hand_in(tmp_path, "bob", "x = '" + "while " * 2_000_000 + "'\nwhile True: pass")
    assert order(tmp_path) == ["ann", "bob"]


@pytest.mark.parametrize("error", [NotebookError("damaged"), ValueError("of our own making")])
def test_what_cannot_be_read_stays_where_it_is(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file must not keep the class from being graded: it is told when it is its turn."""

    def read(attempt: Attempt, archives: Archives) -> bytes:
        if attempt.student.id == "bob":
            raise error
        return read_attempt(attempt, archives)

    monkeypatch.setattr("grader.batch.run.read_attempt", read)
    hand_in(tmp_path, "ann", "x = 1")
    hand_in(tmp_path, "bob", "while True: pass")
    hand_in(tmp_path, "cem", "while True: pass")
    assert order(tmp_path) == ["cem", "ann", "bob"]
