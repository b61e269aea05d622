"""The last line of a report: true of this report, and something to do."""

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from grader.report import Status
from grader.reports.next_step import clock, next_step, print_next_step

from . import samples

SAVED = 1_700_000_000.0
BLANK = samples.report(*(samples.check(name, Status.NOT_ATTEMPTED, 0) for name in samples.TITLES))
WAITING = samples.finding("follows", "waits for the others")


def report(**statuses):
    found = {
        "layer_shapes": samples.finding("swapped", "The sizes are swapped.", cell=9, line=4),
        "learns": WAITING,
    }
    checks = [
        samples.check(name, statuses[name], 0, *([found[name]] if name in found else []))
        if name in statuses
        else samples.check(name)
        for name in samples.TITLES
    ]
    return samples.report(*checks)


@pytest.mark.parametrize(
    ("graded", "words"),
    [
        (samples.PERFECT, "every check passed: hand the notebook in."),
        (
            report(layer_shapes=Status.FAILED, learns=Status.FAILED),
            "put layer shapes (cell 9, line 4) right, save, and grade again.",
        ),
        (
            report(step_order=Status.NOT_ATTEMPTED),
            "fill in update order, save, and grade again.",
        ),
        (report(learns=Status.FAILED), "put learns right, save, and grade again."),
        (
            report(step_order=Status.NEEDS_GRADING),
            "every check that runs here passed: hand the notebook in. A person grades the rest.",
        ),
        (report(step_order=Status.INTERNAL_ERROR), ""),
        (samples.report(), ""),
    ],
)
def test_what_to_do_is_said_in_the_order_of_the_work(graded, words):
    assert next_step(graded, SAVED) == words


def test_what_waits_for_another_check_is_not_where_to_begin():
    checks = list(report(layer_shapes=Status.FAILED, learns=Status.FAILED).checks)
    graded = replace(samples.PERFECT, checks=tuple(reversed(checks)))
    assert "layer shapes" in next_step(graded)


def test_where_all_is_blank_it_asks_whether_the_file_was_saved():
    words = next_step(BLANK, SAVED)
    assert f"which was saved at {clock(SAVED)}. Did you save?" in words
    assert "saved at" not in next_step(BLANK)
    partly = report(layer_shapes=Status.NOT_ATTEMPTED)
    assert "Did you save" not in next_step(partly, SAVED)


@pytest.mark.parametrize("graded", [samples.PERFECT, BLANK, report(step_order=Status.FAILED)])
def test_when_it_was_saved_is_printed_once_and_the_step_last(graded):
    stream = io.StringIO()
    print_next_step(graded, Console(file=stream, width=80), SAVED)
    printed = stream.getvalue()
    assert printed.count(clock(SAVED)) == 1
    assert re.search(r"\n\n  next: \S", "\n" + printed)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", clock(SAVED))
