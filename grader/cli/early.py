"""Starts the workers of a new class first of all, while everything else is imported."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from grader.errors import GraderError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.cli.arguments import Arguments
    from grader.grading.observe import Runner

# Strangers' code by the hundred: what this machine can't stop should not run unasked.
STRANGERS = "strict"


@contextmanager
def started_ahead(arguments: Arguments) -> Iterator[Runner | None]:
    """Give workers that import PyTorch already, where they are all but sure to be needed.

    That is for a folder to grade and none that keeps results: whoever grades again may have graded
    everything. ``None`` elsewhere, and where they can't be had: who asks for them will be told.
    """
    runner = None
    there = all(map(os.path.exists, arguments.paths))
    if there and _new(arguments.batch.out) and arguments.batch.scheduler is None:
        from grader.runners.local import LocalRunner  # noqa: PLC0415 - takes NumPy

        with suppress(GraderError):
            runner = LocalRunner(arguments.isolation or STRANGERS)
    try:
        yield runner
    finally:
        if runner is not None:
            runner.close()


def _new(out: str | None) -> bool:
    """Whether results go to no folder, or to one that is still to be made, and can be."""
    if out is None:
        return True
    try:
        os.lstat(out)
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False
    return False
