"""Of the threads that ask for one key, one runs; only what would be answered again is kept."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.runners.answer_cache import AnswerCache, answers_from_bytes, answers_to_bytes
from grader.sandbox import Answer, Fate

if TYPE_CHECKING:
    from collections.abc import Callable

RIGHT = {"task": Answer(Fate.ANSWERED, {"x": 1}, 0.5, "")}


class Store(dict[str, bytes]):
    def fetch(self, key: str) -> bytes | None:
        return self.get(key)

    def keep(self, key: str, answers: bytes) -> None:
        self.setdefault(key, answers)


class Counted:
    """Gives answers, and counts how often it was run."""

    def __init__(self, answers: dict[str, Answer] = RIGHT) -> None:
        self.answers, self.count = answers, 0

    def __call__(self) -> dict[str, Answer]:
        self.count += 1
        return self.answers


def never() -> dict[str, Answer]:
    raise AssertionError("it was run again")


@pytest.mark.parametrize("store", [None, Store], ids=["in memory", "in a store"])
def test_a_key_is_run_once(store: Callable[[], Store] | None) -> None:
    cache = AnswerCache(store() if store else None)
    assert not cache.has("a")
    assert cache.get("a", Counted()) == RIGHT
    assert cache.has("a")
    assert cache.get("a", never) == RIGHT
    assert not cache.has("b")


def test_threads_that_ask_for_one_key_wait_for_the_first() -> None:
    cache = AnswerCache(None)
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> dict[str, Answer]:
        begun.set()
        assert go_on.wait(60)
        return RIGHT

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.get, "a", slow)
        assert begun.wait(60)
        assert cache.has("a")
        second = pool.submit(cache.get, "a", never)
        go_on.set()
        assert first.result() == second.result() == RIGHT


def test_an_exception_is_raised_and_not_kept() -> None:
    cache = AnswerCache(None)
    with pytest.raises(AssertionError):
        cache.get("a", never)
    assert cache.get("a", Counted()) == RIGHT


def test_an_internal_error_is_run_again() -> None:
    store = Store()
    cache = AnswerCache(store)
    failed = Counted({"task": Answer(Fate.INTERNAL_ERROR, None, None, "no memory")})
    for _ in range(2):
        assert cache.get("a", failed) == failed.answers
    cache.put("b", failed.answers)
    assert (failed.count, store, cache.has("b")) == (2, {}, False)


def test_a_store_outlives_the_cache_and_memory_does_not_grow() -> None:
    store = Store()
    cache, other = AnswerCache(store), AnswerCache(None)
    for number in range(40):
        cache.put(f"{number}", RIGHT)
        other.put(f"{number}", RIGHT)
    assert AnswerCache(store).get("0", never) == RIGHT
    assert not other.has("0")
    assert other.has("39")


def test_answers_come_back_from_bytes_as_they_were() -> None:
    many = {**RIGHT, "ended": Answer(Fate.TIMEOUT, None, None, "why")}
    array = np.arange(3, dtype=np.float32)
    many["array"] = Answer(Fate.ANSWERED, [array, float("nan")], 1.0, "")
    back = answers_from_bytes(answers_to_bytes(many))
    assert {t: back[t] for t in ("task", "ended")} == {t: many[t] for t in ("task", "ended")}
    assert back["array"].value[0].dtype == np.float32
    assert (back["array"].value[0] == array).all()
    assert np.isnan(back["array"].value[1])
