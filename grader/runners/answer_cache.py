"""Keeps what was observed, so that the same program is run on the same challenges only once."""

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
# As many programs as are likely to be asked for again soon; some take megabytes.
_RECENT = 24


class Shelf(Protocol):
    """Where answers lie as bytes, by key; used from several threads."""

    def fetch(self, key: str) -> bytes | None:
        """Return what lies under a key."""

    def keep(self, key: str, answers: bytes) -> None:
        """Lay something there, unless there is something already."""


class Keeper:
    """Gives each key's answers, running what nobody ran; whoever asks meanwhile waits for them."""

    def __init__(self, shelf: Shelf | None) -> None:
        """Keep answers on ``shelf``; without one the last few, for as long as this object lives.

        A single notebook, where each program is another one, has no use for a shelf, and the
        answers of its mistakes would take a second to become bytes.
        """
        self._shelf = shelf
        self._lock = threading.Lock()
        self._underway: dict[str, Future[Answers]] = {}
        self._recent: OrderedDict[str, Answers] = OrderedDict()

    def answers(self, key: str, run: Callable[[], Answers]) -> Answers:
        """Return the answers of a key; raises what ``run`` raises."""
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
                if _sound(found):
                    self._remember(key, found)
            running.set_result(found)
            return found
        finally:
            with self._lock:
                del self._underway[key]

    def keep(self, key: str, answers: Answers) -> None:
        """Take answers that came along with others."""
        if _sound(answers):
            with self._lock:
                self._remember(key, answers)
            self._shelve(key, answers)

    def knows(self, key: str) -> bool:
        """Whether there are answers of a key, or somebody is about to have them."""
        with self._lock:
            if key in self._recent or key in self._underway:
                return True
        return self._shelf is not None and self._shelf.fetch(key) is not None

    def _remember(self, key: str, answers: Answers) -> None:
        self._recent[key] = answers
        while len(self._recent) > _RECENT:
            self._recent.popitem(last=False)

    def _find(self, key: str, run: Callable[[], Answers]) -> Answers:
        kept = self._shelf.fetch(key) if self._shelf is not None else None
        if kept is not None:
            return answers_from_bytes(kept)
        answers = run()
        if _sound(answers):
            self._shelve(key, answers)
        return answers

    def _shelve(self, key: str, answers: Answers) -> None:
        if self._shelf is not None:
            self._shelf.keep(key, answers_to_bytes(answers))


def _sound(answers: Answers) -> bool:
    """Whether all is the program's own doing; the grader's trouble is not kept: it may pass."""
    return not any(answer.fate is Fate.INTERNAL_ERROR for answer in answers.values())


def answers_to_bytes(answers: Mapping[str, Answer]) -> bytes:
    """Return answers as bytes; a value has bytes of its own, for it may be nested to the limit."""
    plain = {
        task: [
            answer.fate.value,
            np.frombuffer(wire.encode(answer.value), np.uint8),
            answer.seconds,
            answer.detail,
        ]
        for task, answer in answers.items()
    }
    # As it is: most of it are float32 numbers, of which a tenth at most could be squeezed out.
    return wire.encode(plain)


def answers_from_bytes(data: bytes) -> Answers:
    """Return what ``answers_to_bytes`` made ``data`` of."""
    plain = wire.decode(data, wire.TRUSTED)
    return {
        task: Answer(Fate(fate), wire.decode(value.tobytes(), wire.TRUSTED), seconds, detail)
        for task, (fate, value, seconds, detail) in plain.items()
    }
