"""Gradebooks of a course: a column an assignment, each named by the user, none guessed."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.outputs import about_filled
from grader.batch.store import GRADEBOOKS
from grader.errors import GraderError
from grader.gradebooks import fill, open_gradebook, recognise
from grader.gradebooks.columns import has_column
from grader.options import did_you_mean
from grader.temporary import temporary_folder
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.batch.results import Results
    from grader.classroom.course import CoursePart

_HOW = "--column ASSIGNMENT=NAME, once for each assignment"


@dataclass(frozen=True)
class CourseBook:
    """A gradebook's file, and its columns by the ids of the assignments whose points they get."""

    path: Path
    columns: Mapping[str, str]


def columns_of(given: Sequence[str], parts: Sequence[CoursePart]) -> dict[str, str]:
    """Return the column that was named for each assignment, by the assignment's id.

    Raises ``GraderError``, with the name, for an assignment that has none or two, and for a name
    that is no assignment's.
    """
    ids = [part.id for part in parts]
    found: dict[str, str] = {}
    for text in given:
        id_, equals, column = (word.strip() for word in text.partition("="))
        shown = printable(text, 100)
        if not (id_ and equals and column):
            raise GraderError(
                f"--column {shown}: a course has several assignments, and it is not said which "
                "one's points go there",
                _HOW,
            )
        if id_ not in ids:
            raise GraderError(
                f"--column {shown}: there is no assignment {printable(id_, 60)} in this course",
                did_you_mean(id_, ids) or f"the assignments are {', '.join(ids)}",
            )
        if id_ in found:
            raise GraderError(f"--column names two columns for {id_}", "one for each assignment")
        found[id_] = column
    missing = [id_ for id_ in ids if id_ not in found]
    if missing:
        raise GraderError(
            f"it is not said which column gets the points of {', '.join(missing)}",
            f"{_HOW}; --assignment NAME says which assignments the course has",
        )
    return found


def course_books(
    gradebooks: Sequence[str], given: Sequence[str], parts: Sequence[CoursePart]
) -> list[CourseBook]:
    """Return the gradebooks with their columns; raises ``GraderError`` for one that is not clear.

    Every assignment's column must be in one of the gradebooks, and no column may be two's.
    """
    if not gradebooks:
        return []
    columns = columns_of(given, parts)
    books, found = [], set[str]()
    for text in gradebooks:
        path = Path(text)
        file = recognise(path)
        mine = {id_: name for id_, name in columns.items() if has_column(file, name)}
        taken: dict[int, str] = {}
        for id_, name in mine.items():
            column = open_gradebook(path, name).column
            if (other := taken.setdefault(column, id_)) != id_:
                raise GraderError(
                    f"the points of {other} and of {id_} would go to the same column of "
                    f"{printable(path.name, 100)}: {printable(name, 100)}",
                    "name another column, or grade one of them into a folder of its own",
                )
        found |= mine.keys()
        books.append(CourseBook(path, mine))
    lost = [id_ for id_ in columns if id_ not in found]
    if lost:
        # A gradebook's own words list the columns that there are.
        open_gradebook(books[0].path, columns[lost[0]])
    return books


def fill_book(
    book: CourseBook, out: Path, results: Mapping[str, Results], titles: Mapping[str, str]
) -> tuple[Path | None, list[str]]:
    """Fill in all columns of a gradebook; return its copy in ``out``, and what a TA should know.

    An assignment without ``results`` leaves its column as it is. No copy is made without any.
    """
    target = out / GRADEBOOKS / book.path.name
    ids = [id_ for id_ in book.columns if id_ in results]
    remarks: list[str] = []
    source = book.path
    with ExitStack() as stack:
        for id_ in ids:
            # Each step changes one column of what the step before wrote.
            folder = stack.enter_context(temporary_folder()) if id_ != ids[-1] else target.parent
            step = folder / target.name
            filled = fill(open_gradebook(source, book.columns[id_]), step, results[id_])
            remarks += [f"{titles[id_]}: {remark}" for remark in about_filled(filled)]
            source = step
    return (target if ids else None), remarks
