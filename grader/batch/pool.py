"""A thread pool that grows while some of its threads wait for slow programs."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import count as count_up
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

# Most notebooks take less than one second, and an endless loop is ended after five seconds of
# processor time: a thread that takes longer is waiting for a program that sleeps.
_PATIENCE_SECONDS = 8.0
_LOOK_SECONDS = 0.2


class GrowingPool:
    """Threads that do one thing after another, ``size`` of them and sometimes more.

    More than there are processors would be in each other's way. But a thread that waits for a
    sleeping program needs no processor, so another one takes its place until it goes on.
    """

    def __init__(
        self,
        size: int,
        most: int,
        do_next: Callable[[], bool],
        patience: float = _PATIENCE_SECONDS,
    ) -> None:
        """Take ``do_next``, which does the next thing and says whether there was one.

        A thread whose thing takes longer than ``patience`` seconds counts as waiting. ``size``
        threads are kept busy beside the waiting ones; there are never more than ``most`` in all.
        """
        self._size, self._most = size, max(size, most)
        self._do_next = do_next
        self._patience = patience
        self._lock = threading.Lock()
        self._since: dict[int, float] = {}
        self._numbers = count_up()
        self._over = False

    def run(self, stop: Callable[[], None]) -> None:
        """Work until nothing is left to do; raises the first exception of ``do_next``.

        On a Ctrl-C ``stop`` is called, after which ``do_next`` should soon return ``False``.
        """
        with ThreadPoolExecutor(self._most, "grader-notebook") as pool:
            members = self._start(pool, self._size)
            try:
                while wait(members, timeout=_LOOK_SECONDS).not_done:
                    members += self._start(pool, self._lacking())
            except KeyboardInterrupt:
                stop()
                raise
        for member in members:
            member.result()

    def _start(self, pool: ThreadPoolExecutor, count: int) -> list[Future[None]]:
        started = []
        for _ in range(count):
            number = next(self._numbers)
            with self._lock:
                self._since[number] = time.monotonic()
            started.append(pool.submit(self._work, number))
        return started

    def _work(self, number: int) -> None:
        """Do one thing after another, until nothing is left or this thread is not needed."""
        try:
            while not self._is_surplus(number):
                if not self._do_next():
                    self._over = True
                    return
        finally:
            with self._lock:
                del self._since[number]

    def _is_surplus(self, number: int) -> bool:
        with self._lock:
            self._since[number] = time.monotonic()
            return self._busy() > self._size

    def _lacking(self) -> int:
        """Return how many threads to start in place of those that wait."""
        with self._lock:
            room = self._most - len(self._since)
            return 0 if self._over else max(0, min(room, self._size - self._busy()))

    def _busy(self) -> int:
        late = time.monotonic() - self._patience
        return sum(since > late for since in self._since.values())
