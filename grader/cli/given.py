"""The command line's arguments as data."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Arguments:
    """The command line's arguments.

    ``files`` has a destination for each of ``FILE_FORMATS`` that was asked for, ``classroom50`` is
    the folder for Classroom 50's files. ``annotated`` is a
    folder, empty where the option was given without one; ``watch`` says to grade at every save.
    What was not given is ``None`` or empty: a class's folder may remember it.
    """

    paths: tuple[str, ...]
    json: str | None
    files: Mapping[str, str]
    classroom50: str | None
    github: bool
    device: str | None
    seed: int | None
    isolation: str | None
    timeout: float | None
    data: str | None
    python: str | None
    assignment: str | None
    annotated: str | None
    watch: bool
    batch: BatchArguments


@dataclass(frozen=True)
class BatchArguments:
    """The arguments for a whole class; ``out`` is the folder of its results.

    ``detail`` is how much a student is told, also of a notebook that is graded alone.

    ``times`` is the file that says when each student handed in. ``only`` are the students to be
    graded anew, ``forget`` the names of options that the folder shall no longer remember;
    ``replace`` lets students go who are not handed in any more.
    ``course`` says that the hand-ins belong to several assignments, which ``assignments`` may name.
    """

    out: str | None
    roster: str | None
    groups: str | None
    times: str | None
    detail: str | None
    gradebooks: tuple[str, ...]
    columns: tuple[str, ...]
    format: str | None
    zips: tuple[str, ...]
    show_answers: bool
    grouping: bool | None
    jobs: int | None
    scheduler: str | None
    only: tuple[str, ...]
    replace: bool
    forget: tuple[str, ...]
    assignments: tuple[str, ...] = ()
    course: bool = False

    @property
    def column(self) -> str | None:
        """The gradebook's column of a class, which has one assignment."""
        return self.columns[0] if self.columns else None


def is_batch(arguments: Arguments) -> bool:
    """Whether a class is graded, not single notebooks."""
    return arguments.batch.out is not None or any(map(_holds_several, arguments.paths))


def _holds_several(path: str) -> bool:
    if os.path.isdir(path):  # noqa: PTH112 - a path of any text
        return True
    if path.endswith(".ipynb"):
        return False
    from grader.intake import has_archive_name  # noqa: PLC0415 - only for what is no notebook

    return has_archive_name(path)
