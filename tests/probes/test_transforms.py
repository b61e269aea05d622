"""Within ``torch.vmap`` the judge's models show what they are really given: all rows at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from grader.probes.doubles.stand_ins import KnownClassifier, ScriptedClassifier

LAYERS = [("hidden", 4, 8), ("output", 8, 2)]
IMAGES = torch.arange(24.0).reshape(6, 2, 2) / 10
PLAIN = IMAGES.reshape(6, 4)


def halves(model: Any) -> Any:
    return torch.vmap(torch.vmap(model))(PLAIN.reshape(2, 3, 4))


CALLS = [
    lambda model: torch.vmap(lambda image: model(image.reshape(-1)))(IMAGES),
    lambda model: torch.vmap(lambda image: model(image.reshape(1, -1))[0])(IMAGES),
    lambda model: torch.vmap(model, in_dims=1)(PLAIN.T),
    lambda model: halves(model).reshape(6, 2),
    lambda model: torch.vmap(model)(PLAIN.reshape(3, 2, 4)).reshape(6, 2),
]


@pytest.mark.parametrize("recording", [True, False])
@pytest.mark.parametrize("call", CALLS)
def test_a_known_model_gives_its_scores(call: Any, *, recording: bool) -> None:
    weight = np.array([[1, -1, 1, -1], [-1, 1, 1, 1]], np.float32)
    bias = np.zeros(2, np.float32)
    model = KnownClassifier(weight, bias, LAYERS, (), {}, lambda *_seen: None).eval()
    with torch.set_grad_enabled(recording):
        assert torch.allclose(call(model), model(PLAIN), atol=1e-5)


@pytest.mark.parametrize("call", CALLS)
def test_a_model_that_is_told_its_scores_sees_all_rows(call: Any) -> None:
    seen: list[list[list[float]]] = []

    def told(rows: torch.Tensor) -> torch.Tensor:
        seen.append(rows.numpy().tolist())
        return torch.from_numpy(rows.numpy()[:, :2] * 2)

    model = ScriptedClassifier(LAYERS, (), {}, told)
    assert torch.equal(call(model), PLAIN[:, :2] * 2)
    assert seen == [PLAIN.tolist()]
