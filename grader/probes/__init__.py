"""All PyTorch work: runs inside a worker, observes, and knows no expected value."""

from __future__ import annotations

import platform
from os import PathLike
from typing import Any

import torch
from torch import nn

from grader.probes import (
    autograd,
    converges,
    eval_accuracy,
    forward_output,
    function_values,
    layer_shapes,
    learns,
    step_order,
    update_step,
)
from grader.probes.fused import can_fuse
from grader.probes.no_compiler import without_compiler
from grader.probes.running import seed_everything

# One file a kind of check: the worker's half of the list in checks/kinds.py.
PROBES = {
    "layer_shapes": layer_shapes.probe,
    "forward_output": forward_output.probe,
    "eval_accuracy": eval_accuracy.probe,
    "step_order": step_order.probe,
    "learns": learns.probe,
    "function_values": function_values.probe,
    "autograd": autograd.probe,
    "update_step": update_step.probe,
    "converges": converges.probe,
}


_torch_save = torch.save


def _save(value: Any, target: Any, *args: Any, **kwargs: Any) -> None:
    """Write nothing to a path: a checkpoint is of no weight, and its folder is not here."""
    if not isinstance(target, (str, PathLike)):
        _torch_save(value, target, *args, **kwargs)


def _as_it_is(model: Any = None, **_kwargs: Any) -> Any:
    """Compile nothing: that makes a model faster, not another, and takes programs of its own."""
    return model if model is not None else lambda later: later


def _where_it_is(_device: Any = None) -> None:
    """Change nothing: where things are computed is the grader's to say.

    A function of its own: PyTorch's compiler cannot be imported where one stands for two.
    """


def warm_up() -> dict[str, Any]:
    """Run one step of everything once, so that forked children inherit the lazy imports.

    Returns the versions and devices that a report names.
    """
    without_compiler()
    torch.set_num_threads(1)
    seed_everything(0)
    model = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2))
    for optimizer_class in (torch.optim.Adam, torch.optim.SGD):
        optimizer = optimizer_class(model.parameters(), lr=1e-3)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(torch.rand(8, 4)), torch.zeros(8).long()).backward()
        optimizer.step()
    can_fuse()
    # Asked through NVML: a CUDA context opened here would not survive a fork.
    return {
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "threads": torch.get_num_threads(),
        "cuda_devices": torch.cuda.device_count(),
    }


def perform(request: dict[str, Any], task: str) -> Any:
    """Observe one check of one program; returns plain data and arrays.

    ``missing`` among them are the modules that the program imports and that are not installed.
    """
    torch.set_num_threads(1)
    # What an earlier program of the same child has set is no business of this one.
    torch.set_default_dtype(torch.float32)
    torch.save = _save  # type: ignore[assignment]
    torch.compile = _as_it_is
    torch.set_default_device = _where_it_is  # type: ignore[assignment]
    nn.Module.compile = lambda *_args, **_kwargs: None  # type: ignore[method-assign]
    seed_everything(request["seed"])
    entry = dict(request["tasks"][task])
    entry["program"] = {**entry["program"], "missing": []}
    entry["challenge"] = request["challenges"][entry["check"]]
    if entry["challenge"].get("device", "cpu") != "cpu":
        torch.manual_seed(request["seed"])  # makes a note for the GPU, which is not set up yet
    observed = PROBES[entry["kind"]](entry, request["seed"])
    missing = sorted(set(entry["program"]["missing"]))
    return {**observed, "missing": missing} if missing else observed
