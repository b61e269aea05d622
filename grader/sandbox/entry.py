"""Loads a worker's entry: the object whose ``warm_up`` and ``perform`` the worker calls."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Any, Protocol, cast


class WorkerEntry(Protocol):
    """The code that runs inside a worker."""

    def warm_up(self) -> dict[str, Any]:
        """Import and try out what every job needs; return plain data such as versions.

        Called once, before the first request. Must leave no thread running.
        """

    def perform(self, request: dict[str, Any], task: str) -> Any:
        """Do one task and return plain data.

        It must catch what a submission raises and return it as data. An exception that leaves
        here counts as the grader's own fault, except ``MemoryError`` (out of memory) and
        ``SystemExit`` (the process ends without an answer).
        """


def close_package() -> None:
    """Make every further import of ``grader``'s own modules fail; a worker has imported its own.

    This protects the answers where the package's files can't be hidden.
    """
    sys.modules["grader"].__path__.clear()


def load_entry(name: str) -> WorkerEntry:
    """Import ``module:attribute``, ``module``, or a file by its absolute ``.py`` path."""
    if name.endswith(".py"):
        spec = importlib.util.spec_from_file_location("worker_entry", name)
        if spec is None or spec.loader is None:
            raise ImportError(f"no entry at {name}")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return cast("WorkerEntry", module)
    path, _, attribute = name.partition(":")
    module = importlib.import_module(path)
    return cast("WorkerEntry", getattr(module, attribute) if attribute else module)
