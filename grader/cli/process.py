"""Makes a process fit for a command: its streams, its umask, and signals that end it in order."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NoReturn

from grader.cli.console import silence

if TYPE_CHECKING:
    from collections.abc import Iterator

# Whoever sends these wants an end, and folders removed: a batch system, a closed terminal.
_ENDING = ("SIGTERM", "SIGHUP")
_SIGNALLED = 128  # what a shell adds to the number of the signal that ended a program


class StoppedError(KeyboardInterrupt):
    """A signal asked for the end; handled as Ctrl-C is, but for the exit status."""

    def __init__(self, number: int) -> None:
        """Keep the signal's number."""
        super().__init__()
        self.status = _SIGNALLED + number


class _Stderr:
    """A stream to which nothing has to get: a run is not lost because nobody can read remarks."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with suppress(ValueError):  # closed
            try:
                self._stream.write(text)
            except OSError:
                silence(self._stream)
        return len(text)

    def flush(self) -> None:
        with suppress(ValueError):
            try:
                self._stream.flush()
            except OSError:
                silence(self._stream)


@contextmanager
def orderly() -> Iterator[None]:
    """Let a block go on without a stderr, write readable files, and end by signals in order.

    Raises ``StoppedError`` in the block at the first SIGTERM or SIGHUP.
    """
    _open_closed_streams()
    mask = os.umask(0o022)
    os.umask(mask & 0o077)  # what we write we must be able to read
    before, handlers = sys.stderr, {}
    sys.stderr = _Stderr(before)
    if threading.current_thread() is threading.main_thread():
        for name in _ENDING:
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            # Under nohup it is ignored, and stays so.
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                handlers[number] = signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        sys.stderr = before
        os.umask(mask)


def _stop(number: int, _frame: object) -> NoReturn:
    signal.signal(number, signal.SIG_DFL)  # the second one ends it at once
    raise StoppedError(number)


def _open_closed_streams() -> None:
    """Open nowhere in place of closed streams: a file opened next would get what is printed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - to the end
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - to the end
