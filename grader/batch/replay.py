"""A runner that gives no answers but those that an earlier run has in the store."""

from __future__ import annotations

import json
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from grader.decode import decode
from grader.errors import GraderError
from grader.fingerprint import probing_code
from grader.runners.local import LocalRunner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.batch.store import Store
    from grader.runners.base import Runner
    from grader.sandbox import Answer, Job

_FACT = "workers"


class _Workers(TypedDict):
    ready: dict[str, Any]
    environment: str
    applied: dict[str, str]
    unprotected: tuple[str, ...]
    code: str


class NotObservedError(Exception):
    """This program was never run, and no student's code is run to judge old results anew."""


def record(store: Store, runner: Runner) -> None:
    """Note the facts about the workers that a ``Replay`` needs."""
    facts = {
        "ready": runner.ready(),
        "environment": runner.environment(),
        "applied": dict(runner.applied),
        "unprotected": runner.unprotected,
        "code": probing_code(),
    }
    store.note(_FACT, json.dumps(facts))


class Replay:
    """A ``Runner`` in place of the workers of an earlier run, whose answers are in the store.

    Until ``refuse`` is called it also runs what is not in the store: programs of the assignment,
    such as a mistake that a TA has added since.
    """

    def __init__(self, store: Store, isolation: str) -> None:
        """Read the facts about the workers.

        Raises ``GraderError`` when nothing was noted, or when another version of the probes
        observed the programs.
        """
        facts = store.plain(_FACT, partial(decode, _Workers))
        if facts is None:
            raise GraderError(
                "nothing was observed there yet", "grade the class first: grade PATH -o OUT"
            )
        if facts["code"] != probing_code():
            raise GraderError(
                "another version of the grader observed these programs",
                "run the same grade command again: it grades what has to be graded",
            )
        self._facts = facts
        self._workers = LocalRunner(isolation)
        self._checked = False
        self._starting = threading.Lock()
        self._refusing = False

    def refuse(self) -> None:
        """Run nothing from here on."""
        self._refusing = True

    def start(self) -> None:
        """Start nothing: workers are only needed for programs that are not in the store."""

    def ready(self) -> dict[str, Any]:
        """Return what the probes' ``warm_up`` returned then."""
        return dict(self._facts["ready"])

    def environment(self) -> str:
        """Return the digest of all that the observations depended on."""
        return str(self._facts["environment"])

    def run(self, job: Job) -> dict[str, Answer]:
        """Run one of the assignment's own programs; raises ``NotObservedError`` after that.

        Raises ``GraderError`` on another machine than that which observed the rest.
        """
        if self._refusing:
            raise NotObservedError
        with self._starting:
            if not self._checked and self._workers.environment() != self.environment():
                raise GraderError(
                    "another machine observed these programs, and something new has to be run",
                    "rescore where they were graded, or run the same grade command here",
                )
            self._checked = True
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
        """End the workers, if any were started."""
        self._workers.close()
