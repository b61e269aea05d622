"""The judge's own data loader: in-process, in a known order, with a callback for each batch."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import torch
from torch.utils.data import DataLoader

from grader.probes.environment.lines import student_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.probes.doubles.pictures import Pictures


class Batches(DataLoader[Any]):
    """A ``DataLoader`` with batches of given sizes, always the same ones in the same order.

    ``on_start`` is called for every pass, ``on_batch`` with every batch's number before it is
    yielded, ``on_stop`` where the reader leaves a pass. ``passes`` limits how often it can be read:
    with 1 it behaves as a generator does. ``begun`` counts the passes that were begun, ``ended`` is
    the number of the last complete one, and ``open`` counts those that are under way.
    """

    def __init__(
        self,
        data: Pictures,
        sizes: Sequence[int],
        *,
        on_batch: Callable[[int], None] = lambda _k: None,
        on_start: Callable[[], None] = lambda: None,
        on_stop: Callable[[], None] = lambda: None,
        passes: int | None = None,
    ) -> None:
        super().__init__(data, batch_size=max(sizes), num_workers=0)
        # DataLoader forbids changing its own attributes; adding others is allowed.
        self.places = list(torch.arange(sum(sizes)).split(list(sizes)))
        self.on_batch, self.on_start, self.on_stop = on_batch, on_start, on_stop
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
                # Copied each time, so that in-place changes do not reach the next pass.
                yield list(self.dataset[place])
            number, self.ended = -1, this
        finally:  # also after a break or an exception in the loop
            self.open -= 1
            self.given_up = (number + 1, student_line())
            if self.ended != this:
                self.on_stop()

    def at(self, error: dict[str, Any]) -> int:
        """Return the number of the batch, from 1, at which an exception ended the pass; else 0."""
        number, line = self.given_up
        return number if line in error["frames"] else 0


def datasets(batches: Batches) -> dict[str, Any]:
    """Return the stand-ins for the notebook's data sets, by role."""
    test: Any = copy.copy(batches.dataset)
    test.train = False
    return {"train_data": batches.dataset, "test_data": test}


# PyTorch's messages name classes; students know this one by the name of the notebook's loader.
Batches.__name__ = Batches.__qualname__ = "DataLoader"
