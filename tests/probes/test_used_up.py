"""Generators that are made once and gone through in every epoch."""

from __future__ import annotations

import ast

import pytest

from grader.probes.recording.used_up import used_up

EPOCHS = "for epoch in range(E):\n    for x in data: step()"


@pytest.mark.parametrize(
    ("made", "loop", "found"),
    [
        ("data = (x for x in batches)", EPOCHS, True),
        ("data = zip(batches, labels)", EPOCHS, True),
        ("data = [x for x in batches]", EPOCHS, False),
        ("data = batches", EPOCHS, False),
        ("data = iter(batches)", "for x in data: step()", False),
        ("data = iter(batches)", EPOCHS.replace("range(E)", "range(1)"), False),
        ("data = iter(batches)", EPOCHS.replace("    for", "    data = iter(b)\n    for"), False),
        ("data = iter(batches)", EPOCHS.replace("range(E)", "names"), False),
    ],
)
def test_what_is_used_up_after_the_first_epoch_is_found(made: str, loop: str, found: bool) -> None:
    statements = [(ast.parse(made).body[0], False), (ast.parse(loop).body[0], True)]
    assert bool(used_up(statements, {"E": 3})) == found
