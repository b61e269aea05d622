"""Tells whether a notebook's own loss is a mean, a sum, or one number for each image."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import cross_entropy

from grader.probes.environment.running import Namespace, StudentError

_IMAGES, _CLASSES = 3, 10
_OTHERS = ("sum", "none")


def reduction_of(runner: Namespace) -> str:
    """Return "sum" or "none" where the notebook's own loss is one of these, else "mean".

    A loss of PyTorch's says so itself; a function shows it by what it returns.
    """
    for loss in runner.own("loss"):
        try:
            found = runner.call(_told, loss)
        except StudentError:
            continue
        if found in _OTHERS:
            return str(found)
    return "mean"


def _told(loss: Any) -> str:
    if isinstance(loss, torch.nn.Module) and type(loss).__module__.startswith("torch."):
        return str(getattr(loss, "reduction", ""))
    scores = torch.arange(_IMAGES * _CLASSES, dtype=torch.float32).reshape(_IMAGES, _CLASSES).sin()
    labels = torch.arange(_IMAGES)
    value = loss(scores, labels)
    for reduction in _OTHERS:
        wanted = cross_entropy(scores, labels, reduction=reduction)
        if value.shape == wanted.shape and torch.allclose(value, wanted):
            return reduction
    return ""
