"""Tells the batches of a loop that takes them out of a tensor, by its forward passes."""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn.modules.module import register_module_forward_pre_hook

from grader.probes.doubles.batches import NoBatchesError
from grader.probes.environment.running import Enough

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import nn

    from grader.probes.doubles.batches import Batches

# How far a second permutation is from the first: no image stays with its label.
_TURN = 7


class WithoutLoader:
    """Calls the judge's batches' callbacks where a loop runs without them, at each forward pass.

    Images are counted: an epoch has gone through as many as there are. ``sizes`` are those of the
    first epoch's batches.
    """

    def __init__(
        self, batches: Batches, unless: Callable[[], bool] = lambda: False, most: int | None = None
    ) -> None:
        """Do nothing where the loop draws batches, or ``unless`` holds at its first forward pass.

        After the ``most`` batches no further one is begun.
        """
        self.batches, self.unless, self.most = batches, unless, most
        self.images = sum(batches.sizes)
        self.sizes: list[int] = []
        self.begun: int | None = None
        self.at = self.count = self.epochs = 0

    def begin(self, model: nn.Module | None = None, order: InOrder | None = None) -> None:
        """Take the passes up to now for a preparation; see the forward passes of a ``model``."""
        self.begun = self.batches.begun
        if model is not None and order is not None:
            model.register_forward_pre_hook(self._within(order))

    @contextmanager
    def watching(self, kind: type) -> Iterator[None]:
        """See the forward passes of all models of a class while this lasts."""

        def seen(model: nn.Module, given: tuple[Any, ...]) -> None:
            if isinstance(model, kind):
                self.sees(model, given)

        hook = register_module_forward_pre_hook(seen)
        try:
            yield
        finally:
            hook.remove()

    def _within(self, order: InOrder) -> Callable[[nn.Module, tuple[Any, ...]], None]:
        def seen(model: nn.Module, given: tuple[Any, ...]) -> None:
            order.begin()
            self.sees(model, given)

        return seen

    def sees(self, _model: nn.Module, given: tuple[Any, ...]) -> None:
        """Begin a batch, and an epoch where it is time for one, before a forward pass."""
        if self.begun is None or not torch.is_grad_enabled() or self.batches.begun != self.begun:
            return
        rows = next(iter(given), None)
        if (
            not isinstance(rows, torch.Tensor)
            or not rows.dim()
            or (not self.count and self.unless())
        ):
            return
        try:
            self._begin_batch(len(rows))
        except NoBatchesError:
            raise Enough from None
        self.count += 1
        self.at = (self.at + len(rows)) if self.at + len(rows) < self.images else 0

    def _begin_batch(self, size: int) -> None:
        if self.at == 0 or self.count == self.most:
            if self.epochs:
                self.batches.on_end()
            self.batches.on_start()
            self.epochs += 1
            self.at = 0
        if self.epochs == 1:
            self.sizes.append(size)
        self.batches.on_batch(self.count)


class InOrder:
    """Permutations of all images: the first after a forward pass leaves them in their order."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked = 0

    def begin(self) -> None:
        """Let the next permutation be the first."""
        self.asked = 0

    def turned(self, values: Any) -> Any:
        """Return so many values in their order; further ones in another, as two draws are."""
        by = _TURN * self.asked % self.count
        self.asked += 1
        if isinstance(values, list):
            return values[self.count - by :] + values[: self.count - by]
        return np.roll(values, by, axis=0)


@contextmanager
def in_order(count: int) -> Iterator[InOrder]:
    """Let a loop that shuffles ``count`` images itself meet them in their order while this lasts.

    A loader of the judge's has an order of its own, too, whatever is asked for.
    """
    order = InOrder(count)
    permuted, permutation = torch.randperm, np.random.permutation
    shuffle, np_shuffle = random.shuffle, np.random.shuffle

    def randperm(n: Any, *args: Any, **kwargs: Any) -> Any:
        drawn = permuted(n, *args, **kwargs)
        return torch.from_numpy(order.turned(np.arange(n))).to(drawn) if n == count else drawn

    def np_permutation(x: Any) -> Any:
        drawn = permutation(x)
        if len(drawn) != count:
            return drawn
        return order.turned(np.arange(count) if np.ndim(x) == 0 else np.asarray(x))

    def in_place(original: Any) -> Any:
        def shuffled(x: Any, *args: Any) -> None:
            if len(x) != count:
                original(x, *args)
                return
            x[:] = order.turned(x)

        return shuffled

    torch.randperm = randperm
    np.random.permutation = np_permutation
    random.shuffle, np.random.shuffle = in_place(shuffle), in_place(np_shuffle)
    try:
        yield order
    finally:
        torch.randperm, np.random.permutation = permuted, permutation
        random.shuffle, np.random.shuffle = shuffle, np_shuffle
