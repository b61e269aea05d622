"""What a class is graded by: its options, its assignment, and the digest that tells them apart."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from grader.assignment import all_assignments, lasting_name, load_assignment
from grader.batch.votes import voters
from grader.decode import decode
from grader.errors import GraderError, NotebookError
from grader.fingerprint import folder_digest, grading_code
from grader.grading.grader import Grader
from grader.grading.recognise import UnknownAssignmentError, recognise, refuse_another
from grader.intake import read_attempt
from grader.notebook.read import parse_notebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from grader.assignment import Assignment
    from grader.batch.store import Store
    from grader.classroom import Attempt, HandedIn
    from grader.data import DigitsData
    from grader.intake import Archives
    from grader.notebook.read import Notebook
    from grader.runners.answer_cache import AnswerStore
    from grader.runners.base import Runner

_FACT = "settings"


@dataclass(frozen=True)
class ClassSettings:
    """The options that a result depends on, and no others.

    ``assignment`` is a name under ``reference/`` or the path of a folder.
    """

    assignment: str
    device: str
    seed: int
    isolation: str
    timeout: float | None
    data: str | None
    grouping: bool = True
    python: str | None = None

    def grader(self, store: AnswerStore, runner: Runner) -> Grader:
        """Return a grader with these options.

        Raises ``GraderError`` for an unknown assignment or unreadable data.
        """
        return Grader(**asdict(self), store=store, runner=runner)

    def note(self, store: Store) -> None:
        """Note in a class's database that its results are made with these options."""
        store.note(_FACT, json.dumps(asdict(self)))

    def facts(
        self, assignment: Assignment, data: DigitsData | None, machine: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return everything that could change a report; PyTorch need not be started.

        That is options, the assignment's files, the data, the grader's code, and what is
        installed on the ``machine`` that runs the programs.
        """
        return {
            "options": [
                *(self.device, self.seed, self.isolation, self.timeout, self.grouping, self.python),
            ],
            "assignment": folder_digest(assignment.folder),
            "data": data and [data.name, data.digest],
            "code": grading_code(),
            "machine": _digest(dict(machine)),
        }

    def digest(
        self, assignment: Assignment, data: DigitsData | None, machine: Mapping[str, Any]
    ) -> str:
        """Return a digest of the ``facts``; a result with another one is graded anew."""
        return _digest(self.facts(assignment, data, machine))


def settings_of(store: Store | None) -> ClassSettings | None:
    """Return the options that a class's database notes, ``None`` where there are none."""
    return None if store is None else store.plain(_FACT, partial(decode, ClassSettings))


def _digest(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def refuse_another_assignment(begun: ClassSettings, asked: Assignment) -> None:
    """Raise ``GraderError`` if a folder was ``begun`` with another assignment.

    Its gradebook's column would get the points of another assignment.
    """
    try:
        before = load_assignment(begun.assignment)
    except GraderError:  # its folder is gone, so it may be the same
        return
    if before.id != asked.id:
        raise GraderError(
            f"this folder holds the points of {before.title}, and {asked.title} is another "
            "assignment; nothing was changed",
            "give each assignment a folder of its own with -o",
        )


def refuse_other_hand_ins(
    begun: ClassSettings, handed_in: HandedIn, archives: Archives, *, named: bool
) -> None:
    """Raise ``GraderError`` if most hand-ins now belong to another assignment.

    Else everyone would lose the points that the folder holds. If the user ``named`` the assignment,
    notebooks may name one that is not known here.
    """
    if named:
        _refuse_unfit(begun, handed_in, archives)
        return
    try:
        found = recognise_class(handed_in, archives, lambda: None)
        asked = load_assignment(found.id)
    except GraderError:  # nothing that is known here
        return
    refuse_another_assignment(begun, asked)


def _refuse_unfit(begun: ClassSettings, handed_in: HandedIn, archives: Archives) -> None:
    """Raise ``GraderError`` if most hand-ins would be refused as another assignment's."""
    try:
        mine = load_assignment(begun.assignment)
    except GraderError:  # its folder is gone: that is said elsewhere
        return
    assignments = all_assignments()
    seen = others = 0
    for notebooks in voters(handed_in.counted):
        for attempt in notebooks[:1]:
            try:
                notebook = _read(attempt, archives)
            except GraderError:
                continue
            seen += 1
            try:
                refuse_another(notebook, mine, assignments, named=True)
            except NotebookError:
                others += 1
    if 2 * others > seen:
        raise GraderError(
            f"this folder holds the points of {mine.title}, and {others} of {seen} hand-ins are of "
            "another assignment; nothing was changed",
            "give each assignment a folder of its own with -o",
        )


@dataclass(frozen=True)
class Recognised:
    """An assignment, and how many of the ``seen`` hand-ins belong to it; ``id`` may be a path."""

    id: str
    title: str
    alike: int
    seen: int


def recognise_class(
    handed_in: HandedIn, archives: Archives, one_is_there: Callable[[], object]
) -> Recognised:
    """Return what more than half of the readable hand-ins belong to; raises ``GraderError``.

    A hand-in has one vote, however many notebooks it holds.

    ``one_is_there`` is called as soon as one of them belongs to any assignment.
    """
    assignments = all_assignments()
    votes: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for notebooks in voters(handed_in.counted):
        inside: Counter[tuple[bool, str]] = Counter()
        for attempt in notebooks:
            inside.update(_belongs_to(attempt, archives, assignments))
        if not inside:
            continue
        (known, name), _ = inside.most_common(1)[0]
        if known and not votes:
            one_is_there()
        (votes if known else unknown)[name] += 1
    if unknown.total() > votes.total():
        name, alike = unknown.most_common(1)[0]
        raise GraderError(
            f"{alike} of these hand-ins belong to the assignment {name}, which is not known here",
            f"grade them where reference/{name}/ lies, or name that folder with --assignment",
        )
    name, alike = next(iter(votes.most_common(1)), ("", 0))
    if 2 * alike <= votes.total() or not alike:
        shown = f"{alike} of {votes.total()} belong to {name}" if alike else "they show none"
        raise GraderError(
            f"it is not clear which assignment these notebooks belong to: {shown}",
            "name it: " + " or ".join(f"--assignment {one.id}" for one in assignments),
        )
    found = next(one for one in assignments if one.id == name)
    return Recognised(lasting_name(found), found.title, alike, votes.total())


def _belongs_to(
    attempt: Attempt, archives: Archives, assignments: Sequence[Assignment]
) -> Iterator[tuple[bool, str]]:
    """Yield whether a notebook's assignment is known here, and which it is; nothing if none."""
    with suppress(GraderError):  # reported when this notebook is graded
        notebook = _read(attempt, archives)
        try:
            yield True, recognise(notebook, assignments).id
        except UnknownAssignmentError as error:
            yield False, error.assignment


def _read(attempt: Attempt, archives: Archives) -> Notebook:
    return parse_notebook(read_attempt(attempt, archives), attempt.member or attempt.path)
