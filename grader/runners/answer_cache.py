"""A cache of answers, so that the same program is run on the same challenges only once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

import numpy as np

from grader.sandbox import Answer, Fate, wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Answers = dict[str, Answer]
# How many jobs' answers stay in memory; some take megabytes.
_RECENT = 24


class AnswerStore(Protocol):
    """Keeps answers as bytes, by key, for longer than this process; used from several threads."""

    def fetch(self, key: str) -> bytes | None:
        """Return the answers under a key, ``None`` where there are none."""

    def keep(self, key: str, answers: bytes) -> None:
        """Keep answers under a key, unless there are some already."""


class AnswerCache:
    """A single-flight cache: of the threads that ask for one key, one runs and the others wait."""

    def __init__(self, store: AnswerStore | None) -> None:
        """Keep all answers in ``store``, or the last few in memory where there is none.

        A grader of single notebooks, whose programs all differ, has no use for a store, and
        encoding the answers of the listed mistakes would take a second.
        """
        self._store = store
        self._lock = threading.Lock()
        self._underway: dict[str, Future[Answers]] = {}
        self._recent: OrderedDict[str, Answers] = OrderedDict()

    def get(self, key: str, run: Callable[[], Answers]) -> Answers:
        """Return the answers of a key, from ``run`` where there are none; raises what it raises."""
        with self._lock:
            if key in self._recent:
                self._recent.move_to_end(key)
                return self._recent[key]
            running = self._underway.get(key)
            mine = running is None
            if running is None:
                running = self._underway[key] = Future()
        if not mine:
            return running.result()
        try:
            found = self._find(key, run)
        except BaseException as error:
            running.set_exception(error)
            raise
        else:
            with self._lock:
                if _lasting(found):
                    self._remember(key, found)
            running.set_result(found)
            return found
        finally:
            with self._lock:
                del self._underway[key]

    def put(self, key: str, answers: Answers) -> None:
        """Add answers that came with those of another key."""
        if _lasting(answers):
            with self._lock:
                self._remember(key, answers)
            self._save(key, answers)

    def has(self, key: str) -> bool:
        """Whether there are answers of a key, or a thread is getting them."""
        with self._lock:
            if key in self._recent or key in self._underway:
                return True
        return self._store is not None and self._store.fetch(key) is not None

    def _remember(self, key: str, answers: Answers) -> None:
        self._recent[key] = answers
        while len(self._recent) > _RECENT:
            self._recent.popitem(last=False)

    def _find(self, key: str, run: Callable[[], Answers]) -> Answers:
        kept = self._store.fetch(key) if self._store is not None else None
        if kept is not None and (known := _readable(kept)) is not None:
            return known
        answers = run()
        if _lasting(answers):
            self._save(key, answers)
        return answers

    def _save(self, key: str, answers: Answers) -> None:
        if self._store is not None:
            self._store.keep(key, answers_to_bytes(answers))


def _lasting(answers: Answers) -> bool:
    """Whether the program would answer the same again; an internal error may pass."""
    return not any(answer.fate is Fate.INTERNAL_ERROR for answer in answers.values())


def _readable(kept: bytes) -> Answers | None:
    """Return kept answers; none where another version wrote them in another way."""
    try:
        return answers_from_bytes(kept)
    except (wire.WireError, AttributeError, LookupError, TypeError, ValueError):
        return None


def answers_to_bytes(answers: Mapping[str, Answer]) -> bytes:
    """Return answers as bytes; a value is encoded by itself, as it may be nested to the limit."""
    plain = {
        task: [
            answer.fate.value,
            np.frombuffer(wire.encode(answer.value), np.uint8),
            answer.seconds,
            answer.detail,
        ]
        for task, answer in answers.items()
    }
    # Not compressed: most of it are float32 numbers, which would shrink by a tenth at most.
    return wire.encode(plain)


def answers_from_bytes(data: bytes) -> Answers:
    """Return the answers that ``answers_to_bytes`` encoded."""
    plain = wire.decode(data, wire.TRUSTED)
    return {
        task: Answer(Fate(fate), wire.decode(value.tobytes(), wire.TRUSTED), seconds, detail)
        for task, (fate, value, seconds, detail) in plain.items()
    }
