"""Checks what was asked for before anything runs, so that no mistake is told afterwards."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.store import GRADEBOOKS
from grader.errors import GraderError
from grader.gradebooks import open_gradebook, recognise
from grader.gradebooks.columns import has_column, leaves_no_choice
from grader.gradebooks.fill import refuse_to_replace
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Assignment
    from grader.classroom import HandedIn
    from grader.gradebooks import Gradebook


def check_files(gradebooks: Sequence[str], out: Path) -> None:
    """Raise ``GraderError`` for a gradebook that can't be filled in, whatever was handed in.

    It cannot be read, is no system's, has the name of another one, or is a copy in ``out``.
    """
    seen: set[str] = set()
    for path in gradebooks:
        name = Path(path).name
        if name.casefold() in seen:
            raise GraderError(
                f"two gradebooks have the name {printable(name, 200)}, and one would replace the "
                "other",
                "give one of them another name",
            )
        seen.add(name.casefold())
        refuse_to_replace(Path(path), out / GRADEBOOKS / name)
        recognise(Path(path))


def open_books(
    gradebooks: Sequence[str], column: str | None, assignment: Assignment, handed_in: HandedIn
) -> list[Gradebook]:
    """Return the gradebooks with the column of the points; raises ``GraderError`` if it is open."""
    names, download = (assignment.id, assignment.title), _download(handed_in)
    files = [recognise(Path(path)) for path in gradebooks]
    # A book that leaves no choice needs no name, if the name is another book's column.
    named = [column is not None and has_column(file, column) for file in files]
    return [
        open_gradebook(
            Path(path),
            None if any(named) and not has and leaves_no_choice(file) else column,
            names,
            download,
        )
        for path, file, has in zip(gradebooks, files, named, strict=True)
    ]


def check_zips(systems: Sequence[str], handed_in: HandedIn) -> None:
    """Raise ``GraderError`` for a system that would attach none of our pages to a submission."""
    if systems:
        from grader.pages.archives import refuse_foreign  # noqa: PLC0415 - takes templates

        for system in systems:
            refuse_foreign(system, [attempt.origin for attempt in handed_in.counted])


def _download(handed_in: HandedIn) -> tuple[str, ...]:
    """Return the names of the archive or folders that hold all submissions."""
    ways = [attempt.origin.split("/")[:-1] for attempt in handed_in.counted]
    return tuple(
        parts[0] for parts in takewhile(lambda parts: len({*parts}) == 1, zip(*ways, strict=False))
    )
