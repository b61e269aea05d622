"""Stands in for the workers of an earlier run: what it observed is in the store, and no more."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from grader.errors import GraderError
from grader.fingerprint import probing_code
from grader.runners.local import LocalRunner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.batch.store import Store
    from grader.grading.observe import Runner
    from grader.sandbox import Answer, Job

_FACT = "workers"


class NotObservedError(Exception):
    """This was never run, and students' code is not run when old results are judged anew."""


def record(store: Store, runner: Runner) -> None:
    """Note what the workers were, for a ``Replay``."""
    facts = {
        "ready": runner.ready(),
        "environment": runner.environment(),
        "applied": dict(runner.applied),
        "unprotected": runner.unprotected,
        "code": probing_code(),
    }
    store.note(_FACT, json.dumps(facts))


class Replay:
    """A ``Runner`` of what was run before.

    Until ``refuse`` is called it also runs what nobody ran: the assignment's own programs, a
    mistake that a TA has added since, say.
    """

    def __init__(self, store: Store, isolation: str) -> None:
        """Read what the workers were.

        Raises ``GraderError`` when there is no such note, or when this version of the grader
        would have observed something else.
        """
        facts = json.loads(store.fact(_FACT) or "{}")
        if not facts:
            raise GraderError(
                "nothing was observed there yet", "grade the class first: grade PATH -o OUT"
            )
        if facts["code"] != probing_code():
            raise GraderError(
                "another version of the grader observed these programs",
                "run the same grade command again: it grades what has to be graded",
            )
        self._facts = facts
        self._isolation = isolation
        self._workers: LocalRunner | None = None
        self._starting = threading.Lock()
        self._refusing = False

    def refuse(self) -> None:
        """Run nothing from here on."""
        self._refusing = True

    def ready(self) -> dict[str, Any]:
        """Return what the workers said of themselves then."""
        return dict(self._facts["ready"])

    def environment(self) -> str:
        """Return the sum over all that their observations depended on."""
        return str(self._facts["environment"])

    def run(self, job: Job) -> dict[str, Answer]:
        """Run one of the assignment's own programs; raises ``NotObservedError`` after that.

        Raises ``GraderError`` where it would be observed under other conditions than the rest.
        """
        if self._refusing:
            raise NotObservedError
        with self._starting:
            if self._workers is None:
                self._workers = LocalRunner(self._isolation)
                if self._workers.environment() != self.environment():
                    raise GraderError(
                        "another machine observed these programs, and something new has to be run",
                        "rescore where they were graded, or run the same grade command here",
                    )
        return self._workers.run(job)

    @property
    def applied(self) -> Mapping[str, str]:
        """The layers that were in force then."""
        return dict(self._facts["applied"])

    @property
    def unprotected(self) -> tuple[str, ...]:
        """What was not protected then."""
        return tuple(self._facts["unprotected"])

    def close(self) -> None:
        """End the workers, if any were needed."""
        if self._workers is not None:
            self._workers.close()
