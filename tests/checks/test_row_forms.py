"""Losses in numpy are PyTorch's, and inputs are laid out as the judge's model takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from grader.checks.losses import loss_gradient, loss_value, told_targets
from grader.checks.row_forms import contradictions
from grader.checks.step_order.challenge import draw
from grader.checks.step_order.watched import right_gradient, watched_layers
from grader.probes.doubles.stand_ins import StandInModel
from grader.probes.doubles.trained_on import trained_on

FORMS: dict[str, dict[str, Any]] = {
    "a number": {"input": [6], "target": [1], "loss": "MSELoss"},
    "a single one": {"input": [6], "target": [], "output": [1], "loss": "L1Loss"},
    "a forecast": {"input": [9, 2], "target": [4], "loss": "HuberLoss"},
    "wide rows": {"input": [20, 20], "target": [3], "loss": "SmoothL1Loss"},
    "truth": {"input": [5], "target": [], "loss": "BCEWithLogitsLoss"},
    "a label of tokens": {
        "input": [7],
        "ids": 30,
        "target": [],
        "classes": 4,
        "loss": "CrossEntropyLoss",
    },
    "a label a token": {
        "input": [7],
        "ids": 30,
        "target": [7],
        "output": [7, 4],
        "classes": 4,
        "loss": "CrossEntropyLoss",
    },
    "a label a pixel": {
        "input": [3, 5, 6],
        "target": [5, 6],
        "classes": 4,
        "loss": "CrossEntropyLoss",
    },
    "a label a place, numbers last": {
        "input": [5, 3],
        "target": [5],
        "output": [5, 4],
        "classes": 4,
        "loss": "CrossEntropyLoss",
    },
    "labels of a whole row": {
        "input": [5],
        "target": [3],
        "classes": 4,
        "loss": "CrossEntropyLoss",
    },
    "a number a place": {"input": [2, 5], "target": [5], "loss": "MSELoss"},
}


class _Check:
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = {"layers": ["first", "last"], **options}


@pytest.mark.parametrize("options", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("layers", [["only"], ["first", "last"]], ids=len)
def test_the_right_gradient_is_that_of_pytorch(options: Any, layers: list[str]) -> None:
    check: Any = _Check({**options, "layers": layers})
    challenge = draw(np.random.default_rng(3), check)
    form: Any = trained_on(dict(challenge))
    model = StandInModel(dict(challenge), lambda _m: None, lambda: None, form)
    x, y = form.data()[torch.arange(*np.cumsum(challenge["sizes"])[:2])]
    assert list(x.shape[1:]) == options["input"]
    output = model(x)
    assert list(output.shape[1:]) == options.get("output", list(output.shape[1:]))
    loss = form.loss()(
        output.reshape(y.shape) if not options.get("classes") else _first(output, y), y
    )
    loss.backward()
    got = [p.grad for p in model.parameters()]
    got[0] = got[0][:, torch.from_numpy(challenge["lit"])]
    watched = watched_layers(challenge)
    flat = np.concatenate([one.reshape(-1) for pair in watched.values() for one in pair])
    rows = slice(*np.cumsum(challenge["sizes"])[:2])
    want = right_gradient(flat, challenge, rows)
    found = torch.cat([one.reshape(-1) for one in got]).numpy()
    assert np.linalg.norm(found - want) < 1e-4 * np.linalg.norm(want) > 0


def _first(output: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return scores with the classes where cross-entropy has them."""
    last = output.shape[:-1] == y.shape and output.shape[-1] == 4
    return output.movedim(-1, 1) if last else output


@pytest.mark.parametrize("name", ["MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"])
@pytest.mark.parametrize("scale", [0.1, 3.0])
def test_losses_of_floats_are_those_of_pytorch(name: str, scale: float) -> None:
    rng = np.random.default_rng(1)
    outputs, targets = scale * rng.normal(size=(6, 3)), rng.normal(size=(6, 3))
    given = torch.tensor(outputs, requires_grad=True)
    loss = getattr(nn, name)()(given, torch.tensor(targets))
    loss.backward()
    assert given.grad is not None
    assert np.allclose(loss_gradient(name, outputs, targets, 0), given.grad.numpy())
    assert loss_value(name, outputs, targets, 0) == pytest.approx(loss.item())


@pytest.mark.parametrize("name", ["MSELoss", "BCEWithLogitsLoss", "CrossEntropyLoss"])
def test_targets_are_read_off_a_gradient_of_their_loss_alone(name: str) -> None:
    rng = np.random.default_rng(2)
    outputs = rng.normal(size=(6, 4))
    targets = rng.integers(0, 2, (6, 4 if name != "CrossEntropyLoss" else 2))
    error = loss_gradient(name, outputs, targets, 2)
    told = told_targets(name, outputs, error, 2)
    assert told is not None
    assert np.allclose(told, targets)


LABELS = {"input": [5], "target": [5], "loss": "CrossEntropyLoss", "classes": 3}
NUMBER = {"input": [5], "target": [1], "loss": "MSELoss"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, ["image", "classes"]),
        ({"image": [1, 2, 2], "classes": 2, "loss": "MSELoss"}, ["no images"]),
        ({"input": [5]}, ["target", "loss"]),
        ({**NUMBER, "image": [1, 2, 2]}, ["exclude"]),
        ({**NUMBER, "classes": 2}, ["compares no classes"]),
        ({**NUMBER, "output": [2]}, ["2 numbers"]),
        ({**LABELS, "output": [5, 4]}, ["no scores of the shape"]),
        ({"input": [5], "target": [5], "loss": "CrossEntropyLoss"}, ["classes"]),
        ({**NUMBER, "output": []}, []),
        ({**LABELS, "output": [3, 5]}, []),
        ({**LABELS, "output": [5, 3]}, []),
    ],
)
def test_options_that_do_not_fit_together_are_told(options: Any, says: list[str]) -> None:
    found = [str(error) for error in contradictions(options, ("image", "classes"))]
    assert len(found) == len(says)
    assert all(part in text for part, text in zip(says, found, strict=True))
