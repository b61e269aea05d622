"""Tells images apart by one number each, in whatever portions they come."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    import numpy as np

# The order of additions changes the number of an image by less than this.
_SAME = 1e-3


def numbers(inputs: Any, projection: torch.Tensor) -> torch.Tensor | None:
    """Return a number for each row of inputs (…, D), ``None`` for inputs of another form."""
    if not isinstance(inputs, torch.Tensor) or not inputs.dim() or inputs.is_complex():
        return None
    if inputs.shape[-1] != len(projection):
        return None
    with (
        torch.autocast("cpu", enabled=False) if torch.is_autocast_enabled("cpu") else nullcontext()
    ):
        rows: torch.Tensor = inputs.detach().to("cpu", projection.dtype) @ projection
    return rows.reshape(-1)


class KnownRows:
    """The images of a scene, found again by their numbers."""

    def __init__(self, images: torch.Tensor, projection: np.ndarray) -> None:
        """Take images (N, …) and the factors (D,) that make one number of each."""
        self._projection = torch.from_numpy(projection).float()
        self._numbers, self._places = (images.flatten(1) @ self._projection).sort()

    def places(self, inputs: Any) -> torch.Tensor | None:
        """Return the number of the image that each row is, ``None`` where a row is none."""
        found = numbers(inputs, self._projection)
        if found is None:
            return None
        after = torch.searchsorted(self._numbers, found).clamp(1, len(self._numbers) - 1)
        nearer = (found - self._numbers[after - 1]) < (self._numbers[after] - found)
        nearest = after - nearer.long()
        if bool(((self._numbers[nearest] - found).abs() > _SAME).any()):
            return None
        return self._places[nearest]
