"""Several notebooks: a line for each after their reports."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from grader.reports.summary import print_summary

from . import samples
from .hostile import DANGEROUS, HOSTILE

pytestmark = pytest.mark.usefixtures("no_workflow")


def summary(reports, unread=(), width=80) -> str:
    stream = io.StringIO()
    print_summary(reports, unread, Console(file=stream, width=width))
    return stream.getvalue()


def at(report, path):
    return replace(report, submission=replace(report.submission, path=path))


def test_summary_has_a_line_for_each_notebook():
    text = summary(
        [at(samples.PERFECT, "kim.ipynb"), at(samples.DESIGN, "a/lee.ipynb")],
        [("zip.ipynb", "zip.ipynb: it is a ZIP archive")],
    )
    assert text == (
        "\n"
        "                          layer   forward  accuracy  update  learns\n"
        "                          shapes  output   logic     order\n"
        "  kim.ipynb    100 / 100  ok      ok       ok        ok      ok\n"
        "  a/lee.ipynb   56 / 100  ok      ok       FAIL      FAIL    part\n"
        "\n"
        "not graded\n"
        "  zip.ipynb  it is a ZIP archive\n"
    )


@pytest.mark.parametrize("width", [60, 80, 100])
def test_summary_fits_and_keeps_the_end_of_a_long_path(width):
    reports = [at(samples.DESIGN, "x" * 300 + "김철수.ipynb"), at(samples.PERFECT, HOSTILE)]
    text = summary(reports, [(HOSTILE, HOSTILE), ("y" * 300, "z" * 300)], width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert "철수.ipynb " in text
    assert not DANGEROUS.findall(text.replace("\n", ""))


def test_summary_without_reports_and_with_different_assignments():
    assert summary([], [("a", "it is empty")]) == "\nnot graded\n  a  it is empty\n"
    other = samples.report(samples.check("passed"))
    assert "shapes" not in summary([samples.PERFECT, other])
