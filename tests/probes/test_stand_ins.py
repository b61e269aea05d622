"""The judge's own models may have layers of any name that a notebook gives them."""

from __future__ import annotations

import numpy as np
import torch

from grader.probes.doubles.stand_ins import KnownClassifier


def test_a_layer_may_be_called_hidden() -> None:
    weight, bias = np.eye(2, 4, dtype=np.float32), np.zeros(2, dtype=np.float32)
    layers = [("hidden", 4, 8), ("output", 8, 2)]
    model = KnownClassifier(weight, bias, layers, (), {}, lambda *_seen: None).eval()
    found = model(torch.eye(4)[:2]).argmax(dim=1)
    assert found.tolist() == [0, 1]
    assert model.hidden.weight.shape == (8, 4)
