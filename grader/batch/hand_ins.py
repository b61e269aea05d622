"""Who hands in what in this run: the whole class, or single students within the class before.

Nobody who handed in before is dropped unless the user says so.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.named import named_student
from grader.classroom import Choice, HandedIn
from grader.errors import GraderError
from grader.intake import read_attempt
from grader.intake.names import natural
from grader.text import printable

if TYPE_CHECKING:
    from grader.batch.store import Store
    from grader.classroom import Attempt, Student
    from grader.intake import Archives

Find = Callable[[Sequence[str]], HandedIn]
_NAMES = 10
_WHY = "it was named with --only"


@dataclass(frozen=True)
class HandIns:
    """The class's hand-ins and the ``todo`` of this run, all of them or some students' alone.

    ``dropped`` are the students who are no longer in the class.
    """

    handed_in: HandedIn
    todo: tuple[Attempt, ...]
    dropped: tuple[Student, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        """The ids of those to be graded."""
        return frozenset(attempt.student.id for attempt in self.todo)


def whole_class(
    found: HandedIn,
    pinned: Mapping[str, HandedIn],
    before: HandedIn | None,
    store: Store | None,
    archives: Archives,
    *,
    let_go: bool,
) -> HandIns:
    """Return what was found, with the notebooks that were named for single students (``pinned``).

    Raises ``GraderError``, unless the user wants to ``let_go`` of them, if students of the class
    ``before`` are not among them.
    """
    for id_, named in pinned.items():
        student = next((one for one in _everyone(found) if one.id == id_), None)
        attempt = _attempt_of(named, id_, _everyone(found))
        found = _with(found, student or attempt.student, attempt)
    gone = () if before is None else tuple(_gone(before, found, store, archives))
    if gone and not let_go:
        names = "; ".join(printable(student.shown, 40) for student in gone[:_NAMES])
        more = f" and {len(gone) - _NAMES} more" if len(gone) > _NAMES else ""
        many = f"{len(gone)} of {len(before.counted) if before else 0} students"
        raise GraderError(
            f"{many} who were graded into this folder are not among the hand-ins now, and nothing "
            f"was changed: {names}{more}",
            "--only STUDENT grades one within the class; --replace drops those; or name another "
            "folder with -o",
        )
    return HandIns(found, found.counted, gone)


def single_students(
    names: Sequence[str], before: HandedIn, found: HandedIn | None
) -> tuple[HandIns, tuple[str, ...]]:
    """Return the class ``before`` with the named students to be graded, and these students' ids.

    Their notebooks are those that were ``found`` at the PATHs of this run, if any were given.
    Members of their teams are graded with them. Raises ``GraderError`` for a name that fits nobody
    or several, and for a student of whom nothing was found.
    """
    ids = []
    for name in names:
        handed_in = [attempt.student for attempt in before.counted]
        everyone = handed_in if found is None else _everyone(before)
        student = named_student(name, everyone)
        ids.append(student.id)
        if found is not None:
            before = _with(before, student, _attempt_of(found, student.id, everyone))
    files = {_file(attempt) for attempt in before.counted if attempt.student.id in ids}
    todo = tuple(attempt for attempt in before.counted if _file(attempt) in files)
    for attempt in todo:
        if not os.path.lexists(attempt.path):
            raise GraderError(
                f"--only {printable(attempt.student.id, 60)}: {printable(attempt.origin, 200)} is "
                "not there any more, and nothing was changed",
                "put it back, or name the student's notebook: grade PATH -o OUT --only STUDENT",
            )
    return HandIns(before, todo), tuple(ids)


def seen_from_anywhere(handed_in: HandedIn) -> HandedIn:
    """Return the same with paths that hold in every working folder, for a later command."""

    def absolute(attempts: Iterable[Attempt]) -> tuple[Attempt, ...]:
        return tuple(replace(one, path=Path(os.path.abspath(one.path))) for one in attempts)  # noqa: PTH100

    return replace(
        handed_in, counted=absolute(handed_in.counted), earlier=absolute(handed_in.earlier)
    )


def _everyone(handed_in: HandedIn) -> list[Student]:
    return [*(attempt.student for attempt in handed_in.counted), *handed_in.missing]


def _attempt_of(found: HandedIn, id_: str, everyone: Sequence[Student]) -> Attempt:
    """Return a student's attempt, or the only one if it is nobody else's."""
    others = {student.id for student in everyone} - {id_}
    for attempt in found.counted:
        if attempt.student.id == id_:
            return attempt
    if len(found.counted) == 1 and found.counted[0].student.id not in others:
        return found.counted[0]
    several = "; ".join(printable(attempt.origin, 80) for attempt in found.counted[:3])
    raise GraderError(
        f"--only {printable(id_, 60)}: none of the notebooks found is known to be this student's: "
        f"{several}{'; …' * (len(found.counted) > 3)}",
        "name the student's own notebook as the PATH",
    )


def _with(handed_in: HandedIn, student: Student, attempt: Attempt) -> HandedIn:
    """Return the class with an attempt that counts for a student; the others are earlier ones."""
    others = [
        one
        for one in (*handed_in.earlier, *handed_in.counted)
        if one.student.id == student.id and _file(one) != _file(attempt)
    ]
    total = len(others) + 1
    known = [one for one in handed_in.counted if one.student.id == student.id]
    known += [attempt] if attempt.student.id == student.id else []
    unsure = bool(known) and known[0].unsure  # the user has said whose notebook it is
    counts = replace(attempt, student=student, number=total, total=total, unsure=unsure)
    earlier = [replace(one, number=n, total=total) for n, one in enumerate(others, start=1)]
    rest = [one for one in handed_in.counted if one.student.id != student.id]
    kept = [one for one in handed_in.earlier if one.student.id != student.id]
    choices = [one for one in handed_in.choices if one.student.id != student.id]
    if others:
        left = tuple(one.origin for one in others)
        choices.append(Choice(student, counts.origin, left, _WHY))
    return replace(
        handed_in,
        counted=tuple(sorted([*rest, counts], key=lambda one: natural(one.student.id))),
        earlier=(*kept, *earlier),
        missing=tuple(one for one in handed_in.missing if one.id != student.id),
        choices=tuple(choices),
    )


def _gone(
    before: HandedIn, now: HandedIn, store: Store | None, archives: Archives
) -> Iterator[Student]:
    """Yield the students of whom nothing is handed in any more, neither under another id."""
    here = {attempt.student.id for attempt in now.counted}
    lost = [attempt for attempt in before.counted if attempt.student.id not in here]
    if not lost:
        return
    files = {_file(attempt) for attempt in (*now.counted, *now.earlier)}
    files_left = {origin for choice in now.choices for origin in choice.left}
    known = {attempt.student.id for attempt in before.counted}
    new = [attempt for attempt in now.counted if attempt.student.id not in known]
    contents = Counter(_digest(attempt, archives) for attempt in new)
    for attempt in lost:
        if _file(attempt) in files or attempt.origin in files_left:
            continue
        done = store.done(attempt.student.id) if store is not None else None
        if done is not None and done[0] and contents[done[0]]:
            contents[done[0]] -= 1  # the same file under another id
            continue
        yield attempt.student


def _file(attempt: Attempt) -> tuple[str, str | None]:
    return os.path.realpath(attempt.path), attempt.member


def _digest(attempt: Attempt, archives: Archives) -> str:
    try:
        return hashlib.sha256(read_attempt(attempt, archives)).hexdigest()
    except GraderError:
        return ""
