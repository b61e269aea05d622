"""Data loaders of the judge's own: in-process, in a known order, and aware of being read."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import torch
from torch.utils.data import DataLoader

from grader.probes.environment.running import student_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.probes.doubles.pictures import Pictures


class Batches(DataLoader[Any]):
    """A ``DataLoader`` with batches of given sizes, always the same ones in the same order.

    ``on_start`` is told of every pass, ``on_batch`` of every batch before it is handed out.
    ``passes`` limits how often it can be run through: 1 behaves as a generator does. ``begun``
    counts the passes that were tried; ``ended`` is the number of the last that came to its end.
    """

    def __init__(
        self,
        data: Pictures,
        sizes: Sequence[int],
        *,
        on_batch: Callable[[int], None] = lambda _k: None,
        on_start: Callable[[], None] = lambda: None,
        passes: int | None = None,
    ) -> None:
        super().__init__(data, batch_size=max(sizes), num_workers=0)
        # DataLoader refuses to have its own attributes changed, not to have more of them.
        self.places = list(torch.arange(sum(sizes)).split(list(sizes)))
        self.on_batch, self.on_start = on_batch, on_start
        self.left = passes
        self.begun = 0
        self.ended = 0
        self.open = 0
        self.given_up: tuple[int, list[int] | None] = (0, None)

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        self.begun += 1
        this = self.begun
        if self.left == 0:
            return
        if self.left is not None:
            self.left -= 1
        self.on_start()
        self.open += 1
        number = -1
        try:
            for number, place in enumerate(self.places):
                self.on_batch(number)
                # Picked anew each time: a student who works in place must not change the next pass.
                yield list(self.dataset[place])
            number, self.ended = -1, this
        finally:  # reached too where the pass is given up: by a break, or by an exception
            self.open -= 1
            self.given_up = (number + 1, student_line())

    def at(self, error: dict[str, Any]) -> int:
        """Return the number of the batch, from 1, on which an exception ended the pass; else 0."""
        number, line = self.given_up
        return number if line in error["frames"] else 0


def datasets(batches: Batches) -> dict[str, Any]:
    """Return what stands for the notebook's data sets, by role."""
    test: Any = copy.copy(batches.dataset)
    test.train = False
    return {"train_data": batches.dataset, "test_data": test}


# PyTorch's messages name classes; to a student this one is the notebook's own loader.
Batches.__name__ = Batches.__qualname__ = "DataLoader"
