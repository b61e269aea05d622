"""Where a class's programs run."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from grader.fingerprint import installed
from grader.runners.local import LocalRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.grading.observe import Runner


@dataclass(frozen=True)
class RunnerPool:
    """What is installed there, how many programs get on at a time, and what runs them."""

    machine: Mapping[str, Any]
    threads: int
    start: Callable[[], Runner]


def here(isolation: str) -> RunnerPool:
    """Return this machine, whose workers are isolated so well."""
    return RunnerPool(installed(), processors(), partial(LocalRunner, isolation))


def processors() -> int:
    """Return how many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
