"""Where a class's programs run."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from grader.engine.fingerprint import installed
from grader.engine.local import LocalRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.engine.observing import Runner


@dataclass(frozen=True)
class Place:
    """What is installed there, how many programs it runs at a time, and what runs them."""

    machine: Mapping[str, Any]
    threads: int
    start: Callable[[], Runner]


def here(isolation: str) -> Place:
    """Return this machine, whose workers are isolated so well."""
    return Place(installed(), at_a_time(), partial(LocalRunner, isolation))


def at_a_time() -> int:
    """Return how many programs to run here: as many as there are processors, and one more.

    One judges, or sleeps until its time is over, while the others compute.
    """
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0)) + 1
    return (os.cpu_count() or 1) + 1
