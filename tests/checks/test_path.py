"""Where parameters leave the reference's path, and how far they are off."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checks.step_order.events import read_trace
from grader.checks.step_order.path import different, distances, facts_of, followed, follows

BATCH = [["batch"], ["forward", True, True], ["zero_grad", True, True], ["backward", True]]


def run(*states: float, epochs: int = 2, done: int | None = None) -> Any:
    """Parameters after each batch, in epochs of two batches; ``done`` of them make a step."""
    count = 2 * epochs
    steps = [[*BATCH, ["step"]] if done is None or k < done else BATCH for k in range(count)]
    events: list[Any] = []
    for k, batch in enumerate(steps):
        events += [["epoch"], *batch] if k % 2 == 0 else batch
    return {"states": np.array(states, dtype=float)[:, None], "events": events}


WANTED = run(0, 1, 2, 3, 4)


def test_distances_are_relative_to_the_way_gone() -> None:
    off = distances(run(0, 1, 3, 3, 5)["states"], WANTED["states"])
    assert off.tolist() == pytest.approx([0, 0.5, 0, 0.25])


def test_what_moves_where_the_reference_stands_is_infinitely_far() -> None:
    still, moving = np.zeros((2, 1)), np.array([[0.0], [1.0]])
    assert distances(still, still).tolist() == [0]
    assert distances(moving, still).tolist() == [np.inf]


@pytest.mark.parametrize(
    ("got", "right"),
    [
        (run(0, 1, 2, 3, 4), True),
        (run(0, 1, 2, 3, 4.0001), True),
        (run(0, 1, 2, epochs=1), True),
        (run(0, 1, 2, 3, 4.1), False),
        (run(0, 1, 2, 3), False),
        (run(0), False),
        (run(0, 1, 2, 3, np.nan), False),
    ],
)
def test_a_path_is_followed_for_whole_epochs(got: Any, right: bool) -> None:
    assert follows(got, WANTED) is right


@pytest.mark.parametrize(("done", "right"), [(2, True), (3, True), (1, False)])
def test_a_stopped_run_has_to_follow_for_an_epoch(done: int, right: bool) -> None:
    stopped = run(*range(done + 1), done, done=done)
    assert followed(stopped, WANTED) is right


def test_facts_tell_where_the_drift_begins() -> None:
    got = run(0, 1, 3, 6, 10)
    facts = facts_of(got, WANTED, read_trace(got["events"]))
    assert facts["got"] == "forward → zero_grad → backward → step"
    assert (facts["first"], facts["second"], facts["last"]) == ("0 %", "50 %", "150 %")
    assert "50 % of the way off after 2 batches, 150 % after 4" in str(facts["drift"])
    other = run(0, 2, 4, 6, 8)
    assert facts_of(other, WANTED, read_trace(other["events"]))["drift"] == ""


@pytest.mark.parametrize(
    ("got", "code", "batch"),
    [
        (run(0, 2, 2, 3, 4), "different_first_step", 1),
        (run(0, 1, 2, 9, 4), "different_path", 3),
        (run(0, 1, 2, 3), "too_few_batches", None),
    ],
)
def test_the_first_batch_off_the_path_is_named(got: Any, code: str, batch: int | None) -> None:
    remark = different([(WANTED, WANTED), (got, WANTED)])
    assert (remark.code, remark.facts.get("batch")) == (code, batch)
