"""Notes which kinds of layers a forward pass uses, by PyTorch's own names for them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.modules.module import (
    register_module_forward_hook,
    register_module_forward_pre_hook,
)
from torch.overrides import TorchFunctionMode

from grader.probes.environment.lines import student_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

_MOST = 20
_DROPOUT = "dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout"
_NORMS = "batch_norm layer_norm group_norm instance_norm rms_norm local_response_norm normalize"
_BENDS = """celu elu gelu glu hardshrink hardsigmoid hardswish hardtanh leaky_relu logsigmoid mish
prelu relu relu6 rrelu selu sigmoid silu softplus softshrink softsign tanh tanhshrink threshold"""
_OTHERS = "bilinear conv1d conv2d linear log_softmax max_pool2d avg_pool2d softmax softmin"
_KINDS = frozenset(f"{_DROPOUT} {_NORMS} {_BENDS} {_OTHERS}".split())


class LayersUsed(TorchFunctionMode):
    """Notes each layer: its kind, the model's attribute that holds it, and the line of the call."""

    def __init__(self, names: dict[int, str]) -> None:
        """Take the names of the model's own modules, and of its parameters' modules, by ``id``."""
        super().__init__()
        self.found: list[dict[str, Any]] = []
        self.names = names
        self.inside: list[int] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Note a function that is a layer, and run it."""
        kind = str(getattr(func, "__name__", "")).rstrip("_").removeprefix("_")
        if kind in _KINDS and len(self.found) < _MOST:
            weights = [*args, *(kwargs or {}).values()] if kind == "linear" else []
            held = [*self.inside[-1:], *map(id, weights)]
            name = next((self.names[one] for one in held if one in self.names), "")
            self.found.append({"kind": kind, "name": name[:60], "line": student_line() or []})
        return func(*args, **(kwargs or {}))


@contextmanager
def layers_used(model: nn.Module) -> Iterator[LayersUsed]:
    """Note the layers of a model's forward passes while this lasts."""
    names = {id(one): name.rpartition(".")[0] or name for name, one in model.named_parameters()}
    noted = LayersUsed(names | {id(one): name for name, one in model.named_modules()})

    def entered(module: nn.Module, _inputs: Any) -> None:
        noted.inside.append(id(module))

    def left(_module: nn.Module, _inputs: Any, _output: Any) -> None:
        del noted.inside[-1:]

    hooks = [
        register_module_forward_pre_hook(entered),
        register_module_forward_hook(left, always_call=True),
    ]
    try:
        with torch.no_grad(), noted:
            yield noted
    finally:
        for hook in hooks:
            hook.remove()
