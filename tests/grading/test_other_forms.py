"""Two blanks that are statements, filled by one: judged as what it is, never called empty."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from grader.grading.grader import Grader
from tests.checks.plain_python import notebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.report import Report

BLANK = """
[[blanks]]
number = {number}
part = "update"
title = "the new {name}"
kind = "statement"
patterns = ["{name} = __", "{name} -= __"]
anchor = '{name}\\s*='
neutral = "{name} = {name}"
"""
RUBRIC = f"""\
id = "two"
title = "two"
notebook = "two.ipynb"

[[parts]]
id = "update"
title = "the update"
kind = "function"
name = "update"
{BLANK.format(number=1, name="w")}{BLANK.format(number=2, name="b")}
[[checks]]
id = "update"
title = "update"
kind = "update_step"
points = 10
parts = ["update"]
blanks = [1, 2]
credit = "each_blank"
seconds = 20
processor_seconds = 5
sizes = {{ d = [2, 5] }}
arguments = [
  {{ name = "w", shape = ["d"] }},
  {{ name = "b" }},
  {{ name = "dw", shape = ["d"] }},
  {{ name = "db" }},
  {{ name = "eta", range = [0.1, 0.5] }},
]
updates = [
  {{ parameter = "w", gradient = "dw", blank = 1 }},
  {{ parameter = "b", gradient = "db", blank = 2 }},
]
rate = "eta"
"""
GIVEN = "def update(w, b, dw, db, eta):\n{}    return w, b\n"
SOLVED = "    w = w - eta * dw  # ANSWER 1\n    b = b - eta * db  # ANSWER 2\n"


@pytest.fixture(scope="module")
def two(tmp_path_factory: Any, shared_workers: Any) -> Iterator[Grader]:
    folder = tmp_path_factory.mktemp("course") / "reference" / "two"
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text(RUBRIC, encoding="utf-8")
    (folder / "two.ipynb").write_text(json.dumps(notebook([GIVEN.format(SOLVED)])), "utf-8")
    with Grader(folder, seed=5, device="cpu") as grader:
        with shared_workers.in_place():
            grader.start()
        yield grader


@pytest.fixture
def graded(two: Grader, tmp_path: Path) -> Callable[[str], Report]:
    def of(answer: str) -> Report:
        path = tmp_path / "one.ipynb"
        path.write_text(json.dumps(notebook([GIVEN.format(answer)])), encoding="utf-8")
        return two.grade(path)

    return of


@pytest.mark.parametrize(
    ("answer", "score", "status"),
    [
        ("    w, b = w - eta * dw, b - eta * db\n", 10, "passed"),
        ("    (w, b) = (w - eta * dw, b - eta * db)\n", 10, "passed"),
        ("    [w, b] = [p - eta * d for p, d in ((w, dw), (b, db))]\n", 10, "passed"),
        ("    w, b = w - eta * dw, b + eta * db\n", 5, "failed"),
        ("    w, b = w + eta * dw, b + eta * db\n", 0, "failed"),
        ("    w, b = w, b\n", 0, "failed"),
        ("    w = w - eta * dw\n    b = b - eta * db\n", 10, "passed"),
    ],
)
def test_one_statement_for_two_blanks(
    answer: str, score: float, status: str, graded: Callable[[str], Report]
) -> None:
    (check,) = graded(answer).checks
    assert (check.status.value, check.score) == (status, score)
    assert "not_filled_in" not in {one.code for one in check.findings}


@pytest.mark.parametrize("answer", ["    # FILL IN HERE\n    # FILL IN HERE\n", "    pass\n"])
def test_the_untouched_template_is_empty_and_unchanged(
    answer: str, graded: Callable[[str], Report]
) -> None:
    report = graded(answer)
    assert {one.code for one in report.checks[0].findings} == {"not_filled_in"}
    assert report.notes == ()


def test_a_changed_line_around_them_is_still_noted(graded: Callable[[str], Report]) -> None:
    report = graded("    w = w - eta * dw\n    b = b - eta * db\n    w = 1 * w\n")
    assert [note.code for note in report.notes] == ["given_code_changed"]
