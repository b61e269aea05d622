"""The judge's own data loader: in-process, in a known order, with a callback for each batch."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import torch
from torch.utils.data import DataLoader

from grader.probes.environment.lines import student_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np

    from grader.probes.doubles.pictures import Pictures


_FIRST = 8


class NoBatchesError(Exception):
    """Raised by ``on_start`` or ``on_batch``: the pass has no batch, or no further one."""


class Batches(DataLoader[Any]):
    """A ``DataLoader`` with batches of given sizes, always the same ones in the same order.

    If it ``reshuffles``, each pass after the first brings the images in an order of its own.
    ``order`` (N,) says which item of the data set the k-th image is, by default the k-th: it is
    the order of a loader that shuffles. ``ahead`` is how many images may be read at once, where
    the batches are small: reading takes longer than the rest.

    ``on_start`` is called for every pass, ``on_batch`` with every batch's number before it is
    yielded, ``on_end`` after the last one, ``on_stop`` where the reader leaves a pass, ``on_again``
    where one that has ended is asked for another batch. ``passes`` limits how often it can be read:
    with 1 it behaves as a generator does. ``begun`` counts the passes that were begun, ``ended`` is
    the number of the last complete one, and ``open`` counts those that are under way. ``begun_at``
    are the lines of student code that began the first passes, ``left_at`` the one at which a pass
    was last given up.
    """

    def __init__(
        self,
        data: Pictures,
        sizes: Sequence[int],
        *,
        on_batch: Callable[[int], None] = lambda _k: None,
        on_start: Callable[[], None] = lambda: None,
        on_stop: Callable[[], None] = lambda: None,
        on_again: Callable[[], None] = lambda: None,
        on_end: Callable[[], None] = lambda: None,
        passes: int | None = None,
        order: np.ndarray | None = None,
        ahead: int = 0,
        reshuffles: bool = False,
    ) -> None:
        super().__init__(data, batch_size=max(sizes), num_workers=0)
        # DataLoader forbids changing its own attributes; adding others is allowed.
        items = torch.arange(sum(sizes)) if order is None else torch.from_numpy(order)
        self.sizes = list(sizes)
        self.places = list(items.split(self.sizes))
        self.reshuffles = reshuffles
        self.ahead = ahead
        self.on_batch, self.on_start, self.on_stop = on_batch, on_start, on_stop
        self.on_again, self.on_end = on_again, on_end
        self.left = passes
        self.begun = 0
        self.ended = 0
        self.open = 0
        self.given_up: tuple[int, list[int] | None] = (0, None)
        self.begun_at: list[list[int] | None] = []
        self.left_at: list[int] | None = None

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        return self.over(self.dataset)

    def over(self, data: Any) -> Iterator[Any]:
        """Begin a pass that takes its items from ``data``, which holds as many as the data set."""
        return _Pass(self._pass(data), self.on_again, len(self))

    def _pass(self, data: Any) -> Iterator[Any]:
        self.begun += 1
        this = self.begun
        if len(self.begun_at) < _FIRST:
            self.begun_at.append(student_line())
        if self.left == 0:
            return
        if self.left is not None:
            self.left -= 1
        if self.reshuffles and this > 1:
            self._reshuffle(this)
        try:
            self.on_start()
        except NoBatchesError:
            return
        self.open += 1
        number = -1
        try:
            for number, batch in enumerate(self._read(data, self.places)):
                self.on_batch(number)
                yield batch
            number, self.ended = -1, this
            self.on_end()
        except NoBatchesError:
            self.ended = this
        finally:  # also after a break or an exception in the loop
            self.open -= 1
            self.given_up = (number + 1, student_line())
            if self.ended != this:
                self.left_at = self.given_up[1]
                self.on_stop()

    def _reshuffle(self, seed: int) -> None:
        items = torch.cat(self.places)
        order = torch.randperm(len(items), generator=torch.Generator().manual_seed(seed))
        self.places = list(items[order].split(self.sizes))

    def _read(self, data: Any, places: list[torch.Tensor]) -> Iterator[list[torch.Tensor]]:
        """Read the batches, several at once where these are small.

        They are copied each time, so that in-place changes do not reach the next pass.
        """
        start = 0
        while start < len(self.sizes):
            end, count = start + 1, self.sizes[start]
            while end < len(self.sizes) and count + self.sizes[end] <= self.ahead:
                count += self.sizes[end]
                end += 1
            columns = data[torch.cat(places[start:end])]
            sizes = self.sizes[start:end]
            yield from map(list, zip(*(column.split(sizes) for column in columns), strict=True))
            start = end

    def at(self, error: dict[str, Any]) -> int:
        """Return the number of the batch, from 1, at which an exception ended the pass; else 0."""
        number, line = self.given_up
        return number if line in error["frames"] else 0


class _Pass:
    """One pass over the batches, as ``iter`` returns it."""

    def __init__(self, batches: Iterator[Any], on_again: Callable[[], None], length: int) -> None:
        self._batches, self._on_again, self._length = batches, on_again, length
        self._over = False

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            return next(self._batches)
        except StopIteration:
            if self._over:
                self._on_again()
            self._over = True
            raise


def datasets(batches: Batches) -> dict[str, Any]:
    """Return the stand-ins for the notebook's data sets, by role."""
    test: Any = copy.copy(batches.dataset)
    test.train = False
    return {"train_data": batches.dataset, "test_data": test}


# PyTorch's messages name classes; students know this one by the name of the notebook's loader.
Batches.__name__ = Batches.__qualname__ = "DataLoader"
_Pass.__name__ = _Pass.__qualname__ = "_MultiProcessingDataLoaderIter"
