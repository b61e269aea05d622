"""Waits for the threads that run a notebook's own functions, so that nothing is observed too early.

A notebook may start its training in a thread and go on at once.
"""

from __future__ import annotations

import threading
from concurrent import futures
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from grader.probes.environment.lines import entry_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def waited_threads() -> Iterator[None]:
    """Let a thread or a pool that is given student code end it before anything else runs.

    What it raises is raised where it was started.
    """
    start, submit = threading.Thread.start, futures.ThreadPoolExecutor.submit

    def waited_start(self: threading.Thread) -> None:
        if not _is_students(getattr(self, "_target", None) or self.run):
            start(self)
            return
        caught: list[BaseException] = []
        run = self.run

        def watched() -> None:
            try:
                run()
            except BaseException as error:  # noqa: BLE001 - it is raised again below
                caught.append(error)

        self.run = watched  # type: ignore[method-assign]
        start(self)
        self.join()
        if caught:
            raise caught[0]

    def waited_submit(self: Any, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        future = submit(self, function, *args, **kwargs)
        if _is_students(function):
            error = future.exception()
            if error is not None:
                raise error
        return future

    threading.Thread.start = waited_start  # type: ignore[method-assign]
    futures.ThreadPoolExecutor.submit = waited_submit  # type: ignore[method-assign]
    try:
        yield
    finally:
        threading.Thread.start = start  # type: ignore[method-assign]
        futures.ThreadPoolExecutor.submit = submit  # type: ignore[method-assign]


def _is_students(function: Callable[..., Any]) -> bool:
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return code is not None and entry_of(code.co_filename) is not None
