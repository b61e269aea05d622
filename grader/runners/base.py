"""What the grader and a batch need of whatever runs programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.sandbox import Answer, Job


class Runner(Protocol):
    """Runs jobs in processes of their own, on this machine or on a cluster.

    Safe to use from several threads.
    """

    def start(self) -> None:
        """Begin to import PyTorch in the background, if nothing has begun it; return at once.

        Raises ``GraderError`` where the isolation that was asked for cannot be had.
        """

    def ready(self) -> dict[str, Any]:
        """Start, and wait until jobs can be run; return what the probes' ``warm_up`` returned."""

    def environment(self) -> str:
        """Return a digest of all that observations depend on beside program and challenge."""

    def run(self, job: Job) -> dict[str, Answer]:
        """Return an answer for every task of the job; blocks."""

    @property
    def applied(self) -> Mapping[str, str]:
        """The layers that protect the machine, with their remarks; known once it is ready."""

    @property
    def unprotected(self) -> tuple[str, ...]:
        """What is not protected, a sentence each; known once it is ready."""

    def close(self) -> None:
        """End everything that was started."""


class ClassRunner(Runner, Protocol):
    """A runner for a whole class."""

    @property
    def machine(self) -> Mapping[str, Any]:
        """What is installed where the programs run; known before it is started."""

    @property
    def threads(self) -> int:
        """How many programs can run at a time without getting into each other's way."""

    @property
    def started(self) -> bool:
        """Whether it was ever started."""
