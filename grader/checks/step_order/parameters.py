"""Which of the stand-in model's parameters a worker tells of, and where each lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


def watched_layers(challenge: dict[str, Any]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return weight (out, in) and bias (out,) of each layer, as they are at first.

    Of the first layer's weights only those of lit pixels are watched: the others, multiplied by
    nothing, have no gradient.
    """
    layers = dict(challenge["weights"])
    first = next(iter(layers))
    weight, bias = layers[first]
    return {**layers, first: (weight[:, challenge["lit"]], bias)}


def parameter_slices(challenge: dict[str, Any]) -> dict[str, slice]:
    """Return where each parameter of the judge's model lies among all that are watched, flat."""
    found: dict[str, slice] = {}
    start = 0
    for layer, (weight, bias) in watched_layers(challenge).items():
        for name, values in (("weight", weight), ("bias", bias)):
            found[f"{layer}.{name}"] = slice(start, start + values.size)
            start += values.size
    return found
