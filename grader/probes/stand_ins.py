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

    Inputs of shape (B, D), logits of shape (B, C). Each call is told to ``on_call``. It is built
    of layers like the notebook's, with ReLUs between them, so that what a student asks of the
    model's own layers is there.
    """

    def __init__(
        self,
        weight: np.ndarray,
        bias: np.ndarray,
        layers: Sequence[tuple[str, int, int]],
        resets: Sequence[str],
        interface: dict[str, Any],
        on_call: Callable[[Any, nn.Module], None],
    ) -> None:
        super().__init__()
        vars(self).update(interface)
        vars(self).update(dict.fromkeys(resets, self._forget))
        self.on_call = on_call
        self.layer_names = [name for name, _, _ in layers]
        _add_layers(self, layers)
        _make_linear(
            [getattr(self, name) for name in self.layer_names],
            torch.from_numpy(weight),
            torch.from_numpy(bias),
        )

    def _forget(self, *_args: object, **_kwargs: object) -> None:
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.zero_()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Classify, with every class one off while in train mode, as dropout would disturb it."""
        self.on_call(x, self)
        logits = x
        for name in self.layer_names:
            value = logits if name == self.layer_names[0] else torch.relu(logits)
            logits = getattr(self, name)(value)
        return logits.roll(1, dims=-1) if self.training else logits


class ScriptedClassifier(nn.Module):
    """Gives the logits it was told to for the batch at hand, whatever it is shown."""

    def __init__(
        self,
        layers: Sequence[tuple[str, int, int]],
        resets: Sequence[str],
        interface: dict[str, Any],
        logits: Callable[[Any], torch.Tensor],
    ) -> None:
        super().__init__()
        vars(self).update(interface)
        vars(self).update(dict.fromkeys(resets, lambda *_args, **_kwargs: None))
        _add_layers(self, layers)
        self.unused = nn.Parameter(torch.zeros(1))
        self.logits = logits

    def forward(self, *inputs: object, **named: object) -> torch.Tensor:
        """Return the logits of the current batch, shape (B, C)."""
        return self.logits(next(iter([*inputs, *named.values()]), None)) + 0 * self.unused


def _add_layers(model: nn.Module, layers: Sequence[tuple[str, int, int]]) -> None:
    for name, inputs, outputs in layers:
        layer = nn.Linear(inputs, outputs, device="meta").to_empty(device="cpu")
        for parameter in layer.parameters():
            nn.init.zeros_(parameter)
        setattr(model, name, layer)


def _make_linear(layers: Sequence[nn.Linear], weight: torch.Tensor, bias: torch.Tensor) -> None:
    """Set layers with ReLUs between them to ``weight`` (C, D) and ``bias`` (C,) as a whole.

    What a ReLU would cut off goes through beside it with the other sign: x = relu(x) - relu(-x).
    """
    classes = len(weight)
    with torch.no_grad():
        if len(layers) == 1:
            layers[0].weight.copy_(weight)
            layers[0].bias.copy_(bias)
            return
        layers[0].weight[: 2 * classes] = torch.cat([weight, -weight])
        layers[0].bias[: 2 * classes] = torch.cat([bias, -bias])
        for layer in layers[1:-1]:
            layer.weight[: 2 * classes, : 2 * classes] = torch.eye(2 * classes)
        both = torch.eye(classes)
        layers[-1].weight[:, : 2 * classes] = torch.cat([both, -both], dim=1)


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
        """Return logits of shape (B, C) for inputs of shape (B, D).

        Images are laid out as rows, and numbers taken in whatever precision: whether the student's
        own model needs that done by the loop is for ``learns`` to see, which runs both.
        """
        self.on_forward(self)
        hidden = x.flatten(1) if x.dim() > 2 else x
        if hidden.dtype is torch.float64:
            hidden = hidden.to(torch.float32)
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
