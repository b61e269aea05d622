"""A cell that ends in a NameError above its loop trains nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notebooks import TRAINING, code, solved, sources


def above_the_loop(line: str, first: str = "") -> dict[str, Any]:
    cells = [first, *sources(solved())] if first else sources(solved())
    return code([f"{line}\n{source}" if TRAINING in source else source for source in cells])


@pytest.mark.parametrize(
    "line", ["writer.add_text('begun')", "history = new_history()", "print(f'{run_name}: begun')"]
)
def test_a_name_that_nothing_makes(line: str, grade: Any) -> None:
    report = grade(above_the_loop(line))
    (finding,) = (f for check in report.checks for f in check.findings)
    assert (report.score, finding.code) == (80, "stops_before_the_loop")
    assert [x.text for x in finding.excerpt if x.number == finding.line] == [line]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("writer.add_text('begun')", "writer = print\nwriter.add_text = print"),
        ("names = [name for name in 'ab']", ""),
        ("log = lambda: writer.flush()", ""),
        ("wanted = False and writer", ""),
        ("try:\n    writer.flush()\nexcept NameError:\n    pass", ""),
        ("display(len(In))", ""),
        ("started = time()", "from time import *"),
        ("print(made)", "globals()['made'] = 1"),
        ("print(made)", "def make():\n    global made\n    made = 1\nmake()"),
        ("print(made)", "%run helpers.py"),
    ],
)
def test_what_may_run(line: str, first: str, grade: Any) -> None:
    assert grade(above_the_loop(line, first)).score == 100
