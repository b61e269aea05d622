"""Workers that all graders of a test process share: each set of its own imports torch anew."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from grader.runners import local
from grader.sandbox import Workers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.sandbox import Answer, Job


class SharedWorkers:
    """Stands in for the class ``Workers`` and gives everyone the same ones of an isolation.

    ``started`` counts who asked for workers, ``ran`` how many programs were run.
    """

    def __init__(self) -> None:
        self.started = self.ran = 0
        self._made: dict[tuple[str, str], Workers] = {}

    def __call__(self, entry: str, *, isolation: str) -> Lent:
        self.started += 1
        key = entry, isolation
        if key not in self._made:
            self._made[key] = Workers(entry, isolation=isolation)
        return Lent(self, self._made[key])

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Have every local runner that is made meanwhile take these workers."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(local, "Workers", self)
            yield

    def end(self) -> None:
        """End all workers."""
        for workers in self._made.values():
            workers.close()


class Lent:
    """Shared workers as one grader has them: they stay when it closes them."""

    def __init__(self, shared: SharedWorkers, workers: Workers) -> None:
        self._shared, self._workers = shared, workers

    def run(self, job: Job) -> dict[str, Answer]:
        self._shared.ran += 1
        return self._workers.run(job)

    def close(self) -> None:
        """Stay: the next grader needs them."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._workers, name)
