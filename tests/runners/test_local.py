"""The workers of this machine are started once, by whatever needs them first."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from grader.errors import InternalError
from grader.runners import local
from grader.runners.local import LocalRunner


class Workers:
    made: list[Workers]

    def __init__(self, entry: str, *, isolation: str) -> None:
        self.given = (entry, isolation)
        self.closed = 0
        self.made.append(self)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Workers]:
    Workers.made = []
    monkeypatch.setattr(local, "Workers", Workers)
    return Workers.made


def test_they_are_started_once(made: list[Workers]) -> None:
    runner = LocalRunner("basic")
    assert (made, runner.started) == ([], False)
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(runner.start) for _ in range(8)]:
            done.result()
    assert [workers.given for workers in made] == [("grader.probes", "basic")]
    assert runner.started
    assert runner.workers is made[0]
    runner.close()
    assert made[0].closed == 1


def test_a_closed_runner_starts_none(made: list[Workers]) -> None:
    runner = LocalRunner("basic")
    runner.close()
    with pytest.raises(InternalError, match="closed"):
        runner.start()
    assert made == []


def test_who_closes_it_too_waits_until_it_is_closed(made: list[Workers]) -> None:
    runner = LocalRunner("basic")
    runner.start()
    closing, may_end = threading.Event(), threading.Event()

    def close_slowly() -> None:
        closing.set()
        assert may_end.wait(10)

    made[0].close = close_slowly  # type: ignore[method-assign]
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(runner.close)
        assert closing.wait(10)
        second = pool.submit(runner.close)
        assert not second.done()
        may_end.set()
        assert (first.result(10), second.result(10)) == (None, None)


def test_workers_that_cannot_start_are_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_entry: str, **_options: Any) -> Any:
        raise OSError("no processes")

    monkeypatch.setattr(local, "Workers", refuse)
    runner = LocalRunner("basic")
    for _ in range(2):
        with pytest.raises(OSError, match="no processes"):
            runner.start()
    assert not runner.started
