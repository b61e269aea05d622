"""Tells images apart by one number each, whatever portions they come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    import numpy as np

# The number of one image, computed among others: what the order of additions changes is below.
_SAME = 1e-3


def numbers(inputs: Any, projection: torch.Tensor) -> torch.Tensor | None:
    """Return a number for each row of some inputs (…, D), ``None`` where they are no rows."""
    if not isinstance(inputs, torch.Tensor) or not inputs.dim() or inputs.is_complex():
        return None
    if inputs.shape[-1] != len(projection):
        return None
    rows: torch.Tensor = inputs.detach().to("cpu", projection.dtype) @ projection
    return rows.reshape(-1)


class KnownRows:
    """The images of a scene, found again by their numbers."""

    def __init__(self, images: torch.Tensor, projection: np.ndarray) -> None:
        """Take images (N, …) and the factors (D,) that make a number of each."""
        self._projection = torch.from_numpy(projection).float()
        self._numbers, self._places = (images.flatten(1) @ self._projection).sort()

    def places(self, inputs: Any) -> torch.Tensor | None:
        """Return which image each row is, ``None`` where one is none of them."""
        found = numbers(inputs, self._projection)
        if found is None:
            return None
        after = torch.searchsorted(self._numbers, found).clamp(1, len(self._numbers) - 1)
        nearer = (found - self._numbers[after - 1]) < (self._numbers[after] - found)
        nearest = after - nearer.long()
        if bool(((self._numbers[nearest] - found).abs() > _SAME).any()):
            return None
        return self._places[nearest]
