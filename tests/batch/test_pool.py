"""The pool keeps its size of busy threads, and adds some for those that wait."""

from __future__ import annotations

import threading
import time

import pytest

from grader.batch.pool import GrowingPool


class Things:
    """Things to do, some of which wait to be released; counts how many are done at once."""

    def __init__(self, count: int, held_up: int) -> None:
        self.left = count
        self.held_up = held_up
        self.let_go = threading.Event()
        self.lock = threading.Lock()
        self.now = self.most = self.done = 0

    def do_next(self) -> bool:
        with self.lock:
            if not self.left:
                self.let_go.set()
                return False
            self.left -= 1
            waits, self.held_up = self.held_up > 0, max(0, self.held_up - 1)
            self.now += 1
            self.most = max(self.most, self.now)
        if waits:
            assert self.let_go.wait(60)
        else:
            time.sleep(0.02)
        with self.lock:
            self.now -= 1
            self.done += 1
        return True


def nothing() -> None:
    """Stop nothing."""


def test_everything_is_done_and_no_more_than_its_size_at_once():
    things = Things(30, held_up=0)
    GrowingPool(3, 6, things.do_next).run(nothing)
    assert (things.done, things.most) == (30, 3)


def test_a_waiting_thread_is_replaced():
    """Both first threads wait until all other things are done."""
    things = Things(20, held_up=2)
    GrowingPool(2, 4, things.do_next, patience=0.05).run(nothing)
    assert things.done == 20
    assert 2 < things.most <= 4


def test_there_are_never_more_threads_than_the_most():
    things = Things(3, held_up=2)
    threading.Timer(1.0, things.let_go.set).start()
    GrowingPool(2, 2, things.do_next, patience=0.05).run(nothing)
    assert (things.done, things.most) == (3, 2)


def test_what_goes_wrong_is_raised_once_the_others_have_ended():
    begun = threading.Barrier(2)
    ended = []

    def do_next() -> bool:
        if begun.wait(60) == 0:
            raise ValueError("no disk")
        time.sleep(0.1)
        ended.append(True)
        return False

    with pytest.raises(ValueError, match="no disk"):
        GrowingPool(2, 4, do_next).run(nothing)
    assert ended == [True]
