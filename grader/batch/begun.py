"""Whether a run was stopped before its last file was written.

A run says that it has begun before its first result and page, and that it is over when all files
are written. Whoever finds one that is not over knows that files of two states may lie there.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import TYPE_CHECKING

from grader.decode import decode
from grader.errors import GraderError
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from grader.batch.store import Store
    from grader.classroom import HandedIn

_BEGUN = "begun"
# The fact that a run is over, to be noted together with what it has written.
OVER = {_BEGUN: "[]"}
EVERYONE, _RESCORED = "*", "**"
_NAMES = 5


def begin(
    store: Store, students: Iterable[str], handed_in: HandedIn, settings: str
) -> frozenset[str]:
    """Note that the results of these students are being made; ``EVERYONE`` is all of them.

    Return them with those of a run before that was stopped. Raises ``GraderError`` if not everyone
    is to be graded, and the others were not graded by these ``settings``.
    """
    before, todo = _stopped(store), frozenset(students)
    if EVERYONE not in todo:
        if EVERYONE in before:
            raise _not_whole("--only")
        todo |= before
        _refuse_another_state(handed_in, todo, store, settings)
    _begin(store, before | todo)
    return todo


def begin_rescoring(store: Store) -> None:
    """Note that everyone is being judged again.

    Raises ``GraderError`` after a run that was stopped while it graded.
    """
    before = _stopped(store)
    if before - {_RESCORED}:
        raise _not_whole("rescore")
    _begin(store, {_RESCORED})


def unfinished(store: Store) -> frozenset[str]:
    """Return the students of a run before that was stopped while it graded them alone.

    Raises ``GraderError`` after a run that was stopped while it graded everyone.
    """
    before = _stopped(store)
    if EVERYONE in before:
        raise _not_whole("--only")
    return before - {_RESCORED}


def _begin(store: Store, students: Collection[str]) -> None:
    if _stopped(store):
        told = "the run before this one was stopped: every file is written anew"
        print(told, file=sys.stderr)  # noqa: T201 - stdout is for reports
    store.note(_BEGUN, json.dumps(sorted(students)))


def _stopped(store: Store) -> frozenset[str]:
    if store.fact(_BEGUN) is None:
        return frozenset()
    stopped = store.plain(_BEGUN, partial(decode, tuple[str, ...]))
    # Who is not known to be written may be anyone.
    return frozenset({EVERYONE} if stopped is None else stopped)


def _not_whole(what: str) -> GraderError:
    return GraderError(
        f"the last run was stopped before the class was graded, and {what} needs a graded class",
        "go on with it first: grade -o OUT",
    )


def _refuse_another_state(
    handed_in: HandedIn, todo: Collection[str], store: Store, by: str
) -> None:
    """Raise ``GraderError`` unless everyone but ``todo`` was graded by the settings ``by``.

    Else one folder would hold results of two rubrics, seeds or versions of the grader.
    """
    stale = []
    for attempt in handed_in.counted:
        if attempt.student.id in todo:
            continue
        done = store.done(attempt.student.id)
        # An empty digest is that of a fault of the grader.
        if done is None or (done[1] and done[1].partition(" ")[0] != by):
            stale.append(attempt.student.shown)
    if stale:
        names = "; ".join(printable(name, 40) for name in stale[:_NAMES])
        more = f" and {len(stale) - _NAMES} more" if len(stale) > _NAMES else ""
        raise GraderError(
            "--only needs a class that was graded with the same options, assignment and version of "
            f"the grader, and that is not so for {names}{more}",
            "grade the whole class first: grade -o OUT; unchanged work is not run again",
        )
