"""Data loaders of the judge's own: in-process, in a known order, and aware of being read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.utils.data import DataLoader, TensorDataset

from grader.probes.running import student_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np


def images_tensor(images: np.ndarray, shape: Sequence[int]) -> torch.Tensor:
    """Return uint8 images as float32 in [0, 1] of shape (N, *shape), as ``ToTensor`` gives them."""
    return torch.from_numpy(images.copy()).to(torch.float32).div_(255).reshape(-1, *shape)


class Batches(DataLoader[Any]):
    """A ``DataLoader`` with batches of given sizes, always the same ones in the same order.

    ``on_start`` is told of every pass, ``on_batch`` of every batch before it is handed out.
    ``passes`` limits how often it can be run through: 1 behaves as a generator does.
    """

    def __init__(
        self,
        inputs: torch.Tensor,
        labels: torch.Tensor,
        sizes: Sequence[int],
        *,
        on_batch: Callable[[int], None] = lambda _k: None,
        on_start: Callable[[], None] = lambda: None,
        passes: int | None = None,
    ) -> None:
        data = TensorDataset(inputs, labels)
        # What the notebook's own data sets have beside their items.
        data.data, data.targets = inputs, labels  # type: ignore[attr-defined]
        super().__init__(data, batch_size=max(sizes), num_workers=0)
        # DataLoader refuses to have its own attributes changed, not to have more of them.
        self.batches = list(zip(inputs.split(list(sizes)), labels.split(list(sizes)), strict=True))
        self.on_batch, self.on_start = on_batch, on_start
        self.left = passes
        self.open = 0
        self.given_up: tuple[int, list[int] | None] = (0, None)

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        if self.left == 0:
            return
        if self.left is not None:
            self.left -= 1
        self.on_start()
        self.open += 1
        number = -1
        try:
            for number, (inputs, labels) in enumerate(self.batches):
                self.on_batch(number)
                # A copy: a student who works in place must not change the next pass.
                yield [inputs.clone(), labels.clone()]
            number = -1
        finally:  # reached too where the pass is given up: by a break, or by an exception
            self.open -= 1
            self.given_up = (number + 1, student_line())

    def at(self, error: dict[str, Any]) -> int:
        """Return the number of the batch, from 1, on which an exception ended the pass; else 0."""
        number, line = self.given_up
        return number if line in error["frames"] else 0


def datasets(batches: Batches) -> dict[str, Any]:
    """Return what stands for the notebook's data sets, by role."""
    return {"train_data": batches.dataset, "test_data": batches.dataset}


# PyTorch's messages name classes; to a student this one is the notebook's own loader.
Batches.__name__ = Batches.__qualname__ = "DataLoader"
