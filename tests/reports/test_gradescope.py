"""Gradescope's results.json: only keys and values that its specification names."""

from __future__ import annotations

from grader.reports import gradescope
from tests.autograders.schemas import gradescope_results as results

from . import samples
from .hostile import HOSTILE, hostile_report


def test_the_design():
    data = results(gradescope.render([samples.DESIGN]))
    assert data["score"] == 56 == sum(test["score"] for test in data["tests"])
    assert [test["status"] for test in data["tests"]] == ["passed"] * 2 + ["failed"] * 3
    assert data["tests"][3]["name"] == "update order"
    assert data["tests"][3]["output"].startswith("gradients are never cleared\n\nupdate order")
    assert data["tests"][0]["output"] == ""


def test_a_fault_of_the_graders_own_gives_no_points():
    assert gradescope.render([samples.EVERY_STATUS]) is None
    assert gradescope.render([], [("x.ipynb", "no workers")], broken=True) is None


def test_every_other_status():
    checks = [one for one in samples.EVERY_STATUS.checks if one.id != "learns"]
    data = results(gradescope.render([samples.report(*checks)]))
    assert len(data["tests"]) == 9
    assert "20 points are given by a person" in data["output"]


def test_an_unreadable_notebook_gets_nothing_and_the_reason():
    data = results(gradescope.render([], [("x.ipynb", "x.ipynb is cut off")]))
    assert (data["score"], data["output"], data["tests"]) == (0, "x.ipynb is cut off", [])


def test_hostile_text_is_printable():
    data = results(gradescope.render([hostile_report()]))
    assert not any(ord(c) < 32 and c != "\n" for c in data["tests"][0]["output"])
    assert "\x1b" not in results(gradescope.render([], [("x.ipynb", HOSTILE)]))["output"]
