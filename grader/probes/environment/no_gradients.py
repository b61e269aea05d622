"""Lets nothing compute a gradient, to see what a program learns without any."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without_gradients() -> Iterator[None]:
    """Let ``backward`` do nothing and ``torch.autograd.grad`` return zeros while this lasts."""
    with (
        mock.patch.object(torch.Tensor, "backward", _nothing),
        mock.patch.object(torch.autograd, "backward", _nothing),
        mock.patch.object(torch.autograd, "grad", _zeros),
    ):
        yield


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    pass


def _zeros(_outputs: Any, inputs: Any, *_args: Any, **_kwargs: Any) -> tuple[torch.Tensor, ...]:
    given = (inputs,) if isinstance(inputs, torch.Tensor) else tuple(inputs)
    return tuple(torch.zeros_like(one) for one in given)
