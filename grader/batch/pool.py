"""So many at work at a time; whoever is held up is stood in for."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import count as count_up
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

# Most notebooks take less than one second, an endless loop five of a processor's: who takes longer
# is waiting for a program that sleeps.
_PATIENCE_SECONDS = 8.0
_LOOK_SECONDS = 0.2


class Crew:
    """Threads that do one thing after another, as many as get on at the same time.

    More than there are processors would be in each other's way. But who waits for a program that
    sleeps needs no processor, so another takes their place until they are back.
    """

    def __init__(
        self,
        count: int,
        most: int,
        do_next: Callable[[], bool],
        patience: float = _PATIENCE_SECONDS,
    ) -> None:
        """Take ``do_next``, which does the next thing and says whether there was one.

        ``count`` are to get on, and no more than ``most`` are there with all who stand in.
        """
        self._count, self._most = count, max(count, most)
        self._do_next = do_next
        self._patience = patience
        self._lock = threading.Lock()
        self._since: dict[int, float] = {}
        self._numbers = count_up()
        self._over = False

    def work(self, stop: Callable[[], None]) -> None:
        """Work until nothing is left to do; raises what ``do_next`` raised, the first of it.

        On a Ctrl-C ``stop`` is called, which should have ``do_next`` say soon that nothing is
        left.
        """
        with ThreadPoolExecutor(self._most, "grader-notebook") as pool:
            members = self._start(pool, self._count)
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
            started.append(pool.submit(self._be_member, number))
        return started

    def _be_member(self, number: int) -> None:
        """Do one thing after another, until nothing is left or there are enough without it."""
        try:
            while not self._enough_without(number):
                if not self._do_next():
                    self._over = True
                    return
        finally:
            with self._lock:
                del self._since[number]

    def _enough_without(self, number: int) -> bool:
        with self._lock:
            self._since[number] = time.monotonic()
            return self._getting_on() > self._count

    def _lacking(self) -> int:
        """Return how many are to be started in place of those who are held up."""
        with self._lock:
            room = self._most - len(self._since)
            return 0 if self._over else max(0, min(room, self._count - self._getting_on()))

    def _getting_on(self) -> int:
        late = time.monotonic() - self._patience
        return sum(since > late for since in self._since.values())
