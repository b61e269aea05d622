"""The probes with a clock: what workers run in place of ``grader.probes`` to be measured.

Nothing in the product knows of it. It stands between the sandbox and the probes, notes on the
system's one clock when the child was forked, when it began and ended its lock-down and each task,
what the processor has worked by then, and how much memory is the child's own, and sends this along
with each answer.
"""

from __future__ import annotations

import dataclasses
import os
import time
from typing import Any

from grader import probes
from grader.sandbox import child, zygote

_moments: dict[str, float] = {}
_memory = -1
_apply_layers = child.apply_layers
_fork = zygote._Server._fork


def _noted_fork(server: Any, *order: Any) -> None:
    _moments["asked"] = time.monotonic()
    _moments["server's processor"] = time.process_time()
    _fork(server, *order)


def _noted_layers(names: Any, context: Any) -> Any:
    global _memory  # noqa: PLW0603 - this process is one child
    _moments["order read"] = time.monotonic()
    # Opened while it can be: behind the layers there is no /proc to open anything in.
    _memory = os.open("/proc/self/smaps_rollup", os.O_RDONLY)
    kept = dataclasses.replace(context, keep=(*context.keep, _memory))
    lockdown = _apply_layers(names, kept)
    _moments["locked"] = time.monotonic()
    return lockdown


def warm_up() -> dict[str, Any]:
    zygote._Server._fork = _noted_fork  # type: ignore[method-assign]
    child.apply_layers = _noted_layers
    return probes.warm_up()


def perform(request: dict[str, Any], task: str) -> Any:
    begun, computed = time.monotonic(), time.process_time()
    answer = probes.perform(request, task)
    ended = time.monotonic()
    private = _private_bytes()
    return {
        "answer": answer,
        "moments": {**_moments, "begun": begun, "ended": ended, "looked": time.monotonic()},
        "private": private,
        # With what looking at the memory took: that is nothing which a child costs.
        "processor": time.process_time() - computed,
    }


def _private_bytes() -> int:
    os.lseek(_memory, 0, os.SEEK_SET)
    lines = os.read(_memory, 1 << 16).decode().splitlines()
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Private_"))
