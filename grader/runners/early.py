"""Starts what runs programs once, before it is asked for: importing PyTorch takes seconds."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.grading.observe import Runner


class EarlyStart:
    """A runner that anyone may start, from any thread, and that is started once."""

    def __init__(self, start: Callable[[], Runner]) -> None:
        """Start nothing yet."""
        self._start = start
        self._runner: Runner | None = None
        self._lock = threading.Lock()
        self._settled = threading.Event()

    def __call__(self) -> Runner:
        """Return the runner, started by now."""
        with self._lock:
            if self._runner is None:
                self._runner = self._start()
                self._settled.set()
            return self._runner

    def begun(self) -> bool:
        """Wait until it was started, or until it never will be; say which."""
        self._settled.wait()
        return self._runner is not None

    def close(self) -> None:
        """End what was started."""
        with self._lock:
            self._settled.set()
            if self._runner is not None:
                self._runner.close()
