"""The bytes of what was handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.intake.archives import Archives
from grader.notebook.read import read_file

if TYPE_CHECKING:
    from grader.classroom import Attempt


def read_attempt(attempt: Attempt, archives: Archives | None = None) -> bytes:
    """Return a notebook's bytes, from its file or its archive.

    Pass the ``archives`` that ``find_submissions`` had: without them, each call opens the archive
    anew. Raises ``NotebookError`` when the notebook cannot be read, and another ``GraderError``
    when its archive cannot.
    """
    if attempt.member is None:
        return read_file(attempt.path)
    if archives is not None:
        return archives.read(attempt.path, attempt.member)
    with Archives() as own:
        return own.read(attempt.path, attempt.member)
