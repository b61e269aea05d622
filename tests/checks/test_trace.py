"""Reading the events of a loop."""

from __future__ import annotations

import pytest

from grader.checks.step_order.events import read_trace


def events(*epochs: list[str]) -> list[list[object]]:
    """Events from words a batch: f(orward) z(ero_grad) b(ackward, clean) B(not clean) s(tep)."""
    names = {"f": ["forward", True], "z": ["zero_grad", True, True], "s": ["step"]}
    names |= {"b": ["backward", True], "B": ["backward", False]}
    found: list[list[object]] = []
    for batches in epochs:
        found.append(["epoch"])
        for batch in batches:
            found.append(["batch"])
            found += [names[letter] for letter in batch]
    return found


@pytest.mark.parametrize("order", ["fzbs", "zfbs", "fbsz"])
def test_lawful_orders(order: str) -> None:
    trace = read_trace(events([order] * 3, [order] * 3))
    assert trace.in_order
    assert (
        trace.doubled("step") is trace.cleared_before_step() is trace.step_before_backward() is None
    )
    assert not any(trace.once_per_epoch(name) for name in ("zero_grad", "backward", "step"))


@pytest.mark.parametrize(
    ("batches", "shown"),
    [
        (["fbzs"] * 3, "cleared_before_step"),
        (["fzsb"] * 3, "step_before_backward"),
    ],
)
def test_wrong_orders(batches: list[str], shown: str) -> None:
    trace = read_trace(events(batches, batches))
    assert not trace.in_order
    assert getattr(trace, shown)() is not None


def test_doubled_and_left_over() -> None:
    trace = read_trace(events(["fzbss"] * 3))
    assert trace.doubled("step") == ("forward", "zero_grad", "backward", "step", "step")
    assert not trace.in_order
    assert not read_trace(events(["fBs"] * 3)).in_order


def test_once_per_epoch() -> None:
    clears = read_trace(events(["fzbs", "fBs", "fBs"], ["fzbs", "fBs", "fBs"]))
    assert clears.once_per_epoch("zero_grad")
    assert not clears.once_per_epoch("step")
    steps = read_trace(events(["fzb", "fzb", "fzbs"], ["fzb", "fzb", "fzbs"]))
    assert steps.once_per_epoch("step")


@pytest.mark.parametrize(
    ("batches", "name", "count"),
    [
        (["fzbs", "fzb", "fzbs"], "step", 1),
        (["fzbs", "fz", "fz"], "backward", 2),
        (["fzbs"] * 3, "step", 0),
        (["fzb"] * 3, "step", 0),
    ],
)
def test_a_line_that_some_batches_lack(batches: list[str], name: str, count: int) -> None:
    assert read_trace(events(batches)).left_out(name) == count


def test_a_zero_grad_of_something_else_clears_nothing() -> None:
    trace = read_trace(
        [
            ["epoch"],
            ["batch"],
            ["zero_grad", False, True],
            ["backward", True],
            ["batch"],
            ["backward", False],
        ]
    )
    assert not trace.cleared
    assert not trace.clean
    assert trace.batches[0] == ("backward",)
