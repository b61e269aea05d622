"""Writes what stands above the assignments of a course: its table, its index and its gradebooks."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from grader.batch.begun import OVER
from grader.batch.course import course_points
from grader.batch.course_books import fill_book
from grader.batch.store import GRADEBOOKS
from grader.cli.console import report_console, writing
from grader.decode import decode
from grader.errors import GraderError
from grader.gradebooks.course_csv import write_course
from grader.pages.course_page import write_course_page
from grader.reports.course_summary import print_course_summary
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from grader.batch.course import CourseFacts
    from grader.batch.course_books import CourseBook
    from grader.batch.results import Results
    from grader.batch.store import Store

_BOOKS = "course gradebooks"
_LONGEST = 200_000  # of a remark that names students


def write_index(
    out: Path,
    store: Store,
    facts: CourseFacts,
    results: Mapping[str, Results],
    most: Mapping[str, float],
    books: Sequence[CourseBook],
) -> None:
    """Write the course's files from all assignments' results, and print its summary.

    ``most`` are the assignments' points by id. Raises ``GraderError`` for a file that can't be
    written.
    """
    course = course_points(facts, results, most)
    titles = {part.id: part.title for part in facts.parts}
    write_course(out / "grades.csv", course)
    write_course_page(out / "report.html", course)
    written = [out / "grades.csv", out / "report.html"]
    remarks: list[str] = []
    if books:
        _make(out / GRADEBOOKS)
    for book in books:
        path, told = fill_book(book, out, results, titles)
        written += [path] if path is not None else []
        remarks += told
    names = [path.name for path in written if path.parent != out]
    for name in store.plain(_BOOKS, partial(decode, tuple[str, ...])) or ():
        if name not in names and "/" not in name:
            with suppress(OSError):
                (out / GRADEBOOKS / name).unlink()
            remarks.append(f"removed, since it is no longer asked for: {GRADEBOOKS}/{name}")
    store.note_all({_BOOKS: json.dumps(names), **OVER})
    with writing():
        print_course_summary(course, [str(path) for path in written], report_console())
    for remark in remarks:
        print(printable(remark, _LONGEST), file=sys.stderr)  # noqa: T201 - stdout is for reports


def _make(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        shown = printable(str(folder), 200)
        raise GraderError(f"cannot make the folder {shown}: {error.strerror}") from error
