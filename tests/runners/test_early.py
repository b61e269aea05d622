"""What runs programs is started once, whoever wants it first, and ended with what started it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from grader.runners.early import EarlyStart


class Runner:
    closed = 0

    def close(self) -> None:
        self.closed += 1


def test_it_is_started_once() -> None:
    made: list[Runner] = []

    def start() -> Any:
        made.append(Runner())
        return made[-1]

    early = EarlyStart(start)
    with ThreadPoolExecutor(4) as pool:
        found = {id(future.result()) for future in [pool.submit(early) for _ in range(8)]}
    assert found == {id(made[0])}
    assert len(made) == 1
    assert early.begun()
    early.close()
    assert made[0].closed == 1


def test_who_waits_for_it_hears_that_it_never_came() -> None:
    early = EarlyStart(pytest.fail)
    heard: list[bool] = []
    waiting = threading.Thread(target=lambda: heard.append(early.begun()))
    waiting.start()
    early.close()
    waiting.join(10)
    assert heard == [False]


def test_one_that_cannot_start_says_so_to_each_who_asks() -> None:
    def start() -> Any:
        raise OSError("no processes")

    early = EarlyStart(start)
    for _ in range(2):
        with pytest.raises(OSError, match="no processes"):
            early()
