"""Chooses the column of a gradebook that holds an assignment's points, and never guesses."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.gradebooks.model import GradebookFile, PointsColumn

_OPTION = "--column"
_WORD = re.compile(r"[^\W\d_]+|[0-9]+")
Words = tuple[str, ...]


def choose(
    file: GradebookFile, wanted: str | None, assignment: Sequence[str], download: Sequence[str]
) -> tuple[int, str]:
    """Return the column, and why it was chosen where that is not obvious.

    It is the column that is ``wanted``, else the usual or only one, else the one whose title is a
    name of the ``assignment`` or is named by the ``download``. Raises ``GraderError`` if it is not
    exactly one, or holds words.
    """
    columns, header = file.columns, file.table.header
    if wanted is not None:
        chosen, why = _named(wanted, columns, header), ""
    elif leaves_no_choice(file):
        chosen, why = next(iter(columns)) if file.usual is None else file.usual, ""
    else:
        chosen, why = _of_the_assignment(file, assignment, download)
    if columns[chosen].in_words:
        raise GraderError(
            f"this {file.system} assignment is graded with a scale of words, not with points",
            f"set its grade to points in {file.system}, and export the file again",
        )
    return chosen, why


def has_column(file: GradebookFile, wanted: str) -> bool:
    """Whether a column has the name that a user gives one."""
    return any(_plain(wanted) in map(_plain, one.names) for one in file.columns.values())


def leaves_no_choice(file: GradebookFile) -> bool:
    """Whether the points can only go to one column."""
    return file.usual is not None or len(file.columns) == 1


def _named(wanted: str, columns: Mapping[int, PointsColumn], header: Sequence[str]) -> int:
    key = _plain(wanted)
    found = [column for column, one in columns.items() if key in map(_plain, one.names)]
    if len(found) == 1:
        return found[0]
    what = "no column" if not found else "more than one column"
    raise _unsure(f"{what} of the gradebook is named {printable(wanted, 100)}", columns, header)


def _of_the_assignment(
    file: GradebookFile, assignment: Sequence[str], download: Sequence[str]
) -> tuple[int, str]:
    """Return the one column that the assignment's names point to, and the download's do not deny.

    A title that is a name goes before one that holds a name ("HW 3: MLP") or is a part of it.
    """
    titles = {column: _words(one.title) for column, one in file.columns.items()}
    names = [words for words in map(_words, assignment) if words]
    same = {column for column, title in titles.items() if title in names}
    holding = {
        column
        for column, title in titles.items()
        if _any_holds([title], *names) or (len(title) > 1 and _any_holds(names, title))
    }
    where = [_words(part) for part in download]
    told = {column for column, title in titles.items() if title and _any_holds(where, title)}
    by_name = same or holding
    agreed = by_name & told if by_name and told else by_name or told
    if len(agreed) == 1:
        why = "the assignment's name" if by_name else "the download's name"
        return next(iter(agreed)), why
    message = f"the {file.system} gradebook has several columns for points"
    if by_name and told and not agreed:
        message += ", and the assignment's name and the download's point to different ones"
    raise _unsure(message, file.columns, file.table.header)


def _any_holds(texts: Sequence[Words], *parts: Words) -> bool:
    return any(_in(part, text) for part in parts for text in texts)


def _in(inner: Words, outer: Words) -> bool:
    """Whether words follow each other in the same order within others."""
    size = len(inner)
    return any(outer[at : at + size] == inner for at in range(len(outer) - size + 1))


def _words(text: str) -> Words:
    """Return the words and numbers of a title, so that "MLP_hw1" is "mlp hw 1"."""
    return tuple(_WORD.findall(_plain(text)))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _unsure(message: str, columns: Iterable[int], header: Sequence[str]) -> GraderError:
    """Return the error that lists the columns to choose from."""
    listed = ", ".join(repr(printable(header[column], 80)) for column in columns)
    return GraderError(message, f"name it with {_OPTION}: one of {listed}")
