"""Gradients that are collected over several batches: which batches each step is made for."""

from __future__ import annotations

from typing import Any

import pytest

from grader.checks.step_order.accumulation import _groups, _places, _size, _to_the_end


def events(*epochs: str) -> list[list[Any]]:
    """Events of epochs whose batches stand between spaces: b(ackward), s(tep), z(ero_grad)."""
    found: list[list[Any]] = []
    clean = True
    for epoch in epochs:
        found.append(["epoch"])
        for batch in epoch.split():
            found.append(["batch"])
            for letter in batch:
                if letter == "b":
                    found.append(["backward", clean])
                    clean = False
                elif letter == "s":
                    found.append(["step"])
                elif letter == "z":
                    found.append(["zero_grad", True, True])
                    clean = True
    return found


@pytest.mark.parametrize(
    ("epochs", "size"),
    [
        (("b bsz b bsz bsz",), 2),
        (("b bsz b bsz b", "b bsz b bsz b"), 2),
        (("b bsz b bsz b", "bsz b bsz b bsz"), 2),
        (("zb bs zb bs zbs",), 2),
        (("bb bbsz bb bbsz",), 2),
        (("bsz bsz bsz",), 0),  # a step each: nothing is collected
        (("b bs b bs",), 0),  # never cleared
        (("zb zbs zb zbs",), 0),  # the first of two is dropped
        (("b bsz - bsz b bsz",), 0),  # one gives no gradient
        (("b bsz b b bsz b bsz",), 0),  # no rule
        (("b b",), 0),  # no step
    ],
)
def test_the_number_of_batches_for_a_step_is_found(epochs: tuple[str, ...], size: int) -> None:
    groups = _groups(events(*epochs))
    assert (_size(groups, len(epochs[0].split())) if groups else 0) == size


@pytest.mark.parametrize(
    ("epochs", "batches", "right"),
    [
        (("b bsz b bsz", "b bsz b bsz"), 5, True),  # the last of five is not drawn
        (("b bsz b bsz", "b bsz b bsz"), 6, False),  # two are not: enough for a step
        (("b bsz b bsz b", "bsz b bsz b bsz"), 5, True),
    ],
)
def test_what_is_left_over_is_less_than_a_step_takes(
    epochs: tuple[str, ...], batches: int, right: bool
) -> None:
    seen = events(*epochs)
    places = _places(seen, batches)
    placed = [tuple(places[k] for k in group) for group in _groups(seen)]
    assert _size(placed, batches) == 2
    assert _to_the_end(placed, batches, 2) is right
