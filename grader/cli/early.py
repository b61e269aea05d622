"""Starts the workers of a new class before everything else is imported."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from grader.errors import GraderError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.cli.given import Arguments
    from grader.runners.base import ClassRunner

# The default for a class, which is strangers' code: what this machine can't stop does not run.
STRANGERS = "strict"


@contextmanager
def started_ahead(arguments: Arguments) -> Iterator[ClassRunner | None]:
    """Yield a runner whose workers import PyTorch already, if it is almost sure to be needed.

    It is needed where there are submissions and no earlier results: a class that is graded again
    may have nothing new. Else, and where the workers cannot be started, ``None`` is yielded; the
    error is then reported when they are needed.
    """
    runner: ClassRunner | None = None
    there = bool(arguments.paths) and all(map(os.path.exists, arguments.paths))
    if there and _new(arguments.batch.out) and arguments.batch.scheduler is None:
        from grader.runners.local import LocalRunner  # noqa: PLC0415 - takes NumPy

        with suppress(GraderError):
            local = LocalRunner(arguments.isolation or STRANGERS)
            local.start()
            runner = local
    try:
        yield runner
    finally:
        if runner is not None:
            runner.close()


def _new(out: str | None) -> bool:
    """Whether results go to no folder, or to one that does not exist yet."""
    if out is None:
        return True
    try:
        os.lstat(out)
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False
    return False
