"""A student's whole notebook with the findings in it, as a page and as a notebook.

Only what writes is here. nbformat and nbconvert are imported when a file has to be made.
"""

from __future__ import annotations

import json
import os
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING

from grader.classroom import file_name
from grader.errors import GraderError
from grader.files import save
from grader.pages.mark import NOTEBOOK_MARK, mark, mark_of
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.classroom import Graded


_NO_OUTPUTS = "Outputs are not shown: the notebook's file was not at hand when this was made."


class ForeignFileError(GraderError):
    """A file would be replaced that this module did not write: somebody's own notebook, say."""

    def __init__(self, file: Path) -> None:
        """Say which, and what to do."""
        shown = printable(str(file), 200)
        super().__init__(
            f"{shown} is there already, and --annotated did not write it",
            "name another folder: grade submission.ipynb --annotated DIR",
        )


def write_annotated(
    folder: str | os.PathLike[str],
    graded: Graded,
    data: bytes | None,
    *,
    title: str = "",
    version: str = "",
) -> tuple[Path, Path]:
    """Write ``<student>.html`` and ``<student>.ipynb`` and return both files.

    ``graded`` must be readable. ``data`` are the bytes of the notebook that was graded; without
    them, neither file shows an output, and both say so. Each file is replaced whole or not at all,
    and left alone if both were made from the same (``data`` or no ``data``) by the same
    ``version`` of this code. Raises ``ForeignFileError`` rather than replace anybody else's file,
    ``GraderError`` when one cannot be written.
    """
    name = file_name(graded.student.id)
    page, notebook = (Path(folder) / f"{name}{ending}" for ending in (".html", ".ipynb"))
    marks = [
        mark(version, installed_version("nbconvert"), title, outputs, graded)
        for outputs in (True, False)
    ]
    made_from = marks[0] if data is not None else marks[1]
    wanted = [made_from] if data is not None else marks
    if mark_of(page) not in wanted or not notebook.is_file():
        foreign = foreign_file(folder, graded.student.id)
        if foreign is not None:
            raise ForeignFileError(foreign)
        from grader.pages.annotated_notebook import notebook_text, sanitised  # noqa: PLC0415
        from grader.pages.annotated_page import page_text  # noqa: PLC0415

        cells = sanitised(graded, data)
        left_out = () if data is not None else (_NO_OUTPUTS,)
        text = notebook_text(graded, cells, left_out)
        save(notebook, text.encode("utf-8", "replace"))
        # Last, since its mark says that both are there.
        html = page_text(graded, cells, title, left_out)
        save(page, f"{html.rstrip()}\n{made_from}".encode())
    return page, notebook


def foreign_file(folder: str | os.PathLike[str], student: str) -> Path | None:
    """Return the file in the place of a student's page or notebook that was not written here."""
    name = file_name(student)
    page, notebook = (Path(folder) / f"{name}{ending}" for ending in (".html", ".ipynb"))
    if os.path.lexists(page) and mark_of(page) is None:
        return page
    return notebook if os.path.lexists(notebook) and not _is_annotated(notebook) else None


def _is_annotated(notebook: Path) -> bool:
    try:
        content = json.loads(notebook.read_bytes())
        return bool(content["metadata"].items() >= NOTEBOOK_MARK.items())
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False


def remove_other_annotated(folder: Path, kept: Iterable[Path]) -> None:
    """Remove the files of students who are in the class no longer; a TA's own files stay."""
    wanted = set(kept)
    for page in folder.glob("*.html"):
        if page not in wanted and mark_of(page) is not None:
            notebook = page.with_suffix(".ipynb")
            if _is_annotated(notebook):
                notebook.unlink()
            page.unlink(missing_ok=True)
