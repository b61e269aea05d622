"""Grades single students of a class anew, while everyone else's results stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.batch.rescore import judged
from grader.runners.answer_cache import answers_from_bytes
from grader.sandbox import Fate

if TYPE_CHECKING:
    from collections.abc import Collection

    from grader.batch.store import Store
    from grader.classroom import HandedIn
    from grader.grading.grader import Grader


class AnewStore:
    """A store's answers, but for those of programs that did not answer: these run once more.

    What a program answered depends on the seed alone; that it took too long, or that there was no
    memory for it, may depend on the machine's other work.
    """

    def __init__(self, store: Store) -> None:
        """Take the store of the class, whose answers are replaced by those of the second run."""
        self._store = store
        self._run: set[str] = set()

    def fetch(self, key: str) -> bytes | None:
        """Return the answers under a key, unless a program without an answer is to run again."""
        kept = self._store.fetch(key)
        if kept is None or key in self._run:
            return kept
        fates = {answer.fate for answer in answers_from_bytes(kept).values()}
        return kept if fates <= {Fate.ANSWERED} else None

    def keep(self, key: str, answers: bytes) -> None:
        """Keep answers in place of those of the earlier run."""
        self._run.add(key)
        self._store.forget(key)
        self._store.keep(key, answers)


def judge_same_programs(
    handed_in: HandedIn, todo: Collection[str], grader: Grader, store: Store
) -> None:
    """Judge those anew who handed in the same program as one of ``todo``, by its new answers."""
    results = {id_: result for id_ in todo if (result := store.result(id_)) is not None}
    groups = {result.group for result in results.values() if result.group}
    for attempt in handed_in.counted:
        id_ = attempt.student.id
        old = None if id_ in todo else store.result(id_)
        if old is not None and old.settings and old.group in groups:
            store.put(id_, judged(attempt, old, grader))
