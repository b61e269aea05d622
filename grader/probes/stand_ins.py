"""The judge's own model, loss and batches, which a student's function or loop is run on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np


class KnownClassifier(nn.Module):
    """A linear classifier whose accuracy the judge knows; in train mode it answers otherwise.

    Inputs of shape (B, D), logits of shape (B, C). Each call is told to ``on_call``.
    """

    def __init__(
        self,
        weight: np.ndarray,
        bias: np.ndarray,
        interface: dict[str, Any],
        on_call: Callable[[Any, nn.Module], None],
    ) -> None:
        super().__init__()
        vars(self).update(interface)
        self.weight = nn.Parameter(torch.from_numpy(weight.copy()))
        self.bias = nn.Parameter(torch.from_numpy(bias.copy()))
        self.on_call = on_call

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Classify, with every class one off while in train mode, as dropout would disturb it."""
        self.on_call(x, self)
        logits = nn.functional.linear(x, self.weight, self.bias)
        return logits.roll(1, dims=-1) if self.training else logits


class ScriptedClassifier(nn.Module):
    """Gives the logits it was told to for the batch at hand, whatever it is shown."""

    def __init__(self, interface: dict[str, Any], logits: Callable[[], torch.Tensor]) -> None:
        super().__init__()
        vars(self).update(interface)
        self.unused = nn.Parameter(torch.zeros(1))
        self.logits = logits

    def forward(self, *_inputs: object, **_named: object) -> torch.Tensor:
        """Return the logits of the current batch, shape (B, C)."""
        return self.logits() + 0 * self.unused


class StandInModel(nn.Module):
    """A small network with the attributes of the notebook's model and weights of the judge's.

    Its hidden function is tanh: what is observed is the student's loop, not a known answer.
    """

    def __init__(
        self,
        weights: dict[str, tuple[np.ndarray, np.ndarray]],
        no_ops: Sequence[str],
        interface: dict[str, Any],
        on_forward: Callable[[nn.Module], None],
        on_no_op: Callable[[], None],
    ) -> None:
        super().__init__()
        vars(self).update(interface)
        self.on_forward = on_forward
        self.layer_names = list(weights)
        for name, (weight, bias) in weights.items():
            layer = nn.Linear(weight.shape[1], weight.shape[0])
            with torch.no_grad():
                layer.weight.copy_(torch.from_numpy(weight))
                layer.bias.copy_(torch.from_numpy(bias))
            setattr(self, name, layer)
        for name in no_ops:
            # init_param() inside a student's loop must not undo the judge's weights.
            setattr(self, name, lambda *_args, **_kwargs: on_no_op())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits of shape (B, C) for inputs of shape (B, D)."""
        self.on_forward(self)
        hidden = x
        for name in self.layer_names[:-1]:
            hidden = torch.tanh(getattr(self, name)(hidden))
        output: torch.Tensor = getattr(self, self.layer_names[-1])(hidden)
        return output


for _stand_in in (KnownClassifier, ScriptedClassifier, StandInModel):
    # PyTorch's messages name classes; a student has never heard of these.
    _stand_in.__name__ = _stand_in.__qualname__ = "Model"
    _stand_in.forward.__qualname__ = "Model.forward"


def flat_parameters(model: nn.Module) -> np.ndarray:
    """Return all parameters one after another as float32, shape (P,)."""
    pieces = [parameter.detach().reshape(-1) for parameter in model.parameters()]
    result: np.ndarray = torch.cat(pieces).to("cpu", torch.float32).numpy()
    return result
