"""Finds who hands in what, as the arguments and the class's folder say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.hand_ins import single_students, whole_class
from grader.batch.looking import Looker
from grader.batch.store import open_store
from grader.classroom.names import DATABASE
from grader.cli.remembered import from_here, here
from grader.errors import GraderError
from grader.intake import find_submissions
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack

    from grader.batch.hand_ins import Find, HandIns
    from grader.batch.store import Store
    from grader.classroom import HandedIn
    from grader.cli.given import Arguments
    from grader.cli.remembered import Remembered
    from grader.intake import Archives


def store_of(out: str | None, stack: ExitStack) -> Store | None:
    """Return the database of a class that was graded before."""
    if out is None or not os.path.isfile(os.path.join(out, DATABASE)):  # noqa: PTH113, PTH118
        return None  # where no path can be so long, say, that is told when the folder is made
    return stack.enter_context(open_store(Path(out)))


def hand_ins_of(
    arguments: Arguments, memory: Remembered, store: Store | None, archives: Archives
) -> tuple[HandIns, Remembered]:
    """Return who hands in what, and what the folder shall remember of that.

    Raises ``GraderError`` when nothing was found, or when a student would be lost.
    """
    look = Looker(archives, arguments.assignment)

    def find(paths: Sequence[str]) -> HandedIn:
        return find_submissions(
            paths,
            roster=arguments.batch.roster,
            groups=arguments.batch.groups,
            archives=archives,
            look=look,
            assignment=look.assignment,
        )

    before = store.handed_in() if store is not None else None
    paths, names = arguments.paths, arguments.batch.only
    if before is None and (names or not paths):
        shown = printable(arguments.batch.out or "", 200)
        raise GraderError(f"{shown} holds no graded class", "grade it first: grade PATH -o OUT")
    if not paths and not names and not memory.paths:
        shown = printable(arguments.batch.out or "", 200)
        raise GraderError(
            f"{shown} was graded by a version that did not remember the PATHs",
            "name them, and what else was asked for, once more: grade PATH -o OUT",
        )
    if names and before is not None:
        hand_ins, ids = single_students(names, before, find(paths) if paths else None)
        elsewhere = paths and from_here(here(), paths) != memory.paths_here
        return hand_ins, memory.with_only(ids, paths) if elsewhere else memory
    if paths:
        memory = memory.with_paths(paths)
    found = find(memory.paths_here)
    pinned = {id_: _pinned(find, id_, where) for id_, where in memory.only_here.items()}
    let_go = arguments.batch.replace
    return whole_class(found, pinned, before, store, archives, let_go=let_go), memory


def _pinned(find: Find, id_: str, paths: Sequence[str]) -> HandedIn:
    try:
        return find(paths)
    except GraderError as error:
        shown = printable(id_, 60)
        raise GraderError(
            f"--only {shown} named a notebook that is not there any more: {error.message}",
            "put it back, name another one with --only, or take what PATH holds: --forget only",
        ) from error
