"""All PyTorch work: runs in a worker, observes, and knows no expected value.

A kind of check has its probe in the module of its name, as a function ``probe``.
"""

from __future__ import annotations

import platform
from importlib import import_module
from io import BytesIO
from os import PathLike
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from grader.probes.environment.fused import can_fuse
from grader.probes.environment.no_compiler import without_compiler
from grader.probes.environment.running import seed_everything
from grader.probes.environment.versions import misfit
from grader.probes.own.running import observe, prepare

if TYPE_CHECKING:
    from collections.abc import Callable


def _found() -> dict[str, Callable[[dict[str, Any], int], dict[str, Any]]]:
    """Import every probe: a forked child is confined and imports nothing of this package."""
    kinds = sorted(module.name for module in iter_modules(__path__) if not module.ispkg)
    return {kind: import_module(f"{__name__}.{kind}").probe for kind in kinds}


PROBES = _found()
_torch_save, _torch_load = torch.save, torch.load


# What was saved under a path, for ``torch.load`` to find: no file is written.
_saved: dict[str, bytes] = {}


def _save(value: Any, target: Any, *args: Any, **kwargs: Any) -> None:
    """Keep what goes to a path in memory: its folder is not here."""
    if not isinstance(target, (str, PathLike)):
        _torch_save(value, target, *args, **kwargs)
        return
    kept = BytesIO()
    _torch_save(value, kept, *args, **kwargs)
    _saved[str(target)] = kept.getvalue()


def _load(source: Any, *args: Any, **kwargs: Any) -> Any:
    """Load what was saved under a path, and anything else as PyTorch does."""
    known = _saved.get(str(source)) if isinstance(source, (str, PathLike)) else None
    return _torch_load(source if known is None else BytesIO(known), *args, **kwargs)


def _as_it_is(model: Any = None, **_kwargs: Any) -> Any:
    """Compile nothing: it would make a model faster, not another one, and start compilers."""
    return model if model is not None else lambda later: later


def _untraced(traced: Any = None, *_args: object, **_kwargs: object) -> Any:
    """Return what is traced itself: a recording of it would show nothing of its later calls."""
    return traced


def _where_it_is(_device: Any = None) -> None:
    """Change nothing: the grader decides where to compute.

    Not the same function as another stand-in: PyTorch's compiler cannot be imported then.
    """


def warm_up() -> dict[str, Any]:
    """Run one step of everything, so that forked children inherit what PyTorch imports lazily.

    Returns the versions and devices that a report names, and as ``misfit`` why these versions
    can't grade anything.
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
    # Counted through NVML: a CUDA context opened here would not survive a fork.
    return {
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "threads": torch.get_num_threads(),
        "cuda_devices": torch.cuda.device_count(),
        "misfit": misfit(),
    }


def perform(request: dict[str, Any], task: str) -> Any:
    """Observe one check of one program; returns plain data and arrays.

    The key ``missing`` names the modules that the program imports and that are not installed.
    """
    torch.set_num_threads(1)
    # An earlier program in the same child may have set another.
    torch.set_default_dtype(torch.float32)
    _saved.clear()
    torch.save = _save  # type: ignore[assignment]
    torch.load = _load  # type: ignore[assignment]
    torch.compile = _as_it_is
    torch.set_default_device = _where_it_is  # type: ignore[assignment]
    torch.jit.trace = torch.jit.trace_module = _untraced  # type: ignore[assignment]
    nn.Module.compile = lambda *_args, **_kwargs: None  # type: ignore[method-assign]
    prepare(request["tasks"])
    seed_everything(request["seed"])
    entry = dict(request["tasks"][task])
    entry["program"] = {**entry["program"], "missing": []}
    entry["challenge"] = request["challenges"][entry["check"]]
    if entry["challenge"].get("device", "cpu") != "cpu":
        torch.manual_seed(request["seed"])  # also seeds the GPU once it is initialised
    probe = observe if "own" in entry else PROBES[entry["kind"]]
    observed = probe(entry, request["seed"])
    missing = sorted(set(entry["program"]["missing"]))
    return {**observed, "missing": missing} if missing else observed
