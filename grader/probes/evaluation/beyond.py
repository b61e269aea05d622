"""Tries an evaluation beyond the numbers in its own code: more batches, larger ones, more images.

A limit that a loop or a slice has is larger than anything that a challenge can hold for everybody.
"""

from __future__ import annotations

import ast
import math
import operator
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.probes.doubles.batches import Batches
from grader.probes.doubles.stand_ins import let_go
from grader.probes.environment.running import Enough, Namespace, StudentError
from grader.probes.evaluation.making import decoys, known, pictures_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Every scene together goes beyond numbers below the first; MNIST has fewer images than the second.
_TRIED, _LARGEST = 300, 70_000
_MOST_BATCHES = 10_000
_LARGE, _MORE, _FEWER = 5_000, 41, 7
_SECONDS = 2.5
_HIGHEST_POWER = 20
_OPERATIONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Pow: operator.pow,
}


def beyond(
    task: dict[str, Any], seed: int, returned: Callable[[Any], Any]
) -> dict[str, Any] | None:
    """Call the function for more than any number in its code; ``None`` where there is none.

    The images are the scene's with the fewest distinct ones, one after another and again from the
    first; ``images`` says how many they were. What takes too long tells nothing.
    """
    challenge = task["challenge"]
    width = math.prod(challenge["image"])
    limits = {n for n in _numbers(task["program"]) if _TRIED <= n <= _LARGEST and n != width}
    if not limits:
        return None
    scene = next(scene for scene in challenge["scenes"] if scene["order"] is not None)
    sizes = _sizes(limits)
    count = sum(sizes)
    end = time.process_time() + _SECONDS
    drawn = 0

    def on_batch(number: int) -> None:
        nonlocal drawn
        drawn = number + 1
        if time.process_time() > end:
            raise Enough

    data = pictures_in(np.arange(count) % len(scene["images"]), scene, challenge)
    batches = Batches(data, sizes, on_batch=on_batch, ahead=_TRIED)
    model = known(challenge, challenge["weight"])
    others = decoys(task, scene)
    runner = Namespace(task["program"], seed, others)
    seen: dict[str, Any] = {"error": None, "returned": None}
    try:
        runner.define()
        model.borrow_from(runner.own_class())
        function = runner.namespace.get(task["program"]["name"])
        value = runner.call(function, model.train(), batches, others["device"])
        seen["returned"] = returned(value)
    except Enough:
        return None
    except StudentError as error:
        seen["error"] = error.data
    finally:
        let_go(model, others.get("model"))
    given = {"images": count, "batches": len(sizes), "largest": max(sizes)}
    return {**seen, **given, "drawn": drawn, "left_at": batches.left_at}


def _sizes(limits: set[int]) -> list[int]:
    """Return the sizes of batches: one larger than each limit, more than any, more images."""
    large = [n + _MORE for n in sorted(limits) if n + _MORE <= _LARGE]
    most = max((n for n in limits if n <= _MOST_BATCHES), default=0)
    sizes = [*large, *[1] * (most + _FEWER)]
    while sum(sizes) <= max(limits):
        sizes.insert(0, _LARGE)
    return sizes


def _numbers(program: dict[str, Any]) -> Iterator[int]:
    """Yield the whole numbers that stand in a program, and what sums and products of them are."""
    for text, pick, *_ in program["entries"]:
        for node in ast.walk(ast.parse(text).body[pick]):
            value = _value(node)
            if value is not None and value == int(value):
                yield int(value)


def _value(node: ast.AST) -> float | None:
    """Return the number that an expression without names is; ``None`` for others."""
    if isinstance(node, ast.Constant):
        value: Any = node.value
        return value if type(value) in (int, float) and abs(value) <= _LARGEST else None
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        left, right = _value(node.left), _value(node.right)
        if left is None or right is None:
            return None
        if isinstance(node.op, ast.FloorDiv) and not right:
            return None
        if isinstance(node.op, ast.Pow) and not 0 <= right <= _HIGHEST_POWER:
            return None
        result: float = _OPERATIONS[type(node.op)](left, right)
        return result if abs(result) <= _LARGEST else None
    return None
