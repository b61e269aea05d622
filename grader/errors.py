"""The errors a user can cause, and the exit statuses of the command line."""

from __future__ import annotations

EXIT_PASSED = 0
EXIT_POINTS_LOST = 1
EXIT_USAGE = 2
EXIT_INTERNAL = 3


class GraderError(Exception):
    """An error that the user can mend: ``message`` says what happened, ``hint`` what to do.

    >>> raise GraderError("there is no such file", hint="check the path")
    Traceback (most recent call last):
    grader.errors.GraderError: there is no such file
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        """Keep both sentences."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotebookError(GraderError):
    """The file is not a notebook that can be graded."""


class AssignmentError(GraderError):
    """The assignment's own files (rubric, reference, mistakes) are wrong.

    ``file`` and ``line`` say where, if it is in one place. ``further`` are what else is wrong with
    the same file.
    """

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        *,
        file: str | None = None,
        line: int | None = None,
    ) -> None:
        """Keep both sentences and the place."""
        super().__init__(message, hint)
        self.file = file
        self.line = line
        self.further: tuple[AssignmentError, ...] = ()


class InternalError(Exception):
    """A fault of the grader's own, which never costs a student points silently."""
