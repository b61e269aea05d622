"""Runs the probes in this machine's own workers."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from grader.errors import InternalError
from grader.fingerprint import installed, observing_environment
from grader.runners.versions import require_fitting, require_torch
from grader.sandbox import Workers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.sandbox import Answer, Job

PROBES = "grader.probes"


class LocalRunner:
    """A ``Runner`` on this machine.

    It starts its workers once: with ``start``, or when they are first needed.
    """

    def __init__(self, isolation: str, entry: str = PROBES) -> None:
        """Start nothing yet; ``isolation`` and ``entry`` are those of ``sandbox.Workers``."""
        self.isolation = isolation
        self._entry = entry
        self._workers: Workers | None = None
        self._lock = threading.Lock()
        self._closed = False

    @property
    def workers(self) -> Workers:
        """The workers, started by now; raises ``IsolationUnavailable``."""
        with self._lock:
            if self._workers is None:
                if self._closed:
                    raise InternalError("the workers are closed")
                self._workers = Workers(self._entry, isolation=self.isolation)
            return self._workers

    @property
    def started(self) -> bool:
        """Whether the workers were ever started."""
        return self._workers is not None

    @property
    def machine(self) -> Mapping[str, Any]:
        """What is installed on this machine."""
        return installed()

    @property
    def threads(self) -> int:
        """How many processors this process may use."""
        if sys.platform == "linux":
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1

    def start(self) -> None:
        """Let the workers begin to import PyTorch; raises ``IsolationUnavailable``."""
        _ = self.workers

    def ready(self) -> dict[str, Any]:
        """Wait for the workers; return what the probes' ``warm_up`` returned.

        Raises ``GraderError`` for versions of PyTorch and NumPy that nothing can be graded with.
        """
        require_torch()
        ready = self.workers.ready()
        require_fitting(ready)
        return ready

    def environment(self) -> str:
        """Return a digest of all that observations depend on beside program and challenge."""
        return observing_environment(self.ready(), self.applied)

    def run(self, job: Job) -> dict[str, Answer]:
        """Return an answer for every task of the job."""
        return self.workers.run(job)

    @property
    def applied(self) -> Mapping[str, str]:
        """The layers in force, with their remarks."""
        return self.workers.applied

    @property
    def unprotected(self) -> tuple[str, ...]:
        """What is not protected, a sentence each."""
        return self.workers.unprotected

    def close(self) -> None:
        """End all workers and return when their files are gone; none can be started any more."""
        with self._lock:  # held to the end: a second caller must not go on before the first is done
            self._closed = True
            if self._workers is not None:
                self._workers.close()
