"""A solved notebook that its own checks refuse grades nobody, and is told as the rubric's fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.cli import main
from grader.errors import AssignmentError
from grader.grading.grader import Grader
from tests.assignment.small_course import change
from tests.notebooks import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("workers")


def test_a_function_that_the_drawn_arguments_do_not_fit(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = course / "fresh"
    change(fresh, "assignment.toml", "n = [1, 20] }", "n = [2, 20], m = [21, 30] }")
    change(fresh, "assignment.toml", '{ name = "factor" }', '{ name = "factor", shape = ["m"] }')
    with (
        Grader(str(fresh), seed=1, device="cpu") as grader,
        pytest.raises(AssignmentError) as refused,
    ):
        grader.grade(fresh / "fresh.ipynb")
    assert "assignment.toml, line" in refused.value.message
    assert "check scaling: fresh.ipynb does not pass it" in refused.value.message
    assert "RuntimeError" in refused.value.message
    assert main(["lint", "fresh"]) == 1
    assert "check scaling: fresh.ipynb does not pass it" in capsys.readouterr().out


def test_a_training_that_ends_too_far_away(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(course / "linear_regression", "assignment.toml", "close = 0.02", "close = 0.0")
    assert main(["lint", "linear_regression"]) == 1
    said = capsys.readouterr().out
    assert "check converges: reference/linear_regression/" in said
    assert "linear_regression.ipynb gets 5 of 10 points" in said


@pytest.mark.slow
def test_our_own_get_all_points_and_their_templates_none(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The checks of these are the examples of docs/rubric.md."""
    assert course.is_dir()
    assert main(["lint"]) == 0
    every = sorted(["fresh", *(path.parent.name for path in ROOT.glob("reference/*/*.ipynb"))])
    assert capsys.readouterr().out.splitlines() == [f"ok {name}" for name in every]
