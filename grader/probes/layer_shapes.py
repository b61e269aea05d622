"""Observes the layers of the student's class at several dims."""

from __future__ import annotations

import ast
from typing import Any

import torch
from torch import nn

from grader.probes.doubles.given import stand_ins
from grader.probes.environment.running import Namespace, StudentError
from grader.probes.recording.constructing import Builder

# A larger constant bounds no layer: its weights would not fit into the memory.
_ROWS = 3
_MOST_SIZE = 500_000


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Build the class at each of the challenge's dims, as the notebook does, and report its layers.

    Per dims: ``{"error": …}`` or ``{"layers": {name: {"type", "weight", "bias"}}}``, shapes as
    lists, ``bias`` ``None`` where there is none. ``sizes`` are the object's own attributes of the
    dims' names. A failed build has the ``tuples`` among its layers. ``beyond`` are builds at dims
    above every constant in the class, where the challenge's are not. ``shared`` names the layers
    that two objects of the class have in common.
    """
    challenge = task["challenge"]
    names, (usual, *drawn) = challenge["layers"], challenge["dims"]
    runner = Namespace(task["program"], seed, stand_ins(challenge))
    try:
        builder = Builder(runner, usual)
    except StudentError as error:
        return {"error": error.data, "builds": [], "beyond": [], "shared": []}
    models: list[Any] = []

    def built(dims: dict[str, int], *, known_only: bool = False) -> dict[str, Any]:
        try:
            model = builder.build(dims, known_only=known_only)
        except StudentError as error:
            tuples = [n for n in names if isinstance(vars(builder.last or error).get(n), tuple)]
            return {"dims": dims, "error": error.data, "tuples": tuples}
        models.append((dims, model))
        layers = {name: _layer(model, name, runner) for name in names}
        return {"dims": dims, "layers": layers, "sizes": _sizes(model, dims)}

    builds = [built(usual, known_only=True), *map(built, drawn)]
    shared = _shared(builder, models, names) if models else []
    beyond = [built(dims) for dims in _beyond(runner, challenge["dims"])]
    return {"error": None, "builds": builds, "beyond": beyond, "shared": shared}


def _beyond(runner: Namespace, tried: list[dict[str, int]]) -> list[dict[str, int]]:
    """Return dims of which one is larger than every constant that may bound it."""
    found = []
    constants = {
        node.value
        for number, (_, _, own) in enumerate(runner.program["entries"])
        if own
        for node in ast.walk(runner.statement(number))
        if isinstance(node, ast.Constant) and type(node.value) is int
    }
    largest = max((value for value in constants if value < _MOST_SIZE), default=0)
    for name in tried[0]:
        if largest >= max(dims[name] for dims in tried):
            found.append({**dict.fromkeys(tried[0], 2), name: largest + 1})
    return found


def _sizes(model: Any, names: dict[str, int]) -> dict[str, int]:
    """Return an object's attributes of the dims' names, where they are integers."""
    try:
        found = {name: vars(model).get(name) for name in names}
    except TypeError:  # without a __dict__
        return {}
    return {name: size for name, size in found.items() if type(size) is int and abs(size) < 2**53}


def _shared(
    builder: Builder, models: list[tuple[dict[str, int], Any]], names: list[str]
) -> list[str]:
    """Return the layers of a new object that belong to one built before as well."""
    try:
        other = builder.build(models[-1][0], known_only=True)
    except StudentError:
        return []
    return [
        name
        for name in names
        if isinstance(weight := _weight(other, name), torch.Tensor)
        and any(_weight(model, name) is weight for _, model in models)
    ]


def _weight(model: Any, name: str) -> Any:
    return getattr(getattr(model, name, None), "weight", None)


def _layer(model: Any, name: str, runner: Namespace) -> dict[str, Any] | None:
    layer = getattr(model, name, None)
    if layer is None:
        return None
    weight, bias = getattr(layer, "weight", None), getattr(layer, "bias", None)
    return {
        "type": type(layer).__name__[:60],
        "linear": isinstance(layer, nn.Linear) or _multiplies(layer, runner),
        "weight": _shape(weight),
        "bias": _shape(bias),
        "trainable": isinstance(weight, torch.Tensor) and weight.requires_grad,
    }


def _shape(value: Any) -> list[int] | None:
    """Return a tensor's shape, whatever its class says that it is."""
    if not isinstance(value, torch.Tensor):
        return None
    if nn.parameter.is_lazy(value):
        return list(value.shape)
    with torch._C.DisableTorchFunctionSubclass():  # noqa: SLF001 - it has no public name
        return [torch.Tensor.size(value, k) for k in range(torch.Tensor.dim(value))]


def _multiplies(layer: Any, runner: Namespace) -> bool:
    """Whether a layer of a class of the notebook's own does what a linear one does."""
    weight, bias = getattr(layer, "weight", None), getattr(layer, "bias", None)
    if not (isinstance(layer, nn.Module) and isinstance(weight, torch.Tensor)):
        return False
    if weight.dim() != 2 or not (bias is None or isinstance(bias, torch.Tensor)):
        return False
    rows = torch.rand(_ROWS, weight.shape[1])
    try:
        got = runner.call(layer, rows)
        wanted = runner.call(nn.functional.linear, rows, weight, bias)
    except StudentError:
        return False
    if not isinstance(got, torch.Tensor) or got.shape != wanted.shape:
        return False
    return got.dtype == wanted.dtype and torch.allclose(got, wanted, atol=1e-5, equal_nan=True)
