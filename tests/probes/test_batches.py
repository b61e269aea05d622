"""The judge's batches: their order, and several of them read at once."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from grader.probes.doubles.batches import Batches
from grader.probes.doubles.pictures import Pictures

IMAGES = np.arange(9 * 4, dtype=np.uint8).reshape(9, 4)
LABELS = np.arange(9)
ORDER = np.array([4, 0, 8, 1, 7, 2, 6, 3, 5])


def batches(sizes: list[int], ahead: int = 0) -> Batches:
    return Batches(Pictures(IMAGES, (1, 2, 2), LABELS), sizes, order=ORDER, ahead=ahead)


@pytest.mark.parametrize("ahead", [0, 1, 4, 5, 100])
@pytest.mark.parametrize("sizes", [[9], [1] * 9, [4, 1, 3, 1], [5, 4]])
def test_batches_are_the_same_however_many_are_read_at_once(sizes: list[int], ahead: int) -> None:
    seen = [(len(images), labels.tolist()) for images, labels in batches(sizes, ahead)]
    assert [size for size, _ in seen] == sizes
    assert [label for _, labels in seen for label in labels] == ORDER.tolist()


def test_the_data_set_keeps_its_own_order() -> None:
    assert batches([9]).dataset.targets.tolist() == LABELS.tolist()


def test_a_change_in_place_does_not_reach_the_next_pass() -> None:
    loader = batches([2, 2, 5], ahead=9)
    for images, labels in loader:
        images.zero_()
        labels.zero_()
    again = torch.cat([labels for _, labels in loader])
    assert again.tolist() == ORDER.tolist()


def test_images_that_are_few_are_the_same_as_many() -> None:
    order = np.arange(200) % len(IMAGES)
    few = Pictures(IMAGES, (1, 2, 2), LABELS, order)
    many = Pictures(np.repeat(IMAGES, 30, axis=0), (1, 2, 2), np.repeat(LABELS, 30), order * 30)
    assert torch.equal(few[:][0], many[:][0])
