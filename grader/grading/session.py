"""Grades notebooks of which it is not known yet what assignment they belong to."""

from __future__ import annotations

import inspect
import os
from typing import TYPE_CHECKING, Any

from grader.assignment import Assignment, all_assignments
from grader.grading.grader import Grader
from grader.grading.recognise import recognise, refuse_another
from grader.notebook.read import read_notebook
from grader.options import named_options, require_known, require_valid

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from grader.report import Report


@named_options
def grade(
    path: str | os.PathLike[str],
    assignment: Assignment | str | os.PathLike[str] | None = None,
    *,
    device: str = "auto",
    seed: int | None = None,
    isolation: str = "auto",
    timeout: float | None = None,
    data: str | None = None,
    python: str | None = None,
    grouping: bool = True,
) -> Report:
    """Grade one notebook; the options are those of ``Grader``.

    Without ``assignment`` the notebook is recognised.

    >>> report = grade("submission.ipynb", seed=7)
    >>> [(check.id, check.score) for check in report.checks][:2]
    [('layer_shapes', 20.0), ('forward_output', 20.0)]
    >>> grade("submission.ipynb", device="gpu")
    Traceback (most recent call last):
    grader.errors.GraderError: device='gpu': no such device

    Raises ``GraderError`` when the file cannot
    be graded, ``InternalError`` when the grader fails.
    """
    options = {
        "device": device,
        "seed": seed,
        "isolation": isolation,
        "timeout": timeout,
        "data": data,
        "python": python,
        "grouping": grouping,
    }
    with Session(assignment, **options) as session:
        return session.grade(path)


class Session:
    """Grades notebooks one after another, all of one assignment; a context manager.

    Without a named assignment the first notebook that is recognised decides, and later ones that
    belong to another are refused. A named one is not questioned.
    """

    def __init__(
        self, assignment: Assignment | str | os.PathLike[str] | None = None, **options: Any
    ) -> None:
        """Start nothing yet; ``options`` are those of ``Grader``.

        Raises ``GraderError`` for an unknown assignment, unreadable data and a wrong option.
        """
        require_known(options, inspect.signature(Grader).parameters)
        require_valid(options)
        self._options = options
        self._known: tuple[Assignment, ...] = ()
        self._grader = None if assignment is None else Grader(assignment, **options)

    @property
    def assignment(self) -> Assignment:
        """The assignment of the notebooks that were graded."""
        assert self._grader is not None, "no notebook was graded yet"
        return self._grader.assignment

    def __enter__(self) -> Self:
        """Return the session itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Stop the workers."""
        if self._grader is not None:
            self._grader.close()

    def grade(
        self,
        path: str | os.PathLike[str],
        progress: Callable[[str], None] = lambda _text: None,
    ) -> Report:
        """Grade one notebook file.

        Raises ``NotebookError`` when it cannot be graded, when no assignment or no single one
        fits it, or when it belongs to another than the notebooks before it; ``InternalError``
        when the workers cannot be started.
        """
        notebook = read_notebook(path)
        if self._grader is None:
            self._known = all_assignments()
            self._grader = Grader(recognise(notebook, self._known), **self._options)
        elif self._known:
            refuse_another(notebook, self._grader.assignment, self._known)
        return self._grader.grade_notebook(notebook, os.fspath(path), progress)
