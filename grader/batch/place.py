"""Where a class's programs run."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.engine.fingerprint import installed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.engine.observing import Runner


@dataclass(frozen=True)
class Place:
    """What is installed there, how many programs it runs at a time, and what runs them.

    Without ``start`` they run in this machine's workers.
    """

    machine: Mapping[str, Any]
    threads: int
    start: Callable[[], Runner] | None = None


def here() -> Place:
    """Return this machine: a program for each processor that this process may use, and one more.

    One judges, or sleeps until its time is over, while the others compute.
    """
    if sys.platform == "linux":
        return Place(installed(), len(os.sched_getaffinity(0)) + 1)
    return Place(installed(), (os.cpu_count() or 1) + 1)
