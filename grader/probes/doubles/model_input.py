"""What a stand-in model takes: rows of numbers, or images."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import conv2d, linear

if TYPE_CHECKING:
    from collections.abc import Sequence


def as_rows(inputs: Any, image: Sequence[int]) -> Any:
    """Return images (B, *image) as rows (B, D); without an ``image``, the inputs as they are.

    Anything else raises what PyTorch's convolution raises for it, or the linear layer behind one.
    """
    if not image:
        return inputs
    if isinstance(inputs, torch.Tensor) and tuple(inputs.shape[1:]) == tuple(image):
        return inputs.flatten(1)
    seen = conv2d(inputs, torch.zeros(1, image[0], 1, 1))
    # An image without a batch, or of another size.
    return linear(seen.flatten(1), torch.zeros(1, math.prod(image)))
