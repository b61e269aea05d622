"""Finds the one notebook in the folder that a student handed in to an autograder.

The folder is the student's: a link in it might lead to the solved notebook, so none is followed.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.errors import NotebookError
from grader.grading.submission import open_submission
from grader.intake.names import is_notebook, is_skipped_file, is_skipped_folder
from grader.notebook.read import MAX_FILE_BYTES, parse_notebook
from grader.notebook.text import is_text
from grader.quoting import file_name

if TYPE_CHECKING:
    from pathlib import Path

    from grader.assignment import Assignment
    from grader.notebook.read import Notebook

_MOST_FILES = 20_000
_MOST_LOOKED_AT = 30
_NAMED = 3


@dataclass
class _Found:
    """Paths below the folder, by what they are."""

    notebooks: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class HandIn:
    """The notebook that counts: its path below the folder, and the others there in words."""

    notebook: Notebook
    path: str
    left: str = ""


@dataclass(frozen=True)
class _LookedAt:
    """A notebook, how many of the assignment's parts it holds, and its blanks that are filled."""

    notebook: Notebook
    parts: int
    filled: int


def find_hand_in(folder: Path, assignment: Assignment) -> HandIn:
    """Return the notebook that counts.

    Of several it is the one that is of the assignment and filled in. Raises ``NotebookError``
    where there is none, where several may be meant, and for one that cannot be read.
    """
    found = _files(folder)
    names = found.notebooks or found.texts
    if len(found.notebooks) == 1:
        (path,) = found.notebooks
        return HandIn(_read(folder, path), path)
    if len(names) > _MOST_LOOKED_AT:
        raise NotebookError(f"there are {len(names)} notebooks: hand in one, alone")
    fitting = {path: one for path in names if (one := _looked_at(folder, path, assignment))}
    filled = [path for path, one in fitting.items() if one.filled] or list(fitting)
    # One of a sister assignment may hold some of the same parts.
    most = max((fitting[path].parts for path in filled), default=0)
    best = [path for path in filled if fitting[path].parts == most]
    if len({fitting[path].notebook.sha256 for path in best}) == 1:
        left = [path for path in names if path != best[0]] if found.notebooks else []
        return HandIn(fitting[best[0]].notebook, best[0], _others(left))
    raise NotebookError(_none(found, best, assignment))


def _files(folder: Path) -> _Found:
    found = _Found()
    count = 0
    for place, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not is_skipped_folder(name))
        for name in sorted(files):
            count += 1
            if count > _MOST_FILES:
                raise NotebookError(
                    f"there are more than {_MOST_FILES} files: hand in one notebook"
                )
            whole = os.path.join(place, name)  # noqa: PTH118 - a name of any bytes
            below = os.path.relpath(whole, folder)
            kind = is_notebook(name) or is_text(name)
            if is_skipped_file(name) or not kind:
                continue
            if not stat.S_ISREG(os.lstat(whole).st_mode):
                found.links.append(below)
            elif is_notebook(name):
                found.notebooks.append(below)
            else:
                found.texts.append(below)
    return found


def _read(folder: Path, path: str) -> Notebook:
    """Return a notebook; a file that cannot be opened is no fault of the student's."""
    number = os.open(folder / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(number, "rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    return parse_notebook(data, path)


def _looked_at(folder: Path, path: str, assignment: Assignment) -> _LookedAt | None:
    """Return what is in a notebook; ``None`` if it is not of this assignment."""
    try:
        notebook = _read(folder, path)
        if notebook.assignment not in (None, assignment.id):
            return None
        submission = open_submission(notebook, assignment)
    # Whatever a hostile notebook breaks: it is not the one that counts.
    except Exception:  # noqa: BLE001
        return None
    if not submission.parts:
        return None
    numbers = {number for check in assignment.checks for number in check.blanks}
    sites = (submission.site(number) for number in numbers)
    filled = sum(site is not None and not site.untouched for site in sites)
    return _LookedAt(notebook, len(submission.parts), filled)


def _others(left: list[str]) -> str:
    named = ", ".join(file_name(path, 80) for path in left[:_NAMED])
    more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
    return named + more


def _none(found: _Found, best: list[str], assignment: Assignment) -> str:
    """Return why no notebook counts, and what to hand in."""
    name = assignment.reference.name
    if best:
        return (
            f"several notebooks may be meant ({_others(best)}), so none is graded. Hand in one, "
            "alone"
        )
    if found.notebooks:
        return (
            f"none of the notebooks here ({_others(found.notebooks)}) holds a part of this "
            f"assignment. Hand in {name}, alone"
        )
    if found.links:
        return (
            f"{_others(found.links)} is a link, which is not followed. Hand in the notebook itself"
        )
    return f"there is no notebook in what was handed in. Hand in {name}, the file itself"
