"""A layer is as large as its tensors are, whatever their class says."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from grader.probes.layer_shapes import _shape


class SaysItsShape(nn.Parameter):
    shape = (5, 5)  # type: ignore[assignment]


class SaysItsSize(nn.Parameter):
    def size(self, *_args: Any) -> Any:
        return torch.Size((5, 5))


class SaysWhateverIsAsked(nn.Parameter):
    @classmethod
    def __torch_function__(cls, *_args: Any, **_kwargs: Any) -> Any:
        return 5


@pytest.mark.parametrize(
    "kind", [nn.Parameter, SaysItsShape, SaysItsSize, SaysWhateverIsAsked], ids=lambda k: k.__name__
)
def test_the_true_shape_is_seen(kind: Any) -> None:
    assert _shape(torch.Tensor.as_subclass(torch.zeros(2, 3), kind)) == [2, 3]


def test_what_is_no_tensor_has_none() -> None:
    assert _shape("2 x 3") is None
