"""Sees what lies behind the tensors of ``torch.func``'s transforms, and of ``torch.vmap``."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch._C import _functorch as functorch
from torch._functorch.pyfunctorch import temporarily_clear_interpreter_stack

if TYPE_CHECKING:
    from collections.abc import Iterator


def in_transform() -> bool:
    """Whether a transform is under way: its tensors are wrapped, and have no data of their own."""
    return functorch.peek_interpreter_stack() is not None


@dataclass(frozen=True)
class Behind:
    """The ``rows`` (N, D) that a model is really given, all of a ``vmap``'s at once.

    ``added`` are the transforms' axes, the outermost first: the level and the size of each.
    ``inner`` is the shape, without the last axis, of what the function sees.
    """

    rows: Any
    added: tuple[tuple[int, int], ...] = ()
    inner: tuple[int, ...] = ()

    def again(self, result: torch.Tensor) -> torch.Tensor:
        """Return a result (N, C) for the rows as the function has to see it."""
        if not self.added:
            return result
        sizes = [size for _, size in self.added]
        result = result.reshape(*sizes, *self.inner, result.shape[-1])
        for level, _ in self.added:
            result = functorch._add_batch_dim(result, 0, level)  # noqa: SLF001
        return result


@contextmanager
def behind_transforms(inputs: Any) -> Iterator[Behind]:
    """Yield the rows behind a tensor; while this lasts no transform is under way."""
    if not isinstance(inputs, torch.Tensor) or not in_transform():
        yield Behind(inputs)
        return
    inner, axes = tuple(inputs.shape[:-1]), list[tuple[int, int]]()
    while functorch.is_functorch_wrapped_tensor(inputs):
        level, axis = functorch.maybe_get_level(inputs), functorch.maybe_get_bdim(inputs)
        if axis >= 0:  # else a transform that adds no axis
            axes.insert(0, (level, axis))
        inputs = functorch.get_unwrapped(inputs)
    with temporarily_clear_interpreter_stack():
        for number, (_, axis) in enumerate(axes):  # each among those that were left
            inputs = inputs.movedim(axis + number, number)
        added = tuple((level, inputs.shape[k]) for k, (level, _) in enumerate(axes))
        yield Behind(inputs.reshape(-1, inputs.shape[-1]) if added else inputs, added, inner)
