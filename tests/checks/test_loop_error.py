"""An exception of a loop is told with its batch, and with its reason where the order shows it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checks.step_order.loop_error import stopped

CHALLENGE: Any = {
    "sizes": [24, 24, 16],
    "form": None,
    "weights": {
        "lin_1": (np.zeros((8, 784)), np.zeros(8)),
        "lin_2": (np.zeros((10, 8)), np.zeros(10)),
    },
}
NAMES = {"f": ["forward", True, True], "z": ["zero_grad", True, True], "s": ["step"]}
NAMES |= {"b": ["backward", True]}
STALE = "one of the variables has been modified by an inplace operation"
USED_UP = "Trying to backward through the graph a second time"


def remark(*batches: str, under_way: list[int], message: str = "boom") -> Any:
    events: list[Any] = [["epoch"]]
    for batch in batches:
        events += [["batch"], *(NAMES[letter] for letter in batch)]
    error = {"type": "RuntimeError", "message": message, "frames": []}
    run: Any = {"error": error, "events": events, "under_way": under_way}
    return stopped(run, CHALLENGE)


@pytest.mark.parametrize(
    ("batches", "under_way", "when"),
    [
        (["f"], [1, 1], "on batch 1"),
        (["fzbs", "f"], [1, 2], "on batch 2"),
        (["fzbs"] * 3 + ["f"], [2, 1], "on batch 1 of epoch 2"),
        (["fzbs"] * 3, [], "after batch 3"),
        (["fzbs"] * 2, [], "on batch 2"),
        ([], [], "before the first batch"),
    ],
)
def test_the_batch_is_told(batches: list[str], under_way: list[int], when: str) -> None:
    found = remark(*batches, under_way=under_way)
    assert (found.code, found.facts["when"]) == ("raises", when)
    assert found.facts["worked"] == max(len(batches) - 1, 0)


def test_the_sizes_of_the_judges_model_are_explained() -> None:
    found = remark("f", under_way=[1, 1], message="mat1 and mat2 (24x784 and 8x10)")
    assert found.facts["when"] == (
        "on batch 1 (24 images, with a small model of 784 → 8 → 10 numbers)"
    )
    third = remark("fzbs", "fzbs", "f", under_way=[1, 3], message="size 8")
    assert "(16 images, " in third.facts["when"]


@pytest.mark.parametrize(
    ("last", "message", "code"),
    [
        ("fs", STALE, "stale_gradient"),
        ("fz", STALE, "loss_of_earlier_batches"),
        ("f", USED_UP, "loss_of_earlier_batches"),
        ("fs", USED_UP, "loss_of_earlier_batches"),
        ("fb", USED_UP, "raises"),
        ("f", "something else", "raises"),
    ],
)
def test_the_order_explains_some_exceptions(last: str, message: str, code: str) -> None:
    assert remark("fzbs", last, under_way=[1, 2], message=message).code == code


def test_the_first_batch_has_no_earlier_one() -> None:
    assert remark("f", under_way=[1, 1], message=USED_UP).code == "raises"


def test_lack_of_memory_has_its_own_code() -> None:
    found = remark("f", under_way=[1, 1], message="can't allocate memory: 5 GB")
    assert found.code == "out_of_memory"
