"""What judges inside a bundle, and what whoever reads it there learns of the answers.

The full edition is the assignment's own folder: the solved notebook, the rules, and the answers
that are listed. Another edition is another function that returns an ``Edition``; the rest of a
bundle only names its folder to the grader.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.autograders.wheel import files_below
from grader.errors import GraderError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from grader.assignment import Assignment

FOLDER = "reference"
_LEFT_OUT = frozenset({"__pycache__", ".ipynb_checkpoints", ".git"})


@dataclass(frozen=True)
class Edition:
    """The files that judge, by their paths in a bundle.

    ``folder`` is the one to name as the assignment's. ``answers`` says in words what a reader of
    the files learns of the answers; nothing if that is nothing.
    """

    folder: str
    files: Mapping[str, bytes]
    answers: tuple[str, ...]


def full_edition(assignment: Assignment) -> Edition:
    """Return the edition that grades as this machine does: the assignment's files as they are.

    Raises ``GraderError`` where its data lies elsewhere than beside other assignments.
    """
    folder = f"{FOLDER}/{assignment.folder.name}"
    files = files_below(assignment.folder, folder, _LEFT_OUT)
    if assignment.data is not None:  # it may be another assignment's
        files |= files_below(assignment.data, _beside(assignment, assignment.data), _LEFT_OUT)
    return Edition(
        folder,
        files,
        (
            f"the solved notebook ({folder}/{assignment.reference.name})",
            "the right answers and the mistakes that are listed beside it",
        ),
    )


def _beside(assignment: Assignment, data: Path) -> str:
    """Return where a data set lies in a bundle: as far from the assignment's folder as here."""
    try:
        below = data.resolve().relative_to(assignment.folder.parent).as_posix()
    except ValueError:
        raise GraderError(
            f"the data of {assignment.id} lies outside the folder of its assignments: {data}",
            "move it there, and name it in assignment.toml",
        ) from None
    return posixpath.join(FOLDER, below)
