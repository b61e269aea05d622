"""The stand-in for the notebook's data sets has what torchvision's have."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Subset

from grader.probes.doubles.batches import Batches, datasets
from grader.probes.doubles.pictures import Pictures, images_tensor

IMAGES = np.arange(5 * 28 * 28, dtype=np.uint32).astype(np.uint8).reshape(5, 28 * 28)
LABELS = np.array([3, 0, 9, 3, 1])


def pictures(*order: int) -> Pictures:
    return Pictures(IMAGES, [1, 28, 28], LABELS, np.array(order) if order else None)


def test_items_are_float_images_and_numbers() -> None:
    image, label = pictures()[2]
    assert (image.shape, image.dtype, label) == ((1, 28, 28), torch.float32, 9)
    assert torch.equal(image, images_tensor(IMAGES[2:3], [1, 28, 28])[0])
    images, labels = pictures(4, 0, 1)[torch.tensor([0, 1])]
    assert (images.shape, labels.tolist(), labels.dtype) == ((2, 1, 28, 28), [1, 3], torch.int64)


def test_its_data_is_as_it_lies_in_the_files() -> None:
    data = pictures(1, 1, 2)
    assert (data.data.shape, data.data.dtype) == ((3, 28, 28), torch.uint8)
    assert data.data[2].flatten().tolist() == IMAGES[2].tolist()
    assert (data.targets.tolist(), data.targets.dtype) == ([0, 0, 9], torch.int64)
    assert torch.equal(data.transform(data.data[0].numpy()), data[0][0])
    data.data += 1  # a notebook's own doing
    assert torch.equal(data[2][0], pictures()[2][0])


def test_its_other_attributes() -> None:
    data = pictures()
    assert data.classes[:2] == ["0 - zero", "1 - one"]
    assert len(data.classes) == 10
    assert data.class_to_idx["9 - nine"] == 9
    assert data.target_transform is None
    assert isinstance(data.root, str)
    roles = datasets(Batches(data, [3, 2]))
    assert (roles["train_data"].train, roles["test_data"].train) == (True, False)


@pytest.mark.parametrize(
    ("shape", "classes", "names", "data"),
    [
        ([1, 4, 7], 3, ["0", "1", "2"], (2, 4, 7)),
        ([3, 2, 2], 10, [str(n) for n in range(10)], (2, 3, 2, 2)),
        ([12], 2, ["0", "1"], (2, 12)),
    ],
)
def test_images_that_are_no_digits(
    shape: list[int], classes: int, names: list[str], data: tuple[int, ...]
) -> None:
    images = np.zeros((2, int(np.prod(shape))), np.uint8)
    other = Pictures(images, shape, np.array([0, 1]), classes=classes)
    assert other.classes == names
    assert other.data.shape == data
    assert other[1][0].shape == tuple(shape)


def test_a_notebooks_own_loader_reads_it() -> None:
    loader = DataLoader(pictures(), batch_size=2, shuffle=True)
    assert [tuple(x.shape) for x, _ in loader] == [(2, 1, 28, 28), (2, 1, 28, 28), (1, 1, 28, 28)]
    images, labels = next(iter(DataLoader(Subset(pictures(), [4, 2]), batch_size=2)))
    assert (labels.tolist(), labels.dtype) == ([1, 9], torch.int64)
    assert torch.equal(images[1], pictures()[2][0])
