"""What the drawn scenes of the evaluation check promise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.assignment import all_assignments
from grader.checks import generator
from grader.checks.eval_accuracy.challenge import draw

MLP = next(one for one in all_assignments() if one.id == "mlp")
CHECK = next(check for check in MLP.checks if check.kind == "eval_accuracy")


def scenes(seed: int) -> list[dict[str, Any]]:
    drawn = draw(generator(seed, CHECK.id), CHECK)
    found: list[dict[str, Any]] = drawn["scenes"]
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_images_have_an_accuracy_that_no_share_of_them_has(seed: int) -> None:
    many = max(scenes(seed), key=lambda scene: len(scene["sizes"]))
    count = sum(many["sizes"])
    assert len(many["sizes"]) > 32
    assert count - sum(many["sizes"][-20:]) > 1000
    assert all(count % k for k in range(2, int(count**0.5) + 1))
    assert len(many["order"]) == count


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_script_has_a_batch_all_right_and_one_of_the_right_digits(seed: int) -> None:
    for scene in (one for one in scenes(seed) if one["told"]):
        ends = np.cumsum(scene["sizes"])
        predicted = np.split(scene["scripted"].argmax(axis=1), ends[:-1])
        labels = np.split(scene["labels"], ends[:-1])
        assert (predicted[-1] == labels[-1]).all()
        assert sorted(predicted[-2]) == sorted(labels[-2])
        assert not (predicted[-2] == labels[-2]).all()
        assert 0 < (predicted[0] == labels[0]).sum() < scene["sizes"][0]
