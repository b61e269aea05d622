"""Tests how a judge's model takes images where a student's own class lays them out."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from grader.probes.doubles.stand_ins import KnownClassifier, ScriptedClassifier

_LAYERS = (("lin_1", 12, 8), ("lin_2", 8, 3))
_WEIGHT = np.random.default_rng(3).normal(size=(3, 12)).astype(np.float32)


def _class(lay_out):
    class Own(nn.Module):
        def __init__(self, xdim):  # no default size
            super().__init__()
            self.lin_1 = nn.Linear(xdim, 8)
            self.lay_out = nn.Flatten()

        def forward(self, x):
            return self.lin_1(lay_out(self, x))

    return Own


_OWN = {
    "view": lambda _model, x: x.view(-1, 12),
    "a layer": lambda model, x: model.lay_out(x),
    "whatever comes": lambda _model, x: x.flatten(1) if x.dim() > 2 else x,
}
_OTHER = {
    "as it comes": lambda _model, x: x,
    "turned": lambda _model, x: x.transpose(-1, -2).flatten(1) if x.dim() > 2 else x,
    "fails": lambda _model, x: x.no_such_method(),
}


def _model(lay_out):
    calls = []
    model = KnownClassifier(
        _WEIGHT, np.zeros(3, np.float32), _LAYERS, (), {"xdim": 12}, lambda x, _m: calls.append(x)
    ).eval()
    model.borrow_from(_class(lay_out))
    return model, calls


@pytest.mark.parametrize("shape", [(5, 1, 3, 4), (5, 3, 4), (15, 4)], ids=str)
@pytest.mark.parametrize("lay_out", _OWN)
def test_images_are_rows_where_the_own_forward_makes_them_so(lay_out, shape):
    if lay_out != "view" and len(shape) == 2:
        pytest.skip("only a view makes rows of these")
    model, calls = _model(_OWN[lay_out])
    images = torch.randn(shape)
    rows = images.reshape(5, 12)
    torch.testing.assert_close(model(images), model(rows))
    assert [call.shape for call in calls] == [rows.shape] * 2
    assert model.laid_out_at is None  # nothing here is a student's line


@pytest.mark.parametrize("lay_out", _OTHER)
def test_images_stay_as_they_are_elsewhere(lay_out):
    model, calls = _model(_OTHER[lay_out])
    images = torch.randn(5, 1, 3, 4)
    with pytest.raises(RuntimeError, match="cannot be multiplied"):
        model(images)
    assert calls[0].shape == images.shape


def test_a_model_that_is_told_its_scores_finds_the_rows():
    seen = []
    model = ScriptedClassifier(
        _LAYERS, (), {"xdim": 12}, lambda x: seen.append(x) or torch.zeros(len(x), 3)
    )
    model.borrow_from(_class(_OWN["view"]))
    model(torch.randn(5, 1, 3, 4))
    assert seen[0].shape == (5, 12)
