"""Finds what a worker is to do: an entry names an object with ``warm_up`` and ``perform``."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Any, Protocol, cast


class WorkerEntry(Protocol):
    """What runs inside a worker."""

    def warm_up(self) -> dict[str, Any]:
        """Import and try out what every job needs; return plain data such as versions.

        Called once, before any request is there. Must leave no thread behind.
        """

    def perform(self, request: dict[str, Any], task: str) -> Any:
        """Do one task and return plain data.

        Whatever a submission raises is to be caught and told as data: an exception that leaves
        here is the grader's own fault, but for ``MemoryError`` (out of memory) and
        ``SystemExit`` (the process ends without an answer).
        """


def close_package() -> None:
    """Let nothing more of ``grader`` itself be found: what a worker needs of it is there by now.

    Where files can be hidden they are; this is for where they can't.
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
