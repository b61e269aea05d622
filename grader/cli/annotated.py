"""``--annotated DIR``: the notebooks that were named, whole, with their findings in them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.assignment import Assignment
    from grader.report import Report


class Annotations:
    """A folder of annotated notebooks, and what was written to it."""

    def __init__(self, folder: str, paths: Iterable[str]) -> None:
        """Make the folder for the notebooks at ``paths``.

        Raises ``GraderError`` when that can't be done, or when a file would be replaced that
        ``--annotated`` did not write: the notebook itself, say.
        """
        self._folder = Path(folder)
        self._names: dict[str, str] = {}
        self._written: list[Path] = []
        shown = printable(folder, 200)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise GraderError(
                f"{shown} is a file, and --annotated names a folder",
                "grade submission.ipynb --annotated DIR: the folder comes after the option",
            ) from None
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise GraderError(
                f"cannot make the folder {shown}: {why}", "--annotated DIR"
            ) from error
        from grader.pages.annotated import ForeignFileError, foreign_file  # noqa: PLC0415

        for path in paths:
            foreign = foreign_file(folder, self._name(path))
            if foreign is not None:
                raise ForeignFileError(foreign)

    def write(self, path: str, report: Report, assignment: Assignment) -> None:
        """Write one graded notebook's page and notebook.

        Raises ``GraderError`` when they cannot be written, or when the file at ``path`` is no
        longer the one that was graded.
        """
        # Needed by few runs; grading needs none of them.
        from grader.classroom import Graded, Student  # noqa: PLC0415
        from grader.grading.submission import open_submission  # noqa: PLC0415
        from grader.notebook.read import parse_notebook, read_file  # noqa: PLC0415
        from grader.pages.annotated import write_annotated  # noqa: PLC0415

        data = read_file(Path(path))
        notebook = parse_notebook(data, path)
        if notebook.sha256 != report.submission.sha256:
            raise GraderError(
                f"{printable(path, 200)} was changed while it was graded: it is not annotated",
                "run the same command again",
            )
        graded = Graded(
            student=Student(self._name(path)),
            origin=path,
            report=report,
            group="",
            cells=notebook.cells,
            parts=open_submission(notebook, assignment).titles_by_cell,
        )
        self._written += write_annotated(self._folder, graded, data)

    def tell(self, unread: Iterable[str]) -> None:
        """Say on stderr what was written, and for which notebooks nothing was."""
        lines = [f"annotated: {path}" for path in self._written]
        lines += [f"not annotated, since there is no report on it: {path}" for path in unread]
        for line in lines:
            print(printable(line, 500), file=sys.stderr)  # noqa: T201 - stdout is for reports

    def _name(self, path: str) -> str:
        """Return the name of a notebook's files: its own, with a number if it is taken."""
        stem = name = Path(path).stem
        number = 1
        while name in self._names.values() and path not in self._names:
            number += 1
            name = f"{stem}-{number}"
        return self._names.setdefault(path, name)
