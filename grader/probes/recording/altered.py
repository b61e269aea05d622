"""Tells whether the gradients that parameters have are those that backward computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# By this share of the largest a gradient is another one.
_ALTERED = 1e-3


def altered(parameters: Iterable[torch.Tensor], pieces: Mapping[int, torch.Tensor]) -> bool:
    """Whether gradients that are stored are no longer the ``pieces``, by a parameter's number."""
    pairs = ((p.grad, pieces.get(k)) for k, p in enumerate(parameters))
    known = [(now, was) for now, was in pairs if now is not None and was is not None]
    return any(
        now.shape == was.shape
        and bool((now - was).abs().max() > _ALTERED * was.abs().max())
        and bool(torch.isfinite(was).all())
        for now, was in known
    )
