"""Runs the probes in this machine's own workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.fingerprint import observing_environment
from grader.sandbox import Workers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.sandbox import Answer, Job

PROBES = "grader.probes"


class LocalRunner:
    """A ``Runner`` on this machine."""

    def __init__(self, isolation: str) -> None:
        """Begin to warm up in the background; raises ``IsolationUnavailable``."""
        self.workers = Workers(PROBES, isolation=isolation)

    def ready(self) -> dict[str, Any]:
        """Wait for the workers; return what the probes' ``warm_up`` returned."""
        return self.workers.ready()

    def environment(self) -> str:
        """Return a sum over all that observations depend on beside program and challenge."""
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
        """End all workers."""
        self.workers.close()
