"""Makes what a notebook needs for a training and has no line for: model, loss, optimizer."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from grader.probes.environment.absent import Absent
from grader.probes.environment.running import Namespace, statements_of

if TYPE_CHECKING:
    from collections.abc import Callable

_EXCUSED = frozenset(
    {"NameError", "OSError", "FileNotFoundError", "ImportError", "ModuleNotFoundError"}
)


def completed(runner: Namespace, program: dict[str, Any], device: torch.device) -> Any:
    """Return the student's model; make model, loss and optimizer where no line makes them.

    Raises ``StudentError`` where a line is there and fails: the notebook could not train either.
    """
    names = program["roles"]
    space = runner.namespace
    cls: Any = space.get(program["name"])
    if _lacks(runner, names["model"], lambda value: isinstance(value, nn.Module)):
        space.update(dict.fromkeys(names["model"], runner.call(lambda: cls().to(device))))
    found = (space.get(name) for name in names["model"])
    model: Any = next((value for value in found if isinstance(value, nn.Module)), None)
    if model is None:
        model = runner.call(lambda: cls().to(device))
    runner.call(lambda: model.to(device).train())
    if _lacks(runner, names["loss"], callable):
        space.update(dict.fromkeys(names["loss"], nn.CrossEntropyLoss()))
    _require_last(runner, names["optimizer"])
    if _lacks(runner, names["optimizer"], lambda value: hasattr(value, "step")):
        optimizer = runner.call(lambda: torch.optim.Adam(model.parameters(), lr=1e-3))
        space.update(dict.fromkeys(names["optimizer"], optimizer))
    return model


def _require_last(runner: Namespace, names: list[str]) -> None:
    """Raise the error of the last statement that gives a name its value, if it failed.

    The notebook stops there. One that lacks a name may only stand too early, and a file or a module
    may be missing here alone.
    """
    for name in names:
        error = runner.failures.get(name)
        if error is None or runner.missing or error.data["type"] in _EXCUSED:
            continue
        binding = [
            number
            for number, (statement, _) in enumerate(statements_of(runner.program))
            if any(isinstance(n, ast.Name) and n.id == name for n in _stored(statement))
        ]
        frames = error.data["frames"]
        if frames and binding and frames[0][0] == binding[-1]:
            raise error


def _stored(statement: ast.stmt) -> list[ast.AST]:
    return [n for n in ast.walk(statement) if isinstance(getattr(n, "ctx", None), ast.Store)]


def _lacks(runner: Namespace, names: list[str], usable: Callable[[Any], bool]) -> bool:
    """Whether none of a role's names holds a usable value; raises the error that prevented it."""
    values = [runner.namespace[name] for name in names if name in runner.namespace]
    if any(usable(value) and not isinstance(value, Absent) for value in values):
        return False
    if runner.missing:  # a module that is not installed here may have made it
        return True
    for name in names:
        if name in runner.failures:
            raise runner.failures[name]
    return not values
