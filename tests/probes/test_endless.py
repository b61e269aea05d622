"""Loops that have no end of their own, told by what their conditions are made of."""

from __future__ import annotations

import ast

import pytest

from grader.probes.recording.conditions import endless_loop


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("while epoch < 3:\n    step()", 1),
        ("while True:\n    step()", 1),
        ("while not done and epoch < 3:\n    other += 1", 1),
        ("for x in y:\n    while 1:\n        step()", 2),
        ("while epoch < 3:\n    epoch += 1", None),
        ("while True:\n    break", None),
        ("while accuracy() < 0.9:\n    step()", None),
        ("while it.left:\n    step()", None),
        ("while epoch < 3:\n    for epoch in range(9): step()", None),
        ("def more():\n    global epoch\n    epoch += 1\nwhile epoch < 3:\n    more()", None),
        ("while True:\n    next(batches)", None),
        ("while 0:\n    step()", None),
    ],
)
def test_a_loop_that_nothing_ends_is_found(code: str, line: int | None) -> None:
    assert endless_loop(ast.parse(code).body) == line
